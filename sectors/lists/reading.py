"""Who serves on a day, and what each of them holds that day: one statement, any day, any term."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import JSONObject

from committees.actors import Actor
from committees.models import Committee
from members.models import Member, Membership, Position
from sectors.models import (
    CommissionSeat,
    Convenorship,
    ListColumns,
    Seat,
    Sector,
    StreetSeat,
)

KINDS = {kind: place for place, kind in enumerate(Position.Kind.values)}
DUTIES = {duty: place for place, duty in enumerate(CommissionSeat.Duty.values)}


@dataclass(frozen=True, slots=True)
class Named:
    """A sector, commission or group of that day: `place` is its place in the committee's list."""

    pk: int
    name: str
    place: int
    role: str = ""  # head, deputy … where there is one


@dataclass(frozen=True, slots=True)
class Line:
    """One member serving on the day. `is_new` is None while the term before is not on record."""

    member: Member
    membership: Membership
    day: datetime.date
    sector: Named | None
    convenor_place: int | None
    positions: tuple[tuple[str, int], ...]  # (kind, rank), the highest first
    commissions: tuple[Named, ...]
    street: Named | None
    is_new: bool | None
    duty: str = ""  # in the commission or group whose section the line stands in

    @property
    def order(self) -> tuple[str, int]:
        """The stroke order of the house."""
        return self.member.name_key, self.member.pk

    @property
    def age(self) -> int | None:
        """Full years on the day; the day of birth is not on record, its month counts as reached."""
        born = self.member.birth_month
        if born is None or born > self.day:
            return None
        return ((self.day.year - born.year) * 12 + self.day.month - born.month) // 12


def lines_on(
    day: datetime.date, *, committee: Committee, actor: Actor, with_phones: bool = False
) -> tuple[list[Line], list[str] | None]:
    """The lines of the day in stroke order, and the columns this person chose (None: never)."""
    rows = Membership.objects.in_committee(committee).visible_to(actor).on(day)
    held = with_holdings(rows, day)
    return read(held, committee=committee, actor=actor, with_phones=with_phones)


def read(
    rows: Any, *, committee: Committee, actor: Actor, with_phones: bool = False
) -> tuple[list[Line], list[str] | None]:
    """The lines of `with_holdings` rows in stroke order, and the person's chosen columns.

    Both come in one statement; a day without members has no chosen columns either.
    """
    chosen = ListColumns.objects.in_committee(committee).visible_to(actor)
    beside = ["member__user"] if with_phones else []
    # The choice does not hang on the row: PostgreSQL reads it once.
    asked = rows.select_related("member", "term", *beside).annotate(
        chosen=Subquery(chosen.values("columns")[:1])
    )
    found = list(asked.order_by("member__name_key", "member"))
    return [line_of(row) for row in found], found[0].chosen if found else None


def with_holdings(rows: Any, day: datetime.date) -> Any:
    """Memberships with what is held on the day, as `line_of` reads them."""
    on_day = {"membership": OuterRef("pk"), "span__contains": day}
    earlier = {"term__ordinal__lt": OuterRef("term__ordinal"), "span__isempty": False}
    before = Membership.objects.filter(
        term__committee=OuterRef("committee"),
        term__ordinal=OuterRef("term__ordinal") - 1,
        span__isempty=False,
    )
    convened = Convenorship.objects.filter(
        seat__membership=OuterRef("pk"), seat__span__contains=day, span__contains=day
    )
    return rows.annotate(
        sat=_named(Seat.objects.filter(**on_day), "sector"),
        convened=Subquery(convened.order_by("place").values("place")[:1]),
        held=ArraySubquery(
            Position.objects.filter(**on_day)
            .order_by()
            .values(row=JSONObject(kind="kind", rank="rank"))
        ),
        commissioned=_named(CommissionSeat.objects.filter(**on_day), "commission", "duty"),
        grouped=_named(StreetSeat.objects.filter(**on_day), "street_group", "is_head"),
        served_before=Exists(Membership.objects.filter(member=OuterRef("member"), **earlier)),
        is_term_before_known=Exists(before),
        day=Value(day, output_field=DateField()),
    )


def _named(rows: Any, group: str, role: str = "") -> ArraySubquery:
    parts = {"pk": group, "name": f"{group}__name", "place": f"{group}__position"}
    if role:
        parts["role"] = role
    shape = JSONObject(**{key: F(path) for key, path in parts.items()})
    return ArraySubquery(rows.order_by(f"{group}__position", group).values(row=shape))


def line_of(row: Any) -> Line:
    """A row of `with_holdings`, with its member and term, as the lists read it."""
    held = sorted((KINDS[one["kind"]], one["rank"], one["kind"]) for one in row.held)
    return Line(
        member=row.member,
        membership=row,
        day=row.day,
        sector=next(iter(_all(row.sat)), None),
        convenor_place=row.convened,
        positions=tuple((kind, rank) for _place, rank, kind in held),
        commissions=_all(row.commissioned),
        street=next(iter(_all(row.grouped)), None),
        is_new=not row.served_before if row.is_term_before_known else None,
    )


def _all(found: Sequence[dict[str, Any]]) -> tuple[Named, ...]:
    return tuple(Named(**{**one, "role": _role(one.get("role"))}) for one in found)


def _role(told: Any) -> str:
    """A duty's word; the groups' heads are told by yes or no."""
    return told if isinstance(told, str) else "head" if told else ""


def sector_title(sector: Named) -> str:
    return Sector(name=sector.name).title
