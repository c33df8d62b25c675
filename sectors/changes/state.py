"""All dated rows of a member as one value: to tell what a change did, and to put it back."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeAlias

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from committees.models import User
from members.models import Delegate, Member, Membership, Position
from sectors.models import CommissionSeat, Convenorship, LeaderContact, Seat, StreetSeat

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
PEOPLE = ("member", "account")  # made by entering; no part of the dated life
FOREIGN_KEY_VIOLATION = "23503"


def state_of(member: Member) -> State:
    """Every dated row of the member, in one statement."""
    parts = [_rows(of, member) for of in BOOKS if of not in PEOPLE]
    rows = parts[0].union(*parts[1:], all=True)
    return {f"{of}:{pk}": columns for of, pk, columns in rows}


def _rows(of: str, member: Member) -> Any:
    model, path = BOOKS[of]
    columns = {f.attname: F(f.attname) for f in model._meta.concrete_fields if not f.primary_key}
    rows = model._default_manager.filter(**{path: member}).order_by()
    return rows.values_list(Cast(Value(of), CharField()), "pk", JSONObject(**columns))


def digest(state: State) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


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
    try:
        with transaction.atomic():
            rows._raw_delete(rows.db)
            connection.check_constraints()
    except IntegrityError as error:
        if getattr(error.__cause__, "pgcode", "") != FOREIGN_KEY_VIOLATION:
            raise
        raise ValidationError(
            _("已有其他记录以这次变动为依据，不能撤销，请按新的变动办理。"), code="built_on"
        ) from error


def _values(model: type[models.Model], columns: dict[str, Any]) -> dict[str, Any]:
    """The columns as an update takes them."""
    values = dict(columns)
    for name, value in columns.items():
        field = model._meta.get_field(name)
        if isinstance(field, DateRangeField):
            values[name] = Cast(Value(value, TextField()), DateRangeField())
    return values
