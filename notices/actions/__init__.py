"""Verbs of telling people, one aggregate a file; here those that every app uses."""

from notices.actions.posting import (
    answer_feedback,
    clerks_of,
    give_feedback,
    mark_all_read,
    mark_read,
    post,
    post_many,
    wake,
)

__all__ = [
    "answer_feedback",
    "clerks_of",
    "give_feedback",
    "mark_all_read",
    "mark_read",
    "post",
    "post_many",
    "wake",
]
