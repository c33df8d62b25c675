"""The short lists that forms and filters offer (channels, sectors …), read once a minute.

They change a few times a year and are needed on almost every page, so they come from the cache: a
list page spends its statements on its rows. What the office changes is on screen within a minute,
at once where `forget` was called.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.cache import cache
from django.db import models

from committees.models import Committee

SECONDS = 60
Row = TypeVar("Row", bound=models.Model)


def rows_of(model: type[Row], committee: Committee) -> list[Row]:
    """All rows of a dictionary of one committee in its own order, inactive ones among them."""
    key = _key(model, committee.pk)
    rows = cache.get(key)
    if rows is None:
        rows = list(_manager(model).in_committee(committee))
        cache.set(key, rows, SECONDS)
    return rows


def active_rows(model: type[Row], committee: Committee) -> list[Row]:
    """The rows that may still be chosen."""
    return [row for row in rows_of(model, committee) if getattr(row, "is_active", True)]


def forget(model: type[models.Model], committee_id: int) -> None:
    """After a row was added or changed: the next page reads anew."""
    cache.delete(_key(model, committee_id))


def _manager(model: type[models.Model]) -> Any:
    return model._default_manager


def _key(model: type[models.Model], committee_id: int) -> str:
    return f"dictionary:{model._meta.label_lower}:{committee_id}"
