"""Whom duty is told to. A notice leads to the page; leave and its reasons never travel."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from committees.models import User
from committees.templatetags.portal import day_week
from members.models import Member
from notices.actions import post_many
from workrooms.models import DutyShift, DutySwap, Workroom


def keepers_of(room: Workroom) -> list[User]:
    """The accounts of the room's keepers of today."""
    today = timezone.localdate()
    kept = {"is_keeper": True, "span__contains": today, "workroom": room}
    own = Q(**{f"room_duties__{key}": value for key, value in kept.items()})
    of_member = Q(**{f"members__room_memberships__{key}": value for key, value in kept.items()})
    return list(User.objects.filter(own | of_member, is_active=True).distinct())


def published(room: Workroom, shifts: Iterable[DutyShift], at: datetime.datetime) -> int:
    """One notice per member and publishing, whatever the number of duties; how many were told."""
    at_key = _key(room, "duty_published", at)
    return len(_tell("duty_published", _with_lines(shifts), at_key, room))


def called_off(shifts: Iterable[DutyShift], at: datetime.datetime) -> None:
    """A new roster took these published duties of one room away: one notice per member."""
    rows = list(shifts)
    if rows:
        room = rows[0].workroom
        _tell("duty_called_off", _with_lines(rows), _key(room, "duty_called_off", at), room)


def _with_lines(shifts: Iterable[DutyShift]) -> list[User]:
    """The members' accounts, each with `duty_lines`, what its own notice says."""
    by_user: dict[int, list[DutyShift]] = defaultdict(list)
    people: dict[int, User] = {}
    for shift in shifts:
        people[shift.member.user_id] = shift.member.user
        by_user[shift.member.user_id].append(shift)
    for pk, user in people.items():
        rows = sorted(by_user[pk], key=lambda shift: shift.day)
        user.duty_lines = [when(shift) for shift in rows]  # type: ignore[attr-defined]
    return list(people.values())


def when(shift: DutyShift) -> str:
    """12月4日 星期五 09:00—11:30, in the portal's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return f"{day_week(shift.day)} {shift.hours}"


def tomorrow(shift: DutyShift) -> int:
    """The reminder before the day, once a shift; 1 if told now."""
    key = f"workrooms.dutyshift:{shift.pk}:duty_tomorrow"
    told = _tell("duty_tomorrow", [shift.member.user], key, shift, shift=shift, when=when(shift))
    return len(told)


CHANGES = {
    "cancelled": _("您的值班已取消"),
    "restored": _("您的值班已恢复"),
    "given": _("请您值班"),
    "taken": _("您的值班已安排他人接替"),
}


def changed(shift: DutyShift, change: str) -> None:
    """`change` is a key of CHANGES."""
    key = f"workrooms.dutyshift:{shift.pk}:duty_{change}:{shift.sequence}"
    said = {"change": CHANGES[change], "when": when(shift), "shift": shift}
    _tell("duty_changed", [shift.member.user], key, shift, **said)


def relief_asked(swap: DutySwap, colleagues: Iterable[Member]) -> None:
    """Those who may answer; a leave request goes to the keepers, who hear of the others too."""
    key = f"workrooms.dutyswap:{swap.pk}:duty_swap_asked"
    people = [member.user for member in colleagues]
    if swap.kind == DutySwap.Kind.LEAVE:
        people = keepers_of(swap.shift.workroom)
    _tell("duty_swap_asked", people, key, swap, swap=swap, when=when(swap.shift))


def relief_answered(swap: DutySwap) -> None:
    """Who asked; and the keepers, where the roster changed."""
    key = f"workrooms.dutyswap:{swap.pk}:duty_swap_answered"
    people = [swap.shift.member.user]
    if swap.state == DutySwap.State.ACCEPTED and swap.kind != DutySwap.Kind.LEAVE:
        people += keepers_of(swap.shift.workroom)
    _tell("duty_swap_answered", people, key, swap, swap=swap, when=when(swap.shift))


def _key(room: Workroom, kind: str, at: datetime.datetime) -> str:
    return f"workrooms.workroom:{room.pk}:{kind}:{at:%Y%m%dT%H%M%S.%f}"


def _tell(kind: str, to: Iterable[User], key: str, about: Any, **more: Any) -> list[Any]:
    slug = about.committee.slug
    if isinstance(about, DutyShift | DutySwap):
        pk = about.shift_id if isinstance(about, DutySwap) else about.pk
        path = reverse("workrooms:shift", args=[slug, pk])
    else:
        path = reverse("workrooms:duty_mine", args=[slug])
    people = [person for person in to if person.is_active]
    return post_many(
        kind, to=people, key=key, about=about, committee=about.committee, path=path, **more
    )
