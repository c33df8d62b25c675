"""`manage.py summarise SLUG 2026-10 [--json]`: draft the monthly summary as the clock does."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from committees.actors import CLOCK
from committees.models import Committee
from contacts.periods import Period
from records.actions import draft_summary
from records.models import MonthlySummary, Of
from records.summaries import FIGURES


def period_of(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("期间应写作 2026-10、2026-Q3 或 2026。")) from error


class Command(BaseCommand):
    help = "生成一个政协某一期的工作报告并列出数据；已审定的不重新生成，只列出审定时的数据。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="政协的网址标识")
        parser.add_argument(
            "month", type=period_of, help="月份、季度或年度，如 2026-10、2026-Q3、2026"
        )
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, slug: str, month: Period, **options: Any) -> None:
        committee = Committee.objects.filter(slug=slug).first()
        if committee is None:
            raise CommandError(_("没有网址标识为“%(slug)s”的政协。") % {"slug": slug})
        summary = _summary(committee, month)
        self.stdout.write(_json(summary) if options["json"] else _table(summary))


def _summary(committee: Committee, month: Period) -> MonthlySummary:
    try:
        return draft_summary(committee, month.starts_on, by=CLOCK, every=month.every)
    except ValidationError as error:
        if error.code != "approved":
            raise
        own = MonthlySummary.objects.in_committee(committee).of(Of.COMMITTEE)
        return own.select_related("committee").during(month).get()


def _json(summary: MonthlySummary) -> str:
    content = {
        "committee": summary.committee.slug,
        "month": str(summary.period),
        "approved": summary.approved_at is not None,
        "figures": summary.figures,
        "previous": summary.previous,
        "by_sector": summary.by_sector,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _table(summary: MonthlySummary) -> str:
    state = _("已审定") if summary.approved_at else _("草稿")
    lines = [f"{summary}（{state}）"]
    for key, figure in FIGURES.items():
        now, before = summary.figures.get(key, 0), summary.previous.get(key, 0)
        lines.append(f"{figure.label}：{now}{figure.unit}（上月 {before}）")
    return "\n".join(lines)
