"""The reminder that the monthly summary (工作月报) is ready to edit."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext_lazy as _

from committees.models import Committee
from contacts.periods import Every, Period
from notices.actions import clerks_of
from notices.reminders import (
    Missed,
    Reached,
    Reminder,
    first_working_day_from,
    register,
)
from records.addresses import address
from records.models import MonthlySummary, Of
from records.notices import summary_ready


def _ready(committee: Committee, on: datetime.date) -> list[MonthlySummary]:
    """The committee's own summary of last month, drafted and not approved yet.

    Those of sectors, commissions and rooms lie in the same list; they are not told one by one.
    """
    month = Period.of(Every.MONTH, on).previous
    rows = MonthlySummary.objects.in_committee(committee).of(Of.COMMITTEE).during(month).drafts()
    return list(rows.select_related("committee"))


def tell_of_summary(committee: Committee, on: datetime.date) -> int:
    """Clerks whom the drafting has not told yet; each month once."""
    return sum(len(summary_ready(row)) for row in _ready(committee, on))


def summary_to_edit(committee: Committee, on: datetime.date) -> list[Reached]:
    return [
        Reached(
            clerk,
            "summary_ready",
            f"records.monthlysummary:{row.pk}:summary_ready",
            str(row),
            address(row),
        )
        for row in _ready(committee, on)
        for clerk in clerks_of(committee)
    ]


register(
    Reminder(
        name="summary-to-edit",
        label=_("工作月报待编辑"),
        rule=_(
            "每月1日后第一个工作日上午：上月月报已生成、尚未审定的，提醒机关工作人员；生成时已告知的不再提醒。"
        ),
        days=first_working_day_from(lambda day: day.day == 1),
        whom=summary_to_edit,
        send=tell_of_summary,
        missed=Missed.LATER,
        may_be_off=True,
    )
)
