"""Whom an activity should be called to mind: pairs of an activity and the accounts to tell.

Plain reads without a clock of their own; who sends decides when and how.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from activities.models import Activity, Enrolling, Enrolment
from committees.models import Committee, User
from committees.workdays import ONE_DAY

Pairs = Iterator[tuple[Activity, list[User]]]


def enrolment_closing(on: datetime.date, committee: Committee | None = None) -> Pairs:
    """Published activities whose enrolment closes on that day, and those invited who are silent."""
    rows = Activity.objects.taking_place().exclude(enrolment=Enrolling.NONE)
    rows = rows.filter(enrol_until__date=on)
    return _with_people(rows, Enrolment.objects.unanswered(), committee)


def tomorrow(on: datetime.date, committee: Committee | None = None) -> Pairs:
    """Activities that begin on the day after `on`, and everybody expected there.

    Expected are those with a place; where nobody enrols, those invited. Nobody on leave.
    """
    rows = Activity.objects.taking_place().between(on + ONE_DAY, on + 2 * ONE_DAY)
    return _with_people(rows, Enrolment.objects.expected(), committee)


def _with_people(activities: Any, enrolments: Any, committee: Committee | None) -> Pairs:
    """In the order of the activities' ids; an activity without anybody to tell is left out."""
    if committee is not None:
        activities = activities.in_committee(committee)
    rows: Iterable[Enrolment] = (
        enrolments.filter(activity__in=activities, member__user__is_active=True)
        .select_related("activity__committee", "member__user")
        .order_by("activity_id", "member__user_id")
    )
    for _pk, group in groupby(rows, key=lambda row: row.activity_id):
        found = list(group)
        yield found[0].activity, [row.member.user for row in found]
