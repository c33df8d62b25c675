"""What a leaver holds and hands over (交接事项): declared by each app, read in one statement.

An app declares its own in `<app>/holdings`; liaison_portal imports those when it starts. A holding
names the rows that are open from a day on, and the verb of its app that hands some of them over.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from committees.models import Committee, User
from members.models import Member
from sectors.handover.images import Source
from sectors.models import Handover, Transfer

To = Transfer.To
SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Deed:
    """What a hand-over is done with: to whom, from which day on, by whom, in which handover."""

    handover: Handover
    to: str  # one of Transfer.To
    member: Member | None
    on: datetime.date
    by: User


@dataclass(frozen=True, slots=True)
class Touch:
    """A table that a hand-over writes: rows whose `columns` equal the key of what is handed.

    The first column tells an id. `only` are the columns watched, all where it is empty.
    """

    label: str
    columns: tuple[str, ...]
    only: tuple[str, ...] = ()

    def source(self, keys: Iterable[str]) -> Source:
        model = apps.get_model(self.label)
        names = {one.attname for one in model._meta.concrete_fields} if self.only else set()
        firsts = sorted({int(key.split(SEPARATOR)[0]) for key in keys})
        without = tuple(sorted(names - {*self.only, *self.columns, "id"}))
        column = connection.ops.quote_name(self.columns[0])
        return Source(self.label, f"t.{column} = ANY(%s)", (firsts,), without)

    def key(self, row: dict[str, Any]) -> str:
        return SEPARATOR.join("" if row[name] is None else str(row[name]) for name in self.columns)


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing held.

    `rows(committee, on)` are those open from the day `on`, whoever holds them; `member` is the
    path to the holder's id, `what` and `detail` are paths to what a line tells. `hand(ids, deed)`
    hands rows over in the caller's transaction; where it `waits` the verb knows no day, and what is
    agreed beforehand is carried out on the first one. It writes the tables that it `touches`, found
    by the paths of `key`, so that it can be taken back unless `built_on` says what stands on it.
    With `stays` it stays whose it is, and that sentence says so; without `takes` and `stays` it
    ends with the term. `page` (the name of an address) shows the row of the path `target`.
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
    stays: Any = ""
    page: str = ""
    target: str = "pk"
    waits: bool = False
    key: tuple[str, ...] = ("pk",)
    touches: tuple[Touch, ...] = ()
    built_on: Callable[[list[Transfer]], str] = field(default=lambda transfers: "")

    @property
    def ends(self) -> bool:
        """Ends with the term: listed, and nothing to be handed over."""
        return not self.takes and not self.stays

    @property
    def is_open(self) -> bool:
        """Waits to be handed over."""
        return bool(self.takes)


@dataclass(frozen=True, slots=True)
class Held:
    """One thing a leaver holds still. `key` finds what a hand-over of it writes."""

    holding: Holding
    pk: int
    member_id: int
    what: str
    detail: str
    key: str = ""
    target: int = 0

    @property
    def line(self) -> str:
        return " · ".join(part for part in (self.what, self.detail) if part)


_HOLDINGS: dict[str, tuple[int, Holding]] = {}


def register(holding: Holding, *, place: int) -> None:
    """Once a name, however often its module is imported; `place` orders the page."""
    _HOLDINGS[holding.name] = (place, holding)


def holdings() -> list[Holding]:
    return [holding for _place, holding in sorted(_HOLDINGS.values(), key=lambda pair: pair[0])]


def holding_of(name: str) -> Holding | None:
    place_and_holding = _HOLDINGS.get(name)
    return place_and_holding[1] if place_and_holding else None


def held_by(
    handover: Handover,
    members: Iterable[int],
    *,
    kinds: Iterable[str] | None = None,
    with_planned: bool = False,
) -> list[Held]:
    """What these members hold still from the new term's first day on, in one statement.

    What was agreed and waits for its day is not among it, unless `with_planned`.
    """
    names = None if kinds is None else set(kinds)
    wanted = [one for one in holdings() if names is None or one.name in names]
    done = Transfer.objects.filter(handover=handover).live()
    if with_planned:
        done = done.exclude(done_at=None)
    return _found(wanted, handover.committee, handover.on_date, list(members), done)


def left_behind(member: Member, on: datetime.date) -> list[Held]:
    """What somebody who left within a term holds still and another must take on (one statement)."""
    wanted = [one for one in holdings() if one.is_open]
    return _found(wanted, member.committee, on, [member.pk], Transfer.objects.none())


def _found(
    wanted: list[Holding], committee: Committee, on: datetime.date, members: list[int], done: Any
) -> list[Held]:
    if not members or not wanted:
        return []
    parts = [_part(one, one.rows(committee, on), members, done) for one in wanted]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    by_name = {one.name: one for one in wanted}
    found = [
        Held(by_name[kind], pk, member, *by_name[kind].shown(what, detail), key, target)
        for kind, pk, member, what, detail, key, target in rows
    ]
    order = {one.name: place for place, one in enumerate(wanted)}
    return sorted(found, key=lambda one: (order[one.holding.name], one.what, one.pk))


def _part(holding: Holding, rows: Any, members: list[int], done: Any) -> Any:
    """Rows `(kind, id, member, what, detail, key, target)` of one holding."""
    done = done.filter(kind=holding.name, ref=OuterRef("pk"))
    rows = rows.order_by().filter(**{f"{holding.member}__in": members}).filter(~Exists(done))
    return rows.values_list(
        Cast(Value(holding.name), CharField()),
        Cast("pk", BigIntegerField()),
        Cast(holding.member, BigIntegerField()),
        _text(holding.what),
        _text(holding.detail),
        _joined(holding.key),
        Cast(holding.target, BigIntegerField()),
    )


def _joined(paths: tuple[str, ...]) -> Any:
    """The values of the paths as one text, as `Touch.key` reads them from a row."""
    if len(paths) == 1:
        return Cast(paths[0], CharField())
    parts: list[Any] = []
    for path in paths:
        parts += [Value(SEPARATOR), Cast(path, CharField())]
    return Concat(*parts[1:], output_field=CharField())


def _text(source: Any) -> Any:
    if isinstance(source, str) and not source:
        source = Value("")
    return Cast(source, CharField())


def page_of_held(one: Held, slug: str) -> str:
    """The address of what is held, nothing where it has no page."""
    page = one.holding.page
    return reverse(page, kwargs={"slug": slug, "pk": one.target}) if page else ""


def by_kind(held: Iterable[Held], slug: str) -> list[dict[str, Any]]:
    """`{"holding", "rows": [{"line", "url"}]}` of each kind, in the order of the page."""
    kinds: dict[str, dict[str, Any]] = {}
    for one in held:
        part = kinds.setdefault(one.holding.name, {"holding": one.holding, "rows": []})
        part["rows"].append({"line": one.line, "url": page_of_held(one, slug)})
    return list(kinds.values())


def needs_member(deed: Deed) -> Member:
    """The member it goes to; the forms see to there being one."""
    assert deed.member is not None, _("请写明接手委员。")
    return deed.member
