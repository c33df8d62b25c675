"""The plate of a room (公示牌): what it is, its code, and what to take elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from committees.slip_paper import portal_address, qr_code
from workrooms.models import RoomCode, Workroom

SIZES = ("a4", "a3")


@dataclass(frozen=True, slots=True)
class Plate:
    room: Workroom
    address: str  # typed by hand, without https://
    qr: SafeString


def plates(codes: Iterable[RoomCode], *, request: HttpRequest) -> list[Plate]:
    """Of live codes, fetched with their rooms."""
    return [
        Plate(
            room=row.workroom,
            address=door_address(row.code, request=request).partition("//")[2],
            qr=qr_code(door_address(row.code, request=request)),
        )
        for row in codes
    ]


def door_address(code: str, *, request: HttpRequest) -> str:
    return portal_address(request, reverse("public:door", args=[code]))
