"""Several texts laid one after another, as an editor begins a composed report (综合稿) with."""

from __future__ import annotations

from collections.abc import Sequence

from opinions.texts import LONGEST_TITLE, Texts

NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 十一, 二十, 二十一."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones - 1]
    first = "" if tens == 1 else NUMERALS[tens - 1]
    return first + "十" + (NUMERALS[ones - 1] if ones else "")


def laid_together(texts: Sequence[Texts], *, title: str = "") -> Texts:
    """Each part of the texts under the text's own title: （一）关于……的建议.

    A part that only some have stands under the titles of these. Without `title` the first text's.
    """
    title = " ".join(title.split()) or (texts[0].title if texts else "")
    parts = [_together(texts, name) for name in ("situation", "analysis", "suggestion")]
    return Texts(title[:LONGEST_TITLE], *parts)


def _together(texts: Sequence[Texts], name: str) -> str:
    rows = [
        f"（{numeral(place)}）{text.title}\n{part}"
        for place, text in enumerate(texts, start=1)
        if (part := getattr(text, name).strip())
    ]
    return "\n\n".join(rows)
