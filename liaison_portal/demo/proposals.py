"""One session's proposals of the city, as in one district: 85 submitted, 83 filed."""

from __future__ import annotations

import datetime
import random
from typing import Any

from django.utils import timezone

from committees.actions import take_number
from committees.actors import actor_columns
from committees.models import Counter, Role, Session, Unit, User
from committees.spans import span_from
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from liaison_portal.demo.proposal_evaluations import evaluated
from liaison_portal.demo.topics import TOPICS
from members.models import Member
from opinions.models import (
    Disclosure,
    Proposal,
    ProposalKind,
    ProposalMeeting,
    ProposalSigner,
    ProposalStatus,
    ProposalStep,
    ProposalSupervision,
    ProposalText,
    Referral,
    Reply,
    ReplyClass,
    ReplyDisclosure,
)

S = ProposalStatus
K = ProposalKind
SUBMITTED, JOINED, CONCLUDED, KEY, OPEN = 85, 6, 12, 2, 5
UNFILED = {83: S.SUBMITTED, 84: S.NOT_FILED}
INTO = range(83 - JOINED, 83)  # the last ones on file are joined into the first
BODIES = ("民盟云川市委员会", "市工商联", "提案委员会", "市青年联合会")


def proposals(place: Place, plan: Plan) -> None:
    """Set-based; a plenary ten months ago, all by dice of their own."""
    rng = random.Random(f"proposals-{place.committee.slug}")
    opened = plan.today - 300 * ONE_DAY
    session = _session(place, opened)
    drawn = [_proposal(place, plan, rng, session, turn) for turn in range(SUBMITTED)]
    mains = Proposal.objects.bulk_create(row for row in drawn if row.status != S.JOINED)
    joined = [row for row in drawn if row.status == S.JOINED]
    for row, main in zip(joined, (row for row in mains if row.status == S.FILED), strict=False):
        row.main = main
    rows = mains + Proposal.objects.bulk_create(joined)
    Counter.objects.create(
        committee=place.committee,
        kind=f"proposal-{session.pk}",
        year=0,
        value=sum(row.number is not None for row in rows),
    )
    parts = [part for row in rows for part in _signers(place, rng, row)]
    ProposalSigner.objects.bulk_create(parts)
    ProposalText.objects.bulk_create(_text(row) for row in rows)
    ProposalStep.objects.bulk_create(step for row in rows for step in _steps(place, row))
    began = {"created_at": _at(session.starts_on, 8)}
    Proposal.objects.filter(session=session).update(**began)
    _beside(place, rows, rng)
    _waiting(place, plan, session)
    evaluated(place, plan, session)


def _session(place: Place, day: datetime.date) -> Session:
    term = place.committee.terms.get()
    if day not in term.span:
        term.span = span_from(day)
    return Session.objects.create(
        term=term,
        kind=Session.Kind.PLENARY,
        ordinal=5,
        starts_on=day,
        ends_on=day + 4 * ONE_DAY,
    )


def _proposal(
    place: Place, plan: Plan, rng: random.Random, session: Session, turn: int
) -> Proposal:
    kind = rng.choices(list(K), weights=[46, 24, 12, 0, 18])[0]
    author = rng.choice(place.members)
    on_file = S.CONCLUDED if turn < CONCLUDED else S.JOINED if turn in INTO else S.FILED
    status = UNFILED.get(turn, on_file)
    topic, where = rng.choice(TOPICS), _where(rng)
    filed_on = session.ends_on + rng.randint(5, 20) * ONE_DAY
    done_on = filed_on + rng.randint(60, 120) * ONE_DAY
    is_filed = turn not in UNFILED
    last = done_on if status == S.CONCLUDED else filed_on if is_filed else session.starts_on
    convenors = place.convenors.get(place.sector_of[author.pk].pk, [])
    if kind == K.SECTOR and not convenors:
        kind = K.INDIVIDUAL
    row = Proposal(
        committee=place.committee,
        session=session,
        number=turn + 1 if is_filed else None,
        title=_title(topic, where),
        kind=kind,
        status=status,
        waiting_since=_at(last, 15),
        sector=place.sector_of[author.pk],
        body=rng.choice(BODIES) if kind == K.BODY else "",
        discussed_on=session.starts_on if kind == K.SECTOR else None,
        endorsed_by=convenors[0].user if kind == K.SECTOR else None,
        submitted_on=session.starts_on + rng.randint(0, 4) * ONE_DAY,
        filed_on=filed_on if is_filed else None,
        concluded_on=done_on if status == S.CONCLUDED else None,
        created_by=author.user,
    )
    row.author = author  # type: ignore[attr-defined]
    words = [text.format(p=where) for text in (topic.situation, topic.suggestion)]
    row.words = words  # type: ignore[attr-defined]
    if turn < KEY:
        row.is_key, row.leader = True, place.officer(Role.LEADER, rng)
    _disclose(row, turn, _at(last, 16))
    return row


