"""`manage.py import_roster FILE --committee SLUG`: the roster import without a browser."""

from __future__ import annotations

import datetime
import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.models import Committee
from sectors.roster_import.actions import import_now
from sectors.roster_import.complaints import RowError
from sectors.roster_import.plan import empty_summary

SHOWN = 20


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as wrong:
        raise ArgumentTypeError(_("日期请写成 2026-11-24 的形式。")) from wrong


class Command(BaseCommand):
    help = "Import a roster of members (xlsx, or text in UTF-8, GBK or UTF-16)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--committee", required=True, metavar="SLUG")
        parser.add_argument("--on", type=_day, default=None, help="default: today")
        parser.add_argument("--meeting", default="", help="the meeting that decided the changes")
        parser.add_argument("--partial", action="store_true", help="nobody leaves")
        parser.add_argument(
            "--confirm-leavers",
            type=int,
            default=None,
            metavar="N",
            help="the number of members who leave, asked for when they are more than a tenth",
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = self._import(options)
        except ValidationError as refused:
            summary = empty_summary() | {"errors": [RowError.of_file(refused).as_dict()]}
        for one in summary["errors"]:
            one.pop("cell")
        if options["json"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False, indent=1))
        else:
            self._tell(summary, options["dry_run"])
        if [one["code"] for one in summary["errors"]] == ["many_leave"]:
            raise CommandError(_("尚未确认离任人数，未导入任何内容。"), returncode=1)
        if summary["errors"]:
            raise CommandError(_("名册中有错误，未导入任何内容。"), returncode=1)

    def _import(self, options: dict[str, Any]) -> dict[str, Any]:
        committee = Committee.objects.filter(slug=options["committee"]).first()
        if committee is None:
            raise CommandError(_("没有网址标识为“%s”的政协委员会。") % options["committee"])
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as wrong:
            raise CommandError(_("无法读取文件 %s。") % path) from wrong
        return import_now(
            content,
            name=path.name,
            committee=committee,
            on=options["on"] or timezone.localdate(),
            meeting=options["meeting"][:80],
            is_partial=options["partial"],
            is_dry_run=options["dry_run"],
            by=Guest("clock", "import_roster"),
            leaves=options["confirm_leavers"],
        ).summary()

    def _tell(self, summary: dict[str, Any], is_dry_run: bool) -> None:
        counts = _(
            "共 %(rows)d 行：新增 %(new)d，变更 %(changed)d，未变 %(unchanged)d，离任 %(leaves)d"
        )
        self.stdout.write(counts % summary)
        for one in summary["errors"][:SHOWN]:
            place = " ".join(str(part) for part in (one["sheet"], one["row"] or "", one["column"]))
            self.stdout.write(": ".join(part for part in (place.strip(), one["message"]) if part))
        if len(summary["errors"]) > SHOWN:
            self.stdout.write(_("另有 %d 处错误。") % (len(summary["errors"]) - SHOWN))
        if any(one["code"] == "many_leave" for one in summary["errors"]):
            flag = _(
                "确认这些委员离任的，请加参数 --confirm-leavers %d；部分名册请加参数 --partial。"
            )
            self.stdout.write(flag % summary["leaves"])
        if is_dry_run:
            self.stdout.write(_("试运行，未写入任何内容。"))
