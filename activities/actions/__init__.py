"""Verbs on activities, one aggregate a file."""

from activities.actions.attending import Said, note_attendance, sign_in
from activities.actions.enrolling import Taken, enrol, enrol_all, give_up, invite, take_off
from activities.actions.leaves import ask_leave, decide_leave
from activities.actions.planning import (
    COLUMNS,
    ORGANISERS,
    PARTICULARS,
    amend_activity,
    co_hosts_of,
    plan_activity,
)
from activities.actions.publishing import call_off, drop_plan, publish
from activities.actions.series import Month, amend_rest, amend_series, make_series

__all__ = [
    "COLUMNS",
    "ORGANISERS",
    "PARTICULARS",
    "Month",
    "Said",
    "Taken",
    "amend_activity",
    "amend_rest",
    "amend_series",
    "ask_leave",
    "call_off",
    "co_hosts_of",
    "decide_leave",
    "drop_plan",
    "enrol",
    "enrol_all",
    "give_up",
    "invite",
    "make_series",
    "note_attendance",
    "plan_activity",
    "publish",
    "sign_in",
    "take_off",
]
