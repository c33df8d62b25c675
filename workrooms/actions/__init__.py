"""Verbs on the front posts, one file an aggregate."""

from workrooms.actions.codes import give_codes, replace_code
from workrooms.actions.photos import MOST_PHOTOS, add_photo, amend_photo, move_photo, remove_photo
from workrooms.actions.public import add_from_receipt, forget_public_entries, report_matter
from workrooms.actions.receipts import find_by_receipt, issue_receipt
from workrooms.actions.receptions import add_word, rate, receive
from workrooms.actions.rooms import (
    ON_THE_PAGE,
    PARTICULARS,
    TOGETHER,
    add_room_member,
    amend_together,
    amend_workroom,
    appoint_keeper,
    appoint_worker,
    close_workroom,
    end_room_member,
    open_workroom,
    put_back,
    reopen_workroom,
)
from workrooms.actions.standards import (
    confirm_evidence,
    give_evidence,
    reconsider_evidence,
    return_evidence,
)

__all__ = [
    "MOST_PHOTOS",
    "ON_THE_PAGE",
    "PARTICULARS",
    "TOGETHER",
    "add_from_receipt",
    "add_photo",
    "add_room_member",
    "add_word",
    "amend_photo",
    "amend_together",
    "amend_workroom",
    "appoint_keeper",
    "appoint_worker",
    "close_workroom",
    "confirm_evidence",
    "end_room_member",
    "find_by_receipt",
    "forget_public_entries",
    "give_codes",
    "give_evidence",
    "issue_receipt",
    "move_photo",
    "open_workroom",
    "put_back",
    "rate",
    "receive",
    "reconsider_evidence",
    "remove_photo",
    "reopen_workroom",
    "replace_code",
    "report_matter",
    "return_evidence",
]
