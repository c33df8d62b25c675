"""The front posts: rooms and their people, duty, and the reception book."""

from workrooms.models.duty import DutyShift
from workrooms.models.public import PublicCount, PublicEntry, PublicLimit, RoomCode
from workrooms.models.receptions import Reception, ReceptionPhoto, ReceptionWord
from workrooms.models.rooms import RoomMember, Workroom
from workrooms.models.standards import Evidence, RoomPhoto, Standard

__all__ = [
    "DutyShift",
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
