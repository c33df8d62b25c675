"""The year papers of a term that a handover closed refuse changes, as its seats do (sectors)."""

from django.db import migrations

# A year that ended before the new term began; one that both terms share stays open.
OF_YEAR = (
    "committees_term term ON term.committee_id = changed.committee_id"
    " AND term.closed_from > make_date(changed.year, 12, 31)"
)
EVENTS = {"INSERT": "NEW", "UPDATE": "OLD", "DELETE": "OLD"}
REFUSING = "".join(
    f"CREATE TRIGGER closed_term_{event.lower()} AFTER {event} ON activities_yearpaper"
    f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT"
    f" EXECUTE FUNCTION sectors_term_is_closed('{OF_YEAR}');\n"
    for event, rows in EVENTS.items()
)
ALLOWING = "".join(
    f"DROP TRIGGER closed_term_{event.lower()} ON activities_yearpaper;\n" for event in EVENTS
)


class Migration(migrations.Migration):
    dependencies = [("activities", "0004_outcomes"), ("sectors", "0010_handover")]

    operations = [migrations.RunSQL(REFUSING, ALLOWING)]
