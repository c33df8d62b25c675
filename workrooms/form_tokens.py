"""The token of a public form: which room, from when, and a nonce that makes it one entry.

Signed, not stored. The nonce is also what the proof of work is for, what the question in words is
drawn from, and what the receipt number is made of: a form sent twice has one number, which is kept
nowhere (the nonce is in the resident's browser alone).
"""

from __future__ import annotations

import hashlib
import secrets
import time
import unicodedata
from dataclasses import dataclass

from django.core import signing

from committees.sealed import one_way
from workrooms.receipt_numbers import DIGITS, check_digit

SALT = "workrooms.public-form"
LIFE = 4 * 3600  # seconds; then the text is shown again with a new token
NUMERALS = "零一二三四五六七八九"


class TokenOver(ValueError):
    """Too old, for another room, or none of ours."""


@dataclass(frozen=True, slots=True)
class FormToken:
    nonce: str
    room: int
    age: float = 0.0  # seconds

    @property
    def signed(self) -> str:
        return signing.TimestampSigner(salt=SALT).sign(f"{self.nonce}.{self.room}")

    @property
    def twin(self) -> str:
        """By which a form is known that was sent before."""
        return one_way(self.nonce, purpose="public form")

    @property
    def receipt_number(self) -> str:
        """Sixteen digits; who has neither the nonce nor our key cannot tell them."""
        keyed = int(one_way(self.nonce, purpose="receipt number"), 16)
        digits = f"{keyed % 10 ** (DIGITS - 1):0{DIGITS - 1}d}"
        return digits + check_digit(digits)

    @property
    def question(self) -> tuple[str, str]:
        """Two numerals to be added: 五, 三."""
        first, second = self._addends
        return NUMERALS[first], NUMERALS[second]

    def is_answered(self, text: str) -> bool:
        digits = unicodedata.normalize("NFKC", text).strip()
        return digits == str(sum(self._addends)) or digits == _in_words(sum(self._addends))

    @property
    def _addends(self) -> tuple[int, int]:
        drawn = hashlib.sha256(f"question:{self.nonce}".encode()).digest()
        return drawn[0] % 8 + 1, drawn[1] % 8 + 1


def new_token(room: int) -> FormToken:
    return FormToken(secrets.token_urlsafe(16), room)


def read_token(signed: str, *, room: int) -> FormToken:
    """Raises TokenOver."""
    try:
        signer = signing.TimestampSigner(salt=SALT)
        nonce, _, of = signer.unsign(signed, max_age=LIFE).rpartition(".")
        stamp = signing.b62_decode(signed.split(":")[-2])
    except (signing.BadSignature, ValueError, IndexError) as error:
        raise TokenOver from error
    if of != str(room):
        raise TokenOver
    return FormToken(nonce, room, time.time() - stamp)


def _in_words(number: int) -> str:
    """1 … 16 as people may also write them: 五, 十, 十二."""
    if number < 10:
        return NUMERALS[number]
    return "十" + (NUMERALS[number - 10] if number > 10 else "")
