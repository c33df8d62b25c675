"""What stands on an import: why it cannot be undone, in words for the office."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import CASCADE
from django.utils.translation import gettext as _

from sectors.models import RosterImport, RosterTrace
from sectors.roster_import.tracing import (
    ACCOUNTS,
    MEMBERSHIPS,
    OWN,
    TABLES,
    columns_of,
    model_of,
    relations_of,
    table_of,
)

Use = tuple[str, str, int, bool]
NAMED = 3  # people named in a sentence; the rest are counted
MEMBERS = "members.member"


def lay_out(traces: list[RosterTrace]) -> None:
    """Set aside `(label, id)` of all that the import wrote, for the statements below.

    `is_new` for what it created. What it only changed refers to what it created by the import's
    own doing, as a sector to its new commission, and is given back its old value.
    """
    rows = [(one.label, pk, True) for one in traces for pk, _digest in one.created]
    rows += [(one.label, pk, False) for one in traces for pk, _before, _after in one.changed]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS roster_mine")
        cursor.execute(
            "CREATE TEMPORARY TABLE roster_mine AS SELECT * FROM "
            "unnest(%s::text[], %s::bigint[], %s::boolean[]) AS mine (label, id, is_new)",
            [[row[at] for row in rows] for at in range(3)],
        )
        cursor.execute("CREATE INDEX ON roster_mine (label, id)")
        cursor.execute("ANALYZE roster_mine")


def reasons(done: RosterImport, traces: list[RosterTrace], found: list[Use]) -> list[str]:
    """Return why the import must stand; nothing when it can be undone. `found` are its `uses`."""
    return [
        *_later(done),
        *_signed_in(traces),
        *_changed_since(traces),
        *_in_use(found),
    ]


def _later(done: RosterImport) -> list[str]:
    later = RosterImport.objects.written_after(done).order_by("-confirmed_at").first()
    return [_("之后又导入过名册“%s”，请先撤销那一次") % later.file_name] if later else []


def _signed_in(traces: list[RosterTrace]) -> list[str]:
    if not any(one.label == ACCOUNTS and one.created for one in traces):
        return []
    sql = (
        f"SELECT name, count(*) OVER () FROM {table_of(ACCOUNTS)} WHERE last_login IS NOT NULL "
        f"AND id IN (SELECT id FROM roster_mine WHERE label = '{ACCOUNTS}' AND is_new) "
        "ORDER BY id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [NAMED])
        found = cursor.fetchall()
    if not found:
        return []
    names = "、".join(name for name, _count in found)
    return [_("%(names)s等 %(count)d 名委员已经登录") % {"names": names, "count": found[0][1]}]


def _changed_since(traces: list[RosterTrace]) -> list[str]:
    """Compare every row that the import wrote with what it is today."""
    counted: dict[str, int] = {}
    for one in traces:
        newer = sorted(set(columns_of(one.label)) - set(one.columns)) + (
            OWN if one.label == ACCOUNTS else []
        )
        digests = dict(one.created)
        held = {pk: after for pk, _before, after in one.changed}
        sql = "SELECT id, md5(held::text), CASE WHEN id = ANY(%s) THEN held END FROM (SELECT id, "
        sql += f"to_jsonb(t) - %s::text[] AS held FROM {table_of(one.label)} AS t "
        sql += "WHERE id = ANY(%s)) AS now"
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(held), newer, [*digests, *held]])
            rows = cursor.fetchall()
        same = sum(
            digests[pk] == digest if pk in digests else held[pk] == json.loads(now)
            for pk, digest, now in rows
        )
        if gone := len(digests) + len(held) - same:
            counted[one.label] = gone
    if not counted:
        return []
    return [_("导入的资料之后又有改动：%s") % _listed(counted)]


def _in_use(found: list[Use]) -> list[str]:
    counted: Counter[str] = Counter()
    for label, _field, count, goes_along in found:
        if not goes_along:
            counted[label] += count
    return [_("已有内容与导入的委员或机构相关：%s") % _listed(counted)] if counted else []


def _listed(counted: dict[str, int]) -> str:
    return "、".join(
        _("%(what)s %(count)d 条") % {"what": _what(label), "count": count}
        for label, count in counted.items()
    )


def _what(label: str) -> str:
    meta: Any = model_of(label)._meta
    return str(meta.auto_created._meta.verbose_name if meta.auto_created else meta.verbose_name)


def uses(traces: list[RosterTrace]) -> list[Use]:
    """`(label, field, rows, goes along)` of what refers to a created row and was not written too.

    What the office or the clock has put beside an account nobody ever used goes along with it.
    Needs `lay_out`.
    """
    labels = [one.label for one in traces if one.created]
    known: list[tuple[str, str, bool]] = []
    parts: list[str] = []
    for label in labels:
        for relation in relations_of(label):
            meta = relation.related_model._meta
            table = connection.ops.quote_name(meta.db_table)
            column = connection.ops.quote_name(relation.field.column)
            parts.append(
                f"SELECT {len(known)} AS place, count(*) FROM {table} AS r JOIN roster_mine AS m "
                f"ON m.is_new AND m.label = '{label}' AND m.id = r.{column} "
                "WHERE NOT EXISTS (SELECT FROM roster_mine AS o "
                f"WHERE o.label = '{meta.label_lower}' AND o.id = r.id)"
            )
            along = label == ACCOUNTS and relation.on_delete is CASCADE
            known.append((meta.label_lower, relation.field.name, along))
    parts += _of_returned(traces, known)
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        counts = dict(cursor.fetchall())
    return [
        (label, name, counts[place], along)
        for place, (label, name, along) in enumerate(known)
        if counts[place]
    ]


def _of_returned(traces: list[RosterTrace], known: list[tuple[str, str, bool]]) -> list[str]:
    marks: dict[str, int] = next((one.marks for one in traces if one.label == MEMBERSHIPS), {})
    parts = []
    returned = (
        f"SELECT member_id FROM {table_of(MEMBERSHIPS)} WHERE id IN "
        f"(SELECT id FROM roster_mine WHERE label = '{MEMBERSHIPS}' AND is_new) "
        f"AND member_id NOT IN (SELECT id FROM roster_mine WHERE label = '{MEMBERS}' AND is_new)"
    )
    for relation in relations_of(MEMBERS) if marks else ():
        meta = relation.related_model._meta
        if meta.label_lower in TABLES:
            continue
        table = connection.ops.quote_name(meta.db_table)
        column = connection.ops.quote_name(relation.field.column)
        parts.append(
            f"SELECT {len(known)}, count(*) FROM {table} AS r WHERE r.{column} IN ({returned}) "
            f"AND r.id > {int(marks.get(meta.label_lower, 0))}"
        )
        known.append((meta.label_lower, relation.field.name, False))
    return parts
