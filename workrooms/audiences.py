"""Whom announcements reach: the members of workrooms."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils.translation import pgettext_lazy

from committees.models import Committee
from members.models import Member
from notices.audiences import Audience, Recipient, register
from sectors.audiences import recipients_of
from workrooms.models import RoomMember, Workroom


def _groups(committee: Committee) -> list[tuple[int, str]]:
    rooms = Workroom.objects.in_committee(committee).open().order_by("name", "id")
    return list(rooms.values_list("pk", "name"))


def _people(committee: Committee, ids: set[int]) -> Iterator[Recipient]:
    there = RoomMember.objects.present().filter(member=OuterRef("pk"), workroom__in=ids)
    return recipients_of(Member.objects.in_committee(committee).serving().filter(Exists(there)))


register(
    Audience(
        "workroom",
        pgettext_lazy("plural", "委员工作室"),
        groups=_groups,
        people=_people,
        is_long=True,
    )
)
