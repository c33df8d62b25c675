import threading

import pytest
from django.db import IntegrityError, connection, transaction

from committees.actors import CLOCK
from committees.audit import first_break, record
from committees.models import AuditEntry, Committee
from tests import make


def test_entries_continue_their_committees_own_chain(db):
    one, two, user = make.committee(), make.committee(), make.user()
    record("first", by=user, committee=one)
    record("other", by=CLOCK, committee=two)
    record("second", by=user, committee=one, about=user, count=3)
    rows = AuditEntry.objects.filter(committee=one).order_by("sequence")
    assert list(rows.values_list("sequence", "action", "about")) == [
        (1, "first", ""),
        (2, "second", f"committees.user:{user.pk}"),
    ]
    assert rows[1].previous_hash == rows[0].hash
    assert [first_break(one), first_break(two)] == [None, None]


@pytest.mark.parametrize("statement", ["UPDATE {} SET action = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_trail(db, statement):
    record("first", by=CLOCK, committee=None)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(AuditEntry._meta.db_table))
    assert AuditEntry.objects.filter(committee=None).count() == 1


@pytest.mark.parametrize("table", [AuditEntry, Committee])
def test_the_database_refuses_to_empty_the_trail(db, table):
    """Also on the way from another table. Tests run with this one trigger off: see conftest."""
    record("first", by=CLOCK, committee=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE committees_auditentry ENABLE TRIGGER audit_is_not_emptied")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"TRUNCATE {table._meta.db_table} CASCADE")
    assert AuditEntry.objects.filter(committee=None).count() == 1


def test_a_forged_entry_is_found(db):
    committee = make.committee()
    record("first", by=CLOCK, committee=committee)
    record("second", by=CLOCK, committee=committee)
    table = AuditEntry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_is_append_only")
        cursor.execute(f"UPDATE {table} SET action = 'forged' WHERE sequence = 2")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit_is_append_only")
    assert first_break(committee).sequence == 2


@pytest.mark.django_db(transaction=True)
def test_deeds_at_once_do_not_fork_the_chain():
    committee = make.committee()

    def deeds():
        for _ in range(5):
            record("deed", by=CLOCK, committee=committee)
        connection.close()

    threads = [threading.Thread(target=deeds) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    sequences = AuditEntry.objects.filter(committee=committee).values_list("sequence", flat=True)
    assert sorted(sequences) == list(range(1, 21))
    assert first_break(committee) is None
