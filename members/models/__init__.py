"""The people who serve, their dated life, what was changed of it by hand, what they propose."""

from members.models.changes import Change
from members.models.people import Delegate, Member, Membership, Party, Position, Sex
from members.models.proposals import ChangeProposal

__all__ = [
    "Change",
    "ChangeProposal",
    "Delegate",
    "Member",
    "Membership",
    "Party",
    "Position",
    "Sex",
]
