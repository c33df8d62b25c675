"""Verbs of the workrooms, one aggregate a file."""

from workrooms.actions.handling import (
    change_nature,
    dispose,
    mark_read,
    record_result,
    record_told,
    reveal_resident,
    take_over,
    write_gist,
)
from workrooms.actions.paper_book import receive_paper_book
from workrooms.actions.receipts import find_by_receipt, issue_receipt
from workrooms.actions.receptions import add_word, amend_reception, rate, receive
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
    "add_room_member",
    "add_word",
    "amend_reception",
    "amend_workroom",
    "appoint_keeper",
    "appoint_worker",
    "change_nature",
    "close_workroom",
    "dispose",
    "end_room_member",
    "find_by_receipt",
    "issue_receipt",
    "mark_read",
    "open_workroom",
    "rate",
    "receive",
    "receive_paper_book",
    "record_result",
    "record_told",
    "reopen_workroom",
    "reveal_resident",
    "take_over",
    "write_gist",
]
