"""What a visit form offers a person: whom to log for, who else was there, whom they met.

Two statements, members and contacts; channels, occasions and themes come from the cache.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from committees.dictionaries import rows_of
from committees.models import Committee, Theme, User
from committees.permissions import is_office
from contacts.models import Channel, Contact, Occasion, Visit
from members.models import Member, Membership
from members.name_order import split_names
from sectors.models import Seat

LATEST = 6  # contacts a tap away
ANNOTATED = re.compile(r"(.+?)[（(](.+?)[）)]")  # 李伟（教育）


@dataclass
class VisitChoices:
    """`principals` are the members this person logs for, the own one first; the office may have
    none yet and names somebody. `colleagues` share a sector with them; `named` were typed.
    """

    actor: User
    channels: list[Channel]
    occasions: list[Occasion]
    themes: list[Theme]
    principals: list[Any] = field(default_factory=list)
    colleagues: list[Any] = field(default_factory=list)
    named: list[Any] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    @property
    def latest(self) -> list[Any]:
        """The contacts met last, the latest first."""
        met: list[Any] = [row for row in self.contacts if getattr(row, "last_met_on", None)]
        return sorted(met, key=lambda row: row.last_met_on, reverse=True)[:LATEST]

    def found(self, typed: str) -> list[Member]:
        """The serving members of a typed list: 王伟、lh、李红（工商联）; namesakes tell the sector.

        ValidationError with a sentence for everybody not found, or found twice.
        """
        members, wrong = [], []
        for name, sector in parsed(typed):
            same = [row for row in self.named if _is_called(row, name)]
            if sector:
                same = [row for row in same if _sits_in(row, sector)]
            if len(same) == 1:
                members.append(same[0])
            else:
                wrong.append(_not_one(name, same))
        if wrong:
            raise ValidationError([ValidationError(sentence, code="name") for sentence in wrong])
        return members


def members_named(actor: User, committee: Committee, typed: str) -> list[Member]:
    """The serving members of a typed list of names or initials; one statement, or ValidationError
    with a sentence for everybody not found."""
    names = {name for name, _sector in parsed(typed)}
    if not names:
        return []
    rows = _members(actor, committee, set(), set(), names)
    return VisitChoices(actor, [], [], [], named=list(rows)).found(typed)


def choices_for(
    actor: User,
    committee: Committee,
    *,
    member: int | None = None,
    visit: Any = None,
    typed: str = "",
) -> VisitChoices:
    """`member` is whom the office or a delegate enters for; `visit` (read `with_people`) brings
    its own author, members and contacts; `typed` are names to look up."""
    principals = _authors(visit) if visit else _principals(actor, committee, member)
    choices = VisitChoices(
        actor, *(_offered(model, committee, visit) for model in (Channel, Occasion, Theme))
    )
    present = {person["pk"] for person in visit.people} if visit else set()
    names = {name for name, _sector in parsed(typed)}
    if principals or present or names:
        for row in _members(actor, committee, principals, present, names):
            if row.pk in principals:
                choices.principals.append(row)
            elif row.is_colleague:
                choices.colleagues.append(row)
            choices.named.append(row)
    choices.principals.sort(key=lambda row: row.user_id != actor.pk)
    if principals:
        choices.contacts = list(_contacts(actor, committee, principals, visit))
    return choices


def parsed(typed: str) -> list[tuple[str, str]]:
    """`(name, sector or nothing)` of each entry."""
    entries = []
    for entry in split_names(typed.replace("\x00", "")):
        told_apart = ANNOTATED.fullmatch(entry)
        name, sector = told_apart.groups() if told_apart else (entry, "")
        entries.append(("".join(name.split()), sector.removesuffix("界")))
    return entries


def _is_called(row: Any, name: str) -> bool:
    return row.name == name or (name.isascii() and name.lower() in row.pinyin.split())


def _sits_in(row: Any, sector: str) -> bool:
    return any(sector in name or name in sector for name in row.sits_in)


def _not_one(name: str, same: list[Any]) -> str:
    if not same:
        return _("没有找到委员“%(name)s”。") % {"name": name}
    if name.isascii():
        people = "、".join(f"{row.name}（{'、'.join(row.sits_in)}）" for row in same)
        return _("“%(name)s”可能是：%(people)s，请写明姓名。") % {"name": name, "people": people}
    sectors = [sector for row in same for sector in row.sits_in]
    return _(
        "有%(count)s位委员叫“%(name)s”（%(sectors)s），请注明界别，如“%(name)s（%(one)s）”。"
    ) % {"count": len(same), "name": name, "sectors": "、".join(sectors), "one": sectors[0]}


def _principals(actor: User, committee: Committee, member: int | None) -> set[int]:
    own = actor.standing.scopes("member", "delegate", committee=committee)
    if member is None:
        return own
    return {member} if is_office(actor, committee) else own & {member}


def _authors(visit: Any) -> set[int]:
    """Whom the visit was entered for, else the member who wrote it, else everybody present."""
    if visit.on_behalf_of_id:
        return {visit.on_behalf_of_id}
    everybody = {person["pk"] for person in visit.people}
    wrote = {person["pk"] for person in visit.people if person["user"] == visit.created_by_id}
    return wrote or everybody


def _offered(model: Any, committee: Committee, visit: Visit | None) -> list[Any]:
    """The active rows; one that the visit already has stays on offer there."""
    kept = getattr(visit, f"{model._meta.model_name}_id") if visit else None
    return [row for row in rows_of(model, committee) if row.is_active or row.pk == kept]


def _members(
    actor: User, committee: Committee, principals: set[int], present: set[int], names: set[str]
) -> QuerySet:
    seats = Seat.objects.today().filter(membership__member=OuterRef("pk"))
    shared = Seat.objects.today().filter(membership__member__in=principals).values("sector")
    is_colleague: Any = Value(False, output_field=BooleanField())
    if principals:
        is_colleague = Exists(seats.filter(sector__in=shared))
    serving = Exists(Membership.objects.today().filter(member=OuterRef("pk")))
    typed = Q(name__in=names)
    for initials in filter(str.isascii, names):
        typed |= Q(pinyin__contains=initials.lower())
    wanted = Q(pk__in=principals | present) | Q(is_colleague=True) | (typed & serving)
    rows = Member.objects.visible_to(actor).in_committee(committee).select_related("user")
    return (
        rows.annotate(
            is_colleague=is_colleague, sits_in=ArraySubquery(seats.values("sector__name"))
        )
        .filter(wanted)
        .in_stroke_order()
    )


def _contacts(actor: User, committee: Committee, principals: set[int], visit: Any) -> QuerySet:
    """Active ones of the principals, and those the visit has already."""
    met = [contact["pk"] for contact in visit.met] if visit else []
    wanted = Q(member__in=principals, is_active=True) | Q(pk__in=met)
    rows = Contact.objects.visible_to(actor).in_committee(committee).filter(wanted)
    visits = Visit.objects.in_committee(committee).visible_to(actor)
    last = visits.filter(contacts=OuterRef("pk")).order_by("-happened_on")
    met_on = Subquery(last.values("happened_on")[:1])
    return rows.annotate(last_met_on=met_on).order_by("pinyin", "id")
