"""Verbs on contacts, visits and targets."""

from contacts.actions.contacts import (
    CONTACT_COLUMNS,
    LONGEST_REASON,
    Revealed,
    add_contact,
    amend_contact,
    restore_contact,
    retire_contact,
    reveal_contact,
)
from contacts.actions.targets import keep_target, offer_help
from contacts.actions.visits import (
    VISIT_COLUMNS,
    amend_visit,
    finish_follow_up,
    log_visit,
    plan_follow_up,
)

__all__ = [
    "CONTACT_COLUMNS",
    "LONGEST_REASON",
    "VISIT_COLUMNS",
    "Revealed",
    "add_contact",
    "amend_contact",
    "amend_visit",
    "finish_follow_up",
    "keep_target",
    "log_visit",
    "offer_help",
    "plan_follow_up",
    "restore_contact",
    "retire_contact",
    "reveal_contact",
]
