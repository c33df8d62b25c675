"""Saved filters for tests, as `tests.make` makes the rest."""

from __future__ import annotations

from typing import Any

from opinions.models import SavedFilter
from tests import make


def saved_filter(**over: Any) -> SavedFilter:
    """Of a clerk of the committee, unless `user=` is given."""
    committee = over.setdefault("committee", over.get("committee") or make.committee())
    if "user" not in over:
        over["user"] = make.officer("clerk", committee)
    values = {"name": f"筛选{SavedFilter.objects.count() + 1}", "query": "status=received"}
    return SavedFilter.objects.create(**values | over)
