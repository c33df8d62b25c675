"""Verbs on members, their dated life, and what they propose to correct."""

from members.actions.proposals import (
    confirm_proposal,
    propose_change,
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
    "hold_roster",
    "keeper_only",
    "leave",
    "propose_change",
    "reenter",
    "send_back_proposal",
    "serving",
    "take_position",
    "valid_phone",
    "withdraw_proposal",
]
