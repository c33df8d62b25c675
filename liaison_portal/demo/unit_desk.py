"""The demo handler's unit: an item in every state, and a link that opens its desk by a code."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from committees.actions import take_number
from committees.models import Role, Unit
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from opinions.actions.unit_links import CODE_DIGITS, token_twin
from opinions.models import (
    Manuscript,
    Opinion,
    Promise,
    Referral,
    ReferralExtension,
    ReferralStep,
    Reply,
    ReplyClass,
    Status,
    UnitLink,
)

UNIT = "市教育局"
SIGNER = "郑明辉"
REQUEST = "请结合职责研究办理，并将办理情况函复我机关。"


@dataclass(frozen=True, slots=True)
class Story:
    """`ago` and `due` are days before and after today; `dated` are columns beside."""

    ago: int
    due: int
    is_signed: bool = True
    letter: str = ""
    text: str = ""
    dated: dict[str, Any] = field(default_factory=dict)


STORIES = {
    "waiting": Story(1, 40, is_signed=False),
    "waiting_long": Story(6, 33, is_signed=False),
    "handling": Story(12, 28),
    "soon": Story(38, 3),
    "late": Story(50, -6),
    "refusing": Story(3, 38, dated={"refusal_cause": "所述路段的管养属市住房和城乡建设局职责。"}),
    "extending": Story(40, 4),
    "draft": Story(20, 20, letter="A", text="已会同属地街道现场核实，正在整改。"),
    "answered": Story(45, -2, letter="A", text="已按建议办理完毕，现场已复查。"),
    "following": Story(60, -15, letter="B", text="已列入下一年度计划，分两期实施。"),
    "closed": Story(120, -60, letter="C", text="因条件所限，待规划调整后办理。"),
}


def shown_token() -> str:
    """A demo's token: the same in every demo, unlike a real one, which is random."""
    return "demo-" + "".join(
        random.Random("demo unit link").choices("abcdefghjkmnpqrstuvwxyz", k=27)
    )


def shown_code() -> str:
    return "".join(random.Random("demo unit code").choices("0123456789", k=CODE_DIGITS))


def desk(place: Place, plan: Plan) -> None:
    """Only where the demo handler's unit is."""
    unit = Unit.objects.filter(committee=place.committee, name=UNIT).first()
    if unit is None or not place.is_city:
        return
    rng = random.Random(f"{plan.today}:{place.committee.slug}:unit_desk")
    issued = Opinion.objects.filter(committee=place.committee, status=Status.ISSUED, referrals=None)
    chosen = list(issued.exclude(title="").order_by("-pk")[: len(STORIES)])
    classes = {row.letter: row for row in ReplyClass.objects.in_committee(place.committee)}
    for (name, story), opinion in zip(STORIES.items(), chosen, strict=False):
        row = a_referral(place, plan, rng, opinion=opinion, unit=unit, story=story)
        _what_the_unit_did(row, name, story, plan, classes)
    now = timezone.now()
    if not UnitLink.objects.filter(token_twin=token_twin(shown_token())).exists():
        UnitLink.objects.create(
            committee=place.committee,
            unit=unit,
            token_twin=token_twin(shown_token()),
            code_hash=make_password(shown_code()),
            made_by=place.officer(Role.CLERK, rng),
            made_at=now,
            expires_at=now + 90 * ONE_DAY,
        )


def a_referral(
    place: Place, plan: Plan, rng: random.Random, *, opinion: Opinion, unit: Unit, story: Story
) -> Referral:
    """One matter put to a unit, with the step by which it was."""
    on, clerk = plan.today - story.ago * ONE_DAY, place.officer(Role.CLERK, rng)
    number = take_number(place.committee, "referral", on.year)
    texts = opinion.manuscripts.filter(kind=Manuscript.Kind.EDITED).order_by("-version").first()
    parts = (texts.situation, texts.analysis, texts.suggestion) if texts else (opinion.title,)
    row = Referral.objects.create(
        committee=place.committee,
        opinion=opinion,
        year=on.year,
        number=number,
        code=f"D{place.committee.pk}-{on.year % 100}-{number}",
        unit=unit,
        title=opinion.title[:100],
        text="\n".join(part for part in parts if part),
        request=REQUEST,
        referred_on=on,
        referred_by=clerk,
        refuse_until=place.calendar.after(on, 5),
        due_on=plan.today + story.due * ONE_DAY,
        **story.dated,
    )
    _step(row, ReferralStep.Deed.REFER, _at(on), by_user=clerk)
    return row


def _what_the_unit_did(
    row: Referral, name: str, story: Story, plan: Plan, classes: dict[str, ReplyClass]
) -> None:
    deeds, signed = ReferralStep.Deed, _at(row.referred_on + ONE_DAY)
    later = _at(max(row.referred_on + 2 * ONE_DAY, min(row.due_on, plan.today) - 3 * ONE_DAY))
    if story.is_signed:
        row.signed_for_at, row.signed_for_by = signed, SIGNER
        row.assigned_to = "办公室"
        _step(row, deeds.SIGN_FOR, signed, by_name=SIGNER)
    if name == "refusing":
        row.refusal_asked_at = _at(plan.today - ONE_DAY)
        _step(row, deeds.ASK_REFUSAL, row.refusal_asked_at, SIGNER, note=row.refusal_cause)
    if name == "extending":
        until, reason = row.due_on + 20 * ONE_DAY, "涉及多个部门会商。"
        ReferralExtension.objects.create(
            referral=row, until=until, reason=reason, asked_at=later, asked_by=SIGNER
        )
        _step(row, deeds.ASK_EXTENSION, later, SIGNER, note=f"{until:%Y-%m-%d}；{reason}")
    if story.letter in classes:
        _reply(row, name, story, later, classes[story.letter])
    row.save()


def _reply(
    row: Referral, name: str, story: Story, at: datetime.datetime, reply_class: ReplyClass
) -> None:
    deeds, is_given = ReferralStep.Deed, name != "draft"
    planned = datetime.date(at.year + 1, 12, 31) if reply_class.is_planned else None
    reply = Reply.objects.create(
        referral=row,
        reply_class=reply_class,
        text=story.text,
        planned_on=planned,
        planned_precision="year" if planned else "",
        contact_name=SIGNER,
        drafted_at=at,
        drafted_by=SIGNER,
        approved_at=at if is_given else None,
        approved_by="分管负责人" if is_given else "",
        answered_at=at if is_given else None,
    )
    _step(row, deeds.DRAFT, at, SIGNER)
    if not is_given:
        return
    row.answered_at = at
    _step(row, deeds.ANSWER, at, SIGNER, note=str(reply_class))
    if planned:
        Promise.objects.create(
            referral=row, reply=reply, what=story.text, planned_on=planned, precision="year"
        )
    if name == "closed":
        row.closed_at = at + 20 * ONE_DAY
        _step(row, deeds.CLOSE, row.closed_at, by_user=row.referred_by)


def _step(row: Referral, deed: str, at: datetime.datetime, by_name: str = "", **more: Any) -> None:
    ReferralStep.objects.create(referral=row, deed=deed, at=at, by_name=by_name, **more)


def _at(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10, 20)))
