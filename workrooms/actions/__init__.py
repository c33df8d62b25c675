"""Verbs on the front posts, one file an aggregate."""

from workrooms.actions.codes import give_codes, replace_code
from workrooms.actions.public import add_from_receipt, forget_public_entries, report_matter
from workrooms.actions.receipts import find_by_receipt, issue_receipt
from workrooms.actions.receptions import add_word, rate, receive
from workrooms.actions.rooms import (
    PARTICULARS,
    add_room_member,
    amend_workroom,
    appoint_keeper,
    appoint_worker,
    close_workroom,
    end_room_member,
    open_workroom,
    reopen_workroom,
)

__all__ = [
    "PARTICULARS",
    "add_from_receipt",
    "add_room_member",
    "add_word",
    "amend_workroom",
    "appoint_keeper",
    "appoint_worker",
    "close_workroom",
    "end_room_member",
    "find_by_receipt",
    "forget_public_entries",
    "give_codes",
    "issue_receipt",
    "open_workroom",
    "rate",
    "receive",
    "reopen_workroom",
    "replace_code",
    "report_matter",
]
