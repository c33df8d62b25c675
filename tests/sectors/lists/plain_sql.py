"""What the lists of many days are, told once more in plain SQL on the tables, without a model.

Each statement tells all the days at once: `{day: rows}`, a day without rows being left out.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection

from members.name_order import in_stroke_order
from tests.sectors.lists.carried import WORKS

Days = Iterable[datetime.date]
Told = dict[datetime.date, list[tuple]]

SERVING = """
    FROM unnest(%(days)s::date[]) AS d (day)
    JOIN members_membership ms ON ms.span @> d.day
    JOIN members_member m ON m.id = ms.member_id
    LEFT JOIN sectors_seat st ON st.membership_id = ms.id AND st.span @> d.day
    LEFT JOIN sectors_sector s ON s.id = st.sector_id
"""
IN_COMMITTEE = "WHERE ms.committee_id = %(committee)s"
HIGHER = """
    EXISTS (SELECT 1 FROM members_position h WHERE h.membership_id = ms.id
            AND h.span @> d.day
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
        AND p.span @> d.day AND p.kind = 'standing') AND NOT {HIGHER}""",
    "convenors": """EXISTS (SELECT 1 FROM sectors_convenorship c WHERE c.seat_id = st.id
        AND c.span @> d.day)""",
    "age_known": "m.birth_month <= d.day",
    "age_unknown": "m.birth_month IS NULL OR m.birth_month > d.day",
}


def asked(sql: str, committee: int, days: Days) -> Told:
    """The rows of a statement whose first column is the day."""
    told: Told = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"committee": committee, "days": list(days)})
        for day, *row in cursor.fetchall():
            told[day].append(tuple(row))
    return told


def by_sector(committee: int, days: Days) -> Told:
    sql = f"""
        SELECT d.day, s.name, m.id {SERVING} {IN_COMMITTEE}
        ORDER BY d.day, s.position, s.id, m.name_key, m.id
    """
    return asked(sql, committee, days)  # PostgreSQL puts what is missing last


def by_strokes(committee: int, days: Days) -> Told:
    sql = f"SELECT d.day, '', m.id {SERVING} {IN_COMMITTEE} ORDER BY d.day, m.name_key, m.id"
    return asked(sql, committee, days)


def by_unit(committee: int, days: Days) -> Told:
    units = in_stroke_order({unit for unit in WORKS.values() if unit})
    known = ", ".join(
        f"('{work}', '{unit}', {units.index(unit)})" for work, unit in WORKS.items() if unit
    )
    sql = f"""
        SELECT d.day, u.unit, m.id {SERVING}
        LEFT JOIN (VALUES {known}) AS u (work, unit, place) ON u.work = m.work
        {IN_COMMITTEE} ORDER BY d.day, u.place, m.name_key, m.id
    """
    return asked(sql, committee, days)


def by_position(committee: int, days: Days) -> Told:
    sql = f"""
        SELECT d.day, p.kind, m.id {SERVING}
        JOIN members_position p ON p.membership_id = ms.id AND p.span @> d.day
        {IN_COMMITTEE} AND NOT (p.kind = 'standing' AND {HIGHER})
        ORDER BY d.day, array_position(
            ARRAY['chair', 'vice_chair', 'secretary_general', 'standing']::varchar[], p.kind),
            p.rank, m.name_key, m.id
    """
    return asked(sql, committee, days)


def by_commission(committee: int, days: Days) -> Told:
    """With the duty; who sits in none comes last."""
    sql = f"""
        SELECT d.day, g.name, m.id, coalesce(c.duty, '') {SERVING}
        LEFT JOIN sectors_commissionseat c ON c.membership_id = ms.id AND c.span @> d.day
        LEFT JOIN sectors_commission g ON g.id = c.commission_id
        {IN_COMMITTEE} ORDER BY d.day, g.position, g.id,
            array_position(ARRAY['head', 'deputy', 'member']::varchar[], c.duty),
            m.name_key, m.id
    """
    return asked(sql, committee, days)


def by_street(committee: int, days: Days) -> Told:
    """With whether the member heads the group; who is in none comes last."""
    sql = f"""
        SELECT d.day, g.name, m.id, coalesce(q.is_head, false) {SERVING}
        LEFT JOIN sectors_streetseat q ON q.membership_id = ms.id AND q.span @> d.day
        LEFT JOIN sectors_streetgroup g ON g.id = q.street_group_id
        {IN_COMMITTEE} ORDER BY d.day, g.position, g.id, q.is_head DESC, m.name_key, m.id
    """
    return asked(sql, committee, days)


def held(committee: int, days: Days) -> Told:
    """Member, sector, place as convenor, positions, commissions with duty, street group, head."""
    sql = f"""
        SELECT d.day, m.id, s.name,
          (SELECT c.place FROM sectors_convenorship c WHERE c.seat_id = st.id
            AND c.span @> d.day),
          ARRAY(SELECT p.kind::text FROM members_position p WHERE p.membership_id = ms.id
            AND p.span @> d.day ORDER BY array_position(
            ARRAY['chair', 'vice_chair', 'secretary_general', 'standing']::varchar[], p.kind)),
          ARRAY(SELECT g.name || ' ' || c.duty FROM sectors_commissionseat c
            JOIN sectors_commission g ON g.id = c.commission_id WHERE c.membership_id = ms.id
            AND c.span @> d.day ORDER BY g.position, g.id),
          (SELECT g.name || CASE WHEN q.is_head THEN ' head' ELSE '' END FROM sectors_streetseat q
            JOIN sectors_streetgroup g ON g.id = q.street_group_id
            WHERE q.membership_id = ms.id AND q.span @> d.day)
        {SERVING} {IN_COMMITTEE} ORDER BY d.day, m.name_key, m.id
    """
    return asked(sql, committee, days)


def figures(committee: int, days: Days) -> Told:
    """Member, sector, and for each of CONDITIONS whether the member counts."""
    told = ", ".join(f"coalesce({condition}, false)" for condition in CONDITIONS.values())
    sql = f"""
        SELECT d.day, m.id, s.name, {told} {SERVING} {IN_COMMITTEE}
        ORDER BY d.day, m.name_key, m.id
    """
    return asked(sql, committee, days)


def average_ages(committee: int, days: Days) -> dict[datetime.date, dict[str | None, Any]]:
    """Sector → the average of full years; the whole under 全部; None for who has no sector."""
    age = "extract(year FROM age(d.day, m.birth_month))"
    told = f"round(avg({age}) FILTER (WHERE m.birth_month <= d.day)::numeric, 1)"
    sql = f"""
        SELECT d.day, CASE WHEN grouping(s.name) = 1 THEN '全部' ELSE s.name END, {told}
        {SERVING} {IN_COMMITTEE} GROUP BY d.day, ROLLUP (s.name)
    """
    return {day: dict(rows) for day, rows in asked(sql, committee, days).items()}


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
    with connection.cursor() as cursor:
        cursor.execute(sql, {"committee": committee})
        return [day for (day,) in cursor.fetchall()]
