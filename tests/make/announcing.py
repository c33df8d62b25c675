"""Announcements, rules and policy packs, for tests."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from committees.models import Committee, User
from notices.actions import announcing
from notices.audiences import people_of
from notices.models import (
    Acknowledgement,
    Announcement,
    PackItem,
    PolicyPack,
    Rule,
    RuleCategory,
    RuleVersion,
)
from tests import make


def announcement(**over: Any) -> Announcement:
    """The office's draft to everybody that asks for 参加 or 请假 within two days."""
    committee = over.pop("committee", None) or make.committee()
    values: dict[str, Any] = {
        "committee": committee,
        "title": "关于召开界别座谈会的通知",
        "body": "定于近期召开界别座谈会。\n请准时参加。",
        "audience": ["everyone"],
        "audience_words": "全体委员",
        "answering": "attend",
        "signature": committee.office_name,
        "dated_on": timezone.localdate(),
    }
    if over.get("answering") != "none":
        values["answer_until"] = timezone.now() + datetime.timedelta(days=2)
    if "created_by" not in over:
        values["created_by"] = make.officer("clerk", committee)
    return Announcement.objects.create(**values | over)


def published(**over: Any) -> Announcement:
    """The same, sent to the people of today by the verb itself."""
    row = announcement(**over)
    return announcing.publish_announcement(row, by=row.created_by)


def sent(**over: Any) -> Announcement:
    """Published rows alone: nobody got a notice, nothing stands in the trail."""
    row = announcement(published_at=timezone.now(), **over)
    people = people_of(row.audience, row.committee)
    Acknowledgement.objects.bulk_create(
        Acknowledgement(
            committee=row.committee,
            announcement=row,
            recipient=one.user,
            name=one.name,
            name_key=one.name_key,
            heading=one.heading,
        )
        for one in people
    )
    return row


def answer_of(announcement: Announcement, user: User) -> Acknowledgement:
    return Acknowledgement.objects.get(announcement=announcement, recipient=user)


def rule_category(**over: Any) -> RuleCategory:
    committee = over.pop("committee", None) or make.committee()
    name = over.pop("name", "委员履职")
    return RuleCategory.objects.get_or_create(committee=committee, name=name, defaults=over)[0]


def rule(**over: Any) -> Rule:
    """With one version, in force since yesterday."""
    committee: Committee = over.pop("committee", None) or make.committee()
    clerk = over.pop("by", None) or make.officer("clerk", committee)
    begins = timezone.localdate() - datetime.timedelta(days=1)
    values = {"title": "委员履职工作规则", "created_by": clerk}
    values["category"] = over.pop("category", None) or rule_category(committee=committee)
    row = Rule.objects.create(committee=committee, **values | over)
    RuleVersion.objects.create(
        rule=row, number=1, text="第一条　为规范履职。", effective_from=begins, issued_by=clerk
    )
    return row


def pack(**over: Any) -> PolicyPack:
    """Published, with one material."""
    committee: Committee = over.pop("committee", None) or make.committee()
    clerk = over.pop("by", None) or make.officer("clerk", committee)
    values = {"title": "惠企政策一览", "created_by": clerk, "published_at": timezone.now()}
    row = PolicyPack.objects.create(committee=committee, **values | over)
    PackItem.objects.create(pack=row, position=1, title="减税降费", text="小微企业……")
    return row
