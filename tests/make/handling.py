"""Referrals, replies, promises and evaluations for tests, as `tests.make` makes the rest."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from committees.actions import take_number
from opinions.models import (
    Evaluation,
    Promise,
    Referral,
    ReferralStep,
    Reply,
    ReplyClass,
    Status,
    UnitLink,
)
from tests import make

DAY = datetime.timedelta(days=1)


def reply_class(**over: Any) -> ReplyClass:
    """`letter=` of one that the committee has already gives that one."""
    committee = over.pop("committee", None) or make.committee()
    letter = over.pop("letter", "A")
    given = {"name": f"办理结果{letter}", "is_planned": letter == "B", "is_solved": letter == "A"}
    row, _ = ReplyClass.objects.get_or_create(
        committee=committee, letter=letter, defaults=given | over
    )
    return row


def referral(**over: Any) -> Referral:
    """Referred today, of an issued opinion; due in 30 days. `opinion=None` with another matter."""
    today = over.pop("referred_on", None) or timezone.localdate()
    other = over.get("proposal") or over.get("reception")
    if "opinion" not in over and other is None:
        over["opinion"] = make.opinion(status=Status.ISSUED)
    matter = over.get("opinion") or other
    committee = over.pop("committee", None) or (matter.committee if matter else make.committee())
    if "unit" not in over:
        over["unit"] = make.unit(committee=committee)
    with transaction.atomic():
        number = take_number(committee, "referral", today.year)
    values = {
        "committee": committee,
        "year": today.year,
        "number": number,
        "code": f"T{committee.pk}-{today.year % 100}-{number}",
        "title": getattr(matter, "title", "") or "关于改善路口通行的建议",
        "text": "路口早晚高峰拥堵。建议增设左转车道。",
        "referred_on": today,
        "referred_by": over.pop("referred_by", None) or make.user(),
        "refuse_until": today + 7 * DAY,
        "due_on": today + 30 * DAY,
    }
    row = Referral.objects.create(**values | over)
    ReferralStep.objects.create(
        referral=row, deed=ReferralStep.Deed.REFER, at=timezone.now(), by_user=row.referred_by
    )
    return row


def reply(**over: Any) -> Reply:
    """Given now, with class A; `answered_at=None` for a draft. Dates the referral too."""
    asked = over.pop("referral", None) or referral()
    now = timezone.now()
    values = {
        "round": asked.replies.count() + 1,
        "text": "已增设左转车道。",
        "drafted_at": now,
        "answered_at": now,
    }
    if "reply_class" not in over:
        over["reply_class"] = reply_class(committee=asked.committee)
    row = Reply.objects.create(referral=asked, **values | over)
    if row.answered_at:
        asked.signed_for_at = asked.signed_for_at or row.answered_at
        asked.answered_at = row.answered_at
        asked.save(update_fields=["signed_for_at", "answered_at"])
    return row


def promise(**over: Any) -> Promise:
    """Planned for 60 days from now, by a reply of class B."""
    said = over.pop("reply", None)
    if said is None:
        asked = over.pop("referral", None) or referral()
        said = reply(referral=asked, reply_class=reply_class(committee=asked.committee, letter="B"))
    values = {
        "referral": said.referral,
        "what": "年内完成路口改造",
        "planned_on": timezone.localdate() + 60 * DAY,
        "precision": "day",
    }
    return Promise.objects.create(reply=said, **values | over)


def evaluation(**over: Any) -> Evaluation:
    """Asked now of the first author, not answered yet."""
    said = over.pop("reply", None) or reply()
    asked = said.referral
    values = {
        "referral": asked,
        "member": over.pop("member", None) or asked.opinion.authors.order_by("authorships").first(),
        "asked_at": timezone.now(),
        "due_on": timezone.localdate() + 14 * DAY,
    }
    return Evaluation.objects.create(reply=said, **values | over)


def unit_link(**over: Any) -> UnitLink:
    """Of a unit, valid for 30 days; token and code are whatever is given as twin and hash."""
    unit = over.pop("unit", None) or make.unit()
    now = timezone.now()
    values = {
        "committee": unit.committee,
        "token_twin": f"twin-{unit.pk}-{UnitLink.objects.count()}",
        "code_hash": "!",
        "made_by": over.pop("made_by", None) or make.user(),
        "made_at": now,
        "expires_at": now + 30 * DAY,
    }
    return UnitLink.objects.create(unit=unit, **values | over)
