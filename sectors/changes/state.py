"""All dated rows of a member as one value: to tell what a change did, and to put it back.

Of a sector or a commission: its leaders' contacts.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any, TypeAlias

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from committees.broken_rules import refused_where_referred
from committees.models import User
from members.models import Change, Delegate, Member, Membership, Position
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    LeaderContact,
    Seat,
    Sector,
    StreetSeat,
)

Target: TypeAlias = Member | Sector | Commission
State: TypeAlias = dict[str, dict[str, Any]]  # `seat:12` → its columns, spans as PostgreSQL's text

# Children before what they stand on. The path leads from the row to the member.
BOOKS: dict[str, tuple[type[models.Model], str]] = {
    "convenor": (Convenorship, "seat__membership__member"),
    "seat": (Seat, "membership__member"),
    "position": (Position, "membership__member"),
    "commission": (CommissionSeat, "membership__member"),
    "street": (StreetSeat, "membership__member"),
    "leader": (LeaderContact, "member"),
    "delegate": (Delegate, "member"),
    "membership": (Membership, "member"),
    "member": (Member, "pk"),
    "account": (User, ""),
}
DATED = frozenset(BOOKS) - {"member", "account"}  # those two are made by entering


def state_of(target: Target) -> State:
    """Every dated row of the target, in one statement."""
    if isinstance(target, Member):
        parts = [_rows(of, path, target) for of, (_model, path) in BOOKS.items() if of in DATED]
    else:
        parts = [_rows("leader", str(target._meta.model_name), target)]
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return {f"{of}:{pk}": columns for of, pk, columns in rows}


def rows_in(state: State, of: str) -> list[Any]:
    """The rows of one book as instances, so that what was read once is not read again."""
    model = BOOKS[of][0]
    return [
        model(pk=int(key.partition(":")[2]), **columns | {"span": _span(columns["span"])})
        for key, columns in state.items()
        if key.partition(":")[0] == of
    ]


def _span(text: str) -> DateRange:
    """`[2022-01-12,)` as PostgreSQL writes it, its empty and its open ones too."""
    if text == "empty":
        return DateRange(empty=True)
    days = [datetime.date.fromisoformat(day) if day else None for day in text[1:-1].split(",")]
    return DateRange(days[0], days[1], "[)")


def target_of(change: Change) -> Target:
    """Whose change it is; its committee comes along."""
    if change.member:
        return change.member
    model = {"sector": Sector, "commission": Commission}[change.about_kind]
    row: Any = model._default_manager.get(pk=change.about_pk)
    row.committee = change.committee
    return row


def _rows(of: str, path: str, target: Target) -> Any:
    model = BOOKS[of][0]
    columns = {f.attname: F(f.attname) for f in model._meta.concrete_fields if not f.primary_key}
    rows = model._default_manager.filter(**{path: target}).order_by()
    return rows.values_list(Cast(Value(of), CharField()), "pk", JSONObject(**columns))


def digest(state: State) -> str:
    """Blank texts count as nothing, so that a column which a later version adds does not either."""
    told = {
        key: {name: value for name, value in columns.items() if value != ""}
        for key, columns in state.items()
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def difference(before: State, after: State) -> tuple[State, State]:
    """The rows that differ, as they were and as they are."""
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return (
        {key: row for key, row in before.items() if key in changed},
        {key: row for key, row in after.items() if key in changed},
    )


def made_ids(after: State, before: State, of: str) -> list[int]:
    """Ids of the rows of one book that the change made."""
    keys = [key.split(":") for key in after if key not in before]
    return [int(pk) for book, pk in keys if book == of]


def put_back(before: State, after: State) -> None:
    """Take away what was made and give back what was changed, in the caller's transaction.

    ValidationError `built_on` where another row already stands on one that would go.
    """
    for of, (model, _path) in BOOKS.items():
        if made := made_ids(after, before, of):
            _take_away(model, made)
    for key, columns in before.items():
        of, pk = key.split(":")
        model = BOOKS[of][0]
        model._default_manager.filter(pk=pk).update(**_values(model, columns))


def _take_away(model: type[models.Model], made: list[int]) -> None:
    """Delete without Django's cascades: whatever refers to the row was built on it."""
    rows: Any = model._default_manager.filter(pk__in=made)
    words = _("已有其他记录以这次变动为依据，不能撤销，请按新的变动办理。")
    with refused_where_referred(ValidationError(words, code="built_on")):
        rows._raw_delete(rows.db)


def _values(model: type[models.Model], columns: dict[str, Any]) -> dict[str, Any]:
    """The columns as an update takes them."""
    values = dict(columns)
    for name, value in columns.items():
        field = model._meta.get_field(name)
        if isinstance(field, DateRangeField):
            values[name] = Cast(Value(value, TextField()), DateRangeField())
    return values
