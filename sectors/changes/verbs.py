"""What each kind of change does: one verb of members/ or sectors/ with the rules of the page.

Every verb takes the member, the day, the meeting, who does it, and `now`: the member's dated rows,
read under the roster's lock. It calls the verbs below and returns what the history reads:
`教育界 → 科技界`, kept in Chinese whoever entered it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.dictionaries import rows_of
from committees.models import User
from committees.spans import in_words, is_over
from members import actions as members
from members.models import Delegate, Member, Membership, Position
from sectors import actions
from sectors.changes.state import State, rows_in
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    LeaderContact,
    Seat,
    Sector,
    StreetGroup,
    StreetSeat,
)

COMMISSIONS_AT_MOST = 2  # docs: a member sits in none, one or two
Verb = Callable[..., str]
By = User | Guest
Day = datetime.date


def leave(member: Member, *, on: Day, meeting: str, by: By, now: State, how: str) -> str:
    """辞去, 撤销, 调出 or 去世: everything that stands on the membership ends with it."""
    membership = _serving(member, on, now)
    _after_begin(on, membership)
    today = timezone.localdate()
    for of in ("seat", "position", "commission", "street", "convenor"):
        _nothing_later([row for row in _of(membership, of, now) if _begun(row, today)], on)
    actions.leave(membership, on=on, how=how, meeting=meeting, by=by)
    return _kept(Membership.Leaving(how).label)


def reenter(
    member: Member, *, on: Day, meeting: str, by: By, now: State, sector: Sector | None = None
) -> str:
    """再次增补: a former member, with a seat."""
    membership = members.reenter(member, on=on, meeting=meeting, by=by)
    if sector is None:
        return ""
    actions.seat(membership, sector, on=on, meeting=meeting, by=by)
    return sector.title


def move(member: Member, *, on: Day, meeting: str, by: By, now: State, sector: Sector) -> str:
    seats = _of(_serving(member, on, now), "seat", now)
    _nothing_later(seats, on)
    old = _on_day(seats, on)
    if old and old.sector_id == sector.pk:
        raise ValidationError(_("该委员已在此界别。"), code="same_sector")
    actions.move_to_sector(member, sector, on=on, meeting=meeting, by=by)
    return f"{_sector(old).title} → {sector.title}" if old else sector.title


def take_position(
    member: Member, *, on: Day, meeting: str, by: By, now: State, position: str, rank: int = 0
) -> str:
    membership = _serving(member, on, now)
    members.take_position(membership, position, on=on, rank=rank, meeting=meeting, by=by)
    return _kept(Position.Kind(position).label)


def end_position(
    member: Member, *, on: Day, meeting: str, by: By, now: State, row: Position
) -> str:
    row = _held(row, "position", on, now)
    members.end_position(row, on=on, meeting=meeting, by=by)
    return _kept(Position.Kind(row.kind).label)


def convene(
    member: Member, *, on: Day, meeting: str, by: By, now: State, place: int | None = None
) -> str:
    """Convenor from that day; who is one already takes another place (1–3)."""
    _serving(member, on, now)
    seat = _on_day(rows_in(now, "seat"), on)
    if seat is None:
        raise ValidationError(_("该委员当日不在任何界别。"), code="not_seated")
    seat.committee = member.committee
    held = _on_day([row for row in rows_in(now, "convenor") if row.seat_id == seat.pk], on)
    if held is not None:
        if place in (None, held.place):
            raise ValidationError(_("该委员当日已是召集人。"), code="convenor_once")
        _after_begin(on, held)
        held.committee = member.committee
        actions.end_convenorship(held, on=on, meeting=meeting, by=by)
    row = actions.appoint_convenor(seat, on=on, place=place, meeting=meeting, by=by)
    return f"{_sector(seat).title}，第{row.place}位"


def end_convening(
    member: Member, *, on: Day, meeting: str, by: By, now: State, row: Convenorship
) -> str:
    row = _held(row, "convenor", on, now)
    actions.end_convenorship(row, on=on, meeting=meeting, by=by)
    return row.sector.title


def join_commission(
    member: Member, *, on: Day, meeting: str, by: By, now: State, commission: Commission, duty: str
) -> str:
    """A seat in a commission, or another duty in one held already; at most two of them."""
    membership = _serving(member, on, now)
    held = _of(membership, "commission", now)
    here = _on_day([row for row in held if row.commission_id == commission.pk], on)
    if here is not None:
        if here.duty == duty:
            raise ValidationError(_("该委员当日已在此专门委员会。"), code="commission_seat_once")
        _after_begin(on, here)
        here.committee = member.committee
        actions.leave_commission(here, on=on, meeting=meeting, by=by)
    others = {row.commission_id for row in held if not is_over(row.span, on)} - {commission.pk}
    if len(others) >= COMMISSIONS_AT_MOST:
        raise ValidationError(_("一名委员最多参加两个专门委员会。"), code="two_commissions")
    actions.join_commission(membership, commission, on=on, duty=duty, meeting=meeting, by=by)
    as_what = _kept(CommissionSeat.Duty(duty).label)
    return commission.name if duty == "member" else f"{commission.name}（{as_what}）"


def leave_commission(
    member: Member, *, on: Day, meeting: str, by: By, now: State, row: CommissionSeat
) -> str:
    row = _held(row, "commission", on, now)
    actions.leave_commission(row, on=on, meeting=meeting, by=by)
    return row.commission.name


def join_street(
    member: Member,
    *,
    on: Day,
    meeting: str,
    by: By,
    now: State,
    street_group: StreetGroup,
    is_head: bool = False,
) -> str:
    """Into a street group, out of another one, or head of the same."""
    membership = _serving(member, on, now)
    rows = _of(membership, "street", now)
    _nothing_later(rows, on)
    held = _on_day(rows, on)
    if held is not None:
        if (held.street_group_id, held.is_head) == (street_group.pk, is_head):
            raise ValidationError(_("该委员当日已在此委员组。"), code="street_seat_once")
        _after_begin(on, held)
        held.committee = member.committee
        actions.leave_street_group(held, on=on, meeting=meeting, by=by)
    actions.join_street_group(
        membership, street_group, on=on, is_head=is_head, meeting=meeting, by=by
    )
    return f"{street_group.name}（组长）" if is_head else street_group.name


def leave_street(
    member: Member, *, on: Day, meeting: str, by: By, now: State, row: StreetSeat
) -> str:
    row = _held(row, "street", on, now)
    actions.leave_street_group(row, on=on, meeting=meeting, by=by)
    return row.street_group.name


def assign_leader(
    target: Member | Sector | Commission, *, on: Day, meeting: str, by: By, now: State, leader: User
) -> str:
    """A member is contacted while the membership lasts, a sector or a commission until an end."""
    until = _serving(target, on, now).span.upper if isinstance(target, Member) else None
    actions.assign_leader(target, leader, on=on, until=until, meeting=meeting, by=by)
    return leader.name


def end_leader(
    target: Member | Sector | Commission,
    *,
    on: Day,
    meeting: str,
    by: By,
    now: State,
    row: LeaderContact,
) -> str:
    row = _held(row, "leader", on, now)
    actions.end_leader_contact(row, on=on, meeting=meeting, by=by)
    return row.leader.name


def appoint_delegate(
    member: Member, *, on: Day, meeting: str, by: By, now: State, user: User
) -> str:
    _serving(member, on, now)
    if user.pk == member.user_id:
        raise ValidationError(_("委员本人不能是自己的代办人。"), code="oneself")
    members.appoint_delegate(member, user, on=on, meeting=meeting, by=by)
    return user.name


def end_delegate(
    member: Member, *, on: Day, meeting: str, by: By, now: State, row: Delegate
) -> str:
    row = _held(row, "delegate", on, now)
    members.end_delegate(row, on=on, meeting=meeting, by=by)
    return row.user.name


def _serving(member: Member, on: Day, now: State) -> Membership:
    """The membership true on that day; the roster's lock keeps it as it was read."""
    row = _on_day(rows_in(now, "membership"), on)
    if row is None:
        raise ValidationError(_("该委员当日不在任。"), code="not_serving")
    row.member, row.committee = member, member.committee
    return row


