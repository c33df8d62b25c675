"""The codes on the rooms' plates."""

from __future__ import annotations

import random

from liaison_portal.demo.plan import Place
from workrooms.codes import LENGTH, LETTERS, SIGNS
from workrooms.models import RoomCode


def codes(place: Place) -> None:
    """One a room, the same in every demo of that slug: a printed plate survives a new filling."""
    rng = random.Random(f"codes:{place.committee.slug}")
    RoomCode.objects.bulk_create(
        RoomCode(committee=place.committee, workroom=room, code=_code(rng)) for room in place.rooms
    )


def _code(rng: random.Random) -> str:
    return rng.choice(LETTERS) + "".join(rng.choice(SIGNS) for _ in range(LENGTH - 1))
