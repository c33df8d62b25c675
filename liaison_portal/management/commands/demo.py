"""`manage.py demo`: an invented committee with a year of work, for trying the portal out."""

from __future__ import annotations

import datetime
import os
import secrets
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from committees.models import Committee, User
from liaison_portal.demo import unit_desk
from liaison_portal.demo.accounts import ACCOUNTS
from liaison_portal.demo.fill import fill
from liaison_portal.demo.receptions import SHOWN, shown_number
from liaison_portal.local import folders
from workrooms.receipt_numbers import in_fours

FEWEST = 60  # members; fewer leave some of the 28 sectors without two convenors
ACCOUNTS_FILE = "demo-accounts.txt"


class Command(BaseCommand):
    help = "建立演示政协：虚构的委员、工作室和近一年的工作。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--committee", default="demo", metavar="SLUG")
        parser.add_argument("--members", type=int, default=360)
        parser.add_argument("--seed", type=int, default=1158)
        parser.add_argument("--today", type=datetime.date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, started = options["committee"], time.monotonic()
        self._refuse(slug, options["members"])
        path = folders.prepare_var() / ACCOUNTS_FILE
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        try:
            fill(
                slug,
                seed=options["seed"],
                members=options["members"],
                today=options["today"] or timezone.localdate(),
                password=password,
                say=lambda line: self.stdout.write(f"  {line}"),
            )
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # so many new rows: the planner should know at once
        lines = account_lines(password)
        write_accounts(path, lines)
        if not options["verbosity"]:  # `manage.py up` shows the accounts by itself
            return
        self.stdout.write(f"演示数据已就绪，用时 {time.monotonic() - started:.0f} 秒。演示账号：")
        self.stdout.write("\n".join(lines))
        self.stdout.write(f"账号清单另存于 {path}")

    def _refuse(self, slug: str, members: int) -> None:
        if members < FEWEST:
            raise CommandError(f"演示政协至少需要 {FEWEST} 名委员。")
        if Committee.objects.filter(slug__in=[slug, f"{slug}-01"]).exists():
            raise CommandError(f"“{slug}”已经存在，演示数据只建立一次，未作任何改动。")
        names = [account.sign_in_name for account in ACCOUNTS]
        taken = User.objects.filter(sign_in_name__in=names).order_by("id").first()
        if taken:
            raise CommandError(f"登录名“{taken.sign_in_name}”已被使用，演示账号无法建立。")


def account_lines(password: str) -> list[str]:
    """The password they share, one line an account, and some residents' receipt numbers."""
    width = max(len(account.sign_in_name) for account in ACCOUNTS)
    lines = [f"{a.sign_in_name:<{width}}  {a.what}" for a in ACCOUNTS]
    receipts = [f"受理编号 {in_fours(shown_number(name))}  {SHOWN[name]}" for name in SHOWN]
    unit = f"承办单位链接 /u/{unit_desk.shown_token()}  验证码 {unit_desk.shown_code()}"
    return [f"登录密码（各账号相同）：{password}", *lines, "群众查询（/r/）：", *receipts, unit]


def write_accounts(path: Path, lines: list[str]) -> None:
    """Kept beside the data, readable by its owner only."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
