"""Verbs of the workrooms, one aggregate a file."""

from workrooms.actions.photos import MOST_PHOTOS, add_photo, amend_photo, move_photo, remove_photo
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
    "add_photo",
    "add_room_member",
    "amend_photo",
    "amend_together",
    "amend_workroom",
    "appoint_keeper",
    "appoint_worker",
    "close_workroom",
    "confirm_evidence",
    "end_room_member",
    "give_evidence",
    "move_photo",
    "open_workroom",
    "put_back",
    "reconsider_evidence",
    "remove_photo",
    "reopen_workroom",
    "return_evidence",
]
