"""`manage.py print_slip NAME --committee SLUG`: a way in when nobody else could print one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from committees.models import Committee
from committees.sign_in import account_of
from committees.slips import CONSOLE, in_groups, people, print_slip


class Command(BaseCommand):
    help = "Print a one-time sign-in code, to be entered at /q/, for one account of a committee."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="sign-in name or phone")
        parser.add_argument("--committee", required=True, metavar="SLUG")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        slug = options["committee"]
        committee = Committee.objects.filter(slug=slug).first()
        if committee is None:
            raise CommandError(f"没有网址标识为“{slug}”的政协委员会。")
        user = account_of(name)
        if user is None or not people(committee).filter(pk=user.pk).exists():
            raise CommandError("没有这个账号，或在该政协没有岗位。")
        slip, code = print_slip(user, committee=committee, by=CONSOLE)
        until = timezone.localtime(slip.expires_at)
        self.stdout.write(f"{user.name}  /q/  {in_groups(code)}  有效至 {until:%Y-%m-%d %H:%M}")
