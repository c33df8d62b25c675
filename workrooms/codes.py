"""Codes of the rooms' plates: short, without letters that are taken for one another.

Ten characters of 31 kinds that begin with a letter: never mistaken for the sixteen digits of a
sign-in slip, which share the address `/q/<code>`, and easy to type from a plate.
"""

from __future__ import annotations

import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz"  # without i, l, o
SIGNS = LETTERS + "23456789"
LENGTH = 10


def fresh_code() -> str:
    """`k7f3mznq2p`: 31^9 x 23 of them, so that two rooms meet by accident never in practice."""
    rest = "".join(secrets.choice(SIGNS) for _ in range(LENGTH - 1))
    return secrets.choice(LETTERS) + rest


class RoomCodeConverter:
    """In addresses: what could be a room's code, upper case and misread signs included.

    Anything else below `/q/` belongs to the sign-in slips.
    """

    regex = "[A-Za-z][A-Za-z0-9]{5,11}"

    def to_python(self, value: str) -> str:
        return value.lower()

    def to_url(self, value: str) -> str:
        return value
