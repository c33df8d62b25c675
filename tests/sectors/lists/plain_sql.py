"""What the lists of a day are, told once more in plain SQL on the tables, without a model."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection

from members.name_order import in_stroke_order
from tests.sectors.lists.carried import WORKS

SERVING = """
    FROM members_membership ms
    JOIN members_member m ON m.id = ms.member_id
    LEFT JOIN sectors_seat st ON st.membership_id = ms.id AND st.span @> %(day)s::date
    LEFT JOIN sectors_sector s ON s.id = st.sector_id
    WHERE ms.committee_id = %(committee)s AND ms.span @> %(day)s::date
"""
HIGHER = """
    EXISTS (SELECT 1 FROM members_position h WHERE h.membership_id = ms.id
            AND h.span @> %(day)s::date
            AND h.kind IN ('chair', 'vice_chair', 'secretary_general'))
"""
STAYED = """
    EXISTS (SELECT 1 FROM members_membership b JOIN committees_term t ON t.id = b.term_id
            WHERE b.member_id = m.id AND NOT isempty(b.span) AND t.ordinal <
                  (SELECT ordinal FROM committees_term WHERE id = ms.term_id))
"""
TERM_BEFORE = """
    EXISTS (SELECT 1 FROM members_membership b JOIN committees_term t ON t.id = b.term_id
            WHERE t.committee_id = %(committee)s AND NOT isempty(b.span) AND t.ordinal + 1 =
                  (SELECT ordinal FROM committees_term WHERE id = ms.term_id))
"""
# Every figure as a condition on a serving member.
CONDITIONS = {
    "all": "true",
    "cpc": "'cpc' = ANY (m.parties)",
    "non_cpc": "m.parties <> '{}' AND NOT 'cpc' = ANY (m.parties)",
    "party_unknown": "m.parties = '{}'",
    "party_cdl": "'cdl' = ANY (m.parties)",
    "party_cndca": "'cndca' = ANY (m.parties)",
    "party_masses": "'masses' = ANY (m.parties)",
    "women": "m.sex = 'female'",
    "minorities": "m.ethnicity NOT IN ('汉族', '汉')",
    "new": f"{TERM_BEFORE} AND NOT {STAYED}",
    "staying": f"{TERM_BEFORE} AND {STAYED}",
    "added": "ms.entry = 'added'",
    "heads": HIGHER,
    "standing": f"""EXISTS (SELECT 1 FROM members_position p WHERE p.membership_id = ms.id
        AND p.span @> %(day)s::date AND p.kind = 'standing') AND NOT {HIGHER}""",
    "convenors": """EXISTS (SELECT 1 FROM sectors_convenorship c WHERE c.seat_id = st.id
        AND c.span @> %(day)s::date)""",
    "age_known": "m.birth_month <= %(day)s::date",
    "age_unknown": "m.birth_month IS NULL OR m.birth_month > %(day)s::date",
}


def asked(sql: str, committee: int, day: datetime.date, **more: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"committee": committee, "day": day, **more})
        return cursor.fetchall()


def by_sector(committee: int, day: datetime.date) -> list[tuple]:
    sql = f"SELECT s.name, m.id {SERVING} ORDER BY s.position, s.id, m.name_key, m.id"
    return asked(sql, committee, day)  # PostgreSQL puts what is missing last


def by_strokes(committee: int, day: datetime.date) -> list[tuple]:
    return asked(f"SELECT '', m.id {SERVING} ORDER BY m.name_key, m.id", committee, day)


def by_unit(committee: int, day: datetime.date) -> list[tuple]:
    units = in_stroke_order({unit for unit in WORKS.values() if unit})
    known = ", ".join(
        f"('{work}', '{unit}', {units.index(unit)})" for work, unit in WORKS.items() if unit
    )
    sql = f"""
        SELECT u.unit, x.id FROM (SELECT m.id, m.work, m.name_key {SERVING}) x
        LEFT JOIN (VALUES {known}) AS u (work, unit, place) ON u.work = x.work
        ORDER BY u.place, x.name_key, x.id
    """
    return asked(sql, committee, day)


def by_position(committee: int, day: datetime.date) -> list[tuple]:
    sql = f"""
        SELECT p.kind, m.id
        FROM members_position p
        JOIN members_membership ms ON ms.id = p.membership_id
        JOIN members_member m ON m.id = ms.member_id
        WHERE ms.committee_id = %(committee)s AND ms.span @> %(day)s::date
          AND p.span @> %(day)s::date AND NOT (p.kind = 'standing' AND {HIGHER})
        ORDER BY array_position(
            ARRAY['chair', 'vice_chair', 'secretary_general', 'standing']::varchar[], p.kind),
            p.rank, m.name_key, m.id
    """
    return asked(sql, committee, day)


def held(committee: int, day: datetime.date) -> list[tuple]:
    """Member, sector, place as convenor, positions, commissions with duty, street group, head."""
    sql = f"""
        SELECT m.id, s.name,
          (SELECT c.place FROM sectors_convenorship c WHERE c.seat_id = st.id
            AND c.span @> %(day)s::date),
          ARRAY(SELECT p.kind::text FROM members_position p WHERE p.membership_id = ms.id
            AND p.span @> %(day)s::date ORDER BY array_position(
            ARRAY['chair', 'vice_chair', 'secretary_general', 'standing']::varchar[], p.kind)),
          ARRAY(SELECT g.name || ' ' || c.duty FROM sectors_commissionseat c
            JOIN sectors_commission g ON g.id = c.commission_id WHERE c.membership_id = ms.id
            AND c.span @> %(day)s::date ORDER BY g.position, g.id),
          (SELECT g.name || CASE WHEN q.is_head THEN ' head' ELSE '' END FROM sectors_streetseat q
            JOIN sectors_streetgroup g ON g.id = q.street_group_id
            WHERE q.membership_id = ms.id AND q.span @> %(day)s::date)
        {SERVING} ORDER BY m.name_key, m.id
    """
    return asked(sql, committee, day)


def figures(committee: int, day: datetime.date) -> list[tuple]:
    """Member, sector, and for each of CONDITIONS whether the member counts."""
    told = ", ".join(f"coalesce({condition}, false)" for condition in CONDITIONS.values())
    sql = f"SELECT m.id, s.name, {told} {SERVING} ORDER BY m.name_key, m.id"
    return asked(sql, committee, day)


def average_ages(committee: int, day: datetime.date) -> dict[str | None, Any]:
    """Sector → the average of full years; the whole under 全部; None for who has no sector."""
    age = "extract(year FROM age(%(day)s::date, m.birth_month))"
    told = f"round(avg({age}) FILTER (WHERE m.birth_month <= %(day)s::date)::numeric, 1)"
    found = dict(asked(f"SELECT s.name, {told} {SERVING} GROUP BY s.name", committee, day))
    found["全部"] = asked(f"SELECT {told} {SERVING}", committee, day)[0][0]
    return found


def boundaries(committee: int) -> list[datetime.date]:
    """Every day on which something begins or ends in this committee."""
    tables = (
        "members_membership", "members_position", "sectors_seat", "sectors_convenorship",
        "sectors_commissionseat", "sectors_streetseat",
    )  # fmt: skip
    ends = " UNION ".join(
        f"SELECT {end}(span) FROM {table} WHERE committee_id = %(committee)s"
        for table in tables
        for end in ("lower", "upper")
    )
    sql = f"SELECT d FROM ({ends}) AS days (d) WHERE d IS NOT NULL ORDER BY d"
    return [day for (day,) in asked(sql, committee, datetime.date.min)]
