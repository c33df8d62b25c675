"""Verbs of the workrooms, one aggregate a file."""

from workrooms.actions.duty import (
    add_duty_shift,
    cancel_shift,
    confirm_shift,
    mark_done,
    mark_no_show,
    remind_of_duty,
    restore_shift,
    take_over,
    unconfirm_shift,
    undo_attendance,
)
from workrooms.actions.duty_rosters import plan_duty, publish_duty
from workrooms.actions.duty_rules import (
    add_duty_leave,
    add_duty_rule,
    add_duty_wish,
    amend_duty_rule,
    end_duty_rule,
    remove_duty_leave,
    remove_duty_wish,
)
from workrooms.actions.duty_swaps import accept_relief, ask_relief, decline_relief, withdraw_relief
from workrooms.actions.feeds import make_feed, revoke_feed
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
    "accept_relief",
    "add_duty_leave",
    "add_duty_rule",
    "add_duty_shift",
    "add_duty_wish",
    "add_room_member",
    "amend_duty_rule",
    "amend_workroom",
    "appoint_keeper",
    "appoint_worker",
    "ask_relief",
    "cancel_shift",
    "close_workroom",
    "confirm_shift",
    "decline_relief",
    "end_duty_rule",
    "end_room_member",
    "make_feed",
    "mark_done",
    "mark_no_show",
    "open_workroom",
    "plan_duty",
    "publish_duty",
    "remind_of_duty",
    "remove_duty_leave",
    "remove_duty_wish",
    "reopen_workroom",
    "restore_shift",
    "revoke_feed",
    "take_over",
    "unconfirm_shift",
    "undo_attendance",
    "withdraw_relief",
]
