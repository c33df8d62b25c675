"""Letting colleagues read a report: the author opens it to all, or answers one who asks."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from members.models import Member
from opinions.actions.seconding import lock_known
from opinions.actions.writing import lock, record_deed
from opinions.models import Opinion, ReadRequest
from opinions.notices import similar as notices
from opinions.permissions import is_author
from opinions.permissions.similar import can_second


def let_peers_read(opinion: Opinion, *, by: User, is_open: bool) -> Opinion:
    """The author's own word (同意其他委员阅读), which may be taken back."""
    with transaction.atomic():
        lock(opinion)
        if not is_author(by, opinion):
            raise PermissionDenied
        opinion.is_open_to_peers = is_open
        opinion.save(update_fields=["is_open_to_peers"])
        record_deed("opinion.let_peers_read", opinion, by=by, is_open=is_open)
    return opinion


def ask_to_read(opinion: Opinion, *, by: User, member: Member) -> ReadRequest:
    """Ask the author, once; ValidationError `read_request_once` for a second time, `moved` where
    it is no longer a colleague's to know of."""
    if not can_second(by, opinion, member):
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        lock_known(opinion, by)
        row = ReadRequest.objects.create(
            committee=opinion.committee,
            opinion=opinion,
            member=member,
            asked_at=timezone.now(),
            asked_by=by,
        )
        record(
            "opinion.ask_to_read",
            by=by,
            committee=opinion.committee,
            about=opinion,
            on_behalf_of=member.user if member.user_id != by.pk else None,
            member=member.pk,
        )
        notices.read_asked(row)
    return row


def answer_reader(request: ReadRequest, *, by: User, agrees: bool) -> ReadRequest:
    """The author agrees or not; ValidationError `answered` where it was answered before."""
    if not is_author(by, request.opinion):
        raise PermissionDenied
    with transaction.atomic():
        claimed = ReadRequest.objects.filter(pk=request.pk, is_agreed=None)
        now = timezone.now()
        if not claimed.update(is_agreed=agrees, answered_at=now):
            raise ValidationError(_("这项申请已经答复过了。"), code="answered")
        request.is_agreed, request.answered_at = agrees, now
        detail = {"member": request.member_id, "agrees": agrees}
        record_deed("opinion.answer_reader", request.opinion, by=by, **detail)
        notices.read_answered(request)
    return request
