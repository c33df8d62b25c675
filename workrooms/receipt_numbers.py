"""Receipt numbers (受理编号): fifteen random digits and a check digit after GB/T 17710.

The check (ISO/IEC 7064, MOD 11,10) finds every single wrong digit and almost every swap of two
neighbours, so that a mistyped number is refused without asking the database.
"""

from __future__ import annotations

import secrets
import unicodedata

DIGITS = 16


def new_number() -> str:
    """`secrets` makes the first fifteen: 10^15 of them, none to be guessed from another."""
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS - 1))
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def normal_number(raw: str) -> str:
    """As people type it: spaces, dashes and full-width digits forgiven; empty if it cannot be one.

    `1234 5678-9012 3456` → `1234567890123456`.
    """
    if len(raw) > 4 * DIGITS:
        return ""
    text = unicodedata.normalize("NFKC", raw)
    digits = "".join(ch for ch in text if not ch.isspace() and ch not in "-‐‑‒–—―−－·.")  # noqa: RUF001
    is_one = len(digits) == DIGITS and digits.isascii() and digits.isdecimal()
    return digits if is_one and check_digit(digits[:-1]) == digits[-1] else ""


def in_fours(number: str) -> str:
    """`1234567890123456` → `1234 5678 9012 3456`, the way it is printed and read aloud."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
