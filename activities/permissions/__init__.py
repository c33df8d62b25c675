"""Who may do what with activities, one aggregate a file."""

from activities.permissions.planning import (
    can_organise,
    can_plan_activities,
    can_plan_for,
    can_read_leave,
)

__all__ = ["can_organise", "can_plan_activities", "can_plan_for", "can_read_leave"]
