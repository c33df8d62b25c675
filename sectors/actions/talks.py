"""Heart-to-heart talks (谈心谈话): that one took place, never what was said."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Appointment, Role, User
from members.models import Member
from sectors.models import Talk
from sectors.permissions import can_record_talk


def record_talk(member: Member, *, leader: User, held_on: datetime.date, by: User) -> Talk:
    """ValidationError: a day ahead, entered before, or not a leader of the committee."""
    committee = member.committee
    if not can_record_talk(by, leader, committee):
        raise PermissionDenied
    if held_on > timezone.localdate():
        sentence = _("日期不能晚于今天。")
        raise ValidationError({"held_on": ValidationError(sentence, code="future")})
    leads = Appointment.objects.in_committee(committee).today()
    if not leads.filter(user=leader, role=Role.LEADER).exists():
        raise ValidationError(_("请选择本级主席会议成员。"), code="no_leader")
    with rules_told(), transaction.atomic():
        talk = Talk.objects.create(
            committee=committee, leader=leader, member=member, held_on=held_on, created_by=by
        )
        record("talk.record", by=by, committee=committee, about=talk)
    return talk


def withdraw_talk(talk: Talk, *, by: User) -> None:
    """Take back an entry made by mistake; the trail keeps that there was one."""
    if not can_record_talk(by, talk.leader, talk.committee):
        raise PermissionDenied
    with transaction.atomic():
        record("talk.withdraw", by=by, committee=talk.committee, about=talk)
        talk.delete()
