"""Verbs of opinion reports, one aggregate a file."""

from opinions.actions.erasing import has_words_elsewhere
from opinions.actions.moving import close_finished, move, pass_on_overdue
from opinions.actions.proposals import move_proposal, start_proposal
from opinions.actions.writing import DRAFT_FORM, WRITABLE, edit, start, start_from_visit, write

__all__ = [
    "DRAFT_FORM",
    "WRITABLE",
    "close_finished",
    "edit",
    "has_words_elsewhere",
    "move",
    "move_proposal",
    "pass_on_overdue",
    "start",
    "start_from_visit",
    "start_proposal",
    "write",
]
