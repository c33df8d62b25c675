"""What units planned, in every state, and what authors thought of the answers.

Class B is the commonest answer (62–74 % of published years); each is followed until it is done.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from committees.models import Unit, User
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from liaison_portal.demo.referrals import Pile, _at, _number, _referral, _step
from opinions.models import (
    Evaluation,
    Manuscript,
    Opinion,
    Precision,
    Promise,
    PromiseAsking,
    PromiseReport,
    Referral,
    ReferralStep,
    Reply,
    ReplyClass,
    Status,
    Step,
)

SHARE = 0.7  # of the issued reports that nobody has referred yet
STATES = ("asked", "dissatisfied", "late", "soon", "settled", "undated", "extended", "ahead")
ANSWER = "收到贵机关转办件后，我单位会同有关街道现场核实。所提建议已列入年度计划，{when}完成。"
MATTERS = ("完成路口渠化和信号灯改造", "新增公共停车泊位", "完成老旧管网更换", "开通社区微循环公交")
Deed, Grade = ReferralStep.Deed, Evaluation.Grade


@dataclass
class Followed(Pile):
    """A pile with what hangs on replies."""

    promises: list[Promise] = field(default_factory=list)
    reports: list[PromiseReport] = field(default_factory=list)
    askings: list[PromiseAsking] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)


def following(place: Place, plan: Plan) -> None:
    """Referrals of their own, answered with a plan; the states take turns."""
    rng = random.Random(f"{plan.today}:{place.committee.slug}:following")
    units = list(Unit.objects.filter(committee=place.committee, is_relaying=False).order_by("id"))
    issued = Opinion.objects.filter(committee=place.committee, status=Status.ISSUED, referrals=None)
    rows = issued.with_authors().select_related("issue").order_by("id")
    reports = [row for row in rows if rng.random() < SHARE]
    shown = {m.pk for m in place.members if m.user.sign_in_name in ("member", "member2")}
    reports.sort(key=lambda row: row.author_ids[0] not in shown)
    planned = ReplyClass.objects.filter(committee=place.committee, is_planned=True).first()
    if not (units and reports and planned):
        return
    texts = Manuscript.objects.filter(opinion__in=reports, kind=Manuscript.Kind.EDITED)
    text_of = {text.opinion_id: text for text in texts.order_by("version")}
    pile, turn = Followed(), 0
    for report in reports:
        # The demo handler's unit is the first one; it has every second matter.
        unit = units[0] if turn % 2 == 0 else rng.choice(units)
        row = _referral(place, plan, rng, report, unit)
        answered_on = place.calendar.after(row.referred_on, rng.randint(3, 9))
        if report.author_ids[0] in shown:
            answered_on = min(answered_on, plan.today)  # the demo members find one to evaluate
        elif answered_on > plan.today - 3 * ONE_DAY:
            continue  # too young for a plan
        row.title, row.text = text_of[report.pk].title, text_of[report.pk].situation
        pile.rows.append(row)
        state = "asked" if report.author_ids[0] in shown else STATES[turn % len(STATES)]
        _life(place, plan, rng, row, answered_on, state, pile, planned)
        turn += 1
    _number(place, pile.rows)
    _lay(pile)


def _lay(pile: Followed) -> None:
    piled: tuple[tuple[Any, list[Any]], ...] = (
        (Referral, pile.rows),
        (ReferralStep, pile.steps),
        (Reply, pile.replies),
        (Promise, pile.promises),
        (PromiseReport, pile.reports),
        (PromiseAsking, pile.askings),
        (Evaluation, pile.evaluations),
        (Step, pile.milestones),
    )
    for model, made in piled:
        model.objects.bulk_create(made)


def _life(
    place: Place,
    plan: Plan,
    rng: random.Random,
    row: Referral,
    answered_on: datetime.date,
    state: str,
    pile: Followed,
    kind: ReplyClass,
) -> None:
    """Referred, signed for, answered with a plan, and as far as the state says."""
    assert row.unit is not None
    clerk, unit = row.referred_by, row.unit.name
    _step(pile, row, Deed.REFER, _at(row.referred_on, 9), by=clerk, milestone="refer", told=unit)
    row.signed_for_at = _at(min(place.calendar.after(row.referred_on, 1), answered_on), 10)
    row.signed_for_by = "综合科"
    row.answered_at = at = _at(answered_on, 15)
    promise = _promise(plan, rng, row, state, answered_on)
    when = promise.when or "视立项情况"
    reply = Reply(
        referral=row,
        reply_class=kind,
        text=ANSWER.format(when=when),
        planned_on=promise.planned_on,
        planned_precision=promise.precision,
        no_date_reason=promise.no_date_reason,
        drafted_at=at,
        drafted_by="综合科",
        approved_at=at,
        answered_at=at,
    )
    promise.reply = reply
    pile.replies.append(reply)
    pile.promises.append(promise)
    _step(pile, row, Deed.SIGN_FOR, row.signed_for_at, name="综合科")
    _step(pile, row, Deed.ANSWER, at, name="综合科", milestone="answered", told=str(kind))
    _step(pile, row, Deed.PLAN, at, name="综合科", milestone="planned", told=when)
    _after(place, plan, promise, state, pile, clerk)
    _evaluated(place, plan, rng, reply, state, pile)


def _promise(
    plan: Plan, rng: random.Random, row: Referral, state: str, answered_on: datetime.date
) -> Promise:
    made = Promise(referral=row, what=rng.choice(MATTERS), precision=Precision.DAY)
    ahead = Precision.QUARTER.last_day(plan.today + rng.randint(40, 200) * ONE_DAY)
    made.planned_on = ahead
    if state == "soon":
        made.planned_on = plan.today + rng.randint(5, 12) * ONE_DAY
    elif state in ("late", "settled"):
        made.planned_on = max(answered_on + ONE_DAY, plan.today - rng.randint(12, 40) * ONE_DAY)
    elif state == "undated":
        made.planned_on, made.precision = None, ""
        made.no_date_reason = "需待上级资金计划下达后确定。"
    elif state == "extended":
        made.extended_from = max(answered_on, plan.today - 10 * ONE_DAY)
        made.extended_at = _at(plan.today - ONE_DAY, 10)
        made.extension_reason = "雨季不能施工，工期顺延。"
    if made.planned_on == ahead:
        made.precision = Precision.QUARTER
    return made


def _after(
    place: Place, plan: Plan, promise: Promise, state: str, pile: Followed, clerk: User
) -> None:
    """Asked about, reported on, extended or settled."""
    asked_on = plan.today - 2 * ONE_DAY
    if state in ("soon", "late", "extended"):
        stage = {"soon": "before", "late": "after", "extended": "due"}[state]
        about: Any = promise.extended_from or promise.planned_on
        asking = PromiseAsking(promise=promise, stage=stage, about=about, asked_on=asked_on)
        pile.askings.append(asking)
    said = {"late": "not_yet", "extended": "partly", "settled": "done"}.get(state)
    if said is not None:
        words = {
            "not_yet": "施工图已完成，正在招标。",
            "partly": "主体工程已完成，剩余部分受雨季影响。",
            "done": "已完工并投入使用。",
        }[said]
        pile.reports.append(
            PromiseReport(
                promise=promise,
                side=PromiseReport.Side.UNIT,
                result=said,
                words=words,
                at=_at(plan.today - ONE_DAY, 9),
                by_name="综合科",
            )
        )
    _told(plan, promise, state, pile, clerk)


def _told(plan: Plan, promise: Promise, state: str, pile: Followed, clerk: User) -> None:
    """The milestones of it in the author's timeline."""
    row = promise.referral
    if state == "late":
        asked_on = plan.today - 2 * ONE_DAY
        made = Step(opinion=row.opinion, move="late", note=promise.when, at=_at(asked_on, 8))
        made.source = made.target = Status.ISSUED
        made.by_guest = "clock"
        pile.milestones.append(made)
    if state == "extended":
        at = _at(plan.today - ONE_DAY, 10)
        told = promise.when
        _step(pile, row, Deed.EXTEND_PLAN, at, by=clerk, milestone="replanned", told=told)
    if state == "settled":
        promise.settled_on, promise.settled_by = plan.today - ONE_DAY, clerk
        promise.evidence = "已完工并投入使用，机关到现场看过。"
        at = row.closed_at = _at(plan.today - ONE_DAY, 11)
        _step(pile, row, Deed.SETTLE, at, by=clerk, milestone="settled")
        _step(pile, row, Deed.CLOSE, at, by=clerk, milestone="concluded")


