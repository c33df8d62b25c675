"""Who may do what, one aggregate a file."""

from opinions.permissions.outcomes import can_withdraw
from opinions.permissions.reports import (
    OUT,
    can_compose,
    can_hand_back,
    can_keep_duties,
    can_read_edited,
    can_read_register,
    can_review,
    can_write_for,
    is_author,
    is_checker,
    is_clock,
    is_editor,
    is_in_office,
    is_reviewer,
    is_signer,
    written_for,
)

__all__ = [
    "OUT",
    "can_compose",
    "can_hand_back",
    "can_keep_duties",
    "can_read_edited",
    "can_read_register",
    "can_review",
    "can_withdraw",
    "can_write_for",
    "is_author",
    "is_checker",
    "is_clock",
    "is_editor",
    "is_in_office",
    "is_reviewer",
    "is_signer",
    "written_for",
]
