"""A row's id as it stands in an address or a form, where anything may stand."""

from __future__ import annotations

from collections.abc import Iterable

DIGITS = 18  # of the longest that fits a bigint for certain


def row_id(text: str | None) -> int | None:
    """The id, or None for what is none: no plain digits, or too many of them."""
    is_id = text and text.isascii() and text.isdecimal() and len(text) <= DIGITS
    return int(text) if text and is_id else None


def row_ids(texts: Iterable[str]) -> list[int]:
    """The ids among the texts, in their order."""
    return [pk for text in texts if (pk := row_id(text)) is not None]
