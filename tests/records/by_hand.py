"""The figures of the summaries as plain SQL, written by hand: what the portal counts must equal it.

Each is (statement, {kind of subject: condition}). `%(first)s` and `%(end)s` are days, half-open;
moments are compared with Shanghai midnights. `%(scope)s` is the id of the subject.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

FROM = "%(first)s::timestamp AT TIME ZONE 'Asia/Shanghai'"
TO = "%(end)s::timestamp AT TIME ZONE 'Asia/Shanghai'"
NEXT_FROM = "%(next_first)s::timestamp AT TIME ZONE 'Asia/Shanghai'"
NEXT_TO = "%(next_end)s::timestamp AT TIME ZONE 'Asia/Shanghai'"


def days(column: str) -> str:
    return f"{column} >= %(first)s AND {column} < %(end)s"


def moments(column: str, first: str = FROM, end: str = TO) -> str:
    return f"{column} >= {first} AND {column} < {end}"


def of_sector(column: str) -> str:
    """A column with a sector's id, seen from the commission that is matched to it."""
    return f"{column} IN (SELECT id FROM sectors_sector WHERE commission_id = %(scope)s)"


HOSTED = {
    "sector": "(a.sector_id = %(scope)s OR EXISTS (SELECT 1 FROM activities_cohost h"
    " WHERE h.activity_id = a.id AND h.sector_id = %(scope)s))",
    "commission": f"(a.commission_id = %(scope)s OR {of_sector('a.sector_id')}"
    " OR EXISTS (SELECT 1 FROM activities_cohost h WHERE h.activity_id = a.id"
    f" AND (h.commission_id = %(scope)s OR {of_sector('h.sector_id')})))",
    "workroom": "(a.workroom_id = %(scope)s OR EXISTS (SELECT 1 FROM activities_cohost h"
    " WHERE h.activity_id = a.id AND h.workroom_id = %(scope)s))",
}
HELD = "a.published_at IS NOT NULL AND a.called_off_at IS NULL"
ACTIVITY = f"FROM activities_activity a WHERE a.committee_id = %(committee)s AND {HELD}"
VISITED = {
    "sector": "EXISTS (SELECT 1 FROM contacts_visitmember p WHERE p.visit_id = v.id"
    " AND p.sector_id = %(scope)s)",
    "commission": "EXISTS (SELECT 1 FROM contacts_visitmember p WHERE p.visit_id = v.id"
    f" AND {of_sector('p.sector_id')})",
}
VISIT = f"FROM contacts_visit v WHERE v.committee_id = %(committee)s AND {days('v.happened_on')}"
MET = (
    "FROM contacts_visit_contacts m JOIN contacts_visit v ON v.id = m.visit_id"
    " JOIN contacts_contact c ON c.id = m.contact_id"
    f" WHERE v.committee_id = %(committee)s AND {days('v.happened_on')}"
)
ENTERED = {
    "sector": "r.sector_id = %(scope)s",
    "commission": of_sector("r.sector_id"),
    "workroom": "r.workroom_id = %(scope)s",
}
RECEPTION = "FROM workrooms_reception r WHERE r.committee_id = %(committee)s"


def written(report: str) -> dict[str, str]:
    """A report's own sector and those of the reports composed into it."""
    parts = f"EXISTS (SELECT 1 FROM opinions_opinion q WHERE q.merged_into_id = {report}.id AND "
    room = "IN (SELECT id FROM workrooms_reception WHERE workroom_id = %(scope)s)"
    return {
        "sector": f"({report}.sector_id = %(scope)s OR {parts} q.sector_id = %(scope)s))",
        "commission": f"({of_sector(f'{report}.sector_id')}"
        f" OR {report}.body_commission_id = %(scope)s OR {parts}"
        f" ({of_sector('q.sector_id')} OR q.body_commission_id = %(scope)s)))",
        "workroom": f"({report}.reception_id {room} OR {parts} q.reception_id {room}))",
    }


OPINION = "FROM opinions_opinion o WHERE o.committee_id = %(committee)s"
STEPPED = (
    "SELECT count(DISTINCT o.id) FROM opinions_opinion o"
    " JOIN opinions_step s ON s.opinion_id = o.id WHERE o.committee_id = %(committee)s"
)
ADOPTED = (
    "SELECT count(*) FROM opinions_adoption d JOIN opinions_opinion o ON o.id = d.opinion_id"
    f" WHERE d.committee_id = %(committee)s AND {days('d.adopted_on')}"
)
REFERRAL = (
    "FROM opinions_referral f LEFT JOIN opinions_opinion o ON o.id = f.opinion_id"
    " LEFT JOIN workrooms_reception r ON r.id = f.reception_id"
    " WHERE f.committee_id = %(committee)s"
)
HANDLED = {
    kind: f"({written('o')[kind]} OR {ENTERED[kind]})"
    for kind in ("sector", "commission", "workroom")
}
PROMISE = (
    "FROM opinions_promise x JOIN opinions_referral f ON f.id = x.referral_id"
    " LEFT JOIN opinions_opinion o ON o.id = f.opinion_id"
    " LEFT JOIN workrooms_reception r ON r.id = f.reception_id"
    " WHERE f.committee_id = %(committee)s"
)

