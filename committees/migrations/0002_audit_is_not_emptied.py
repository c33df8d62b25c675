"""The audit trail refuses TRUNCATE as it refuses UPDATE and DELETE."""

from django.db import migrations

# One trigger a statement: TRUNCATE has no rows, and a cascade from another table fires it too.
AUDIT_IS_NOT_EMPTIED = """
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON committees_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION committees_audit_is_append_only();
"""
AUDIT_MAY_BE_EMPTIED = "DROP TRIGGER audit_is_not_emptied ON committees_auditentry;"


class Migration(migrations.Migration):
    dependencies = [("committees", "0001_initial")]

    operations = [migrations.RunSQL(AUDIT_IS_NOT_EMPTIED, AUDIT_MAY_BE_EMPTIED)]
