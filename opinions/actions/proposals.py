"""Writing a proposal, signing it together, and moving it along. Nothing typed is ever lost."""

from __future__ import annotations

import datetime
from dataclasses import astuple, replace
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Category, Committee, Session, User
from members.models import Member
from opinions.actions.evaluations import no_longer_asked
from opinions.actions.writing import lock
from opinions.milestones import mark
from opinions.models import (
    Authorship,
    Manuscript,
    Opinion,
    Proposal,
    ProposalKind,
    ProposalSigner,
    ProposalStatus,
    ProposalText,
    Status,
)
from opinions.notices import proposals as notices
from opinions.permissions import is_author, is_editor
from opinions.permissions import proposals as may
from opinions.proposal_workflow import (
    PROPOSAL_MOVES,
    advance_proposal,
    lock_proposals,
    proposal_moved,
    step_of,
)
from opinions.texts import Texts
from sectors.models import Seat, StreetSeat

PROPOSAL_DRAFT = "proposals.write:{pk}"
S = ProposalStatus


def start_proposal(
    author: Member | None,
    texts: Texts,
    *,
    by: User,
    session: Session,
    kind: str = ProposalKind.INDIVIDUAL,
    body: str = "",
    discussed_on: datetime.date | None = None,
    category: Category | None = None,
    opinion: Opinion | None = None,
) -> Proposal:
    """Begin a proposal as a draft; without `author` a body's, whose paper the office enters.

    From an `opinion` only by its author (转为提案). Raises PermissionDenied, and ValidationError
    `classified`, `too_long`, `no_sector`, `no_group`, `no_body`, `opinion_proposed_once`.
    """
    committee = author.committee if author else session.term.committee
    _allow_to_start(by, committee, author, kind, opinion)
    texts = clean_texts(texts)
    now = timezone.now()
    proposal = Proposal(
        committee=committee,
        session=session,
        title=texts.title,
        waiting_since=now,
        category=category,
        opinion=opinion,
        created_by=by,
        on_behalf_of=author if author and author.user_id != by.pk else None,
    )
    author_id = author.pk if author else None
    _say(proposal, author_id, kind=kind, body=body, discussed_on=discussed_on)
    with rules_told(), transaction.atomic():
        proposal.save(force_insert=True)
        if author is not None:
            part = {"member": author, "place": 1, "confirmed_at": now}
            ProposalSigner.objects.create(proposal=proposal, **part)
        _add_text(proposal, texts, version=1, by=by)
        _log("start", proposal, by)
        if opinion is not None:
            mark(opinion, "proposed", by=by)
    return proposal


def _allow_to_start(
    by: User, committee: Committee, author: Member | None, kind: str, opinion: Opinion | None
) -> None:
    is_own = may.can_propose_for(by, author) if author else kind == ProposalKind.BODY
    if not (may.can_propose(by, committee) and is_own):
        raise PermissionDenied
    if opinion is not None and not is_author(by, opinion):
        raise PermissionDenied


def _say(
    proposal: Proposal,
    author: int | None,
    *,
    kind: str,
    body: str,
    discussed_on: datetime.date | None,
) -> None:
    """In whose name it is: the sector or group is the one in which the author sits today."""
    proposal.kind, proposal.body, proposal.discussed_on = kind, "", None
    proposal.sector = proposal.street_group = None
    if kind == ProposalKind.BODY:
        if not body.strip():
            raise ValidationError({"body": ValidationError(_("请填写提出单位。"), code="no_body")})
        refuse_marked(body)
        proposal.body = body.strip()
        return
    seat = Seat.objects.today().filter(membership__member=author).select_related("sector").first()
    if kind != ProposalKind.GROUP:
        proposal.sector = seat.sector if seat else None
    if kind == ProposalKind.SECTOR:
        proposal.discussed_on = discussed_on
        if seat is None:
            words = _("提案人现在没有所在界别，不能提出界别提案。")
            raise ValidationError({"kind": ValidationError(words, code="no_sector")})
    if kind == ProposalKind.GROUP:
        group = StreetSeat.objects.today().filter(membership__member=author)
        place = group.select_related("street_group").first()
        proposal.discussed_on = discussed_on
        if place is None:
            words = _("提案人现在没有所在委员小组，不能提出小组提案。")
            raise ValidationError({"kind": ValidationError(words, code="no_group")})
        proposal.street_group = place.street_group


