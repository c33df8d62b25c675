"""Drafting, writing and approving the summaries."""

from records.actions.approving import approve, approve_many
from records.actions.digests import digest
from records.actions.drafting import draft_all, draft_summary, note_late
from records.actions.writing import LONGEST, choose_cases, write_words

__all__ = [
    "LONGEST",
    "approve",
    "approve_many",
    "choose_cases",
    "digest",
    "draft_all",
    "draft_summary",
    "note_late",
    "write_words",
]
