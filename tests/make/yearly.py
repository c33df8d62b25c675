"""Papers of the year and hearings; the education sector's plan of this year unless given."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from activities.models import Hearing, YearPaper
from tests import make


def _subject(over: dict[str, Any]) -> Any:
    return over.get("sector") or over.get("commission") or over.setdefault("sector", make.sector())


def year_paper(*, is_submitted: bool = True, **over: Any) -> YearPaper:
    """Submitted by a clerk just now."""
    committee = _subject(over).committee
    by, now = over.pop("written_by", None) or make.officer("clerk", committee), timezone.now()
    values = {"committee": committee, "year": timezone.localdate().year, "kind": "plan"}
    values |= {"text": "一、学习\n每季度一次", "written_by": by, "written_at": now}
    if is_submitted:
        values |= {"submitted_by": by, "submitted_at": now}
    return YearPaper.objects.create(**values | over)


def hearing(**over: Any) -> Hearing:
    committee = _subject(over).committee
    values = {"committee": committee, "heard_on": timezone.localdate(), "occasion": "主席会议"}
    values["entered_by"] = make.officer("clerk", committee)
    return Hearing.objects.create(**values | over)
