"""The front posts: rooms and their people, duty, and the reception book."""

from workrooms.models.duty import DutyShift, DutySwap
from workrooms.models.duty_rules import DutyLeave, DutyRule, DutyWish
from workrooms.models.feeds import CalendarFeed
from workrooms.models.public import PublicCount, PublicEntry, PublicLimit, RoomCode
from workrooms.models.receptions import Reception, ReceptionPhoto, ReceptionWord
from workrooms.models.rooms import RoomMember, Workroom
from workrooms.models.standards import Evidence, RoomPhoto, Standard

__all__ = [
    "CalendarFeed",
    "DutyLeave",
    "DutyRule",
    "DutyShift",
    "DutySwap",
    "DutyWish",
    "Evidence",
    "PublicCount",
    "PublicEntry",
    "PublicLimit",
    "Reception",
    "ReceptionPhoto",
    "ReceptionWord",
    "RoomCode",
    "RoomMember",
    "RoomPhoto",
    "Standard",
    "Workroom",
]
