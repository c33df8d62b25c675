"""Whom activities are told to. Why somebody is on leave never travels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from activities.models import Activity, Enrolment
from activities.permissions import can_organise
from committees.models import User
from committees.templatetags.portal import moment
from notices.actions import clerks_of, post_many

NO_PLACE = "地点另行通知"  # notices are in the portal's language


def when(activity: Activity) -> str:
    """11月22日 14:30—16:30, in the portal's language; over several days both are named."""
    with translation.override(settings.LANGUAGE_CODE):
        if activity.is_one_day:
            return f"{moment(activity.starts_at)}—{timezone.localtime(activity.ends_at):%H:%M}"
        return f"{moment(activity.starts_at)}—{moment(activity.ends_at)}"


def invited(activity: Activity, people: Iterable[User]) -> int:
    """Once a person and activity, however often the lists are widened; how many were told now."""
    return len(_tell("activity_invited", people, activity))


def called_off(activity: Activity, people: Iterable[User]) -> int:
    return len(_tell("activity_called_off", people, activity, why=activity.called_off_why))


def changed(activity: Activity, people: Iterable[User]) -> int:
    """Another time or place; once a version."""
    return len(_tell("activity_changed", people, activity, round=str(activity.version)))


def moved_up(enrolments: Iterable[Enrolment], activity: Activity) -> None:
    """From the waiting list to a place: once a move."""
    rows = list(enrolments)
    if rows:
        at = f"{rows[0].enrolled_at:%Y%m%dT%H%M%S.%f}"
        _tell("activity_moved_up", [row.member.user for row in rows], activity, round=at)


def leave_asked(enrolment: Enrolment) -> None:
    """Who planned it, else the office's clerks."""
    activity, planner = enrolment.activity, enrolment.activity.created_by
    is_there = planner.is_active and can_organise(planner, activity)
    people = [planner] if is_there else list(clerks_of(activity.committee))
    at = f"{enrolment.pk}:{enrolment.leave_asked_at:%Y%m%dT%H%M%S.%f}"
    path = reverse("activities:people", args=[activity.committee.slug, activity.pk])
    who = enrolment.member.name
    _tell("activity_leave_asked", people, activity, round=at, path=path, who=who)


def leave_answered(enrolment: Enrolment) -> None:
    at = f"{enrolment.pk}:{enrolment.leave_decided_at:%Y%m%dT%H%M%S.%f}"
    said: dict[str, Any] = {"is_granted": enrolment.is_leave_granted}
    people, activity = [enrolment.member.user], enrolment.activity
    _tell("activity_leave_answered", people, activity, round=at, **said)


def _tell(
    kind: str,
    people: Iterable[User],
    activity: Activity,
    *,
    round: str = "",
    path: str = "",
    **said: Any,
) -> list[Any]:
    committee = activity.committee
    key = f"activities.activity:{activity.pk}:{kind}" + (f":{round}" if round else "")
    return post_many(
        kind,
        to=[person for person in people if person.is_active],
        key=key,
        about=activity,
        committee=committee,
        path=path or reverse("activities:detail", args=[committee.slug, activity.pk]),
        activity=activity,
        when=when(activity),
        place=activity.place or NO_PLACE,
        **said,
    )
