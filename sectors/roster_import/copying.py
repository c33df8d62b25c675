"""Many rows into one table with COPY: ids drawn beforehand, defaults filled in, no instances."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
TAB, NULL = "\t", "\\N"


def copy_in(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    """Write the rows, values in the order of the attribute `names`, and return their ids.

    Values are as the column holds them: a SealedField's sealed, a TwinField's made. A field that
    is not named takes its default. Constraints hold as for any INSERT: an IntegrityError of Django.
    """
    rows = list(rows)
    if not rows:
        return []
    meta = model._meta
    fields = {field.attname: field for field in meta.concrete_fields}
    rest = [field for name, field in fields.items() if name not in names and field is not meta.pk]
    tail = "".join(f"\t{_text(_default(field))}" for field in rest)
    written: list[Any] = [meta.pk, *(fields[name] for name in names), *rest]
    columns = [field.column for field in written]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [quote(meta.db_table), meta.pk.column, len(rows)],
        )
        ids = [row[0] for row in cursor.fetchall()]
        lines = (
            f"{pk}\t{TAB.join(map(_text, row))}{tail}\n" for pk, row in zip(ids, rows, strict=True)
        )
        sql = f"COPY {quote(meta.db_table)} ({', '.join(map(quote, columns))}) FROM STDIN"
        with connection.wrap_database_errors:
            cursor.copy_expert(sql, io.StringIO("".join(lines)))
    return ids


def _default(field: models.Field) -> Any:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return timezone.now()
    return field.get_default()


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
