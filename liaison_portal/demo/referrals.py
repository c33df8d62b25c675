"""Referrals of a year: most answered, some waiting, one refused, with the steps of each.

A district's published year: of its answers 3 in 10 had solved the matter, 4 or 5 planned to, the
others could not yet or keep it in mind.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field

from django.utils import timezone

from committees.actions import take_number
from committees.models import Unit, User
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from opinions.actions.referrals import CODE_SIGNS
from opinions.models import (
    Manuscript,
    Opinion,
    Referral,
    ReferralStep,
    Reply,
    ReplyClass,
    Status,
    Step,
)

SHARE = 0.4  # of the issued reports go to a unit
CLASSES = "AAAACCD"  # B, which plans, has promises of its own: following.py
ANSWERS = {
    "A": "收到贵机关转办件后，我单位会同有关街道现场核实，所提问题已整改到位，现已投入使用。",
    "C": "经研究，所提建议涉及用地和资金条件，目前暂不具备实施条件，待条件成熟后再行研究。",
    "D": "所提建议对我们的工作有参考价值，我们将在今后工作中认真研究吸收。",
}
Deed = ReferralStep.Deed


@dataclass
class Pile:
    """What is written at the end, all at once."""

    rows: list[Referral] = field(default_factory=list)
    steps: list[ReferralStep] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    milestones: list[Step] = field(default_factory=list)


def referrals(place: Place, plan: Plan) -> None:
    """For issued and closed reports without a referral yet; closed ones have nothing open."""
    rng = random.Random(f"{plan.today}:{place.committee.slug}:referrals")
    units = list(Unit.objects.filter(committee=place.committee, is_relaying=False).order_by("id"))
    out = Opinion.objects.filter(
        committee=place.committee, status__in=[Status.ISSUED, Status.CLOSED], referrals=None
    )
    reports = [row for row in out.select_related("issue").order_by("id") if rng.random() < SHARE]
    if not (units and reports):
        return
    texts = Manuscript.objects.filter(opinion__in=reports, kind=Manuscript.Kind.EDITED)
    text_of = {text.opinion_id: text for text in texts.order_by("version")}
    classes = {row.letter: row for row in ReplyClass.objects.filter(committee=place.committee)}
    pile = Pile()
    for report in reports:
        text = text_of[report.pk]
        row = _referral(place, plan, rng, report, rng.choice(units))
        row.title = text.title
        row.text = "\n\n".join(p for p in (text.situation, text.analysis, text.suggestion) if p)
        pile.rows.append(row)
        _life(place, plan, rng, row, pile, classes)
    _number(place, pile.rows)
    Referral.objects.bulk_create(pile.rows)
    ReferralStep.objects.bulk_create(pile.steps)
    Reply.objects.bulk_create(pile.replies)
    Step.objects.bulk_create(pile.milestones)


def _referral(
    place: Place, plan: Plan, rng: random.Random, report: Opinion, unit: Unit
) -> Referral:
    assert report.issue is not None
    day = min(place.calendar.after(report.issue.issued_on, rng.randint(1, 4)), plan.today)
    clerk = place.officers["clerk"][0]
    return Referral(
        committee=place.committee,
        opinion=report,
        unit=unit,
        code="".join(rng.choice(CODE_SIGNS) for _sign in range(8)),
        request="请研究办理，并将办理情况函复。",
        referred_on=day,
        referred_by=clerk,
        refuse_until=place.calendar.after(day, 5),
        due_on=place.calendar.after(day, 30),
    )


def _life(
    place: Place,
    plan: Plan,
    rng: random.Random,
    row: Referral,
    pile: Pile,
    classes: dict[str, ReplyClass],
) -> None:
    """How far it has come by today; a closed report's referral is concluded."""
    assert row.opinion is not None and row.unit is not None
    clerk, unit = row.referred_by, row.unit.name
    _step(pile, row, Deed.REFER, _at(row.referred_on, 9), by=clerk, milestone="refer", told=unit)
    signed_on = place.calendar.after(row.referred_on, rng.randint(1, 3))
    is_closed = row.opinion.status == Status.CLOSED
    answered_on = place.calendar.after(row.referred_on, rng.randint(8, 34))
    if is_closed:
        last = timezone.localdate(row.opinion.waiting_since) - ONE_DAY
        signed_on, answered_on = min(signed_on, last), min(answered_on, last)
    if signed_on <= plan.today and (is_closed or rng.random() < 0.9):
        row.signed_for_at, row.signed_for_by = _at(signed_on, 10), "综合科"
        _step(pile, row, Deed.SIGN_FOR, row.signed_for_at, name="综合科")
    if row.signed_for_at and answered_on <= plan.today and (is_closed or rng.random() < 0.85):
        _answer(pile, row, _at(answered_on, 15), classes[rng.choice(CLASSES)])
    if is_closed and row.answered_at:
        latest = row.opinion.waiting_since - datetime.timedelta(hours=1)
        row.closed_at = min(row.answered_at + 12 * ONE_DAY, latest)
        _step(pile, row, Deed.CLOSE, row.closed_at, by=clerk, milestone="concluded")


def _answer(pile: Pile, row: Referral, at: datetime.datetime, kind: ReplyClass) -> None:
    row.answered_at = at
    given = {"drafted_at": at, "approved_at": at, "answered_at": at, "drafted_by": "综合科"}
    text = ANSWERS[kind.letter]
    pile.replies.append(Reply(referral=row, reply_class=kind, text=text, **given))
    told = f"{row.unit}：{kind.name}"
    _step(pile, row, Deed.ANSWER, at, name="综合科", milestone="answered", told=told)


def _step(
    pile: Pile,
    row: Referral,
    deed: str,
    at: datetime.datetime,
    *,
    by: User | None = None,
    name: str = "",
    milestone: str = "",
    told: str = "",
) -> None:
    guest = "" if by else "unit_link"
    pile.steps.append(
        ReferralStep(referral=row, deed=deed, at=at, by_user=by, by_guest=guest, by_name=name)
    )
    if milestone and row.opinion is not None:
        made = Step(opinion=row.opinion, move=milestone, note=told, at=at, by_user=by)
        made.source = made.target = Status.ISSUED  # what was closed since was issued then
        made.by_guest = guest
        pile.milestones.append(made)


def _number(place: Place, rows: list[Referral]) -> None:
    """In the order they went out, year by year."""
    rows.sort(key=lambda row: row.referred_on)
    by_year: dict[int, list[Referral]] = {}
    for row in rows:
        by_year.setdefault(row.referred_on.year, []).append(row)
    for year, ones in by_year.items():
        last = take_number(place.committee, "referral", year, how_many=len(ones))
        for place_in_year, row in enumerate(ones, start=last - len(ones) + 1):
            row.year, row.number = year, place_in_year


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
