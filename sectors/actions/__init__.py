"""Verbs on seats and convenors, on supervision postings, and on leaders' talks."""

from sectors.actions.absences import end_leave, take_leave
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
    leave,
    leave_commission,
    move_to_sector,
    seat,
)
from sectors.actions.talks import record_talk, withdraw_talk

__all__ = [
    "add_member",
    "answer_supervision",
    "appoint_convenor",
    "conclude_supervision",
    "end_convenorship",
    "end_leave",
    "join_commission",
    "leave",
    "leave_commission",
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
