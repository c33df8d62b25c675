"""Duty (值班) of tomorrow."""

from __future__ import annotations

import datetime

from django.urls import reverse

from committees.models import Committee
from committees.templatetags.portal import day_week
from notices.reminders import Reached
from workrooms.actions.duty import duties_ahead


def duty_tomorrow(committee: Committee, on: datetime.date) -> list[Reached]:
    """The members on duty up to the next working day."""
    return [
        Reached(
            shift.member.user,
            "duty_tomorrow",
            f"workrooms.dutyshift:{shift.pk}:duty_tomorrow",
            f"{shift.workroom} · {day_week(shift.day)} {shift.hours}",
            reverse("workrooms:shift", args=[committee.slug, shift.pk]),
        )
        for shift in duties_ahead(committee, on)
        if shift.member.user.is_active
    ]
