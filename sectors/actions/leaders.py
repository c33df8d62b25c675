"""Verbs on leaders' contacts (领导联系安排): whom each leader keeps in touch with, by date."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.audit import record
from committees.models import Appointment, Committee, Role, User
from committees.spans import ended, span_from
from members.actions import hold_roster, keeper_only
from members.models import Member
from sectors.models import LeaderContact, Sector


def assign_leader(
    target: Member | Sector,
    leader: User,
    *,
    on: datetime.date,
    by: User | Guest,
    until: datetime.date | None = None,
) -> LeaderContact:
    """The leader keeps in touch with a member or a sector from that day.

    ValidationError: not a leader of the committee, or assigned already on a day of it.
    """
    committee: Committee = target.committee
    keeper_only(by, committee)
    leads = Appointment.objects.in_committee(committee).filter(role=Role.LEADER, user=leader)
    if not leads.today().exists():
        raise ValidationError(_("请选择本级主席会议成员。"), code="no_leader")
    of = {"member" if isinstance(target, Member) else "sector": target}
    span = span_from(on, until)
    with transaction.atomic():
        hold_roster(committee)
        if LeaderContact.objects.filter(leader=leader, span__overlap=span, **of).exists():
            raise ValidationError(_("这段时间已安排该领导联系。"), code="assigned")
        row = LeaderContact.objects.create(committee=committee, leader=leader, span=span, **of)
        record("leader_contact.begin", by=by, committee=committee, about=row, on=on.isoformat())
    return row


def end_leader_contact(
    contact: LeaderContact, *, on: datetime.date, by: User | Guest
) -> LeaderContact:
    """`on` is the first day the leader no longer keeps in touch with them.

    ValidationError: not assigned on that day, or not before it.
    """
    keeper_only(by, contact.committee)
    with transaction.atomic():
        hold_roster(contact.committee)
        contact.refresh_from_db(fields=["span"])
        if on not in contact.span or on == contact.span.lower:
            raise ValidationError(
                {"on": ValidationError(_("结束日期须在联系期间内。"), code="outside")}
            )
        contact.span = ended(contact.span, on)
        contact.save(update_fields=["span"])
        record("leader_contact.end", by=by, committee=contact.committee, about=contact)
    return contact
