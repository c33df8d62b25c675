"""Of a report taken offline: the row that was sent on (报送) to the committee above."""

from __future__ import annotations

from typing import Any

from committees.audit import hold_chains, record
from opinions.actions.draft_erasing import forget_drafts
from opinions.actions.files import erase_files
from opinions.models import Fingerprint, Opinion, Seconding, Status
from opinions.notices import outcomes as notices

UNTOUCHED = (Status.RECEIVED, Status.WITHDRAWN)


def erase_sent(opinion: Opinion, *, by: Any) -> dict[str, Any]:
    """What nobody above has taken up, or was called back, loses words and files too; its number
    stays.

    What is in hand there has its own life: their clerks are told the number, and the receipt says
    that it stays. Call it before anything is written to a trail: the rows are locked here.
    """
    rows = Opinion.objects.select_for_update(of=("self",), no_key=True).filter(source=opinion)
    sent = list(rows.exclude(status=Status.OFFLINE).select_related("committee").order_by("pk"))
    gone = [row for row in sent if row.status in UNTOUCHED]
    for row in gone:
        row.manuscripts.all().delete()
        erase_files(row, by=by)
        row.steps.exclude(note="").update(note="")
        row.title = ""
        row.save(update_fields=["title"])
        Fingerprint.objects.filter(opinion=row).delete()
        Seconding.objects.filter(opinion=row).exclude(words="").update(words="")
        forget_drafts(row)
    for row in sent:
        hold_chains([opinion.committee, row.committee])
        record("opinion.source_offline", by=by, committee=row.committee, about=row)
        if row.status != Status.WITHDRAWN:
            notices.source_offline(row)
    counts = {"sent_erased": len(gone), "sent_kept": len(sent) - len(gone)}
    return {name: count for name, count in counts.items() if count}
