"""The reminders about duty (值班)."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.models import Committee
from notices.reminders import Missed, Reached, Reminder, register, working_days
from workrooms.actions.duty import duties_ahead, remind_of_duty
from workrooms.notices.duty import when


def duty_tomorrow(committee: Committee, on: datetime.date) -> list[Reached]:
    """The members on duty up to the next working day."""
    return [
        Reached(
            shift.member.user,
            "duty_tomorrow",
            f"workrooms.dutyshift:{shift.pk}:duty_tomorrow",
            f"{shift.workroom} · {when(shift)}",
            reverse("workrooms:shift", args=[committee.slug, shift.pk]),
        )
        for shift in duties_ahead(committee, on)
        if shift.member.user.is_active
    ]


register(
    Reminder(
        name="duty-tomorrow",
        label=_("次日值班"),
        rule=_("每个工作日上午：提醒次日值班的委员；放假前一天，提醒到下一个工作日为止。"),
        days=working_days,
        whom=duty_tomorrow,
        send=remind_of_duty,
        missed=Missed.SKIPPED,
        may_be_off=True,
    )
)
