"""Verbs on members: who enters, is amended, takes a position, leaves.

Seats hang above: `sectors.actions` offers `add_member` with a sector and `leave` with the seats.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actions import new_user, term_on
from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Committee, User
from committees.sealed import normal_phone
from committees.spans import end_spans, ended, span_from
from members.models import Delegate, Member, Membership, Position
from members.name_order import has_unknown, stroke_key
from members.permissions import can_keep_roster
from members.pinyin import pinyin_search

PARTICULARS = frozenset(
    ["name", "sex", "number", "birth_month", "ethnicity", "parties", "work", "note"]
)


def add_member(
    committee: Committee,
    *,
    name: str,
    sex: str,
    on: datetime.date,
    by: User | Guest,
    meeting: str = "",
    phone: str = "",
    entry: str = Membership.Entry.ADDED,
    **particulars: Any,
) -> Member:
    """A new member of the term true on that day, with an account that waits for its slip.

    `particulars` are the other columns of PARTICULARS. Raises ValidationError: no term on that
    day, a phone that is none or another person's, a number already given.
    """
    keeper_only(by, committee)
    term = term_on(committee, on)
    member = Member(committee=committee)
    _set(member, {"name": name, "sex": sex, **particulars})
    with rules_told(), transaction.atomic():
        member.user = _account(committee, member.name, valid_phone(phone))
        member.save(force_insert=True)
        Membership.objects.create(
            committee=committee,
            member=member,
            term=term,
            span=span_from(on, term.span.upper),
            entry=entry,
            entry_meeting=meeting,
        )
        record("member.add", by=by, committee=committee, about=member, on=on.isoformat())
    return member


def amend_member(
    member: Member, *, by: User | Guest, phone: str | None = None, **particulars: Any
) -> Member:
    """Correct the person's particulars; a new name brings its keys along. None leaves the phone.

    An account that serves elsewhere too keeps its name and phone: its owner changes them.
    """
    keeper_only(by, member.committee)
    changed = sorted(key for key, value in particulars.items() if getattr(member, key) != value)
    with rules_told(), transaction.atomic():
        _set(member, particulars)
        member.save(force_update=True)
        if _amend_account(member, phone):
            changed.append("phone")
        record("member.amend", by=by, committee=member.committee, about=member, fields=changed)
    return member


def leave(
    membership: Membership,
    *,
    on: datetime.date,
    how: str,
    by: User | Guest,
    meeting: str = "",
) -> Membership:
    """The member leaves: `on` is the first day no longer served. Positions and delegates end too.

    Call `sectors.actions.leave`, which ends the seats as well. ValidationError: not serving then.
    """
    committee = membership.committee
    keeper_only(by, committee)
    with rules_told(), transaction.atomic():
        membership = serving(membership.member, on)
        membership.span = ended(membership.span, on)
        membership.leaving = Membership.Leaving(how)
        membership.leaving_meeting = meeting
        membership.save(update_fields=["span", "leaving", "leaving_meeting"])
        for rows in (
            Position.objects.filter(membership=membership),
            Delegate.objects.filter(member=membership.member_id),
        ):
            end_spans(rows, on, ending_meeting=meeting)
        detail: dict[str, Any] = {"on": on.isoformat(), "how": how}
        record("member.leave", by=by, committee=committee, about=membership.member, **detail)
    return membership


def take_position(
    membership: Membership,
    kind: str,
    *,
    on: datetime.date,
    by: User | Guest,
    rank: int = 0,
    meeting: str = "",
) -> Position:
    """The member becomes chair … standing member (常委) from that day on."""
    keeper_only(by, membership.committee)
    with rules_told(), transaction.atomic():
        position = Position.objects.create(
            membership=membership,
            committee=membership.committee,
            kind=Position.Kind(kind),
            rank=rank,
            span=span_from(on, membership.span.upper),
            meeting=meeting,
        )
        record("position.begin", by=by, committee=membership.committee, about=position, kind=kind)
    return position


def end_position(
    position: Position, *, on: datetime.date, by: User | Guest, meeting: str = ""
) -> Position:
    """`on` is the first day the position is no longer held."""
    keeper_only(by, position.committee)
    with rules_told(), transaction.atomic():
        end_row(position, on, meeting)
        record("position.end", by=by, committee=position.committee, about=position)
    return position


def end_row(row: Any, on: datetime.date, meeting: str) -> None:
    """A dated row ends: `on` is the first day it is no longer true, by which meeting."""
    row.span, row.ending_meeting = ended(row.span, on), meeting
    row.save(update_fields=["span", "ending_meeting"])


def serving(member: Member, on: datetime.date) -> Membership:
    """The membership true on that day, locked: what hangs on it changes one deed at a time."""
    membership = member.memberships.on(on).select_for_update(of=("self",)).first()
    if membership is None:
        raise ValidationError(_("该委员当日不在任。"), code="not_serving")
    membership.member, membership.committee = member, member.committee
    return membership


def valid_phone(raw: str) -> str:
    """Digits of a mobile number, or nothing; ValidationError `{"phone": …}` for anything else."""
    phone = normal_phone(raw)
    if raw.strip() and not (len(phone) == 11 and phone.startswith("1")):
        raise ValidationError({"phone": _("请填写11位手机号码。")})
    return phone


def appoint_delegate(
    member: Member, user: User, *, on: datetime.date, by: User | Guest, meeting: str = ""
) -> Delegate:
    """A secretary who enters on the member's behalf (由×××代为填报)."""
    keeper_only(by, member.committee)
    with rules_told(), transaction.atomic():
        delegate = Delegate.objects.create(
            committee=member.committee,
            member=member,
            user=user,
            span=span_from(on),
            meeting=meeting,
        )
        record("delegate.begin", by=by, committee=member.committee, about=delegate)
    return delegate


