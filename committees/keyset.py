"""Keyset pages: a list is walked along its declared order, so page 1,000 costs what page 1 costs.

A cursor names the last row seen by the values it is ordered by. It is a position and no secret, so
it is checked, not signed: one that cannot be read back opens the first page.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

LONGEST_CURSOR = 400


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows. The cursors are empty where nothing follows or precedes.

    `components/pager.html` turns them into the links `?after=…` and `?before=…`.
    """

    rows: list[Any]
    next_cursor: str = ""
    previous_cursor: str = ""


def page_of(
    queryset: models.QuerySet,
    request: HttpRequest,
    *,
    order: Sequence[str] = ("-waiting_since", "-id"),
    size: int = 20,
    sieve: Callable[[Any, int], Any] | None = None,
) -> Page:
    """The page that `?after=` or `?before=` of the request asks for, in one statement.

    `order` are never empty columns of the model, or of a row it belongs to (`member__name_key`),
    ending in one that is unique among the rows, as `-id`; an index should stand behind it. There is
    no count: a page only knows whether another one follows.
    `sieve(rows, wanted)` narrows the ordered rows from the cursor on, so that it may stop early.
    """
    narrowed = sieve or _unchanged
    columns = [(name.lstrip("-"), name.startswith("-")) for name in order]
    before = _position(queryset.model, columns, request.GET.get("before", ""))
    after = None if before else _position(queryset.model, columns, request.GET.get("after", ""))
    if before:
        backwards = [(name, not falls) for name, falls in columns]
        rows = list(narrowed(_from(queryset, backwards, before), size + 1)[: size + 1])
        rows, has_previous, has_next = rows[:size][::-1], len(rows) > size, True
    else:
        rows = list(narrowed(_from(queryset, columns, after), size + 1)[: size + 1])
        rows, has_previous, has_next = rows[:size], after is not None, len(rows) > size
    if not rows:
        return Page([])
    return Page(
        rows,
        next_cursor=_cursor(rows[-1], columns) if has_next else "",
        previous_cursor=_cursor(rows[0], columns) if has_previous else "",
    )


def cursor_of(row: Any, *, order: Sequence[str] = ("-waiting_since", "-id")) -> str:
    """Where a list stands at this row; pages are `?after=` and `?before=` it."""
    return _cursor(row, [(name.lstrip("-"), name.startswith("-")) for name in order])


def _unchanged(rows: Any, wanted: int) -> Any:
    return rows


def first_page(rows: list[Any], *, order: Sequence[str], size: int) -> Page:
    """The first page of rows fetched with others: up to `size + 1` of them, in their order."""
    columns = [(name.lstrip("-"), name.startswith("-")) for name in order]
    has_next = len(rows) > size
    return Page(rows[:size], next_cursor=_cursor(rows[size - 1], columns) if has_next else "")


def _from(queryset: models.QuerySet, columns: list[tuple[str, bool]], position: Any) -> Any:
    if position is not None:
        queryset = queryset.filter(_beyond(columns, position))
    return queryset.order_by(*(f"-{name}" if falls else name for name, falls in columns))


def _beyond(columns: list[tuple[str, bool]], position: list[Any]) -> models.Q:
    """Rows strictly after the position: a < x, or a = x and b < y, and so on.

    The first column is bounded on its own as well, so that its index can be entered there.
    """
    beyond = models.Q(pk__in=[])
    equal = models.Q()
    for (name, falls), value in zip(columns, position, strict=True):
        beyond |= equal & models.Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
        equal &= models.Q(**{name: value})
    first, falls = columns[0]
    return models.Q(**{f"{first}__{'lte' if falls else 'gte'}": position[0]}) & beyond


def _cursor(row: Any, columns: list[tuple[str, bool]]) -> str:
    values = [_text(row, name) for name, _falls in columns]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _text(row: Any, name: str) -> str:
    *path, last = name.split("__")
    for step in path:
        row = getattr(row, step)
    return str(row.pk) if last == "pk" else str(row._meta.get_field(last).value_to_string(row))


def _position(model: Any, columns: list[tuple[str, bool]], cursor: str) -> list[Any] | None:
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(values, list) or len(values) != len(columns):
            return None
        return [
            _value(model, name, value)
            for (name, _falls), value in zip(columns, values, strict=True)
        ]
    except (ValueError, binascii.Error, ValidationError):
        return None


def _value(model: Any, name: str, value: Any) -> Any:
    """The column's own reading of the text; ValidationError for what it cannot hold."""
    *path, last = name.split("__")
    for step in path:
        model = model._meta.get_field(step).related_model
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    field = getattr(field, "output_field", field)  # of a generated column
    if not isinstance(value, str):
        raise ValidationError(name)
    read = field.to_python(value)
    if read is None:
        raise ValidationError(name)
    field.run_validators(read)
    if isinstance(read, str) and ("\x00" in read or not _is_text(read)):
        raise ValidationError(name)
    return read


def _is_text(value: str) -> bool:
    """JSON can name half of a surrogate pair, which no database column holds."""
    return not any("\ud800" <= sign <= "\udfff" for sign in value)
