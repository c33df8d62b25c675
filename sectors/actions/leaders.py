"""Verbs on leaders' contacts (领导联系安排): whom each leader keeps in touch with, by date."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Appointment, Committee, Role, User
from committees.spans import span_from
from members.actions import end_row, keeper_only
from members.models import Member
from sectors.models import Commission, LeaderContact, Sector


def assign_leader(
    target: Member | Sector | Commission,
    leader: User,
    *,
    on: datetime.date,
    by: User | Guest,
    until: datetime.date | None = None,
    meeting: str = "",
) -> LeaderContact:
    """The leader keeps in touch with a member, a sector or a commission from that day.

    ValidationError: not a leader of the committee, or assigned already on a day of it.
    """
    committee: Committee = target.committee
    keeper_only(by, committee)
    leads = Appointment.objects.in_committee(committee).filter(role=Role.LEADER, user=leader)
    if not leads.today().exists():
        raise ValidationError(_("请选择本级主席会议成员。"), code="no_leader")
    of: dict[str, Any] = {str(target._meta.model_name): target}
    with rules_told(), transaction.atomic():
        row = LeaderContact.objects.create(
            committee=committee, leader=leader, span=span_from(on, until), meeting=meeting, **of
        )
        record("leader_contact.begin", by=by, committee=committee, about=row, on=on.isoformat())
    return row


def end_leader_contact(
    contact: LeaderContact, *, on: datetime.date, by: User | Guest, meeting: str = ""
) -> LeaderContact:
    """`on` is the first day the leader no longer keeps in touch with them."""
    keeper_only(by, contact.committee)
    with transaction.atomic():
        end_row(contact, on, meeting)
        record("leader_contact.end", by=by, committee=contact.committee, about=contact)
    return contact
