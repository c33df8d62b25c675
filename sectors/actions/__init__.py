"""Verbs on seats and convenors, on supervision postings, and on leaders' talks."""

from sectors.actions.absences import end_leave, take_leave
from sectors.actions.leaders import assign_leader, end_leader_contact
from sectors.actions.postings import (
    answer_supervision,
    conclude_supervision,
    number_letters,
    pass_supervision,
    record_supervision,
    reopen_supervision,
)
from sectors.actions.seats import (
    add_member,
    appoint_convenor,
    end_convenorship,
    join_commission,
    join_street_group,
    leave,
    leave_commission,
    leave_street_group,
    move_to_sector,
    seat,
)
from sectors.actions.talks import record_talk, withdraw_talk

__all__ = [
    "add_member",
    "answer_supervision",
    "appoint_convenor",
    "assign_leader",
    "conclude_supervision",
    "end_convenorship",
    "end_leader_contact",
    "end_leave",
    "join_commission",
    "join_street_group",
    "leave",
    "leave_commission",
    "leave_street_group",
    "move_to_sector",
    "number_letters",
    "pass_supervision",
    "record_supervision",
    "record_talk",
    "reopen_supervision",
    "seat",
    "take_leave",
    "withdraw_talk",
]
