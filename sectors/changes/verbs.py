"""What each kind of change does: one verb of members/ or sectors/ with the rules of the page.

Every verb takes the member, the day, the meeting and who does it, calls the verbs below, and
returns what the history reads: `教育界 → 科技界`, kept in Chinese whoever entered it.
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
from committees.models import User
from committees.spans import in_words
from members import actions as members
from members.models import Delegate, Member, Membership, Position
from sectors import actions
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


def leave(member: Member, *, on: Day, meeting: str, by: By, how: str) -> str:
    """辞去, 撤销, 调出 or 去世: everything that stands on the membership ends with it."""
    membership = members.serving(member, on)
    _after_begin(on, membership)
    today = timezone.localdate()
    for model in (Seat, Position, CommissionSeat, StreetSeat):
        rows = model._default_manager.filter(membership=membership)
        _nothing_later(rows.filter(span__startswith__lte=today), on)
    chairs = Convenorship.objects.filter(seat__membership=membership)
    _nothing_later(chairs.filter(span__startswith__lte=today), on)
    actions.leave(membership, on=on, how=how, meeting=meeting, by=by)
    return _kept(Membership.Leaving(how).label)


def reenter(member: Member, *, on: Day, meeting: str, by: By, sector: Sector | None = None) -> str:
    """再次增补: a former member, with a seat."""
    membership = members.reenter(member, on=on, meeting=meeting, by=by)
    if sector is None:
        return ""
    actions.seat(membership, sector, on=on, meeting=meeting, by=by)
    return sector.title


def move(member: Member, *, on: Day, meeting: str, by: By, sector: Sector) -> str:
    membership = members.serving(member, on)
    seats = Seat.objects.filter(membership=membership).select_related("sector")
    _nothing_later(seats, on)
    old = seats.on(on).first()
    actions.move_to_sector(member, sector, on=on, meeting=meeting, by=by)
    return f"{old.sector.title} → {sector.title}" if old else sector.title


def take_position(
    member: Member, *, on: Day, meeting: str, by: By, position: str, rank: int = 0
) -> str:
    membership = members.serving(member, on)
    members.take_position(membership, position, on=on, rank=rank, meeting=meeting, by=by)
    return _kept(Position.Kind(position).label)


def end_position(member: Member, *, on: Day, meeting: str, by: By, row: Position) -> str:
    row = _held(Position.objects.filter(membership__member=member), row, on)
    members.end_position(row, on=on, meeting=meeting, by=by)
    return _kept(Position.Kind(row.kind).label)


def convene(member: Member, *, on: Day, meeting: str, by: By, place: int | None = None) -> str:
    """Convenor from that day; who is one already takes another place (1–3)."""
    members.serving(member, on)
    seats = Seat.objects.filter(membership__member=member).on(on).select_related("sector")
    seat = seats.first()
    if seat is None:
        raise ValidationError(_("该委员当日不在任何界别。"), code="not_seated")
    held = Convenorship.objects.filter(seat=seat).on(on).first()
    if held is not None:
        if place in (None, held.place):
            raise ValidationError(_("该委员当日已是召集人。"), code="convenor_once")
        _after_begin(on, held)
        actions.end_convenorship(held, on=on, meeting=meeting, by=by)
    row = actions.appoint_convenor(seat, on=on, place=place, meeting=meeting, by=by)
    return f"{seat.sector.title}，第{row.place}位"


def end_convening(member: Member, *, on: Day, meeting: str, by: By, row: Convenorship) -> str:
    chairs = Convenorship.objects.filter(seat__membership__member=member)
    row = _held(chairs.select_related("sector"), row, on)
    actions.end_convenorship(row, on=on, meeting=meeting, by=by)
    return row.sector.title


def join_commission(
    member: Member, *, on: Day, meeting: str, by: By, commission: Commission, duty: str
) -> str:
    """A seat in a commission, or another duty in one held already; at most two of them."""
    membership = members.serving(member, on)
    held = CommissionSeat.objects.filter(membership=membership)
    here = held.on(on).filter(commission=commission).first()
    if here is not None:
        if here.duty == duty:
            raise ValidationError(_("该委员当日已在此专门委员会。"), code="commission_seat_once")
        _after_begin(on, here)
        actions.leave_commission(here, on=on, meeting=meeting, by=by)
    others = held.exclude(commission=commission).filter(span__overlap=_from(on, membership))
    if others.values("commission").distinct().count() >= COMMISSIONS_AT_MOST:
        raise ValidationError(_("一名委员最多参加两个专门委员会。"), code="two_commissions")
    actions.join_commission(membership, commission, on=on, duty=duty, meeting=meeting, by=by)
    as_what = _kept(CommissionSeat.Duty(duty).label)
    return commission.name if duty == "member" else f"{commission.name}（{as_what}）"


def leave_commission(member: Member, *, on: Day, meeting: str, by: By, row: CommissionSeat) -> str:
    seats = CommissionSeat.objects.filter(membership__member=member)
    row = _held(seats.select_related("commission"), row, on)
    actions.leave_commission(row, on=on, meeting=meeting, by=by)
    return row.commission.name


def join_street(
    member: Member,
    *,
    on: Day,
    meeting: str,
    by: By,
    street_group: StreetGroup,
    is_head: bool = False,
) -> str:
    """Into a street group, out of another one, or head of the same."""
    membership = members.serving(member, on)
    rows = StreetSeat.objects.filter(membership=membership)
    _nothing_later(rows, on)
    held = rows.on(on).first()
    if held is not None:
        if (held.street_group_id, held.is_head) == (street_group.pk, is_head):
            raise ValidationError(_("该委员当日已在此委员组。"), code="street_seat_once")
        _after_begin(on, held)
        actions.leave_street_group(held, on=on, meeting=meeting, by=by)
    actions.join_street_group(
        membership, street_group, on=on, is_head=is_head, meeting=meeting, by=by
    )
    return f"{street_group.name}（组长）" if is_head else street_group.name


def leave_street(member: Member, *, on: Day, meeting: str, by: By, row: StreetSeat) -> str:
    seats = StreetSeat.objects.filter(membership__member=member)
    row = _held(seats.select_related("street_group"), row, on)
    actions.leave_street_group(row, on=on, meeting=meeting, by=by)
    return row.street_group.name


def assign_leader(
    target: Member | Sector | Commission, *, on: Day, meeting: str, by: By, leader: User
) -> str:
    """A member is contacted while the membership lasts, a sector or a commission until an end."""
    until = members.serving(target, on).span.upper if isinstance(target, Member) else None
    actions.assign_leader(target, leader, on=on, until=until, meeting=meeting, by=by)
    return leader.name


def end_leader(
    target: Member | Sector | Commission, *, on: Day, meeting: str, by: By, row: LeaderContact
) -> str:
    row = _held(LeaderContact.objects.of(target).select_related("leader"), row, on)
    actions.end_leader_contact(row, on=on, meeting=meeting, by=by)
    return row.leader.name


def appoint_delegate(member: Member, *, on: Day, meeting: str, by: By, user: User) -> str:
    members.serving(member, on)
    if user.pk == member.user_id:
        raise ValidationError(_("委员本人不能是自己的代办人。"), code="oneself")
    members.appoint_delegate(member, user, on=on, meeting=meeting, by=by)
    return user.name


def end_delegate(member: Member, *, on: Day, meeting: str, by: By, row: Delegate) -> str:
    row = _held(Delegate.objects.filter(member=member).select_related("user"), row, on)
    members.end_delegate(row, on=on, meeting=meeting, by=by)
    return row.user.name


def _held(rows: Any, row: Any, on: Day) -> Any:
    """The member's own row, true on that day and begun before it."""
    found = rows.on(on).filter(pk=row.pk).first()
    if found is None:
        raise _on(_("该项当日没有任职，或已经结束。"), "not_held")
    _after_begin(on, found)
    return found


def _after_begin(on: Day, row: Any) -> None:
    if on <= row.span.lower:
        raise _on(
            _("须晚于开始日期 %(day)s；登记有误的，请用撤销。") % {"day": row.span.lower},
            "before_begin",
        )


def _nothing_later(rows: Any, on: Day) -> None:
    """What began after that day would be wiped out: it is undone or ended first."""
    later = rows.filter(span__startswith__gt=on, span__isempty=False).order_by("span").first()
    if later is not None:
        raise _on(
            _("该日之后另有登记（%(days)s），请先撤销或改在其后办理。")
            % {"days": in_words(later.span)},
            "later",
        )


def _from(on: Day, membership: Membership) -> Any:
    return type(membership.span)(on, membership.span.upper, "[)")


def _kept(label: Any) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return str(label)


def _on(sentence: str, code: str) -> ValidationError:
    return ValidationError({"on": ValidationError(sentence, code=code)})
