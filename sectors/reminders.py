"""The reminder of the convenors' responsibilities (职责清单) of the year."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.models import Committee
from notices.reminders import (
    Missed,
    Reached,
    Reminder,
    first_working_day_from,
    posting,
    register,
)
from sectors.models import Convenorship, Responsibility

KIND = "responsibilities_of_year"
REMINDED_ON = (10, 1)  # month and day: a quarter of the year is left


def is_asked(day: datetime.date) -> bool:
    return (day.month, day.day) == REMINDED_ON


def responsibilities_of_year(committee: Committee, on: datetime.date) -> list[Reached]:
    """The convenors of the day, each for the own sector; nobody where the year has no list."""
    titles = Responsibility.objects.in_committee(committee).filter(year=on.year, body="sector")
    listed = list(titles.order_by("position", "id").values_list("title", flat=True))
    if not listed:
        return []
    rows = Convenorship.objects.on(on).filter(committee=committee, sector__is_active=True)
    account = "seat__membership__member__user"
    rows = rows.filter(**{f"{account}__is_active": True}, seat__membership__span__contains=on)
    found = []
    for row in rows.select_related("sector", account).order_by(
        "sector__position", "sector", "place"
    ):
        key = f"sectors.sector:{row.sector_id}:{KIND}:{on.year}"
        path = reverse("sectors:detail", args=[committee.slug, row.sector_id])
        context = {"year": on.year, "titles": listed, "sector": row.sector.title}
        person = row.seat.membership.member.user
        found.append(Reached(person, KIND, key, row.sector.title, path, context))
    return found


register(
    Reminder(
        name="responsibilities-of-year",
        label=_("召集人职责清单"),
        rule=_(
            "每年10月1日后第一个工作日上午：请界别召集人对照本年度职责清单，安排最后一个季度的工作。"
        ),
        days=first_working_day_from(is_asked),
        whom=responsibilities_of_year,
        send=posting(responsibilities_of_year),
        missed=Missed.LATER,
        may_be_off=True,
    )
)
