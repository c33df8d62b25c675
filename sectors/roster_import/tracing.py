"""What an import does to the roster's tables, as PostgreSQL sees it, kept for undoing.

The rows of the committee are set aside before the import and compared after it: whatever an import
writes, now or in a later version, is in the trace, and nothing in it had to be remembered by hand.
"""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from committees.models import Committee
from members.models import Member
from sectors.models import RosterImport, RosterTrace

MEMBERSHIPS = "members.membership"
# The tables of a roster, those first that others refer to; accounts are found through the members.
ACCOUNTS = "committees.user"
TABLES = (
    "committees.term", "members.member", MEMBERSHIPS, "members.position", "members.delegate",
    "sectors.commission", "sectors.sector", "sectors.sectoralias", "sectors.seat",
    "sectors.convenorship", "sectors.commissionseat", "sectors.streetgroup", "sectors.streetseat",
    "sectors.leadercontact", "committees.appointment",
)  # fmt: skip
# What an account's owner changes by coming and going is no change of the roster.
OWN = ["last_login", "last_committee_id", "is_elder_mode", "password"]
AGAIN = "DROP TABLE IF EXISTS roster_before"


def model_of(label: str) -> type[Model]:
    return apps.get_model(label)


def table_of(label: str) -> str:
    return connection.ops.quote_name(model_of(label)._meta.db_table)


def columns_of(label: str) -> list[str]:
    return [field.column or "" for field in model_of(label)._meta.concrete_fields]


class Trace:
    """`begin` before the import's first write, `keep` after its last, in its transaction.

    `adopted` are accounts that stood before and become a new member's: not created by the import.
    """

    def __init__(self, committee: Committee, adopted: list[int]) -> None:
        self.committee = committee
        self.adopted = adopted

    def begin(self) -> None:
        sql, values = self._rows()
        with connection.cursor() as cursor:
            cursor.execute(f"{AGAIN}; CREATE TEMPORARY TABLE roster_before AS {sql}", values)

    def keep(self, done: RosterImport, *, marks: dict[str, int]) -> None:
        """Write one RosterTrace for each table that the import touched."""
        sql, values = self._rows()
        columns = {label: columns_of(label) for label in (*TABLES, ACCOUNTS)}
        table = connection.ops.quote_name(RosterTrace._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (roster_import_id, label, created, changed, columns, marks) "
                "SELECT %s, now.label, coalesce(jsonb_agg(jsonb_build_array(now.id, "
                "md5(now.held::text))) FILTER (WHERE old.id IS NULL), '[]'), "
                "coalesce(jsonb_agg(jsonb_build_array(now.id, old.held, now.held)) "
                "FILTER (WHERE old.id IS NOT NULL), '[]'), %s::jsonb -> now.label, "
                "CASE now.label WHEN %s THEN %s::jsonb ELSE '{}' END "
                f"FROM ({sql}) AS now LEFT JOIN roster_before AS old USING (label, id) "
                "WHERE old.id IS NULL OR old.held <> now.held GROUP BY now.label",
                [done.pk, json.dumps(columns), MEMBERSHIPS, json.dumps(marks), *values],
            )
            cursor.execute(AGAIN)

    def _rows(self) -> tuple[str, list[Any]]:
        """`(label, id, held)` of every row of the committee's roster; `held` is the row as JSON."""
        parts, values = [], []
        for label in TABLES:
            parts.append(
                f"SELECT '{label}' AS label, t.id, to_jsonb(t) AS held "
                f"FROM {table_of(label)} AS t WHERE t.committee_id = %s"
            )
            values.append(self.committee.pk)
        parts.append(
            f"SELECT '{ACCOUNTS}', t.id, to_jsonb(t) - %s::text[] FROM {table_of(ACCOUNTS)} AS t "
            f"WHERE t.id = ANY(%s::bigint[]) OR t.id IN "
            f"(SELECT user_id FROM {table_of('members.member')} WHERE committee_id = %s)"
        )
        return " UNION ALL ".join(parts), [*values, OWN, self.adopted, self.committee.pk]


def relations_of(label: str) -> list[Any]:
    """Every foreign key to the model, also of apps above this one, by its declared relation."""
    return [
        one
        for one in model_of(label)._meta.get_fields(include_hidden=True)
        if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)
    ]


def marks_now() -> dict[str, int]:
    """The highest id of each table that refers to members, the roster's own left out.

    A member who returns stood before: only what came after this shows that he is at work again.
    """
    tables = {one.related_model._meta.label_lower for one in relations_of(Member._meta.label_lower)}
    wanted = sorted(tables - set(TABLES))
    parts = [f"SELECT '{label}', coalesce(max(id), 0) FROM {table_of(label)}" for label in wanted]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())