def end_delegate(
    delegate: Delegate, *, on: datetime.date, by: User | Guest, meeting: str = ""
) -> Delegate:
    keeper_only(by, delegate.committee)
    with rules_told(), transaction.atomic():
        end_row(delegate, on, meeting)
        record("delegate.end", by=by, committee=delegate.committee, about=delegate)
    return delegate


def reenter(
    member: Member, *, on: datetime.date, by: User | Guest, meeting: str = ""
) -> Membership:
    """A former member serves again (再次增补) from that day to the end of the term true then.

    ValidationError: no term on that day, or a service that reaches into these days.
    """
    committee = member.committee
    keeper_only(by, committee)
    term = term_on(committee, on)
    with rules_told(), transaction.atomic():
        membership = Membership.objects.create(
            committee=committee,
            member=member,
            term=term,
            span=span_from(on, term.span.upper),
            entry=Membership.Entry.ADDED,
            entry_meeting=meeting,
        )
        record("member.reenter", by=by, committee=committee, about=member, on=on.isoformat())
    return membership


def hold_roster(committee: Committee) -> None:
    """One deed on a roster at a time, an import among them, to the transaction's end."""
    Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)


def account_of(name: str, phone: str) -> User:
    """The account the phone belongs to if it is the same person's, else a new one.

    ValidationError: no phone, or another person's; whose it is stays untold.
    """
    phone = valid_phone(phone)
    if not phone:
        raise ValidationError({"phone": _("请填写11位手机号码。")})
    owner = User.objects.by_phone(phone).first()
    if owner is None:
        return new_user(name, phone=phone)
    if owner.name != name:
        raise other_person()
    return owner


def other_person() -> ValidationError:
    return ValidationError(_("该手机号码已属于另一个人，请核对。"), code="phone_other_person")


def keeper_only(by: User | Guest, committee: Committee) -> None:
    """PermissionDenied for a person who does not keep this committee's roster."""
    if isinstance(by, User) and not can_keep_roster(by, committee):
        raise PermissionDenied


def _set(member: Member, particulars: dict[str, Any]) -> None:
    if unknown := particulars.keys() - PARTICULARS:
        raise TypeError(f"no such particulars: {sorted(unknown)}")
    for key, value in particulars.items():
        setattr(member, key, value)
    member.name = "".join(member.name.split()) if not member.name.isascii() else member.name
    member.name_key = stroke_key(member.name)
    member.has_unknown_character = has_unknown(member.name)
    member.pinyin = pinyin_search(member.name)
    member.clean_fields(exclude=["committee", "user"])


def _account(committee: Committee, name: str, phone: str) -> User:
    """The account the phone belongs to if it is the same person's, else a new one.

    Whose the phone is stays untold: the owner may be in another committee.
    """
    owner = User.objects.by_phone(phone).first() if phone else None
    if owner is None:
        return new_user(name, phone=phone)
    if owner.name != name or owner.members.filter(committee=committee).exists():
        raise other_person()
    return owner


def _amend_account(member: Member, phone: str | None) -> bool:
    """Give the account its name and phone; whether the phone changed."""
    user = member.user
    new_phone = None if phone is None else valid_phone(phone)
    is_new_phone = new_phone is not None and new_phone != (user.phone or "")
    if not is_new_phone and user.name == member.name:
        return False
    is_shared = user.members.exclude(pk=member.pk).exists() or user.appointments.exists()
    if is_shared and is_new_phone:
        raise ValidationError(
            _("该委员的账号另有任职，手机号码须由本人更改。"), code="phone_shared"
        )
    if not is_shared:
        user.name = member.name
        if is_new_phone:
            user.phone = new_phone  # type: ignore[assignment]  # None where there is none
        user.save(update_fields=["name", "phone", "phone_twin"])
    return is_new_phone
