"""A member's dated life: memberships, positions, seats, convenorships, commissions, groups."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import BigIntegerField, CharField, F, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from committees.models.organisation import chinese_ordinal
from committees.spans import in_words
from members.models import Delegate, Member, Membership, Position

ORDER = (
    "membership", "position", "seat", "convenor", "commission", "street", "leader", "delegate",
)  # fmt: skip
BESIDE = ("leader", "delegate")  # not everybody's to read
ENDINGS = tuple(of for of in ORDER if of not in ("membership", "seat"))  # ended one by one
DUTIES = {
    "head": gettext_lazy("主任"),
    "deputy": gettext_lazy("副主任"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that is or was true of a member during a half-open span of days."""

    of: str  # one of ORDER
    what: str  # the sector's, commission's or group's name, the position's or the term's label
    detail: str  # how the member entered, or the duty in a commission
    span: DateRange
    meeting: str
    leaving: str
    leaving_meeting: str
    pk: int = 0  # of the row it is told from

    def is_true(self, on: datetime.date) -> bool:
        return on in self.span

    @property
    def title(self) -> str:
        if self.of == "convenor":
            return _("%(sector)s召集人") % {"sector": self.what}
        if self.of in BESIDE:
            label = _("领导联系") if self.of == "leader" else _("代办人")
            return _("%(label)s：%(what)s") % {"label": label, "what": self.what}
        if not self.detail:
            return self.what
        return _("%(what)s（%(detail)s）") % {"what": self.what, "detail": self.detail}

    @property
    def meta(self) -> str:
        """`2022-01-12 至 2026-03-09 · 六届一次会议 · 辞去 · 六届十三次常委会会议`."""
        words = [in_words(self.span), self.meeting, self.leaving, self.leaving_meeting]
        return " · ".join(word for word in words if word)


def life_of(
    member: Member, sectors: Mapping[int, str], beside: Collection[str] = ()
) -> list[Event]:
    """What the roster knows of a member by date, the latest first, in one statement.

    Seats stand above this app: they are followed through the related names, and `sectors` gives
    the titles of the committee's sectors by id. `beside` are those of BESIDE that the reader sees.
    """
    seat, commission, street = "seats", "commission_seats", "street_seats"
    parts = [
        _part(
            member, "membership", "", "term__ordinal", "entry",
            meeting="entry_meeting", leaving="leaving", leaving_meeting="leaving_meeting",
        ),
        _part(member, "position", "positions", "kind"),
        _part(member, "seat", seat, "sector"),
        _part(member, "convenor", f"{seat}__convenorships", "sector"),
        _part(member, "commission", commission, "commission__name", "duty"),
        _part(member, "street", street, "street_group__name", "is_head"),
        *(_beside(member, of) for of in BESIDE if of in beside),
    ]  # fmt: skip
    rows = parts[0].union(*parts[1:], all=True)
    events = [_event(row, sectors) for row in rows if not row[3].isempty]
    first = datetime.date.min
    return sorted(events, key=lambda e: (first - (e.span.lower or first), ORDER.index(e.of)))


MEETINGS = {"meeting": "meeting", "leaving_meeting": "ending_meeting"}


def _beside(member: Member, of: str) -> Any:
    """Rows as `_part` has them of what hangs on the member and not on a membership."""
    if of == "delegate":
        return _columns(Delegate.objects.filter(member=member), of, "", "user__name")
    contacts: Any = Member._meta.get_field("leader_contacts").related_model  # type: ignore[union-attr]
    return _columns(contacts.objects.filter(member=member), of, "", "leader__name")


def _part(member: Member, of: str, path: str, what: str, detail: str = "", **texts: str) -> Any:
    """Rows `(of, what, detail, span, meeting, leaving, leaving meeting, pk)` of one kind.

    `path` leads from the membership to the dated row; the columns are named from there.
    """
    rows = Membership.objects.filter(member=member)
    if path:
        rows = rows.filter(**{f"{path}__isnull": False})
    return _columns(rows, of, path, what, detail, **texts)


def _columns(rows: Any, of: str, path: str, what: str, detail: str = "", **texts: str) -> Any:
    texts = texts or MEETINGS

    def text(column: str) -> Any:
        source = f"{path}__{column}" if path and column else column
        return Cast(source if source else Value(""), CharField())

    wanted = [texts.get(name, "") for name in ("meeting", "leaving", "leaving_meeting")]
    span = F(f"{path}__span" if path else "span")
    fixed = [Cast(Value(of), CharField()), text(what), text(detail)]
    pk = Cast(f"{path}__pk" if path else "pk", BigIntegerField())
    return rows.order_by().values_list(*fixed, span, *map(text, wanted), pk)


def _event(row: tuple[Any, ...], sectors: Mapping[int, str]) -> Event:
    of, what, detail, span, meeting, leaving, leaving_meeting, pk = row
    if of == "membership":
        ordinal = chinese_ordinal(int(what)) if get_language() == settings.LANGUAGE_CODE else what
        what = _("%(ordinal)s届委员") % {"ordinal": ordinal}
        detail = str(Membership.Entry(detail).label)
    elif of == "position":
        what = str(Position.Kind(what).label)
    elif of in ("seat", "convenor"):
        what = sectors.get(int(what), "")
    elif of == "commission":
        detail = str(DUTIES.get(detail, ""))
    elif of == "street":
        detail = _("组长") if detail == "true" else ""
    if leaving:
        leaving = str(Membership.Leaving(leaving).label)
    elif leaving_meeting:
        leaving = _("终止")
    return Event(of, what, detail, span, meeting, leaving, leaving_meeting, pk)
