"""Drafting, writing and approving the summaries."""

from records.actions.approving import approve, approve_many
from records.actions.digests import check_frozen, digest, is_broken
from records.actions.drafting import draft_all, draft_summary, note_late
from records.actions.writing import LONGEST, choose_cases, write_words

__all__ = [
    "LONGEST",
    "approve",
    "approve_many",
    "check_frozen",
    "choose_cases",
    "digest",
    "draft_all",
    "draft_summary",
    "is_broken",
    "note_late",
    "write_words",
]