def _disclose(row: Proposal, turn: int, at: datetime.datetime) -> None:
    """Some by summary, some open; the others were not looked at yet."""
    if turn < OPEN:
        row.disclosure, row.disclosed_at = Disclosure.SUMMARY, at
        row.summary = "建议改善所在片区的公共服务，有关部门已列入年度计划。"
    elif turn < 2 * OPEN:
        row.disclosure, row.disclosed_at = Disclosure.OPEN, at


def _where(rng: random.Random) -> str:
    return f"{rng.choice(('城东', '城西', '城南', '城北', '开发'))}片区"


def _title(topic: Any, where: str) -> str:
    return topic.title.format(p=where).replace("的建议", "的提案")[:100]


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def _signers(place: Place, rng: random.Random, row: Proposal) -> list[ProposalSigner]:
    people: list[Member] = [row.author]  # type: ignore[attr-defined]
    if row.kind == K.JOINT:
        others = [member for member in place.members if member is not people[0]]
        people += rng.sample(others, min(len(others), rng.randint(1, 4)))
    agreed = _at(row.session.starts_on, 9)
    return [
        ProposalSigner(proposal=row, member=member, place=turn, confirmed_at=agreed)
        for turn, member in enumerate(people, start=1)
    ]


def _text(row: Proposal) -> ProposalText:
    situation, suggestion = row.words  # type: ignore[attr-defined]
    return ProposalText(
        proposal=row,
        title=row.title,
        situation=situation,
        suggestion=suggestion,
        written_by=row.created_by,
        written_at=_at(row.session.starts_on, 9),
    )


def _steps(place: Place, row: Proposal) -> list[ProposalStep]:
    office = place.officers[Role.CLERK][0]
    made = [("submit", S.DRAFT, S.SUBMITTED, row.submitted_on, row.created_by)]
    if row.number:
        made.append(("file", S.SUBMITTED, S.FILED, row.filed_on, office))
    if row.main_id:
        made.append(("join", S.FILED, S.JOINED, row.filed_on, office))
    if row.status == S.NOT_FILED:
        made.append(("not_file", S.SUBMITTED, S.NOT_FILED, row.session.ends_on, office))
    if row.concluded_on:
        made.append(("conclude", S.FILED, S.CONCLUDED, row.concluded_on, office))
    return [_step(row, *one) for one in made]


def _step(row: Proposal, move: str, source: str, target: str, day: Any, by: User) -> ProposalStep:
    note = "不属本级职权范围。" if move == "not_file" else ""
    moment = _at(day, {"submit": 10, "file": 14, "join": 15}.get(move, 16))
    step = ProposalStep(proposal=row, move=move, source=source, target=target, note=note)
    step.at = moment
    for column, value in actor_columns(by).items():
        setattr(step, column, value)
    return step


def _beside(place: Place, rows: list[Proposal], rng: random.Random) -> None:
    """The key ones were supervised; a few were talked over with the unit."""
    office = place.officers[Role.CLERK][0]
    ProposalSupervision.objects.bulk_create(
        ProposalSupervision(
            proposal=row,
            held_on=row.filed_on + 30 * ONE_DAY,
            words="到现场了解办理进度，请承办单位按期答复。",
            leader=row.leader,
            recorded_by=office,
        )
        for row in rows
        if row.is_key and row.filed_on
    )
    units = list(Unit.objects.filter(committee=place.committee, is_active=True)[:5])
    for row in rows[:4]:
        if units and row.filed_on:
            met = ProposalMeeting.objects.create(
                proposal=row,
                met_on=row.filed_on + 40 * ONE_DAY,
                unit=rng.choice(units),
                gist="承办单位介绍了打算，提案人提出两点补充意见，双方取得一致。",
                recorded_by=office,
            )
            met.members.add(row.author)  # type: ignore[attr-defined]
    if units:
        _answers(place, rows, units, rng)