def _of(membership: Membership, of: str, now: State) -> list[Any]:
    """The rows of one book that hang on this membership."""
    if of == "convenor":
        seats = {row.pk for row in _of(membership, "seat", now)}
        return [row for row in rows_in(now, of) if row.seat_id in seats]
    return [row for row in rows_in(now, of) if row.membership_id == membership.pk]


def _on_day(rows: list[Any], on: Day) -> Any:
    return next((row for row in rows if on in row.span), None)


def _begun(row: Any, on: Day) -> bool:
    return not row.span.isempty and row.span.lower <= on


def _sector(row: Seat) -> Sector:
    """The seat's sector out of the committee's cached dictionary."""
    rows = {one.pk: one for one in rows_of(Sector, row.committee)}
    return rows.get(row.sector_id) or row.sector


def _held(row: Any, of: str, on: Day, now: State) -> Any:
    """The target's own row as it stands now, true on that day and begun before it."""
    found = _on_day([one for one in rows_in(now, of) if one.pk == row.pk], on)
    if found is None:
        raise _on(_("该项当日没有任职，或已经结束。"), "not_held")
    _after_begin(on, found)
    row.span = found.span
    return row


def _after_begin(on: Day, row: Any) -> None:
    if on <= row.span.lower:
        raise _on(
            _("须晚于开始日期 %(day)s；登记有误的，请用撤销。") % {"day": row.span.lower},
            "before_begin",
        )


def _nothing_later(rows: list[Any], on: Day) -> None:
    """What began after that day would be wiped out: it is undone or ended first."""
    later = [row.span for row in rows if not row.span.isempty and row.span.lower > on]
    if later:
        first = min(later, key=lambda span: span.lower)
        raise _on(
            _("该日之后另有登记（%(days)s），请先撤销或改在其后办理。") % {"days": in_words(first)},
            "later",
        )


def _kept(label: Any) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return str(label)


def _on(sentence: str, code: str) -> ValidationError:
    return ValidationError({"on": ValidationError(sentence, code=code)})
