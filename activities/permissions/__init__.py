"""Who may do what with activities, one aggregate a file."""

from activities.permissions.planning import can_plan_activities

__all__ = ["can_plan_activities"]
