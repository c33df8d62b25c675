"""A member proposes a correction; the office confirms it or sends it back. Each is told once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import User
from members import notices
from members.actions.roster import amend_member, hold_roster, valid_phone
from members.models import ChangeProposal, Member
from members.models.proposals import PROPOSABLE, stored, unstored
from members.permissions import can_act_for, can_keep_roster

LONGEST_REASON = 100


def propose_change(
    member: Member, *, by: User, phone: str | None = None, remark: str = "", **particulars: Any
) -> ChangeProposal:
    """Ask the office to correct what differs from the roster; the roster stays as it is.

    `particulars` are columns of PROPOSABLE; None leaves the phone. ValidationError: nothing
    differs, one waits already, a value that its column does not hold, marks of classified papers.
    """
    if not can_act_for(by, member):
        raise PermissionDenied
    if unknown := particulars.keys() - set(PROPOSABLE):
        raise TypeError(f"not to be proposed: {sorted(unknown)}")
    row = ChangeProposal(committee=member.committee, member=member, proposed_by=by)
    row.fields = _differing(member, particulars)
    row.remark = remark.strip()
    _take_phone(row, phone)
    if not row.fields and not row.new_phone:
        raise ValidationError(_("没有需要更正的内容。"), code="nothing_differs")
    refuse_marked(row.remark, *[str(particulars.get(name, "")) for name in ("name", "work")])
    row.clean_fields(exclude=["committee", "member", "proposed_by", "fields"])
    with rules_told(), transaction.atomic():
        row.save(force_insert=True)
        on_behalf = member.user if by.pk != member.user_id else None
        record(
            "change_proposal.propose",
            by=by,
            committee=member.committee,
            about=row,
            on_behalf_of=on_behalf,
            fields=_names(row),
        )
    return row


def confirm_proposal(proposal: ChangeProposal, *, by: User) -> ChangeProposal:
    """The office takes it over into the roster, all of it or nothing.

    ValidationError: dealt with already; the roster changed since in what it proposes; a phone
    that is another person's, or of an account that serves elsewhere too.
    """
    _keeper_only(proposal, by)
    with transaction.atomic():
        row = _waiting(proposal)
        if lines := row.outdated():
            labels = "、".join(line.label for line in lines)
            raise ValidationError(
                _("提出之后名册中的%(labels)s已有更改，请核对后退回，由委员重新提出。")
                % {"labels": labels},
                code="outdated",
            )
        values = {name: unstored(name, new) for name, (_old, new) in row.fields.items()}
        amend_member(row.member, by=by, phone=row.new_phone or None, **values)
        row.confirmed_at, row.decided_by = timezone.now(), by
        row.save(update_fields=["confirmed_at", "decided_by"])
        record("change_proposal.confirm", by=by, committee=row.committee, about=row)
        notices.proposal_confirmed(row)
    return row


def send_back_proposal(proposal: ChangeProposal, *, reason: str, by: User) -> ChangeProposal:
    """The office does not take it over, and says why. ValidationError: no reason, dealt with."""
    _keeper_only(proposal, by)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": ValidationError(_("请填写退回原因。"), code="empty")})
    refuse_marked(reason)
    with transaction.atomic():
        row = _waiting(proposal)
        row.sent_back_at, row.decided_by, row.reason = timezone.now(), by, reason
        row.clean_fields(exclude=["committee", "member", "proposed_by", "decided_by", "fields"])
        row.save(update_fields=["sent_back_at", "decided_by", "reason"])
        record("change_proposal.send_back", by=by, committee=row.committee, about=row)
        notices.proposal_sent_back(row)
    return row


def withdraw_proposal(proposal: ChangeProposal, *, by: User) -> ChangeProposal:
    """The member, or a delegate, takes it back while it waits."""
    if not can_act_for(by, proposal.member):
        raise PermissionDenied
    with transaction.atomic():
        row = _waiting(proposal)
        row.withdrawn_at, row.decided_by = timezone.now(), by
        row.save(update_fields=["withdrawn_at", "decided_by"])
        record("change_proposal.withdraw", by=by, committee=row.committee, about=row)
    return row


def reveal_phones(proposal: ChangeProposal, *, by: User, reason: str) -> None:
    """The numbers of a proposal in full, for a reason that the trail keeps."""
    _keeper_only(proposal, by)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ValidationError(
            _("请填写查看事由，不超过%(most)s字。"), code="reason", params={"most": LONGEST_REASON}
        )
    refuse_marked(reason)
    committee = proposal.committee
    record("change_proposal.reveal", by=by, committee=committee, about=proposal, reason=reason)


def _differing(member: Member, particulars: dict[str, Any]) -> dict[str, list[Any]]:
    """`{column: [old, new]}` of what is new, each checked as its column checks it."""
    found, wanted = {}, Member(committee=member.committee)
    for name, value in particulars.items():
        value = value.strip() if isinstance(value, str) else value
        if name == "name" and not value.isascii():
            value = "".join(value.split())
        setattr(wanted, name, value)
    wanted.clean_fields(exclude={f.name for f in Member._meta.fields} - particulars.keys())
    for name in particulars:
        old, new = stored(name, getattr(member, name)), stored(name, getattr(wanted, name))
        if old != new:
            found[name] = [old, new]
    return found


def _take_phone(row: ChangeProposal, phone: str | None) -> None:
    new, old = valid_phone(phone or ""), row.member.user.phone or ""
    if new and new != old:
        row.old_phone, row.new_phone = old, new


def _names(row: ChangeProposal) -> list[str]:
    return sorted([*row.fields, *(["phone"] if row.new_phone else [])])


def _keeper_only(proposal: ChangeProposal, by: User) -> None:
    if not can_keep_roster(by, proposal.committee):
        raise PermissionDenied


def _waiting(proposal: ChangeProposal) -> ChangeProposal:
    """The row as it is now, locked, while the roster stands still."""
    hold_roster(proposal.committee)
    rows = ChangeProposal.objects.select_related("member__user", "committee", "proposed_by")
    row = rows.select_for_update(of=("self",)).get(pk=proposal.pk)
    if row.state != "waiting":
        raise ValidationError(_("该申请已办理。"), code="decided")
    row.member.committee = row.committee
    return row
