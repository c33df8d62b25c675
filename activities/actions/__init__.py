"""Verbs on activities, one aggregate a file."""

from activities.actions.planning import PARTICULARS, amend_activity, plan_activity

__all__ = ["PARTICULARS", "amend_activity", "plan_activity"]
