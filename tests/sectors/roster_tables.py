"""Every row of a committee's roster as its tables hold them, for 'as before' and 'nothing written'.

Spelt out here, not taken from the code: a table that undoing forgets must show.
"""

from django.db import connection

TABLES = {
    "committees_term": "committee_id = %s",
    "committees_appointment": "committee_id = %s",
    "members_member": "committee_id = %s",
    "members_membership": "committee_id = %s",
    "members_position": "committee_id = %s",
    "members_delegate": "committee_id = %s",
    "sectors_commission": "committee_id = %s",
    "sectors_sector": "committee_id = %s",
    "sectors_sectoralias": "committee_id = %s",
    "sectors_seat": "committee_id = %s",
    "sectors_convenorship": "committee_id = %s",
    "sectors_commissionseat": "committee_id = %s",
    "sectors_streetgroup": "committee_id = %s",
    "sectors_streetseat": "committee_id = %s",
    "sectors_leadercontact": "committee_id = %s",
    "sectors_responsibility": "committee_id = %s",
    "committees_user": "true OR id = %s",
}


def roster_tables(committee):
    """Table → its rows as text, in order of id; of accounts all there are."""
    held = {}
    with connection.cursor() as cursor:
        for table, where in TABLES.items():
            sql = f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE {where} ORDER BY id"
            cursor.execute(sql, [committee.pk])
            held[table] = [row[0] for row in cursor.fetchall()]
    return held


def audit_head(committee):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequence, hash FROM committees_auditentry WHERE committee_id = %s "
            "ORDER BY sequence DESC LIMIT 1",
            [committee.pk],
        )
        return cursor.fetchone()
