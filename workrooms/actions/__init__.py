"""Verbs of the workrooms, one aggregate a file."""

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
    "amend_workroom",
    "appoint_keeper",
    "appoint_worker",
    "close_workroom",
    "end_room_member",
    "open_workroom",
    "reopen_workroom",
]
