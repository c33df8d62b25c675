"""The reminders about activities: enrolment that closes, what is tomorrow, rooms without any."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, CoHost, Enrolling, Enrolment
from committees.models import Committee
from committees.templatetags.portal import moment
from committees.workdays import ONE_DAY, calendar_of
from notices.reminders import (
    Missed,
    Reached,
    Reminder,
    first_working_day_from,
    posting,
    register,
    working_days,
)
from workrooms.models import RoomMember, Workroom

CLOSING, TOMORROW, WITHOUT = "enrolment_closing", "activity_tomorrow", "room_without_activity"
ASKED_ON = 20  # the day of the month by which a room should have its activity


def _ahead(field: str, committee: Committee, on: datetime.date) -> dict[str, Any] | None:
    """Conditions on a moment from tomorrow to the next working day; None on a day off."""
    calendar = calendar_of(committee)
    if not calendar.is_workday(on):
        return None
    days = (on + ONE_DAY, calendar.after(on, 1) + ONE_DAY)
    first, end = (
        timezone.make_aware(datetime.datetime.combine(day, datetime.time())) for day in days
    )
    return {f"activity__{field}__gte": first, f"activity__{field}__lt": end}


def _reached(row: Enrolment, kind: str, at: datetime.datetime, about: Any) -> Reached:
    activity = row.activity
    key = f"activities.activity:{activity.pk}:{kind}:{timezone.localtime(at):%Y%m%dT%H%M}"
    path = reverse("activities:detail", args=[row.committee.slug, activity.pk])
    where = _("（%(place)s）") % {"place": activity.place} if activity.place else ""
    context = {"title": activity.title, "when": moment(at), "where": where}
    return Reached(row.member.user, kind, key, str(about), path, context)


def _rows(committee: Committee, when: dict[str, Any]) -> Any:
    rows = Enrolment.objects.in_committee(committee).filter(
        activity__in=Activity.objects.taking_place(), member__user__is_active=True, **when
    )
    beside = ("activity", "committee", "member__user")
    return rows.select_related(*beside).order_by("activity", "member__name_key", "id")


def enrolment_closing(committee: Committee, on: datetime.date) -> list[Reached]:
    """Members who were invited and have not answered."""
    when = _ahead("enrol_until", committee, on)
    if when is None:
        return []
    rows = _rows(committee, when).unanswered().exclude(activity__enrolment=Enrolling.NONE)
    return [
        _reached(
            row,
            CLOSING,
            until,
            _("《%(title)s》报名%(when)s截止")
            % {
                "title": row.activity.title,
                "when": moment(until),
            },
        )
        for row in rows
        if (until := row.activity.enrol_until)
    ]


def activity_tomorrow(committee: Committee, on: datetime.date) -> list[Reached]:
    """Members expected at an activity that begins up to the next working day."""
    when = _ahead("starts_at", committee, on)
    if when is None:
        return []
    return [
        _reached(row, TOMORROW, at, f"{row.activity.title} · {moment(at)}")
        for row in _rows(committee, when).expected()
        if (at := row.activity.starts_at)
    ]


def room_without_activity(committee: Committee, on: datetime.date) -> list[Reached]:
    """The keepers of open rooms in whose month nothing is held or announced, from the 20th on.

    A room in its first month is left in peace, and so is one that holds an activity with others.
    """
    if on.day < ASKED_ON:
        return []
    first = on.replace(day=1)
    end = (first + datetime.timedelta(days=31)).replace(day=1)
    held = Activity.objects.in_committee(committee).taking_place().between(first, end)
    together = CoHost.objects.filter(activity__in=held, workroom=OuterRef("pk"))
    rooms = Workroom.objects.in_committee(committee).open()
    rooms = rooms.filter(Q(opened_on=None) | Q(opened_on__lt=first))
    rooms = rooms.filter(~Exists(held.filter(workroom=OuterRef("pk"))), ~Exists(together))
    kept = RoomMember.objects.present(on).filter(workroom__in=rooms, is_keeper=True)
    kept = kept.select_related("workroom", "user", "member__user").order_by("workroom", "id")
    path = reverse("pages:rhythm", args=[committee.slug])
    found = []
    for row in kept:
        person = row.user or (row.member and row.member.user)
        if person is not None and person.is_active:
            key = f"workrooms.workroom:{row.workroom_id}:{WITHOUT}:{on:%Y-%m}"
            context = {"room": row.workroom.name, "month": on.month}
            found.append(Reached(person, WITHOUT, key, row.workroom.name, path, context))
    return found


register(
    Reminder(
        name="enrolment-closing",
        label=_("活动报名将截止"),
        rule=_("每个工作日上午：报名次日（到下一个工作日为止）截止的，提醒受邀而尚未答复的委员。"),
        days=working_days,
        whom=enrolment_closing,
        send=posting(enrolment_closing),
        missed=Missed.SKIPPED,
        may_be_off=True,
    ),
    Reminder(
        name="activity-tomorrow",
        label=_("次日活动"),
        rule=_("每个工作日上午：提醒已报名、应到会的委员；放假前一天，提醒到下一个工作日为止。"),
        days=working_days,
        whom=activity_tomorrow,
        send=posting(activity_tomorrow),
        missed=Missed.SKIPPED,
        may_be_off=True,
    ),
    Reminder(
        name="room-without-activity",
        label=_("本月尚无活动的委员工作室"),
        rule=_("每月20日（放假顺延到下一个工作日）上午：当月尚未安排活动的，提醒工作室负责人。"),
        days=first_working_day_from(lambda day: day.day == ASKED_ON),
        whom=room_without_activity,
        send=posting(room_without_activity),
        missed=Missed.LATER,
        may_be_off=True,
    ),
)