ANSWER = (
    "您提出的提案收悉。经研究，已列入年度工作安排，现答复如下：一是开展摸底；二是落实经费；"
    "三是按季通报进度。感谢您对我市工作的关心支持。"
)


def _answers(place: Place, rows: list[Proposal], units: list[Unit], rng: random.Random) -> None:
    """Those concluded were put to a unit, which answered; most answers may be read by everybody."""
    classes = list(ReplyClass.objects.filter(committee=place.committee, is_planned=False))
    office = place.officers[Role.CLERK][0]
    for row in rows:
        if row.concluded_on is None or row.filed_on is None:
            continue
        answered = _at(row.concluded_on - 10 * ONE_DAY, 10)
        year = row.filed_on.year
        number = take_number(place.committee, "referral", year)
        asked = Referral.objects.create(
            committee=place.committee,
            proposal=row,
            year=year,
            number=number,
            code=f"P{row.pk}",
            unit=rng.choice(units),
            title=row.title,
            text="\n".join(row.words),  # type: ignore[attr-defined]
            referred_on=row.filed_on,
            referred_by=office,
            refuse_until=row.filed_on + 14 * ONE_DAY,
            due_on=row.filed_on + 90 * ONE_DAY,
            signed_for_at=_at(row.filed_on + 2 * ONE_DAY, 9),
            answered_at=answered,
            closed_at=_at(row.concluded_on, 15),
        )
        _reply(asked, rng.choice(classes), answered, is_public=bool(row.disclosure))


def _reply(asked: Referral, kind: ReplyClass, at: datetime.datetime, *, is_public: bool) -> None:
    given = {"drafted_at": at, "answered_at": at, "text": ANSWER}
    said = Reply.objects.create(referral=asked, reply_class=kind, **given)
    if is_public:
        both = {"unit_choice": Disclosure.OPEN, "choice": Disclosure.OPEN}
        times = {"unit_said_at": at, "decided_at": at}
        by = asked.referred_by
        ReplyDisclosure.objects.create(reply=said, decided_by=by, **both, **times)


def _waiting(place: Place, plan: Plan, session: Session) -> None:
    """What the demo members find: a draft to finish, one to confirm, one that waits for filing."""
    people = {m.user.sign_in_name: m for m in place.members if m.user.sign_in_name}
    member, other = people.get("member"), people.get("member2")
    if member is None or other is None:
        return
    now = _at(plan.today - ONE_DAY, 10)
    staged = [
        ("关于加强社区助餐服务的提案", K.INDIVIDUAL, S.DRAFT, [member]),
        ("关于完善校园周边交通的提案", K.JOINT, S.DRAFT, [member, other]),
        ("关于推动小微企业用工服务的提案", K.JOINT, S.DRAFT, [other, member]),
        ("关于改造老旧小区充电设施的提案", K.INDIVIDUAL, S.SUBMITTED, [member]),
        ("关于教育界别共建实践课堂的提案", K.SECTOR, S.DRAFT, [member]),
    ]
    for title, kind, status, signers in staged:
        _stage(place, session, now, title, kind, status, signers)


def _stage(
    place: Place,
    session: Session,
    now: datetime.datetime,
    title: str,
    kind: str,
    status: str,
    signers: list[Member],
) -> None:
    first, day = signers[0], timezone.localdate(now)
    row = Proposal.objects.create(
        committee=place.committee,
        session=session,
        title=title,
        kind=kind,
        status=status,
        waiting_since=now,
        sector=place.sector_of[first.pk],
        submitted_on=day if status == S.SUBMITTED else None,
        discussed_on=session.starts_on if kind == K.SECTOR else None,
        asked_at=now if kind == K.SECTOR else None,
        created_by=first.user,
    )
    row.author = first  # type: ignore[attr-defined]
    ProposalSigner.objects.bulk_create(
        ProposalSigner(
            proposal=row, member=one, place=turn, confirmed_at=now if turn == 1 else None
        )
        for turn, one in enumerate(signers, start=1)
    )
    words = {
        "situation": "群众多次反映，现有服务不足，覆盖面不够。",
        "suggestion": "一、摸清底数。二、分步推进。三、建立长效机制。",
    }
    said_by = {"written_by": first.user, "written_at": now}
    ProposalText.objects.create(proposal=row, title=title, **words, **said_by)
    if status == S.SUBMITTED:
        ProposalStep.objects.bulk_create(
            [_step(row, "submit", S.DRAFT, S.SUBMITTED, day, first.user)]
        )
