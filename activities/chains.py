"""Reading a pasted 接龙: the numbered chain of names that WeChat groups enrol with.

    #接龙
    周六读书会，限20人
    例 姓名 人数

    1. 王伟
    2、张三 携带1人👍
    3. 教育界-李 娜+2

Names are looked for as whole words among those serving; what fits nobody or several is reported,
never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from members.models import Member, Membership
from sectors.models import Seat

LONGEST = 30_000  # characters of a pasted text
MOST = 500  # entries
# 1. 1、 1） (1) 1: 1️⃣ ①; NFKC has made full-width digits and dots plain, and ① a 1.
# Not 3月1日, 14:30, 20人.
NUMBERED = re.compile(
    r"^\(?(\d{1,3})(?:\s*[.、,):](?!\d)|\s(?!\d)|(?=[^\d\s.,):月日点天人时年号位]))\s*(.*)$"
)
COMPANIONS = re.compile(
    r"(?:携带?|带|随行|另带?|加|\+)\s*(?:家属|同事|朋友|嘉宾)?\s*(\d{1,2}|[一二两三四五六七八九])\s*(?:人|位|名|个)?"
)
NUMERALS = {sign: n for n, sign in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
NOT_COMING = re.compile(
    r"请\s*假|不\s*参\s*加|不\s*去|不\s*来|不\s*能|去\s*不\s*了|来\s*不\s*了|缺席|取消"
)
PARTED = re.compile(r"[\s,，、;；/|·\-—–~_:：()\[\]【】《》<>“”\"'.。!！?？*+&]+")
POLITE = re.compile(
    r"(?:委员|老师|同志|主席|主任|院长|校长|经理|参加|报名|出席|准时|到会|到场|到|收到|本人)+$"
)
EXAMPLE = re.compile(r"^(?:例|示例|格式)[\s::]")


@dataclass(slots=True)
class Entry:
    """One numbered line. `members` fit it; `doubt` says why nobody does."""

    text: str
    words: list[str]
    companions: int = 0
    is_coming: bool = True
    members: list[Member] = field(default_factory=list)
    doubt: str = ""  # "unknown", "several" or nothing
    candidates: list[Member] = field(default_factory=list)


def read_chain(text: str) -> list[Entry]:
    """The entries in their order. Without a single number every line is one."""
    lines = [_plain(line) for line in text.splitlines()]
    lines = [
        line for line in lines if line and not line.startswith("#") and not EXAMPLE.match(line)
    ]
    numbered = [found[2] for line in lines if (found := NUMBERED.match(line))]
    entries = [_entry(line) for line in (numbered or lines) if line]
    return entries[:MOST]


def _plain(line: str) -> str:
    """Full-width signs made plain; emoji, their selectors and invisible signs left out."""
    kept = []
    for sign in unicodedata.normalize("NFKC", line.replace("\0", "")):
        category = unicodedata.category(sign)
        if category in ("So", "Sk", "Cf", "Cs", "Co", "Cn", "Mn", "Me"):
            kept.append(" ")
        else:
            kept.append(" " if category == "Cc" else sign)
    return " ".join("".join(kept).split())


def _entry(line: str) -> Entry:
    counted = COMPANIONS.search(line)
    rest = COMPANIONS.sub(" ", line)
    is_coming = not NOT_COMING.search(rest)
    words: list[str] = []
    for part in filter(None, PARTED.split(rest)):
        words += dict.fromkeys(word for word in (POLITE.sub("", part), part) if word)
    companions = 0
    if counted:
        number = counted[1]
        companions = NUMERALS.get(number) or int(number)
    return Entry(line, _joined(words), companions, is_coming)


def _joined(words: list[str]) -> list[str]:
    """王 伟 → also 王伟, 欧阳 修 → also 欧阳修: what stands apart may be one name."""
    joined, run = list(words), ""
    joined += [a + b for a, b in pairwise(words) if 2 < len(a + b) < 5 and not (a + b).isascii()]
    for word in [*words, ""]:
        if len(word) == 1 and not word.isascii():
            run += word
            continue
        if len(run) > 1:
            joined.append(run)
        run = ""
    return joined


def match(entries: Iterable[Entry], committee: object) -> list[Entry]:
    """The serving members each entry names; two statements for the whole list."""
    rows = list(entries)
    words = {word for entry in rows for word in entry.words if len(word) > 1}
    serving = Membership.objects.today().filter(member__committee=committee)
    found = Member.objects.filter(name__in=words, pk__in=serving.values("member"))
    by_name: dict[str, list[Member]] = {}
    for member in found.select_related("user").order_by("id"):
        by_name.setdefault(member.name, []).append(member)
    everybody = [member for same in by_name.values() for member in same]
    sectors = _sectors_of(everybody) if any(len(same) > 1 for same in by_name.values()) else {}
    for entry in rows:
        _match(entry, by_name, sectors)
    return rows


def _match(entry: Entry, by_name: dict[str, list[Member]], sectors: dict[int, list[str]]) -> None:
    named = [name for name in dict.fromkeys(entry.words) if name in by_name]
    for name in named:
        same = by_name[name]
        if len(same) > 1:
            same = [row for row in same if _is_told(entry, sectors.get(row.pk, []))]
        if len(same) == 1:
            entry.members.append(same[0])
        else:
            entry.doubt, entry.candidates = "several", by_name[name]
    if not named:
        entry.doubt = "unknown"


def _is_told(entry: Entry, sectors: list[str]) -> bool:
    """Whether a word of the line names one of these sectors: 教育, 教育界."""
    said = {word.removesuffix("界") for word in entry.words}
    return any(name.removesuffix("界") in said for name in sectors)


def _sectors_of(members: list[Member]) -> dict[int, list[str]]:
    seats = Seat.objects.today().filter(membership__member__in=members)
    found: dict[int, list[str]] = {}
    for member, name in seats.values_list("membership__member", "sector__name"):
        found.setdefault(member, []).append(name)
    return found
