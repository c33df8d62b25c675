"""What the office does beside the moves: scans, key proposals, meetings, what is made public."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.files import store_file
from committees.models import Appointment, Role, Unit, User
from members.models import Member
from opinions.actions.proposals import note_deed
from opinions.models import (
    Disclosure,
    Proposal,
    ProposalFile,
    ProposalMeeting,
    ProposalStatus,
    ProposalSupervision,
    Reply,
    ReplyDisclosure,
)
from opinions.notices import proposals as notices
from opinions.permissions import proposals as may
from opinions.proposal_workflow import HERE, lock_proposals, proposal_moved

S = ProposalStatus
MOST_FILES = 9


def attach_scan(
    proposal: Proposal, upload: UploadedFile, *, by: User, kind: str = ProposalFile.Kind.SEALED
) -> ProposalFile:
    """A sealed scan or an enclosure of a draft, by its first signer or whoever enters it."""
    with transaction.atomic():
        fresh = lock_proposals(proposal)
        if not may.is_first_signer(by, fresh):
            raise PermissionDenied
        if fresh.status != S.DRAFT or fresh.is_elsewhere:
            raise proposal_moved(fresh)
        if fresh.files.count() >= MOST_FILES:
            words = _("附件不超过 %(most)s 个。")
            raise ValidationError(words, code="too_many", params={"most": MOST_FILES})
        kept = store_file(fresh.committee, upload, by=by)
        row = ProposalFile.objects.create(proposal=fresh, attachment=kept, kind=kind)
        record("proposal.attach", by=by, committee=fresh.committee, about=fresh)
    return row


def remove_file(proposal: Proposal, file_id: int, *, by: User) -> None:
    with transaction.atomic():
        fresh = lock_proposals(proposal)
        if not may.is_first_signer(by, fresh):
            raise PermissionDenied
        if fresh.status != S.DRAFT:
            raise proposal_moved(fresh)
        if fresh.files.filter(pk=file_id).delete()[0]:
            record("proposal.remove_file", by=by, committee=fresh.committee, about=fresh)


def set_key(proposal: Proposal, leader: User | None, *, by: User) -> Proposal:
    """重点提案 with its leader, or none any more. The leader is one of the committee's of today."""
    with rules_told(), transaction.atomic():
        fresh = _handled(proposal, by, S.FILED, S.CONCLUDED)
        if leader is not None and leader.pk not in leader_ids(fresh.committee_id):
            raise ValidationError({"leader": [_("请选择主席会议成员。")]}, code="no_leader")
        if (fresh.is_key, fresh.leader) == (leader is not None, leader):
            return fresh
        fresh.is_key, fresh.leader = leader is not None, leader
        fresh.save(update_fields=["is_key", "leader"])
        deed = "key" if leader is not None else "unkey"
        note_deed(fresh, deed, by=by, note=leader.name if leader else "")
    return fresh


def leader_ids(committee_id: int) -> set[int]:
    rows = Appointment.objects.today().filter(committee=committee_id, role=Role.LEADER)
    return set(rows.values_list("user_id", flat=True))


def supervise(
    proposal: Proposal, *, by: User, held_on: datetime.date, words: str
) -> ProposalSupervision:
    """督办记录 of a key proposal."""
    refuse_marked(words)
    _not_ahead(held_on, "held_on")
    with transaction.atomic():
        fresh = _handled(proposal, by, S.FILED, S.CONCLUDED)
        if not fresh.is_key or fresh.leader is None:
            raise ValidationError(_("只有重点提案才由领导督办。"), code="not_key")
        row = ProposalSupervision.objects.create(
            proposal=fresh, held_on=held_on, words=words, leader=fresh.leader, recorded_by=by
        )
        note_deed(fresh, "supervise", by=by)
    return row


def hold_meeting(
    proposal: Proposal,
    *,
    by: User,
    met_on: datetime.date,
    unit: Unit,
    members: Iterable[Member],
    gist: str,
) -> ProposalMeeting:
    """面商记录: the unit and some of the signers met; entered by the office or a signer."""
    refuse_marked(gist)
    _not_ahead(met_on, "met_on")
    with transaction.atomic():
        fresh = lock_proposals(proposal)
        if not (may.is_handler_of(by, fresh) or may.is_signer(by, fresh)):
            raise PermissionDenied
        _in_time(fresh, (S.FILED, S.JOINED, S.CONCLUDED))
        row = ProposalMeeting.objects.create(
            proposal=fresh, met_on=met_on, unit=unit, gist=gist, recorded_by=by
        )
        row.members.set(members)
        note_deed(fresh, "meet", by=by)
    return row