def write_proposal(
    proposal: Proposal,
    texts: Texts,
    *,
    by: User,
    version: int,
    session: Session,
    kind: str,
    body: str = "",
    discussed_on: datetime.date | None = None,
    category: Category | None = None,
) -> Proposal:
    """Save another version of a draft. Words changed after others agreed are put to them again.

    ValidationError `stale` where somebody saved meanwhile, `moved` where it is no draft any more.
    """
    texts = clean_texts(texts)
    with rules_told(), transaction.atomic():
        fresh = lock_proposals(proposal)
        if not may.is_first_signer(by, fresh):
            raise PermissionDenied
        if fresh.status != S.DRAFT or fresh.is_elsewhere:
            raise proposal_moved(fresh)
        last = fresh.texts.select_related("written_by").first()
        _refuse_stale(last, version)
        if fresh.kind == kind != ProposalKind.BODY:
            fresh.discussed_on = discussed_on if fresh.is_collective else None
        else:
            author = fresh.signer_ids[0] if fresh.signer_ids else None
            _say(fresh, author, kind=kind, body=body, discussed_on=discussed_on)
        if last is None or Texts.of(last) != texts:
            _add_text(fresh, texts, version=version + 1, by=by)
            fresh.asked_at = None
            if len(fresh.signer_ids) > 1:
                _ask_again(fresh)
        fresh.title, fresh.session, fresh.category = texts.title, session, category
        fresh.save()
        _log("write", fresh, by, characters=texts.length)
    return fresh


def _refuse_stale(last: ProposalText | None, version: int) -> None:
    if (last.version if last else 0) != version:
        raise ValidationError(
            _("您编辑期间，%(who)s已保存新的一版。您写的内容仍在页面上，请比照后再保存。"),
            code="stale",
            params={"who": last.written_by.name if last else ""},
        )


def clean_texts(texts: Texts) -> Texts:
    """Trimmed; a proposal has no analysis of its own. ValidationError as `Texts.check`."""
    parts = [texts.situation, texts.analysis]
    texts = replace(texts, situation="\n\n".join(p for p in parts if p.strip()), analysis="")
    texts = texts.trimmed()
    texts.check()
    refuse_marked(*astuple(texts))
    return texts


def _add_text(proposal: Proposal, texts: Texts, *, version: int, by: User) -> None:
    ProposalText.objects.create(
        proposal=proposal,
        version=version,
        title=texts.title,
        situation=texts.situation,
        suggestion=texts.suggestion,
        written_by=by,
        written_at=timezone.now(),
    )


def _ask_again(proposal: Proposal) -> None:
    agreed = proposal.signers.filter(place__gt=1, confirmed_at__isnull=False)
    people = list(Member.objects.filter(proposal_parts__in=agreed))
    if agreed.update(confirmed_at=None):
        notices.to_confirm(proposal, people, f"{timezone.now():%Y%m%dT%H%M%S.%f}")


def name_signer(proposal: Proposal, member: Member, *, by: User) -> ProposalSigner:
    """Ask another member to sign; the first signer does, while it is a draft."""
    with rules_told(), transaction.atomic():
        fresh = _own_draft(proposal, by)
        if fresh.kind == ProposalKind.INDIVIDUAL:
            fresh.kind = ProposalKind.JOINT
            fresh.save(update_fields=["kind"])
        places = fresh.signers.order_by("-place").values_list("place", flat=True)
        place = (places.first() or 0) + 1
        part = ProposalSigner.objects.create(proposal=fresh, member=member, place=place)
        _log("name_signer", fresh, by, member=member.pk)
        notices.to_confirm(fresh, [member], f"part-{part.pk}")
    return part


def remove_signer(proposal: Proposal, part_id: int, *, by: User) -> None:
    """By the first signer, never oneself; those who agreed may be taken off a draft too."""
    with transaction.atomic():
        fresh = _own_draft(proposal, by)
        gone, _by_model = fresh.signers.filter(pk=part_id, place__gt=1).delete()
        if gone:
            _log("remove_signer", fresh, by)


