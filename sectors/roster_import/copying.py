"""Many rows into one table with COPY: ids drawn beforehand, defaults filled in, no instances."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import is_
from typing import Any

from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"


def copy_in(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    """Write the rows, values in the order of the attribute `names`, and return their ids.

    Values are as the column holds them: a SealedField's sealed, a TwinField's made. A field that
    is not named takes its default. Constraints hold as for any INSERT: an IntegrityError of Django.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return []
    count = len(columns[0])
    meta = model._meta
    fields = {field.attname: field for field in meta.concrete_fields}
    rest = [field for name, field in fields.items() if name not in names and field is not meta.pk]
    tail = "".join(f"\t{_text(_default(field))}" for field in rest) + "\n"
    written: list[Any] = [
        field.column for field in (meta.pk, *(fields[name] for name in names), *rest)
    ]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, %s))) FROM generate_series(1, %s)",
            [quote(meta.db_table), meta.pk.column, count],
        )
        ids = [row[0] for row in cursor.fetchall()]
        texts = [map(str, ids), *map(_texts, columns)]
        lines = tail.join(map("\t".join, zip(*texts, strict=True))) + tail
        sql = f"COPY {quote(meta.db_table)} ({', '.join(map(quote, written))}) FROM STDIN"
        with connection.wrap_database_errors:
            cursor.copy_expert(sql, io.StringIO(lines))
    return ids


def _default(field: models.Field) -> Any:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return timezone.now()
    return field.get_default()


def _texts(column: tuple[Any, ...]) -> Iterable[str]:
    """The values of one column as COPY reads them; one that all rows share is written once."""
    if all(map(is_, column, repeat(column[0]))):
        return repeat(_text(column[0]), len(column))
    kinds = set(map(type, column))
    if kinds == {int}:
        return map(str, column)
    if kinds == {str}:
        whole = "".join(column)
        return map(_text, column) if any(chr(one) in whole for one in ESCAPED) else column
    return map(_text, column)


def _text(value: Any) -> str:
    """The value as COPY's text format reads it."""
    if isinstance(value, str):
        return value.translate(ESCAPED) if not value.isalnum() else value
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        quoted = (str(one).replace("\\", "\\\\").replace('"', '\\"') for one in value)
        return ("{" + ",".join(f'"{one}"' for one in quoted) + "}").translate(ESCAPED)
    if isinstance(value, DateRange):
        return _range(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def _range(span: DateRange) -> str:
    if span.isempty:
        return "empty"
    return f"[{span.lower or ''},{span.upper or ''})"
