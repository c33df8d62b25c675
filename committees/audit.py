"""Writing and checking the audit trail.

Every entry continues its committee's hash chain; the chain's head is taken under an advisory lock
held to the end of the transaction, so that two deeds at once cannot fork it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from committees.actors import Guest, actor_columns
from committees.models import AuditEntry, Committee, User

GENESIS = "0" * 64
LOCK_SPACE = 0x11A150


def record(
    action: str,
    *,
    by: User | Guest,
    committee: Committee | None,
    about: models.Model | str = "",
    on_behalf_of: User | None = None,
    is_refused: bool = False,
    **detail: Any,
) -> AuditEntry:
    """Append one entry in the caller's transaction and return it.

    `detail` must be JSON and must hold no text, name or phone of residents and contacts.
    """
    with transaction.atomic():
        _lock_chain(committee)
        head = AuditEntry.objects.filter(committee=committee).order_by("-sequence").first()
        entry = AuditEntry(
            committee=committee,
            sequence=head.sequence + 1 if head else 1,
            at=timezone.now(),
            on_behalf_of=on_behalf_of,
            action=action,
            about=about if isinstance(about, str) else reference(about),
            is_refused=is_refused,
            detail=detail,
            previous_hash=head.hash if head else GENESIS,
            **actor_columns(by),
        )
        entry.hash = digest(entry)
        entry.save(force_insert=True)
    return entry


def hold_chains(committees: Iterable[Committee]) -> None:
    """Take the trails of several committees beforehand, in the order in which all deeds do.

    A deed that is written to more than one trail takes the committee below first.
    """
    for committee in committees:
        _lock_chain(committee)


def reference(row: models.Model) -> str:
    """`opinions.opinion:12`, the way every book names a row of another app."""
    return f"{row._meta.label_lower}:{row.pk}"


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the previous hash and the canonical JSON of the entry."""
    content = {
        "committee": entry.committee_id,
        "sequence": entry.sequence,
        "at": entry.at.timestamp(),
        "by": [entry.by_user_id, entry.by_guest, entry.by_ref],
        "on_behalf_of": entry.on_behalf_of_id,
        "action": entry.action,
        "about": entry.about,
        "is_refused": entry.is_refused,
        "detail": entry.detail,
    }
    text = entry.previous_hash + json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(committee: Committee | None) -> AuditEntry | None:
    """The first entry whose hash or place in the chain is wrong; None where the trail is whole."""
    previous = GENESIS
    entries = AuditEntry.objects.filter(committee=committee).order_by("sequence")
    for sequence, entry in enumerate(entries.iterator(chunk_size=2000), start=1):
        is_next = entry.sequence == sequence and entry.previous_hash == previous
        if not is_next or digest(entry) != entry.hash:
            return entry
        previous = entry.hash
    return None


def _lock_chain(committee: Committee | None) -> None:
    with connection.cursor() as cursor:
        key = committee.pk if committee else 0
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, key])
