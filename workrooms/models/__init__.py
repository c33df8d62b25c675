"""The front posts: rooms and their people, duty, and the reception book."""

from workrooms.models.duty import DutyShift, DutySwap
from workrooms.models.duty_rules import DutyLeave, DutyRule, DutyWish
from workrooms.models.feeds import CalendarFeed
from workrooms.models.receptions import Reception, ReceptionPhoto, ReceptionWord
from workrooms.models.rooms import RoomMember, Workroom

__all__ = [
    "CalendarFeed",
    "DutyLeave",
    "DutyRule",
    "DutyShift",
    "DutySwap",
    "DutyWish",
    "Reception",
    "ReceptionPhoto",
    "ReceptionWord",
    "RoomMember",
    "Workroom",
]