def disclose(
    proposal: Proposal, choice: str, *, by: User, summary: str = "", reason: str = ""
) -> Proposal:
    """Decide what everybody may read: 公开, 摘要公开 with a summary, 不公开 with a reason."""
    _complete(choice, summary, reason)
    with transaction.atomic():
        fresh = _handled(proposal, by, S.FILED, S.JOINED, S.CONCLUDED)
        fresh.disclosure, fresh.disclosed_at = choice, timezone.now()
        fresh.summary = summary if choice == Disclosure.SUMMARY else ""
        fresh.disclosure_reason = reason if choice == Disclosure.CLOSED else ""
        fields = ["disclosure", "summary", "disclosure_reason", "disclosed_at"]
        fresh.save(update_fields=fields)
        note_deed(fresh, "disclose", by=by, choice=choice)
        notices.disclosed(fresh)
    return fresh


def propose_reply_disclosure(
    reply: Reply, choice: str, *, by: Actor, reason: str = ""
) -> ReplyDisclosure:
    """The unit's word on its own reply; entered by the unit's people, or by the office from paper.

    A reason goes with anything but 公开. What the office had decided before is to be decided anew.
    """
    if choice not in Disclosure.values:
        raise ValidationError({"unit_choice": [_("请选择是否公开。")]})
    if choice != Disclosure.OPEN and not reason.strip():
        raise ValidationError({"unit_reason": [_("请写明理由。")]})
    refuse_marked(reason)
    referral = reply.referral
    proposal = referral.proposal
    units = by.standing.scopes(Role.HANDLER)
    is_unit = referral.unit_id in units or referral.via_id in units
    if proposal is None or not (is_unit or may.is_handler_of(by, proposal)):
        raise PermissionDenied
    with transaction.atomic():
        row = _row_of(reply)
        row.unit_choice, row.unit_reason = choice, reason.strip()[:300]
        row.unit_said_at = timezone.now()
        row.choice, row.decided_at, row.decided_by = "", None, None
        row.save()
        note_deed_of_reply(proposal, "reply_disclosure_said", by=by)
    return row


def decide_reply_disclosure(
    reply: Reply, choice: str, *, by: User, summary: str = "", reason: str = ""
) -> ReplyDisclosure:
    """The office's decision on a reply. A unit that said 不公开 is not overruled: both agree."""
    _complete(choice, summary, reason)
    proposal = reply.referral.proposal
    if proposal is None or not may.is_handler_of(by, proposal):
        raise PermissionDenied
    with transaction.atomic():
        row = _row_of(reply)
        if not row.unit_choice:
            words = _("请先登记承办单位的公开意见。")
            raise ValidationError(words, code="unit_not_asked")
        partly = Disclosure.SUMMARY in (row.unit_choice, choice) and choice != Disclosure.CLOSED
        if partly and not summary.strip():
            raise ValidationError({"summary": [_("摘要公开的，请写公开摘要。")]})
        row.choice, row.decided_at, row.decided_by = choice, timezone.now(), by
        row.summary = summary.strip() if partly else ""
        row.reason = reason.strip() if choice == Disclosure.CLOSED else ""
        row.save()
        note_deed_of_reply(proposal, "reply_disclosure", by=by)
    return row


def note_deed_of_reply(proposal: Proposal, deed: str, *, by: Actor) -> None:
    """Audit only: the timeline tells what became of the whole."""
    record(f"proposal.{deed}", by=by, committee=proposal.committee, about=proposal)


def _row_of(reply: Reply) -> ReplyDisclosure:
    Reply.objects.select_for_update(no_key=True).get(pk=reply.pk)
    return ReplyDisclosure.objects.get_or_create(reply=reply)[0]


def _complete(choice: str, summary: str, reason: str) -> None:
    if choice not in Disclosure.values:
        raise ValidationError({"choice": [_("请选择是否公开。")]})
    if choice == Disclosure.SUMMARY and not summary.strip():
        raise ValidationError({"summary": [_("摘要公开的，请写公开摘要。")]})
    if choice == Disclosure.CLOSED and not reason.strip():
        raise ValidationError({"reason": [_("不公开的，请写明理由。")]})
    refuse_marked(summary, reason)


def _handled(proposal: Proposal, by: User, *statuses: str) -> Proposal:
    fresh = lock_proposals(proposal)
    if not may.is_handler_of(by, fresh):
        raise PermissionDenied
    _in_time(fresh, statuses)
    return fresh


def _in_time(proposal: Proposal, statuses: Iterable[str]) -> None:
    if not HERE.holds(proposal):
        raise ValidationError(str(HERE.otherwise), code=HERE.code)
    if proposal.status not in statuses:
        raise proposal_moved(proposal)


def _not_ahead(day: datetime.date, field: str) -> None:
    if day > timezone.localdate():
        raise ValidationError({field: [_("日期不能晚于今天。")]})
