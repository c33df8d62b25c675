"""How a row behind a coverage figure is shown: a line of words, and who could help."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from committees.models import User
from committees.templatetags.portal import day, name
from contacts.coverage import GAPS, members_with_gaps, who_could, with_offers
from contacts.models import Occasion
from contacts.periods import Period
from contacts.permissions import can_offer_help, shown_name
from contacts.progress import Line, members_short
from contacts.scopes import Scope
from sectors.models import Sector


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `offer_to` is the member a button may offer help to, `offered` who did already.

    `log_url` writes a visit to this contact, for whose own contact it is.
    """

    title: str
    url: str
    meta: str = ""
    could: str = ""
    offer_to: int | None = None
    offered: str = ""
    log_url: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads which board, and on which day."""

    user: User
    scope: Scope
    period: Period
    today: datetime.date
    sectors: dict[int, Sector]

    def url(self, view: str, *args: Any) -> str:
        return reverse(view, args=[self.scope.committee.slug, *args])


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows behind one figure, in the order of their keyset."""

    rows: Any
    order: tuple[str, ...]
    shown: Callable[[Any, Reader], Row]


def behind(key: str, reader: Reader, line: Line | None = None) -> Behind | None:
    """The rows of a gap, of `members` with contacts left, or `short` of a target; else None.

    Single contacts are shown to those who may see them; others follow members. The set is the one
    the figure counts, narrowed to what this person may see.
    """
    scope, period, user = reader.scope, reader.period, reader.user
    if key in ("members", "short"):
        if key == "short" and (line is None or scope.is_own):
            return None
        rows = members_short(scope, line) if line else members_with_gaps(scope, period)
        rows = with_offers(rows.visible_to(user), reader.today).select_related("user")
        return Behind(rows, ("name_key", "id"), _short if line else _member)
    if key not in GAPS or (key == "sectors" and scope.is_own):
        return None
    if key == "contacts" and not scope.names_contacts:
        return None
    gap = GAPS[key]
    rows = gap.rows(scope, period).visible_to(user)
    if key == "contacts":
        rows = who_could(rows.select_related("member", "sector"), reader.today)
    elif key == "areas":
        rows = rows.for_list()
    elif key == "sectors":
        rows = rows.for_list(user)
    return Behind(rows, gap.order, SHOWN[key])


def _meta(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)


def _names(people: list[str]) -> str:
    return "、".join(people)


def _contact(row: Any, reader: Reader) -> Row:
    """By name to whose contact it is; to others masked, with the member who keeps in touch."""
    url = reader.url("contacts:contact", row.pk)
    is_own = reader.scope.is_own
    keeper = "" if is_own else _("联系委员：%(name)s") % {"name": row.member.name}
    could = []
    if row.neighbours:
        could.append(_("同一责任区的委员：%(names)s") % {"names": _names(row.neighbours)})
    if row.acquainted:
        could.append(_("近一年也走访过：%(names)s") % {"names": _names(row.acquainted)})
    meta = _meta(keeper, row.get_kind_display() if is_own else row.sector.title, row.place)
    log_url = f"{reader.url('contacts:visit_write')}?with={row.pk}" if is_own else ""
    title = name(shown_name(reader.user, row))
    return Row(title, url, meta, _("；").join(could), log_url=log_url)


def _area(row: Any, reader: Reader) -> Row:
    people = [person["name"] for person in row.people]
    could = _("责任委员：%(names)s") % {"names": _names(people)} if people else _("尚无责任委员")
    return Row(row.name, reader.url("contacts:area", row.pk), row.place, could)


def _occasion(row: Occasion, reader: Reader) -> Row:
    url = f"{reader.url('contacts:visits')}?occasion={row.pk}"
    return Row(row.name, url, _("查看以往的走访联系记录"))


def _sector(row: Any, reader: Reader) -> Row:
    could = ""
    if row.convenor_names:
        could = _("界别召集人：%(names)s") % {"names": _names(row.convenor_names)}
    return Row(row.title, reader.url("sectors:detail", row.pk), str(row.commission or ""), could)


def _person(row: Any, reader: Reader, meta: str) -> Row:
    """A member with what is left, and the button where this reader may offer help."""
    sector = reader.sectors.get(row.sector_id)
    place = sector.title if sector else _("已离任或暂无界别")
    offered = ""
    if row.offered_by:
        words = {"who": row.offered_by, "day": day(row.offered_at)}
        offered = _("%(who)s %(day)s已提供协助") % words
    row.committee = reader.scope.committee
    may = sector is not None and not offered and can_offer_help(reader.user, row, sector)
    url = reader.url("members:detail", row.pk)
    return Row(name(row.name), url, _meta(place, meta), "", row.pk if may else None, offered)


def _member(row: Any, reader: Reader) -> Row:
    return _person(row, reader, _("尚有 %(count)s 位联系人未联系到") % {"count": row.gap})


def _short(row: Any, reader: Reader) -> Row:
    return _person(
        row, reader, _("目标 %(due)s，已有 %(done)s") % {"due": row.due, "done": row.done}
    )


SHOWN: dict[str, Callable[[Any, Reader], Row]] = {
    "contacts": _contact,
    "areas": _area,
    "occasions": _occasion,
    "sectors": _sector,
}
