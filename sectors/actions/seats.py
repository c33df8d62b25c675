"""Verbs on seats and convenors: who sits in which sector, and convenes it, from which day on."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Committee, User
from committees.spans import end_spans, span_from
from members import actions as members
from members.actions import end_row, keeper_only
from members.models import Member, Membership
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

PLACES = (1, 2, 3)


def add_member(
    committee: Committee,
    *,
    name: str,
    sex: str,
    on: datetime.date,
    by: User | Guest,
    sector: Sector | None = None,
    meeting: str = "",
    **particulars: Any,
) -> Member:
    """`members.actions.add_member`, seated in a sector from the first day."""
    with rules_told(), transaction.atomic():
        member = members.add_member(
            committee, name=name, sex=sex, on=on, meeting=meeting, by=by, **particulars
        )
        if sector is not None:
            seat(member.memberships.get(), sector, on=on, meeting=meeting, by=by)
    return member


def seat(
    membership: Membership,
    sector: Sector,
    *,
    on: datetime.date,
    by: User | Guest,
    meeting: str = "",
) -> Seat:
    """A member without a sector takes a seat in one, until the membership ends.

    Raises ValidationError where the member already sits in another sector on a day of it.
    """
    committee = membership.committee
    keeper_only(by, committee)
    _same_committee(committee, sector)
    if membership.span.isempty or on < membership.span.lower:
        raise ValidationError(_("日期早于委员进入日期。"), code="before_entry")
    with rules_told(), transaction.atomic():
        row = Seat.objects.create(
            committee=committee,
            membership=membership,
            sector=sector,
            span=span_from(on, membership.span.upper),
            meeting=meeting,
        )
        detail: dict[str, Any] = {"sector": sector.pk, "on": on.isoformat()}
        record("seat.begin", by=by, committee=committee, about=membership.member, **detail)
    return row


def move_to_sector(
    member: Member,
    sector: Sector,
    *,
    on: datetime.date,
    by: User | Guest,
    meeting: str = "",
) -> Seat:
    """From `on` the member sits in another sector; the old seat and its convenorship end.

    Raises ValidationError: not serving on that day, or already in that sector.
    """
    keeper_only(by, member.committee)
    with rules_told(), transaction.atomic():
        membership = members.serving(member, on)
        old = Seat.objects.filter(membership=membership, sector=sector).on(on)
        if old.exists():
            raise ValidationError(_("该委员已在此界别。"), code="same_sector")
        seats = Seat.objects.filter(membership=membership)
        end_spans(Convenorship.objects.filter(seat__in=seats), on, ending_meeting=meeting)
        end_spans(seats, on, ending_meeting=meeting)
        return seat(membership, sector, on=on, meeting=meeting, by=by)


def appoint_convenor(
    seat: Seat,
    *,
    on: datetime.date,
    by: User | Guest,
    place: int | None = None,
    meeting: str = "",
) -> Convenorship:
    """The seat's holder convenes the sector from `on`, in a place of 1 to 3 (default: first free).

    Raises ValidationError: no place free, that place taken, or convenor already.
    """
    keeper_only(by, seat.committee)
    if seat.span.isempty or on < seat.span.lower:
        raise ValidationError(_("该委员当日不在此界别。"), code="not_seated")
    span = span_from(on, seat.span.upper)
    with rules_told(), transaction.atomic():
        # Whoever appoints in a sector waits here, so that the fourth is told and not collided with.
        Sector.objects.select_for_update().get(pk=seat.sector_id)
        row = Convenorship(
            committee=seat.committee,
            seat=seat,
            sector_id=seat.sector_id,
            place=place or _free_place(seat.sector_id, span),
            span=span,
            meeting=meeting,
        )
        row.save(force_insert=True)
        detail: dict[str, Any] = {
            "sector": seat.sector_id,
            "place": row.place,
            "on": on.isoformat(),
        }
        record("convenor.begin", by=by, committee=seat.committee, about=row, **detail)
    return row


def end_convenorship(
    convenorship: Convenorship, *, on: datetime.date, by: User | Guest, meeting: str = ""
) -> Convenorship:
    """`on` is the first day the sector is no longer convened by this member."""
    keeper_only(by, convenorship.committee)
    with rules_told(), transaction.atomic():
        end_row(convenorship, on, meeting)
        record("convenor.end", by=by, committee=convenorship.committee, about=convenorship)
    return convenorship


def join_commission(
    membership: Membership,
    commission: Commission,
    *,
    on: datetime.date,
    by: User | Guest,
    duty: str = CommissionSeat.Duty.MEMBER,
    meeting: str = "",
) -> CommissionSeat:
    """A seat in a commission; a member sits in none, one or two."""
    committee = membership.committee
    keeper_only(by, committee)
    _same_committee(committee, commission)
    with rules_told(), transaction.atomic():
        row = CommissionSeat.objects.create(
            committee=committee,
            membership=membership,
            commission=commission,
            duty=CommissionSeat.Duty(duty),
            span=span_from(on, membership.span.upper),
            meeting=meeting,
        )
        record("commission_seat.begin", by=by, committee=committee, about=row)
    return row


def leave_commission(
    seat: CommissionSeat, *, on: datetime.date, by: User | Guest, meeting: str = ""
) -> CommissionSeat:
    keeper_only(by, seat.committee)
    with rules_told(), transaction.atomic():
        end_row(seat, on, meeting)
        record("commission_seat.end", by=by, committee=seat.committee, about=seat)
    return seat


def join_street_group(
    membership: Membership,
    street_group: StreetGroup,
    *,
    on: datetime.date,
    by: User | Guest,
    is_head: bool = False,
    meeting: str = "",
) -> StreetSeat:
    """A seat in a street group (街道（乡镇）委员组), as its head or not; a member sits in one."""
    committee = membership.committee
    keeper_only(by, committee)
    _same_committee(committee, street_group)
    with rules_told(), transaction.atomic():
        row = StreetSeat.objects.create(
            committee=committee,
            membership=membership,
            street_group=street_group,
            is_head=is_head,
            span=span_from(on, membership.span.upper),
            meeting=meeting,
        )
        record("street_seat.begin", by=by, committee=committee, about=row)
    return row


def leave_street_group(
    seat: StreetSeat, *, on: datetime.date, by: User | Guest, meeting: str = ""
) -> StreetSeat:
    """`on` is the first day no longer in the group."""
    keeper_only(by, seat.committee)
    with transaction.atomic():
        end_row(seat, on, meeting)
        record("street_seat.end", by=by, committee=seat.committee, about=seat)
    return seat


def leave(
    membership: Membership,
    *,
    on: datetime.date,
    how: str,
    by: User | Guest,
    meeting: str = "",
) -> Membership:
    """The member leaves; seats, convenorships, positions, delegates and the leaders' contacts with
    the member end on the same day.

    Rooms need no ending: who no longer serves is shown and acts in no room.
    """
    with rules_told(), transaction.atomic():
        membership = members.leave(membership, on=on, how=how, meeting=meeting, by=by)
        seats = Seat.objects.filter(membership=membership)
        for rows in (
            Convenorship.objects.filter(seat__in=seats),
            seats,
            LeaderContact.objects.filter(member=membership.member_id),
            CommissionSeat.objects.filter(membership=membership),
            StreetSeat.objects.filter(membership=membership),
        ):
            end_spans(rows, on, ending_meeting=meeting)
    return membership


def _free_place(sector: int, span: Any) -> int:
    taken = Convenorship.objects.filter(sector=sector, span__overlap=span)
    free = set(PLACES) - set(taken.values_list("place", flat=True))
    if not free:
        raise ValidationError(
            _("每个界别设召集人一至三名，该界别已满三名。"), code="three_convenors"
        )
    return min(free)


def _same_committee(committee: Committee, row: Sector | Commission | StreetGroup) -> None:
    if row.committee_id != committee.pk:
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
