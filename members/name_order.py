"""The order of names by surname strokes (姓氏笔画), as CPPCC offices publish their lists.

The rule: the first character by its GB13000.1 stroke rank, then two-character names before longer
ones, then the remaining characters by the same rank. Bare stroke counts and ICU's stroke collation
differ from published lists; the rank table with this rule reproduces them
(tests/data/name_order_samples.csv: two published lists).

Source of `data/gb13000_stroke_rank.csv`: 《GB13000.1字符集汉字字序（笔画序）规范》.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

RANKS = Path(__file__).resolve().parent / "data" / "gb13000_stroke_rank.csv"
KEY_LENGTH = 200  # characters of the stored key

# Middle dots as keyboards and old files write them; they part a name and are not ranked.
MIDDLE_DOTS = "·•・\uff0e‧∙⋅･"
NAME_SEPARATORS = re.compile(r"[、，,;；\t\r\n]+")
ANNOTATION = re.compile(r"[（(][^（）()]*[)）]\s*$")


@cache
def ranks() -> dict[str, int]:
    """Return character → rank (from 1 up, each rank once) for the 20,897 characters known."""
    with RANKS.open(encoding="utf-8-sig", newline="") as lines:
        return {row["char"]: int(row["stroke_rank"]) for row in csv.DictReader(lines)}


def ranked_characters(name: str) -> str:
    """Return the characters of `name` that count for the order, without annotation （女，回族）.

    Blanks (also full-width ones), zero-width characters and middle dots do not count;
    compatibility forms become the character they stand for.
    """
    if name and all(map(ranks().__contains__, name)):
        return name  # nearly every name, and thousands in an import
    plain = unicodedata.normalize("NFKC", ANNOTATION.sub("", name.translate(_NO_DOTS)))
    return "".join(
        char for char in plain if not char.isspace() and unicodedata.category(char) not in _UNSEEN
    )


_NO_DOTS = dict.fromkeys(map(ord, MIDDLE_DOTS))
_UNSEEN = {"Cc", "Cf", "Cn", "Co"}


@cache
def _code(char: str) -> str:
    """Return a code that sorts by rank byte by byte; no code is the beginning of another."""
    rank = ranks().get(char)
    return f"F{ord(char):06X}" if rank is None else f"{rank:04X}"


def stroke_key(name: str) -> str:
    """Return the key (ASCII) whose plain byte order is the official order of names.

    Four hexadecimal digits for the first character's rank, one for the length (1, 2, or 3 for all
    longer names), then four for each further character. A character without a rank sorts after all
    others, by code point. At most `KEY_LENGTH` characters, enough for 49 characters of a name.
    """
    chars = ranked_characters(name)
    if not chars:
        return "Z"
    length = str(min(len(chars), 3))
    return (_code(chars[0]) + length + "".join(map(_code, chars[1:])))[:KEY_LENGTH]


def unknown_characters(*names: str) -> list[str]:
    """Return the characters of `names` without a stroke rank, each once, in their order."""
    chars = (char for name in names for char in ranked_characters(name))
    return list(dict.fromkeys(char for char in chars if char not in ranks()))


def has_unknown(name: str) -> bool:
    """Return whether the place of `name` is uncertain because a character has no rank."""
    return not all(map(ranks().__contains__, ranked_characters(name)))


def in_stroke_order(names: Iterable[str]) -> list[str]:
    """Return `names` in the official order; equal keys keep a fixed order by their spelling."""
    return sorted(names, key=lambda name: (stroke_key(name), name))


def split_names(text: str) -> list[str]:
    """Return the names in a pasted list: one per line, or parted by 、 ， ; or tabs.

    An annotation in brackets stays with its name: 马丽（女，回族）.
    """
    names: list[str] = []
    for part in NAME_SEPARATORS.split(_guard_brackets(text)):
        name = part.replace(_GUARD, "，").strip().strip("\ufeff\u200b")
        if name:
            names.append(name)
    return names


_GUARD = "\ue000"


def _guard_brackets(text: str) -> str:
    """Hide the separators inside brackets so that an annotation is not taken for names."""
    return re.sub(
        r"[（(][^（）()\n]*[)）]",
        lambda found: re.sub(r"[、，,;；]", _GUARD, found[0]),
        text,
    )
