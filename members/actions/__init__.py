"""Verbs on members, their dated life, and what they propose to correct."""

from members.actions.proposals import (
    confirm_proposal,
    propose_change,
    reveal_phones,
    send_back_proposal,
    withdraw_proposal,
)
from members.actions.roster import (
    PARTICULARS,
    account_of,
    add_member,
    amend_member,
    appoint_delegate,
    end_delegate,
    end_position,
    end_row,
    hold_roster,
    keeper_only,
    leave,
    reenter,
    serving,
    take_position,
    valid_phone,
)

__all__ = [
    "PARTICULARS",
    "account_of",
    "add_member",
    "amend_member",
    "appoint_delegate",
    "confirm_proposal",
    "end_delegate",
    "end_position",
    "end_row",
    "hold_roster",
    "keeper_only",
    "leave",
    "propose_change",
    "reenter",
    "reveal_phones",
    "send_back_proposal",
    "serving",
    "take_position",
    "valid_phone",
    "withdraw_proposal",
]
