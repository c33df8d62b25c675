"""What an activity left to be done: resolutions (议定事项) and follow-ups (后续事项)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import FollowUp, Resolution
from committees.models import Appointment, Committee, Role, User
from committees.templatetags.portal import day
from committees.workdays import calendar_of
from notices.actions import clerks_of
from notices.reminders import Reached, Reminder, posting, register, working_days
from workrooms.models import RoomMember

DUE, OVERDUE, FOLLOW_UP = "resolution_due", "resolution_overdue", "follow_up_due"
BEFORE = (5, 1)  # working days before the day it is to be done by
TAKES_PLACE = Q(activity__published_at__isnull=False, activity__called_off_at=None)


def resolutions_due(committee: Committee, on: datetime.date) -> list[Reached]:
    """Who is responsible, 5 working days and 1 before the day; once past, the office as well."""
    calendar = calendar_of(committee)
    if not calendar.is_workday(on):
        return []
    early, last = (calendar.after(on, number) for number in BEFORE)
    rows = Resolution.objects.in_committee(committee).open().filter(TAKES_PLACE)
    beside = ("committee", "activity", "member__user")
    listed = list(rows.filter(due_on__lte=early).select_related(*beside).order_by("due_on", "id"))
    if not listed:
        return []
    whose, clerks = _responsible(committee, listed, on), list(clerks_of(committee))
    found = []
    for row in listed:
        people = whose[row.pk]
        if is_late := row.due_on < on:
            people = people | {clerk.pk: clerk for clerk in clerks}
        round_ = f"{row.due_on}" if is_late or row.due_on > last else f"{row.due_on}:{BEFORE[1]}"
        found += [_reached(row, person, is_late, round_) for person in people.values()]
    return found


def _reached(row: Resolution, person: User, is_late: bool, round_: str) -> Reached:
    kind = OVERDUE if is_late else DUE
    key = f"activities.resolution:{row.pk}:{kind}:{round_}"
    about = _("%(what)s（%(day)s前）") % {"what": row.what, "day": day(row.due_on)}
    path = reverse("activities:resolution", args=[row.committee.slug, row.pk])
    return Reached(person, kind, key, about, path, {"what": row.what, "due": row.due_on})


def _responsible(
    committee: Committee, rows: Iterable[Resolution], on: datetime.date
) -> dict[int, dict[int, User]]:
    """By resolution: the unit's handlers, the room's keepers, or the member; three statements."""
    rows = list(rows)
    units: dict[int, list[User]] = defaultdict(list)
    held = Appointment.objects.in_committee(committee).on(on).filter(role=Role.HANDLER)
    held = held.filter(scope_id__in={row.unit_id for row in rows if row.unit_id})
    for one in held.select_related("user"):
        units[one.scope_id or 0].append(one.user)
    rooms: dict[int, list[User]] = defaultdict(list)
    kept = RoomMember.objects.present(on).filter(is_keeper=True)
    kept = kept.filter(workroom__in={row.workroom_id for row in rows if row.workroom_id})
    for keeper in kept.select_related("user", "member__user"):
        if person := keeper.user or (keeper.member and keeper.member.user):
            rooms[keeper.workroom_id].append(person)
    found = {}
    for row in rows:
        people = units[row.unit_id or 0] + rooms[row.workroom_id or 0]
        people += [row.member.user] if row.member else []
        found[row.pk] = {person.pk: person for person in people if person.is_active}
    return found


def follow_ups_due(committee: Committee, on: datetime.date) -> list[Reached]:
    """Who noted it, on the working day before it is to be done, or after."""
    calendar = calendar_of(committee)
    if not calendar.is_workday(on):
        return []
    rows: Any = FollowUp.objects.in_committee(committee).open().filter(TAKES_PLACE)
    rows = rows.filter(due_on__lte=calendar.after(on, 1), created_by__is_active=True)
    return [
        Reached(
            row.created_by,
            FOLLOW_UP,
            f"activities.followup:{row.pk}:{FOLLOW_UP}:{row.due_on}",
            f"{row.activity.title} · {row.what}",
            reverse("activities:follow_ups", args=[committee.slug, row.activity_id]),
            {"what": row.what, "due": row.due_on, "activity": row.activity.title},
        )
        for row in rows.select_related("activity", "created_by").order_by("due_on", "id")
    ]


register(
    Reminder(
        name="resolutions-due",
        label=gettext_lazy("议定事项将到期和逾期"),
        rule=gettext_lazy(
            "每个工作日上午：完成时限前 5 个和前 1 个工作日，提醒责任方；"
            "逾期未登记落实结果的，提醒责任方和机关工作人员，每个时限一次。"
        ),
        days=working_days,
        whom=resolutions_due,
        send=posting(resolutions_due),
        may_be_off=True,
    ),
    Reminder(
        name="follow-ups-due",
        label=gettext_lazy("活动后续事项将到期"),
        rule=gettext_lazy("每个工作日上午：完成时限前 1 个工作日，提醒登记人；每个时限一次。"),
        days=working_days,
        whom=follow_ups_due,
        send=posting(follow_ups_due),
        may_be_off=True,
    ),
)
