"""Verbs of the workrooms, one aggregate a file."""

from workrooms.actions.codes import give_codes, replace_code
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
from workrooms.actions.photos import MOST_PHOTOS, add_photo, amend_photo, move_photo, remove_photo
from workrooms.actions.public import add_from_receipt, forget_public_entries, report_matter
from workrooms.actions.receipts import find_by_receipt, issue_receipt
from workrooms.actions.receptions import add_word, amend_reception, rate, receive
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
    "amend_reception",
    "amend_together",
    "amend_workroom",
    "appoint_keeper",
    "appoint_worker",
    "change_nature",
    "close_workroom",
    "confirm_evidence",
    "dispose",
    "end_room_member",
    "find_by_receipt",
    "forget_public_entries",
    "give_codes",
    "give_evidence",
    "issue_receipt",
    "mark_read",
    "move_photo",
    "open_workroom",
    "put_back",
    "rate",
    "receive",
    "receive_paper_book",
    "reconsider_evidence",
    "record_result",
    "record_told",
    "remove_photo",
    "reopen_workroom",
    "replace_code",
    "report_matter",
    "return_evidence",
    "reveal_resident",
    "take_over",
    "write_gist",
]
