"""Verbs of opinion reports, one aggregate a file."""

from opinions.actions.erasing import has_words_elsewhere
from opinions.actions.moving import close_finished, move, pass_on_overdue
from opinions.actions.reply_erasing import erase_replies
from opinions.actions.writing import DRAFT_FORM, WRITABLE, edit, start, start_from_visit, write

__all__ = [
    "DRAFT_FORM",
    "WRITABLE",
    "close_finished",
    "edit",
    "erase_replies",
    "has_words_elsewhere",
    "move",
    "pass_on_overdue",
    "start",
    "start_from_visit",
    "write",
]
