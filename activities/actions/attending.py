"""Attendance, noted by the organiser: the whole list at once, or one member by a code.

Nobody is located and no clock is kept: what is noted is one of five words a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.places import locked, organiser_only, refuse_unpublished, same_committee
from activities.models import CAME, Activity, Attendance, Enrolment, HeadCount
from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from members.models import Member

LARGEST = 1_000_000  # people served, and one head count


@dataclass(frozen=True, slots=True)
class Said:
    """What the screen showed of one row (`was`) and what the organiser left there (`now`)."""

    was: str
    now: str


def note_attendance(
    activity: Activity,
    said: Mapping[int, Said],
    *,
    by: User,
    others: Iterable[tuple[str, int]] | None = None,
    sessions_held: int | None = None,
    people_served: int | None = None,
    walk_ins: Iterable[Member] = (),
) -> list[Enrolment]:
    """`said` by the id of the enrolment. Returns the rows somebody else noted otherwise meanwhile:
    these stay as they are. `others` replaces the head counts; `walk_ins` came without enrolling.
    """
    came_too = list(walk_ins)
    same_committee(activity, came_too)
    with rules_told(), transaction.atomic():
        activity = locked(activity)
        organiser_only(by, activity)
        _has_begun(activity)
        overtaken = _noted(activity, said, by)
        for member in came_too:
            _present(activity, member, by)
        if others is not None:
            _count(activity, list(others))
        _total(activity, sessions_held, people_served)
        record("activity.note_attendance", by=by, committee=activity.committee, about=activity)
    return overtaken


def sign_in(activity: Activity, member: Member, *, by: User) -> tuple[Enrolment, bool]:
    """Mark one member as present by the code; twice is harmless. True where it was new.

    Late or left early stays; who came without enrolling joins the list.
    """
    same_committee(activity, [member])
    with rules_told(), transaction.atomic():
        activity = locked(activity)
        organiser_only(by, activity)
        _has_begun(activity)
        row, is_new = _present(activity, member, by)
        if is_new:
            record("activity.sign_in", by=by, committee=activity.committee, about=row)
    return row, is_new


def _has_begun(activity: Activity) -> None:
    refuse_unpublished(activity)
    if timezone.localdate(activity.starts_at) > timezone.localdate():
        raise ValidationError(_("活动当天起才能登记出席情况。"), code="not_begun")


def _noted(activity: Activity, said: Mapping[int, Said], by: User) -> list[Enrolment]:
    """Rows are written by what they become, at most one statement a word."""
    rows = Enrolment.objects.filter(activity=activity).on_list().select_related("member")
    becomes: dict[str, list[int]] = defaultdict(list)
    overtaken = []
    for row in rows:
        heard = said.get(row.pk)
        if heard is None or heard.now not in ("", *Attendance.values):
            continue
        if row.attendance == heard.now or (heard.was == heard.now and row.attendance):
            continue
        if row.attendance != heard.was:
            overtaken.append(row)
        else:
            becomes[heard.now].append(row.pk)
    now = timezone.now()
    for word, pks in becomes.items():
        Enrolment.objects.filter(pk__in=pks).update(attendance=word, noted_at=now, noted_by=by)
    return overtaken


def _present(activity: Activity, member: Member, by: User) -> tuple[Enrolment, bool]:
    now = timezone.now()
    fresh = {"committee": activity.committee, "entered_by": by, "enrolled_at": now}
    row, _made = Enrolment.objects.get_or_create(activity=activity, member=member, defaults=fresh)
    row.activity, row.member = activity, member
    if row.attendance in CAME:
        return row, False
    row.attendance, row.noted_at, row.noted_by = Attendance.PRESENT, now, by
    if row.enrolled_at is None:
        row.enrolled_at, row.given_up_at = now, None
    row.save()
    return row, True


def _count(activity: Activity, others: list[tuple[str, int]]) -> None:
    rows = [HeadCount(activity=activity, kind=kind.strip(), count=n) for kind, n in others if n]
    for row in rows:
        row.clean_fields(exclude=["activity"])
        if row.count > LARGEST:
            raise ValidationError(_("人数过大，请核对。"), code="too_many")
    HeadCount.objects.filter(activity=activity).delete()
    HeadCount.objects.bulk_create(rows)


def _total(activity: Activity, sessions_held: int | None, people_served: int | None) -> None:
    given = {"sessions_held": sessions_held, "people_served": people_served}
    changed = {key: value for key, value in given.items() if value is not None}
    for key, value in changed.items():
        setattr(activity, key, value)
    activity.clean_fields(
        exclude=["committee", "sector", "commission", "workroom", "theme", "series", "created_by"]
    )
    if changed:
        activity.save(update_fields=list(changed))