def answer_signing(proposal: Proposal, *, by: User, agrees: bool) -> Proposal:
    """A co-signer confirms, or does not join in (不参加联名); once either way."""
    with transaction.atomic():
        fresh = lock_proposals(proposal)
        mine = by.standing.scopes("member", "delegate")
        parts = fresh.signers.filter(member__in=mine, place__gt=1, confirmed_at=None)
        if not may.is_signer(by, fresh):
            raise PermissionDenied
        if fresh.status != S.DRAFT or not parts.exists():
            raise ValidationError(_("此件现在不需要您确认。"), code="moved")
        if agrees:
            parts.update(confirmed_at=timezone.now())
        else:
            parts.delete()
        _log("confirm" if agrees else "decline", fresh, by)
    return fresh


def _own_draft(proposal: Proposal, by: User) -> Proposal:
    fresh = lock_proposals(proposal)
    if not may.is_first_signer(by, fresh):
        raise PermissionDenied
    if fresh.status != S.DRAFT or fresh.is_elsewhere:
        raise proposal_moved(fresh)
    return fresh


def move_proposal(
    proposal: Proposal,
    name: str,
    *,
    by: Actor,
    note: str = "",
    seen: datetime.datetime | None = None,
    main: Proposal | None = None,
) -> Proposal:
    """Make a move of the table with all that belongs to it, in one transaction."""
    with rules_told(), transaction.atomic():
        former = proposal.main if name == "unjoin" else None
        fresh = advance_proposal(proposal, name, by=by, note=note, seen=seen, main=main)
        if former is not None:
            no_longer_asked(former, fresh, by=by)
        if name == "not_file":
            _as_opinion(fresh, by=by)
        detail: dict[str, Any] = {"main": fresh.main_id} if name == "join" else {}
        _log(name, fresh, by, **detail)
        notices.told_of_move(fresh, name, PROPOSAL_MOVES[name].past, by)
    return fresh


def _as_opinion(proposal: Proposal, *, by: Any) -> None:
    """转意见建议: a report of the first signer with the same words, whose draft it is to send.

    One made earlier, or the report it came from, is not made twice; a body's has no author.
    """
    if proposal.became_id or proposal.opinion_id or not proposal.signer_ids:
        return
    author = Member.objects.get(pk=proposal.signer_ids[0])
    last = proposal.texts.first()
    assert last is not None  # a submitted proposal was written
    now = timezone.now()
    opinion = Opinion.objects.create(
        committee=proposal.committee,
        title=last.title,
        waiting_since=now,
        category=proposal.category,
        created_by=by,
    )
    Authorship.objects.create(opinion=opinion, member=author, place=1, confirmed_at=now)
    Manuscript.objects.create(
        opinion=opinion,
        kind=Manuscript.Kind.ORIGINAL,
        written_by=by,
        written_at=now,
        title=last.title,
        situation=last.situation,
        suggestion=last.suggestion,
    )
    mark(opinion, "from_proposal", by=by)
    proposal.became = opinion
    proposal.save(update_fields=["became"])


def suggest_proposal(opinion: Opinion, *, by: User) -> None:
    """建议转为提案: the office may suggest it, only the author does it."""
    if not is_editor(by, opinion):
        raise PermissionDenied
    with transaction.atomic():
        lock(opinion)
        if opinion.status in (Status.DRAFT, Status.OFFLINE, Status.WITHDRAWN):
            raise ValidationError(_("此件现在不能作这一步处理。"), code="moved")
        if opinion.steps.filter(move="suggest_proposal").exists():
            raise ValidationError(_("已经建议过，请等反映人决定。"), code="moved")
        mark(opinion, "suggest_proposal", by=by)
        record("opinion.suggest_proposal", by=by, committee=opinion.committee, about=opinion)
        notices.suggested(opinion)


def note_deed(proposal: Proposal, deed: str, *, by: User, note: str = "", **detail: Any) -> None:
    """The step and the audit row of a deed beside the moves."""
    step_of(proposal, deed, by=by, note=note)
    _log(deed, proposal, by, **detail)


def _log(deed: str, proposal: Proposal, by: Actor, **detail: Any) -> None:
    about = proposal
    record(f"proposal.{deed}", by=by, committee=about.committee, about=about, **detail)
