"""Rows of the review desk for tests: composed reports, duties, convenors on leave."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from committees.spans import span_from
from opinions import actions
from opinions.models import DeskDuty, Opinion, Status
from sectors.models import ConvenorLeave
from tests import make


def report(cast: Any, name: str = "member", status: str = Status.RECEIVED, **over: Any) -> Opinion:
    """By a person of the cast, as the moves want it."""
    row = make.opinion(author=cast.member_of(name), status=status, **over)
    return again(row)


def again(row: Opinion) -> Opinion:
    return Opinion.objects.for_moves().get(pk=row.pk)


def composed(cast: Any, names: tuple[str, ...] = ("member", "member2"), **over: Any) -> Opinion:
    """A composed report of one report of each of these members, in editing."""
    parts = [report(cast, name) for name in names]
    return again(actions.compose(parts, by=cast.editor, **over))


def moved_on(cast: Any, whole: Opinion, *, to: str) -> Opinion:
    """The report along the way to checking, signing or issued."""
    for name, who, status in (
        ("send_to_check", cast.editor, Status.CHECKING),
        ("checked", cast.checker, Status.SIGNING),
        ("sign", cast.signer, Status.ISSUED),
    ):
        whole = actions.move(again(whole), name, by=who)
        if status == to:
            break
    return again(whole)


def desk_duty(**over: Any) -> DeskDuty:
    """Settled without the action's checks."""
    values = {"kind": DeskDuty.Kind.ORDINARY, "task": DeskDuty.Task.CHECK}
    return DeskDuty.objects.create(**values | over)


def convenor_leave(**over: Any) -> ConvenorLeave:
    """From yesterday for ten days, unless `first=` and `last=` say otherwise."""
    chair = over.pop("convenorship", None) or make.convenor()
    today = timezone.localdate()
    first = over.pop("first", today - datetime.timedelta(days=1))
    last = over.pop("last", today + datetime.timedelta(days=8))
    values = {
        "committee": chair.committee,
        "convenorship": chair,
        "span": span_from(first, last + datetime.timedelta(days=1)),
        "set_by": chair.seat.membership.member.user,
    }
    return ConvenorLeave.objects.create(**values | over)
