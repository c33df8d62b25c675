"""The statistics offices publish of their members, each figure with the members behind it.

What is not on record is counted as such and never guessed: a member without a party is neither
中共党员 nor 非中共, and nobody is new while the term before is not on record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from members.models import Membership, Party, Sex
from sectors.lists.kinds import holds_higher, is_standing
from sectors.lists.reading import Line

HAN = ("汉族", "汉")


@dataclass(frozen=True, slots=True)
class Figure:
    """`counts` says of one line whether it belongs to it; `office_only`: told by birth months."""

    key: str
    label: Any
    counts: Callable[[Line], bool]
    has_share: bool = False
    office_only: bool = False


def _in_party(party: Party) -> Callable[[Line], bool]:
    return lambda line: party.value in line.member.parties


def _is_minority(line: Line) -> bool:
    return bool(line.member.ethnicity) and line.member.ethnicity not in HAN


WHOLE = Figure("all", gettext_lazy("委员总数"), lambda line: True)
CPC = Figure("cpc", gettext_lazy("中共党员"), _in_party(Party.CPC), has_share=True)
NON_CPC = Figure(
    "non_cpc",
    gettext_lazy("非中共"),
    lambda line: bool(line.member.parties) and Party.CPC.value not in line.member.parties,
    has_share=True,
)
PARTY_UNKNOWN = Figure(
    "party_unknown", gettext_lazy("党派未登记"), lambda line: not line.member.parties
)
WOMEN = Figure(
    "women", gettext_lazy("女委员"), lambda line: line.member.sex == Sex.FEMALE, has_share=True
)
MINORITIES = Figure("minorities", gettext_lazy("少数民族"), _is_minority, has_share=True)
NEW = Figure("new", gettext_lazy("本届新任"), lambda line: line.is_new is True, has_share=True)
STAYING = Figure("staying", gettext_lazy("连任"), lambda line: line.is_new is False, has_share=True)
ADDED = Figure(
    "added",
    gettext_lazy("届中增补"),
    lambda line: line.membership.entry == Membership.Entry.ADDED,
)
HEADS = Figure("heads", gettext_lazy("主席、副主席、秘书长"), holds_higher)
STANDING = Figure("standing", gettext_lazy("常务委员"), is_standing, has_share=True)
CONVENORS = Figure(
    "convenors", gettext_lazy("界别召集人"), lambda line: line.convenor_place is not None
)
AGE_KNOWN = Figure(
    "age_known",
    gettext_lazy("已登记出生年月"),
    lambda line: line.age is not None,
    office_only=True,
)
AGE_UNKNOWN = Figure(
    "age_unknown",
    gettext_lazy("出生年月未登记"),
    lambda line: line.age is None,
    office_only=True,
)
PARTIES = (
    CPC,
    *(
        Figure(f"party_{party.value}", party.label, _in_party(party))
        for party in Party
        if party != Party.CPC
    ),
)
MAIN = (
    WHOLE, CPC, NON_CPC, PARTY_UNKNOWN, WOMEN, MINORITIES, NEW, STAYING, ADDED, HEADS, STANDING,
    CONVENORS,
)  # fmt: skip
BY_SECTOR = (WHOLE, CPC, NON_CPC, WOMEN, MINORITIES, NEW, STANDING)
FIGURES = {figure.key: figure for figure in (*MAIN, *PARTIES, AGE_KNOWN, AGE_UNKNOWN)}
NEEDS_A_TERM_BEFORE = (NEW, STAYING)


@dataclass(frozen=True, slots=True)
class Counted:
    """`number` is None where it cannot be told; `share` of all lines, `40.0%`."""

    figure: Figure
    number: int | None
    share: str = ""


def count(figure: Figure, lines: Sequence[Line]) -> Counted:
    if figure in NEEDS_A_TERM_BEFORE and any(line.is_new is None for line in lines):
        return Counted(figure, None)
    number = sum(map(figure.counts, lines))
    return Counted(figure, number, share(number, len(lines)) if figure.has_share else "")


def share(part: int, whole: int) -> str:
    """Of a hundred with one decimal, halves rounded up as offices do."""
    if not whole:
        return ""
    exact = Decimal(part) * 100 / Decimal(whole)
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def average_age(lines: Iterable[Line]) -> Decimal | None:
    """Of the known ages, with one decimal; None where none is known."""
    ages = [line.age for line in lines if line.age is not None]
    if not ages:
        return None
    return (Decimal(sum(ages)) / len(ages)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def in_words(lines: Sequence[Line], *, with_ages: bool) -> str:
    """One sentence as papers tell it: 委员360名，其中中共党员144名，占40.0%；…… No zeros."""
    if not lines:
        return ""
    told = []
    for figure in (CPC, NON_CPC, PARTY_UNKNOWN, WOMEN, MINORITIES, NEW, STANDING):
        counted = count(figure, lines)
        if counted.number:
            share_of_it = f"，占{counted.share}" if counted.share else ""
            told.append(f"{figure.label}{counted.number}名{share_of_it}")
    average = average_age(lines) if with_ages else None
    if average is not None:
        told.append(f"平均年龄{average}岁")
    return f"委员{len(lines)}名" + (f"，其中{'；'.join(told)}。" if told else "。")
