"""Verbs on contacts, areas, visits and targets."""

from contacts.actions.areas import (
    add_area,
    add_grids,
    amend_area,
    amend_grid,
    assign_area,
    assign_areas,
    release_from_area,
    remove_grid,
)
from contacts.actions.batches import (
    MOST_IN_BATCH,
    confirm_contacts,
    hand_over,
    retire_contacts,
    undo_batch,
)
from contacts.actions.contacts import (
    CONTACT_COLUMNS,
    LONGEST_NOTE,
    add_contact,
    amend_contact,
    confirm_contact,
    note_export,
    restore_contact,
    retire_contact,
    send_back_contact,
)
from contacts.actions.photos import MOST_PHOTOS, add_visit_photo, remove_visit_photo
from contacts.actions.reveals import LONGEST_REASON, Revealed, reveal_contact, reveal_worker
from contacts.actions.targets import keep_target, offer_help
from contacts.actions.visits import (
    VISIT_COLUMNS,
    amend_visit,
    blank_visit,
    finish_follow_up,
    log_visit,
    plan_follow_up,
)

__all__ = [
    "CONTACT_COLUMNS",
    "LONGEST_NOTE",
    "LONGEST_REASON",
    "MOST_IN_BATCH",
    "MOST_PHOTOS",
    "VISIT_COLUMNS",
    "Revealed",
    "add_area",
    "add_contact",
    "add_grids",
    "add_visit_photo",
    "amend_area",
    "amend_contact",
    "amend_grid",
    "amend_visit",
    "assign_area",
    "assign_areas",
    "blank_visit",
    "confirm_contact",
    "confirm_contacts",
    "finish_follow_up",
    "hand_over",
    "keep_target",
    "log_visit",
    "note_export",
    "offer_help",
    "plan_follow_up",
    "release_from_area",
    "remove_grid",
    "remove_visit_photo",
    "restore_contact",
    "retire_contact",
    "retire_contacts",
    "reveal_contact",
    "reveal_worker",
    "send_back_contact",
    "undo_batch",
]