def _evaluated(
    place: Place, plan: Plan, rng: random.Random, reply: Reply, state: str, pile: Followed
) -> None:
    """Most authors have answered; some are being asked, some said nothing."""
    row = reply.referral
    assert row.opinion is not None and row.answered_at is not None
    asked_on = timezone.localdate(row.answered_at)
    made = Evaluation(referral=row, reply=reply, member_id=row.opinion.author_ids[0])
    made.asked_at, made.due_on = row.answered_at, place.calendar.after(asked_on, 10)
    pile.evaluations.append(made)
    if state == "asked":
        made.due_on = place.calendar.after(plan.today, 4)
        made.reminders = 1
        return
    given_on = min(place.calendar.after(asked_on, rng.randint(1, 8)), plan.today - ONE_DAY)
    if state == "undated":
        made.reminders, made.lapsed_at = 2, _at(plan.today - ONE_DAY, 8)
        return
    made.given_at = _at(given_on, 20)
    good = (Grade.SATISFIED, Grade.FAIRLY)
    made.handling, made.result = rng.choice(good), rng.choice(good)
    if state == "dissatisfied":
        made.result = Grade.DISSATISFIED
        made.words = "希望说明具体工期，路口的隐患还在。"
    note = made.in_words
    _step(pile, row, Deed.EVALUATE, made.given_at, milestone="evaluated", told=note)
