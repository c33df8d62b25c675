"""Rows as they stood around a deed: what it made, changed and took away, and putting it back.

The tables are read by PostgreSQL before and after, so whatever a deed writes, now or in a later
version, is in its images; nothing has to be remembered by hand.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from committees.broken_rules import refused_where_referred
from sectors.roster_import.tracing import table_of

# `{label: {"made": [[id, row]], "changed": [[id, before, after]], "gone": [[id, row]]}}`
Images = dict[str, dict[str, list[list[Any]]]]
PARTS = ("made", "changed", "gone")
GONE = "DROP TABLE IF EXISTS rows_before"


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one table to watch: `where` is SQL on `t`, `without` are columns left out."""

    label: str
    where: str
    values: tuple[Any, ...]
    without: tuple[str, ...] = ()

    def select(self) -> tuple[str, list[Any]]:
        """`(label, id, held)`; `held` is the row as JSON."""
        sql = (
            f"SELECT %s::text AS label, t.id::bigint AS id, to_jsonb(t) - %s::text[] AS held "
            f"FROM {table_of(self.label)} AS t WHERE {self.where}"
        )
        return sql, [self.label, list(self.without), *self.values]


class Watch:
    """`begin` before the deed's first write, `end` after its last, in one transaction."""

    def __init__(self, sources: Iterable[Source]) -> None:
        parts = [one.select() for one in sources]
        self.sql = " UNION ALL ".join(sql for sql, _values in parts)
        self.values = [value for _sql, values in parts for value in values]

    def begin(self) -> None:
        if self.sql:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"{GONE}; CREATE TEMPORARY TABLE rows_before AS {self.sql}", self.values
                )

    def end(self) -> Images:
        """What is different now."""
        images: Images = {}
        if not self.sql:
            return images
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT label, id, old.held, now.held FROM rows_before AS old "
                f"FULL JOIN ({self.sql}) AS now USING (label, id) "
                "WHERE old.held IS DISTINCT FROM now.held ORDER BY label, id",
                self.values,
            )
            for label, pk, before, after in cursor.fetchall():
                add(images, label, pk, _read(before), _read(after))
            cursor.execute(GONE)
        return images


def add(images: Images, label: str, pk: int, before: Any, after: Any) -> None:
    part = images.setdefault(label, {name: [] for name in PARTS})
    if before is None:
        part["made"].append([pk, after])
    elif after is None:
        part["gone"].append([pk, before])
    else:
        part["changed"].append([pk, before, after])


def ids_made(images: Images, label: str) -> list[int]:
    return [pk for pk, _row in images.get(label, {}).get("made", [])]


def changed_since(images: Images) -> Counter[str]:
    """How many rows of each table are not what the deed made of them; one statement a table."""
    counted: Counter[str] = Counter()
    for label, part in images.items():
        left = dict(part["made"])
        left |= {pk: after for pk, _before, after in part["changed"]}
        gone = [pk for pk, _row in part["gone"]]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, to_jsonb(t) FROM {table_of(label)} AS t WHERE id = ANY(%s) FOR UPDATE",
                [[*left, *gone]],
            )
            now = {pk: _read(row) for pk, row in cursor.fetchall()}
        number = sum(pk in now for pk in gone)
        for pk, row in left.items():
            same = pk in now and {name: now[pk].get(name) for name in row} == row
            number += not same
        if number:
            counted[label] = number
    return counted


def put_back(images: Images, order: Iterable[str] = ()) -> None:
    """Take away what was made, bring back what was taken away, give changed columns their values.

    `order` names tables those first that others refer to. ValidationError `depends` where a row of
    any table points at one that would go.
    """
    known = [one for one in order if one in images]
    labels = [*known, *(one for one in images if one not in known)]
    words = _("已有其他记录以此为依据，不能撤销。")
    with refused_where_referred(ValidationError(words, code="depends")):
        for label in reversed(labels):
            if made := ids_made(images, label):
                _run(f"DELETE FROM {table_of(label)} WHERE id = ANY(%s)", [made])
        for label in labels:
            _bring_back(label, [row for _pk, row in images[label]["gone"]])
            _restore(label, images[label]["changed"])


def named(counted: Counter[str]) -> str:
    """席位 3 条、委员 1 条"""
    return "、".join(
        _("%(what)s %(count)d 条") % {"what": name_of(label), "count": count}
        for label, count in counted.items()
    )


def name_of(label: str) -> str:
    meta: Any = apps.get_model(label)._meta
    return str(meta.auto_created._meta.verbose_name if meta.auto_created else meta.verbose_name)


def _bring_back(label: str, rows: list[Any]) -> None:
    if rows:
        table = table_of(label)
        _run(
            f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)",
            [json.dumps(rows)],
        )


def _restore(label: str, changed: list[list[Any]]) -> None:
    """Give every changed column its old value; what the deed left alone is not touched."""
    names = {name for _pk, old, new in changed for name in new if old.get(name) != new[name]}
    if not names:
        return
    table, quoted = table_of(label), [connection.ops.quote_name(one) for one in sorted(names)]
    _run(
        f"UPDATE {table} AS t SET {', '.join(f'{one} = was.{one}' for one in quoted)} "
        f"FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS was WHERE was.id = t.id",
        [json.dumps([old for _pk, old, _new in changed])],
    )


def _run(sql: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _read(held: Any) -> Any:
    return json.loads(held) if isinstance(held, str) else held
