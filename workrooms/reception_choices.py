"""What the form of an entry offers: the room's members, who has duty, their contacts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q

from committees.models import Committee, User
from contacts.models import Contact
from contacts.permissions import shown_name
from members.models import Member
from workrooms.models import DutyShift, RoomMember, Workroom


@dataclass
class ReceptionChoices:
    """`members` carry `is_on_duty`; `contacts` only those the actor may see by name."""

    committee: Committee
    actor: User
    members: list[Any] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    def label(self, row: Any) -> str:
        return row.name if isinstance(row, Member) else shown_name(self.actor, row)

    @property
    def on_duty(self) -> list[int]:
        return [row.pk for row in self.members if row.is_on_duty]


def choices_for(
    actor: User,
    committee: Committee,
    room: Workroom | None,
    day: datetime.date,
    *,
    others: Any = (),
) -> ReceptionChoices:
    """Two statements. `others` are members (ids) the entry has already."""
    choices = ReceptionChoices(committee, actor)
    if room is None:
        return choices
    here = RoomMember.objects.present().filter(workroom=room, member=OuterRef("pk"))
    shifts = DutyShift.objects.expected_on(day).filter(workroom=room, member=OuterRef("pk"))
    rows = Member.objects.in_committee(committee).visible_to(actor)
    wanted = Q(Exists(here)) | Q(Exists(shifts)) | Q(pk__in=list(others))
    rows = rows.annotate(is_on_duty=Exists(shifts)).filter(wanted).in_stroke_order()
    choices.members = list(rows)
    own = {row.pk for row in choices.members} & actor.standing.scopes("member", "delegate")
    if own:  # somebody else's contacts are masked: nobody could tell whom they choose
        met = Contact.objects.visible_to(actor).in_committee(committee).active()
        choices.contacts = list(met.filter(member__in=own).order_by("pinyin", "id"))
    return choices
