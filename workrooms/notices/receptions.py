"""Whom the reception book tells. Nothing that was said travels: a notice leads to the entry.

Of a report against a person only the confidant (专管人员) hears.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from committees.actors import Actor
from committees.models import Committee, Role, User
from members.models import Member
from notices.actions import clerks_of, post_many
from workrooms.models import DutyShift, Reception, RoomMember


def confidants_of(committee: Committee) -> Any:
    """The accounts of today's confidants: one, or nobody yet."""
    return User.objects.filter(
        is_active=True,
        appointments__committee=committee,
        appointments__role=Role.CONFIDANT,
        appointments__span__contains=timezone.localdate(),
    ).distinct()


def keepers_of(reception: Reception) -> Any:
    """Accounts of the room's keepers today; the office's clerks for an entry of a liaison group."""
    if reception.workroom_id is None:
        return clerks_of(reception.committee)
    kept = RoomMember.objects.present().filter(workroom=reception.workroom_id, is_keeper=True)
    people = Q(members__room_memberships__in=kept) | Q(room_duties__in=kept)
    return User.objects.filter(people, is_active=True).distinct()


def _in_charge(reception: Reception) -> list[User]:
    """Keepers, who received it, and who has duty in the room that day; one statement."""
    if reception.workroom_id is None:
        return list(keepers_of(reception))
    kept = RoomMember.objects.present().filter(workroom=reception.workroom_id, is_keeper=True)
    shifts = DutyShift.objects.expected_on(reception.received_on)
    shifts = shifts.filter(workroom=reception.workroom_id)
    people = Q(members__room_memberships__in=kept) | Q(room_duties__in=kept)
    people |= Q(members__receptions=reception.pk) | Q(members__shifts__in=shifts)
    return list(User.objects.filter(people, is_active=True).distinct())


def _tell(
    kind: str, reception: Reception, to: Iterable[User], *, once: str = "", **more: Any
) -> int:
    """How many heard it now; `once` tells rounds of one kind apart."""
    told = post_many(
        kind,
        to=to,
        key=f"workrooms.reception:{reception.pk}:{kind}" + (f":{once}" if once else ""),
        about=reception,
        committee=reception.committee,
        path=reverse("workrooms:reception", args=[reception.committee.slug, reception.pk]),
        **more,
    )
    return len(told)


def received(reception: Reception, *, by: Actor) -> int:
    """At once to keepers and members on duty, without whoever entered it."""
    if reception.is_closed_to_others:
        return confided(reception)
    people = [person for person in _in_charge(reception) if person != by]
    return _tell("reception_received", reception, people)


def confided(reception: Reception) -> int:
    """To the confidant; where the committee has none, the clerks hear that one is missing."""
    people = list(confidants_of(reception.committee))
    if people:
        return _tell("reception_confided", reception, people)
    committee = reception.committee
    told = post_many(
        "confidant_missing",
        to=clerks_of(committee),
        key=f"workrooms.reception:{reception.pk}:confidant_missing",
        about=None,
        committee=committee,
        path=reverse("workrooms:list", args=[committee.slug]),
    )
    return len(told)


def word_added(reception: Reception, *, word: int) -> int:
    """The resident has added something; `word` is the new row."""
    closed = reception.is_closed_to_others
    people = confidants_of(reception.committee) if closed else _in_charge(reception)
    return _tell("reception_word_added", reception, people, once=str(word))


def handed_over(reception: Reception, member: Member) -> int:
    """The member now sees the entry; told once."""
    return _tell("reception_handed_over", reception, [member.user], once=str(member.pk))


def to_be_written(reception: Reception) -> int:
    """To the members who received it: the report is theirs to write. How many there are."""
    people = list(User.objects.filter(members__receptions=reception.pk, is_active=True).distinct())
    _tell("reception_to_write", reception, people)
    return len(people)


# The clock ----------------------------------------------------------------------------------------


def waiting(reception: Reception) -> int:
    """Two working days without a disposal: the keepers again."""
    return _tell("reception_waiting", reception, keepers_of(reception))


def waiting_long(reception: Reception) -> int:
    """Five: the office."""
    return _tell("reception_waiting_office", reception, clerks_of(reception.committee))


def overdue(reception: Reception) -> int:
    """Once a due date, to those in charge."""
    day = str(reception.due_on)
    return _tell("reception_overdue", reception, _in_charge(reception), once=day)


def to_tell(reception: Reception, *, until: datetime.date, on: datetime.date) -> int:
    """Where a matter belongs is still to be told: ahead of the last day, and once it has passed."""
    closed = reception.is_closed_to_others
    if on <= until:
        people = confidants_of(reception.committee) if closed else _in_charge(reception)
        return _tell("reception_tell_due", reception, people, until=until)
    people = confidants_of(reception.committee) if closed else clerks_of(reception.committee)
    return _tell("reception_tell_late", reception, people, until=until)
