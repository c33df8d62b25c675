"""Verbs of opinion reports, one aggregate a file."""

from opinions.actions.erasing import has_words_elsewhere
from opinions.actions.files import MOST_FILES, add_files, remove_files
from opinions.actions.merging import compose, merge_into
from opinions.actions.moving import close_finished, move, pass_on_overdue
from opinions.actions.proposals import move_proposal, start_proposal
from opinions.actions.sheets import start_with, write_with
from opinions.actions.submitters import ENDED, answer, change_authors, register
from opinions.actions.writing import DRAFT_FORM, WRITABLE, edit, start, start_from_visit, write

__all__ = [
    "DRAFT_FORM",
    "ENDED",
    "MOST_FILES",
    "WRITABLE",
    "add_files",
    "answer",
    "change_authors",
    "close_finished",
    "compose",
    "edit",
    "has_words_elsewhere",
    "merge_into",
    "move",
    "move_proposal",
    "pass_on_overdue",
    "register",
    "remove_files",
    "start",
    "start_from_visit",
    "start_proposal",
    "start_with",
    "write",
    "write_with",
]
