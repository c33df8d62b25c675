"""Pages of the daily changes: a member's, a new member's, a sector's, and the latest."""

from sectors.changes.views.members import change, changes, enter, recent, undo
from sectors.changes.views.sectors import (
    change_undo,
    commission_changes,
    leader_end,
    sector_changes,
)

__all__ = [
    "change",
    "change_undo",
    "changes",
    "commission_changes",
    "enter",
    "leader_end",
    "recent",
    "sector_changes",
    "undo",
]
