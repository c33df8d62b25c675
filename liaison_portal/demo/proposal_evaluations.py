"""What the signers of proposals thought of the answers: most were given, one of each is staged."""

from __future__ import annotations

import datetime
import random
from typing import Any

from django.utils import timezone

from committees.actions import take_number
from committees.models import Role, Session, Unit
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from members.models import Member
from opinions.models import (
    Evaluation,
    Proposal,
    ProposalKind,
    ProposalSigner,
    ProposalStatus,
    ProposalStep,
    ProposalText,
    Referral,
    Reply,
    ReplyClass,
)

Grade, S = Evaluation.Grade, ProposalStatus
TITLE = "关于增设社区康复服务点的提案"
SAID = (
    "现有服务点少、路程远，老年人就近康复不便。",
    "一、每个街道设一处。二、与社区卫生服务中心共用场地。",
)
ANSWER = "您提出的提案收悉。今年先在两个街道设点，场地已经落实，其余街道明年安排。"


def evaluated(place: Place, plan: Plan, session: Session) -> None:
    """Signers of what is concluded have answered; the demo members find one to evaluate, and the
    office one that is 不满意."""
    rng = random.Random(f"proposal-evaluations-{place.committee.slug}")
    rows: list[Evaluation] = []
    steps: list[ProposalStep] = []
    replies = Reply.objects.filter(referral__proposal__session=session)
    for reply in replies.select_related("referral__proposal").order_by("id"):
        proposal: Any = reply.referral.proposal
        _told(steps, proposal, "refer", _at(reply.referral.referred_on, 9))
        _told(steps, proposal, "answered", reply.answered_at)
        rows += [_row(place, reply, member) for member in proposal.signer_ids]
    for row in rows:
        row.handling, row.result = Grade.SATISFIED, rng.choice((Grade.SATISFIED, Grade.FAIRLY))
        row.given_at = row.asked_at + rng.randint(1, 6) * ONE_DAY
        of_row: Any = row.referral.proposal
        _told(steps, of_row, "evaluated", row.given_at, row.in_words)
    Evaluation.objects.bulk_create(rows)
    ProposalStep.objects.bulk_create(steps)
    _staged(place, plan, session)


def _staged(place: Place, plan: Plan, session: Session) -> None:
    """Answered three days ago: the one signer is asked, the other was dissatisfied."""
    people = {one.user.sign_in_name: one for one in place.members if one.user.sign_in_name}
    member, other = people.get("member"), people.get("member2")
    unit = Unit.objects.filter(committee=place.committee, is_active=True).order_by("id").first()
    if member is None or other is None or unit is None:
        return
    answered_at = _at(plan.today - 3 * ONE_DAY, 10)
    proposal: Any = _filed(place, plan, session, [member, other])
    reply = _answered(place, plan, proposal, unit, answered_at)
    asked, bad = (_row(place, reply, one.pk) for one in (member, other))
    asked.due_on = place.calendar.after(plan.today, 6)
    bad.handling, bad.result = Grade.FAIRLY, Grade.DISSATISFIED
    bad.given_at, bad.given_by = _at(plan.today - ONE_DAY, 20), other.user
    bad.words = "希望其余街道也写明时间。"
    Evaluation.objects.bulk_create([asked, bad])
    steps: list[ProposalStep] = []
    _told(steps, proposal, "refer", _at(proposal.filed_on + ONE_DAY, 9))
    _told(steps, proposal, "answered", answered_at)
    _told(steps, proposal, "evaluated", bad.given_at, bad.in_words)
    ProposalStep.objects.bulk_create(steps)


def _filed(place: Place, plan: Plan, session: Session, signers: list[Member]) -> Proposal:
    filed_on, author = plan.today - 40 * ONE_DAY, signers[0].user
    proposal = Proposal.objects.create(
        committee=place.committee,
        session=session,
        number=take_number(place.committee, f"proposal-{session.pk}", 0),
        title=TITLE,
        kind=ProposalKind.JOINT,
        status=S.FILED,
        waiting_since=_at(filed_on, 14),
        sector=place.sector_of[signers[0].pk],
        submitted_on=filed_on - 5 * ONE_DAY,
        filed_on=filed_on,
        created_by=author,
    )
    agreed = _at(filed_on - 6 * ONE_DAY, 9)
    ProposalSigner.objects.bulk_create(
        ProposalSigner(proposal=proposal, member=one, place=turn, confirmed_at=agreed)
        for turn, one in enumerate(signers, start=1)
    )
    words = dict(zip(("situation", "suggestion"), SAID, strict=True))
    by = {"written_by": author, "written_at": agreed}
    ProposalText.objects.create(proposal=proposal, title=TITLE, **words, **by)
    return proposal


def _answered(
    place: Place, plan: Plan, proposal: Proposal, unit: Unit, answered_at: datetime.datetime
) -> Reply:
    filed_on: Any = proposal.filed_on
    asked = Referral.objects.create(
        committee=place.committee,
        proposal=proposal,
        year=plan.today.year,
        number=take_number(place.committee, "referral", plan.today.year),
        code=f"P{proposal.pk}",
        unit=unit,
        title=TITLE,
        text="\n".join(SAID),
        referred_on=filed_on + ONE_DAY,
        referred_by=place.officers[Role.CLERK][0],
        refuse_until=filed_on + 15 * ONE_DAY,
        due_on=filed_on + 90 * ONE_DAY,
        signed_for_at=_at(filed_on + 2 * ONE_DAY, 9),
        answered_at=answered_at,
    )
    kinds = ReplyClass.objects.filter(committee=place.committee, is_planned=False)
    given = {"drafted_at": answered_at, "answered_at": answered_at, "text": ANSWER}
    return Reply.objects.create(referral=asked, reply_class=kinds.order_by("id").first(), **given)


def _row(place: Place, reply: Reply, member: int) -> Evaluation:
    assert reply.answered_at is not None
    due_on = place.calendar.after(timezone.localdate(reply.answered_at), 10)
    row = Evaluation(referral=reply.referral, reply=reply, member_id=member, due_on=due_on)
    row.asked_at = reply.answered_at
    return row


def _told(
    steps: list[ProposalStep], proposal: Proposal, deed: str, at: Any, note: str = ""
) -> None:
    step = ProposalStep(proposal=proposal, move=deed, note=note, at=at)
    step.source = step.target = S.FILED
    steps.append(step)


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