BY_HAND: dict[str, tuple[str, dict[str, str]]] = {
    "activities": (f"SELECT count(*) {ACTIVITY} AND {moments('a.starts_at')}", HOSTED),
    "attendance": (
        "SELECT count(*) FROM activities_enrolment e"
        " JOIN activities_activity a ON a.id = e.activity_id"
        f" WHERE e.committee_id = %(committee)s AND {HELD}"
        f" AND e.attendance IN ('present', 'late', 'early') AND {moments('a.starts_at')}",
        HOSTED,
    ),
    "served": (f"SELECT sum(a.people_served) {ACTIVITY} AND {moments('a.starts_at')}", HOSTED),
    "visits": (f"SELECT count(*) {VISIT}", VISITED),
    "people": (f"SELECT sum(v.people_count) {VISIT}", VISITED),
    "sectors": (
        "SELECT count(DISTINCT p.sector_id) FROM contacts_visitmember p"
        " JOIN contacts_visit v ON v.id = p.visit_id"
        f" WHERE v.committee_id = %(committee)s AND {days('v.happened_on')}",
        {"commission": of_sector("p.sector_id")},
    ),
    "contacts": (
        f"SELECT count(DISTINCT c.id) {MET}",
        {"sector": "c.sector_id = %(scope)s", "commission": of_sector("c.sector_id")},
    ),
    "occasions": (f"SELECT count(DISTINCT v.occasion_id) {VISIT}", VISITED),
    "rooms": (
        f"SELECT count(*) {ACTIVITY} AND {moments('a.starts_at')} AND (a.workroom_id IS NOT NULL"
        " OR EXISTS (SELECT 1 FROM activities_cohost h WHERE h.activity_id = a.id"
        " AND h.workroom_id IS NOT NULL))",
        {},
    ),
    "duties": (
        "SELECT count(*) FROM workrooms_dutyshift d WHERE d.committee_id = %(committee)s"
        f" AND d.state = 'done' AND {days('d.day')}",
        {"workroom": "d.workroom_id = %(scope)s"},
    ),
    "receptions": (f"SELECT count(*) {RECEPTION} AND {days('r.received_on')}", ENTERED),
    "answered": (
        f"SELECT count(*) {RECEPTION} AND {days('r.received_on')} AND r.disposal = 'on_the_spot'",
        ENTERED,
    ),
    "resolved": (f"SELECT count(*) {RECEPTION} AND {days('r.resulted_on')}", ENTERED),
    "received": (
        f"SELECT count(*) {OPINION} AND NOT o.is_composed AND {days('o.received_on')}",
        written("o"),
    ),
    "reviewed": (
        f"{STEPPED} AND s.move IN ('recommend', 'suggest') AND {moments('s.at')}",
        written("o"),
    ),
    "issued": (
        "SELECT count(*) FROM opinions_opinion o JOIN opinions_issue i ON i.id = o.issue_id"
        f" WHERE o.committee_id = %(committee)s AND {days('i.issued_on')}",
        written("o"),
    ),
    "adopted": (ADOPTED, written("o")),
    "above": (f"{ADOPTED} AND d.level IN ('province', 'nation')", written("o")),
    "referred": (f"SELECT count(*) {REFERRAL} AND {days('f.referred_on')}", HANDLED),
    "replied": (f"SELECT count(*) {REFERRAL} AND {moments('f.answered_at')}", HANDLED),
    "solved": (
        f"SELECT count(*) {REFERRAL} AND {moments('f.answered_at')} AND EXISTS (SELECT 1"
        " FROM opinions_reply y JOIN opinions_replyclass k ON k.id = y.reply_class_id"
        " WHERE y.referral_id = f.id AND y.answered_at IS NOT NULL AND k.is_solved)",
        HANDLED,
    ),
    "planned": (f"SELECT count(*) {PROMISE} AND {days('x.planned_on')}", HANDLED),
    "kept": (f"SELECT count(*) {PROMISE} AND {days('x.settled_on')}", HANDLED),
    "closed": (f"{STEPPED} AND s.target = 'closed' AND {moments('s.at')}", written("o")),
    "overdue": (
        f"SELECT count(*) {REFERRAL} AND f.due_on < %(end)s"
        f" AND (f.answered_at IS NULL OR f.answered_at >= {TO})"
        f" AND (f.closed_at IS NULL OR f.closed_at >= {TO})"
        f" AND (f.ended_at IS NULL OR f.ended_at >= {TO})",
        HANDLED,
    ),
    "coming": (
        f"SELECT count(*) {ACTIVITY} AND {moments('a.starts_at', NEXT_FROM, NEXT_TO)}",
        HOSTED,
    ),
    "to_keep": (
        f"SELECT count(*) {PROMISE} AND x.planned_on >= %(next_first)s"
        " AND x.planned_on < %(next_end)s",
        HANDLED,
    ),
}


def by_hand(committee: Any, period: Any, kind: str = "committee", scope: int = 0) -> dict[str, int]:
    """`{key: number}` of every figure that this kind of subject has."""
    given = {
        "committee": committee.pk,
        "scope": scope,
        "first": period.starts_on,
        "end": period.ends_on,
        "next_first": period.next.starts_on,
        "next_end": period.next.ends_on,
    }
    found = {}
    with connection.cursor() as cursor:
        for key, (sql, conditions) in BY_HAND.items():
            if kind != "committee" and (
                kind not in conditions or (kind == "sector" and key == "sectors")
            ):
                continue
            narrowed = sql if kind == "committee" else f"{sql} AND {conditions[kind]}"
            cursor.execute(narrowed, given)
            found[key] = int(cursor.fetchone()[0] or 0)
    return found
