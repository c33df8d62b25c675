"""What was promised and thought of a report that is taken offline loses its words and files."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from committees.files import discard
from committees.models import Attachment, User
from opinions.models import Evaluation, Opinion, Promise, PromiseReport


def erase_following(opinion: Opinion, *, by: Any) -> dict[str, Any]:
    """Words and evidence go, the files' bytes with them; dates and grades stay, for they count.

    Nobody is waited for any more: what was asked lapses, what was before the office is decided.
    """
    about: dict[str, Any] = {"referral__opinion": opinion}
    promises = Promise.objects.filter(**about)
    reports = PromiseReport.objects.filter(promise__in=promises)
    kept = reports.exclude(attachment=None).values("attachment")
    files = list(Attachment.objects.filter(pk__in=kept))
    reports.update(words="", by_name="", attachment=None)
    discard(opinion.committee, files)
    words = {"what": "", "no_date_reason": "", "extension_reason": "", "evidence": ""}
    gone: dict[str, Any] = {"promises": promises.update(**words), "evidence_files": len(files)}
    rows, now = Evaluation.objects.filter(**about), timezone.now()
    rows.dissatisfied().update(decided_at=now, decided_by=by if isinstance(by, User) else None)
    rows.awaited().update(lapsed_at=now)
    gone["evaluations"] = rows.update(words="", choice_note="", choice_place="")
    return {name: count for name, count in gone.items() if count}
