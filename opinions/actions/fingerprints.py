"""Fingerprints: written with the text, by a sweeper where nobody did, gone with the text."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import MD5, Left

from committees.models import Committee
from opinions.duplicates import LONGEST, fingerprint
from opinions.models import Fingerprint, Manuscript, Opinion
from opinions.texts import Texts, stored_whole, whole
from workrooms.models import Reception

CHUNK = 500


def keep_fingerprint(opinion: Opinion, texts: Texts) -> None:
    """Of the author's text, in the transaction that writes it and holds the report's lock."""
    _keep([_of(opinion.committee_id, whole(texts), opinion_id=opinion.pk)], "opinion")


def sweep_fingerprints(
    committee: Committee, *, since: datetime.datetime | None = None
) -> dict[str, int]:
    """Make the fingerprints that lack or are out of date, drop those whose text is gone.

    `since` bounds the look to what was written after it. Each chunk is read and written under the
    locks of its rows; a row that somebody writes at this moment is left for the next time.
    """
    gone = _drop(committee, is_whole=since is None)
    return {
        "opinions": _sweep(_reports(committee, since), "opinion"),
        "receptions": _sweep(_receptions(committee, since), "reception"),
        "dropped": gone,
    }


def _of(committee: int, text: str, **of: int) -> Fingerprint:
    bands, shingles = fingerprint(text, committee)
    source = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return Fingerprint(committee_id=committee, bands=bands, shingles=shingles, source=source, **of)


def _keep(rows: list[Fingerprint], of: str) -> None:
    """One statement, whoever was first."""
    Fingerprint.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=[of],
        update_fields=["bands", "shingles", "source"],
    )


def _drop(committee: Committee, *, is_whole: bool) -> int:
    """Of receptions that are closed to others or say nothing any more; of reports without a text.

    The latter were erased with the text already: only a whole sweep looks for them.
    """
    rows = Fingerprint.objects.in_committee(committee)
    closed = Q(reception__nature=Reception.Nature.PERSON) | Q(reception__said="")
    gone = rows.filter(closed).delete()[0]
    if is_whole:
        texts = Manuscript.objects.filter(opinion=OuterRef("opinion"))
        gone += rows.filter(Q(opinion__isnull=False) & ~Exists(texts)).delete()[0]
    return gone


def _reports(committee: Committee, since: datetime.datetime | None) -> Any:
    rows = Opinion.objects.in_committee(committee)
    if since is not None:
        written = Manuscript.objects.filter(opinion=OuterRef("pk"), written_at__gte=since)
        rows = rows.filter(Exists(written))
    return rows.annotate(text=stored_whole())


def _receptions(committee: Committee, since: datetime.datetime | None) -> Any:
    rows = Reception.objects.in_committee(committee).exclude(nature=Reception.Nature.PERSON)
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    return rows.annotate(text=Left(F("said"), LONGEST))


def _sweep(rows: Any, of: str) -> int:
    kept = Fingerprint.objects.filter(**{of: OuterRef("pk"), "source": MD5(OuterRef("text"))})
    lacking = rows.filter(~Exists(kept)).exclude(text=None).exclude(text="").order_by("pk")
    made, last = 0, 0
    while True:
        with transaction.atomic():
            locked = lacking.filter(pk__gt=last).select_for_update(
                skip_locked=True, of=("self",), no_key=True
            )
            found = list(locked.values_list("pk", "committee_id", "text")[:CHUNK])
            _keep([_of(committee, text, **{f"{of}_id": pk}) for pk, committee, text in found], of)
        if not found:
            return made
        made, last = made + len(found), found[-1][0]
