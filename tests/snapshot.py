"""Rows that many tests begin with, made once a process and put back in one round trip.

Making the cast takes some hundred statements; inserting the same rows again takes one. Their ids
stay what they were the first time: sequences only run forward, so nothing new gets one of them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Generic, TypeVar

from django.apps import apps
from django.db import connection

Made = TypeVar("Made")


class Snapshot(Generic[Made]):
    """`take()` is `make()` on an empty database, and the same rows ever after."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self.make = make
        self.made: Made | None = None
        self.statement = ""

    def take(self) -> Made:
        if self.made is None:
            is_whole = not _filled()
            made = self.make()
            if is_whole:  # rows of somebody else would be put back with them
                self.made, self.statement = copy.deepcopy(made), _inserts()
            return made
        with connection.cursor() as cursor:
            cursor.execute(self.statement)
        return copy.deepcopy(self.made)


def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    outside = {"contenttypes", "auth", "sites"}  # laid by migrate, not by tests
    return sorted({m._meta.db_table for m in models if m._meta.app_label not in outside})


def _filled() -> list[str]:
    """Tables that hold rows, asked in one statement."""
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in _tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def _inserts() -> str:
    """Everything that is there as one text of INSERTs; foreign keys are checked at the end."""
    parts = []
    with connection.cursor() as cursor:
        for table in _filled():
            cursor.execute(f'SELECT json_agg(rows) FROM "{table}" AS rows')
            (rows,) = cursor.fetchone()
            text = json.dumps(rows, ensure_ascii=False).replace("'", "''")
            parts.append(
                f'INSERT INTO "{table}" SELECT * FROM '
                f"json_populate_recordset(NULL::\"{table}\", '{text}')"
            )
    return ";\n".join(parts)
