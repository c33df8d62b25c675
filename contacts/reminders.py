"""Targets (联系目标) that are not met when three quarters of their period are over."""

from __future__ import annotations

import copy
import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.models import Committee, User
from contacts.periods import Every, Period
from contacts.progress import lines_of, own_progress
from contacts.scopes import Scope
from members.models import Member
from notices.actions import clerks_of
from notices.reminders import (
    Missed,
    Reached,
    Reminder,
    first_working_day_from,
    posting,
    register,
)

KIND, DIGEST = "targets_below", "targets_below_office"


def asked_on(period: Period) -> datetime.date:
    """The day on which three quarters of a period are over."""
    return period.starts_on + datetime.timedelta(days=period.days * 3 // 4)


def is_asked(day: datetime.date) -> bool:
    return any(asked_on(Period.of(every, day)) == day for every in Every)


def targets_below(committee: Committee, on: datetime.date) -> list[Reached]:
    """Serving members short of a target of a period of which three quarters are over; then the
    clerks, one digest a period. Each period is told once, the shorter one first.
    """
    around = Period.of(Every.MONTH, on).and_wider()
    periods = [period for period in around if asked_on(period) <= on]
    lines = lines_of(Scope("all", committee, is_whole=True, counts_shielded=True), around[0])
    lines = [line for line in lines if line.period in periods]
    if not lines:
        return []
    serving = Member.objects.in_committee(committee).filter(
        memberships__span__contains=on, user__is_active=True
    )
    scope = Scope("mine", committee, members=serving.values("pk"))
    people = own_progress(scope, lines)
    accounts = User.objects.in_bulk([member.user_id for member in people if member.told])
    clerks = list(clerks_of(committee))
    return [
        row for period in periods for row in _of_period(committee, period, people, accounts, clerks)
    ]


def _of_period(
    committee: Committee,
    period: Period,
    people: list[Any],
    accounts: dict[int, Any],
    clerks: list[User],
) -> list[Reached]:
    board = reverse("coverage:board", args=[committee.slug])
    words = {"period": period.label}
    rows = []
    for member in people:
        short = [told for told in member.told if told.line.period == period and told.left]
        if short:
            # Each reads the own targets: the texts take them from the person.
            user = copy.copy(accounts[member.user_id])
            user.short_of = short
            key = f"contacts.target:{committee.pk}:{KIND}:{period}"
            about = "；".join(f"{told.line.label}，已有 {told.done}" for told in short)
            path = f"{board}?scope=mine&period={period}"
            rows.append(Reached(user, KIND, key, about, path, words))
    if not rows:
        return []
    key = f"contacts.target:{committee.pk}:{DIGEST}:{period}"
    about = _("%(count)s 名委员的汇总") % {"count": len(rows)}
    path, more = f"{board}?scope=all&period={period}", {**words, "count": len(rows)}
    return rows + [Reached(clerk, DIGEST, key, about, path, more) for clerk in clerks]


register(
    Reminder(
        name="targets-below",
        label=_("联系目标进度"),
        rule=_(
            "每月、每季度、每年过去四分之三后的第一个工作日上午："
            "联系目标还差的，告知委员本人，机关工作人员一条汇总；每个周期一次。"
        ),
        days=first_working_day_from(is_asked),
        whom=targets_below,
        send=posting(targets_below),
        missed=Missed.LATER,
        may_be_off=True,
    )
)
