"""What stays of activities, consultations and outcomes, for tests."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from activities.models import (
    Activity,
    ActivityFile,
    ActivityPhoto,
    ActivityText,
    AgendaItem,
    FollowUp,
    Outcome,
    OutcomeAuthor,
    OutcomeFile,
    Participant,
    Resolution,
)
from tests import make


def _of(over: dict[str, Any], **values: Any) -> dict[str, Any]:
    if "activity" not in over:
        over["activity"] = make.activity()
    return values | over


def consultation(**over: Any) -> Activity:
    """Begun an hour ago, unless said otherwise."""
    over.setdefault("starts_at", timezone.now() - datetime.timedelta(hours=1))
    return make.activity(kind=Activity.Kind.CONSULTATION, **over)


def file(**over: Any) -> ActivityFile:
    values = _of(over)
    values.setdefault("attachment", make.attachment(committee=values["activity"].committee))
    values.setdefault("added_by", values["activity"].created_by)
    return ActivityFile.objects.create(**values)


def photo(**over: Any) -> ActivityPhoto:
    values = _of(over, has_consent=True)
    values.setdefault("attachment", make.attachment(committee=values["activity"].committee))
    values.setdefault("added_by", values["activity"].created_by)
    return ActivityPhoto.objects.create(**values)


def text(**over: Any) -> ActivityText:
    values = _of(over, kind=ActivityText.Kind.WRITE_UP, text="活动顺利举办。")
    values.setdefault("written_by", values["activity"].created_by)
    return ActivityText.objects.create(**values)


def follow_up(**over: Any) -> FollowUp:
    values = _of(over, what=f"第{make._next()}件后续事项")
    values.setdefault("committee", values["activity"].committee)
    values.setdefault("created_by", values["activity"].created_by)
    return FollowUp.objects.create(**values)


def item(**over: Any) -> AgendaItem:
    over.setdefault("activity", None)
    activity = over["activity"] = over["activity"] or consultation()
    values = {"words": f"第{make._next()}个议题", "added_by": activity.created_by}
    return AgendaItem.objects.create(**values | over)


def participant(**over: Any) -> Participant:
    over.setdefault("activity", None)
    over["activity"] = over["activity"] or consultation()
    values = {"kind": Participant.Kind.RESIDENTS, "name": f"第{make._next()}社区居民", "count": 5}
    return Participant.objects.create(**values | over)


def resolution(**over: Any) -> Resolution:
    """Somebody's, due in a month."""
    over.setdefault("activity", None)
    activity = over["activity"] = over["activity"] or consultation()
    values = {
        "committee": activity.committee,
        "what": f"第{make._next()}件议定事项",
        "due_on": timezone.localdate() + datetime.timedelta(days=30),
        "created_by": activity.created_by,
    }
    if not {"unit", "workroom", "member"} & over.keys():
        values["other"] = "物业公司"
    return Resolution.objects.create(**values | over)


def outcome(**over: Any) -> Outcome:
    """A confirmed report of one member, a week ago; `author=None, body_name=` for a body."""
    author = over.pop("author", None)
    part = {key: over.pop(key) for key in ("body_name", "commission") if key in over}
    if author is None and not part:
        author = make.member()
    belongs = over.get("committee") or (author.committee if author else make.committee())
    sector = over.pop("body_sector", None)
    values = {
        "committee": belongs,
        "kind": Outcome.Kind.REPORT,
        "title": f"关于第{make._next()}件事的调研报告",
        "done_on": timezone.localdate() - datetime.timedelta(days=7),
        "text": "调研情况和建议。",
        "confirmed_at": timezone.now(),
    }
    if "created_by" not in over:
        values["created_by"] = author.user if author and author.user else make.user()
    row = Outcome.objects.create(**values | over)
    OutcomeAuthor.objects.create(outcome=row, place=1, member=author, sector=sector, **part)
    return Outcome.objects.for_list().get(pk=row.pk)


def outcome_file(**over: Any) -> OutcomeFile:
    row = over.get("outcome") or outcome()
    values = {"outcome": row, "added_by": row.created_by}
    values.setdefault("attachment", make.attachment(committee=row.committee))
    return OutcomeFile.objects.create(**values | over)
