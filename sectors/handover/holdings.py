"""What a leaver holds and hands over (交接事项): declared by each app, read in one statement.

An app declares its own in `<app>/holdings`; liaison_portal imports those when it starts. A holding
names the rows that are open from a day on, and the verb of its app that hands some of them over.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from committees.models import Committee, User
from members.models import Member
from sectors.models import Handover, Transfer

To = Transfer.To


@dataclass(frozen=True, slots=True)
class Deed:
    """What a hand-over is done with: to whom, from which day on, by whom, in which handover."""

    handover: Handover
    to: str  # one of Transfer.To
    member: Member | None
    on: datetime.date
    by: User


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing held.

    `rows(committee, on)` are those open from the day `on`, whoever holds them; `member` is the
    path to the holder's id, `what` and `detail` are paths to what a line tells. `hand(ids, deed)`
    hands rows over in the caller's transaction. Without `takes` it ends with the term by itself.
    """

    name: str
    label: Any
    rows: Callable[[Committee, datetime.date], Any]
    member: str
    what: Any
    takes: tuple[str, ...] = ()
    detail: Any = ""
    hand: Callable[[list[int], Deed], None] = field(default=lambda ids, deed: None)
    shown: Callable[[str, str], tuple[str, str]] = field(
        default=lambda what, detail: (what, detail)
    )
    note: Any = ""

    @property
    def ends(self) -> bool:
        """Ends with the term: listed, and nothing to be handed over."""
        return not self.takes


@dataclass(frozen=True, slots=True)
class Held:
    """One thing a leaver holds still."""

    holding: Holding
    pk: int
    member_id: int
    what: str
    detail: str


_HOLDINGS: dict[str, tuple[int, Holding]] = {}


def register(holding: Holding, *, place: int) -> None:
    """Once a name, however often its module is imported; `place` orders the page."""
    _HOLDINGS[holding.name] = (place, holding)


def holdings() -> list[Holding]:
    return [holding for _place, holding in sorted(_HOLDINGS.values(), key=lambda pair: pair[0])]


def held_by(
    handover: Handover, members: Iterable[int], *, kinds: Iterable[str] | None = None
) -> list[Held]:
    """What these members hold still from the new term's first day on, in one statement."""
    ids = list(members)
    wanted = [one for one in holdings() if kinds is None or one.name in set(kinds)]
    if not ids or not wanted:
        return []
    parts = [_part(one, handover, ids) for one in wanted]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    by_name = {one.name: one for one in wanted}
    found = [
        Held(by_name[kind], pk, member, *by_name[kind].shown(what, detail))
        for kind, pk, member, what, detail in rows
    ]
    order = {one.name: place for place, one in enumerate(wanted)}
    return sorted(found, key=lambda one: (order[one.holding.name], one.what, one.pk))


def _part(holding: Holding, handover: Handover, members: list[int]) -> Any:
    """Rows `(kind, id, member, what, detail)` of one holding."""
    done = Transfer.objects.filter(handover=handover, kind=holding.name, ref=OuterRef("pk"))
    rows = holding.rows(handover.committee, handover.on_date).order_by()
    rows = rows.filter(**{f"{holding.member}__in": members}).filter(~Exists(done))
    return rows.values_list(
        Cast(Value(holding.name), CharField()),
        Cast("pk", BigIntegerField()),
        Cast(holding.member, BigIntegerField()),
        _text(holding.what),
        _text(holding.detail),
    )


def _text(source: Any) -> Any:
    if isinstance(source, str) and not source:
        source = Value("")
    return Cast(source, CharField())


def needs_member(deed: Deed) -> Member:
    """The member it goes to; the forms see to there being one."""
    assert deed.member is not None, _("请写明接手委员。")
    return deed.member
