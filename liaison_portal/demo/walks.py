"""The way of one report through the editorial life, decided by the dice, checked by the workflow.

A walk only takes moves that `opinions.workflow.MOVES` offers from where it stands, and stops at the
first one that would lie on or after `until`: that is how reports come to be in every status.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from committees.actors import CLOCK, Guest
from committees.models import User
from committees.workdays import Calendar
from opinions.models import Status
from opinions.workflow import MOVES

REVIEW_NOTES = (
    "情况属实，建议具体，推荐报送。",
    "与本界别多位委员的反映一致，推荐报送。",
    "事关群众切身利益，推荐报送。",
    "",
)
SUGGESTIONS = (
    "请补充一两个具体数据，并写明涉及的路段。",
    "建议部分还可再具体些，分清哪些近期能办、哪些需要统筹。",
    "原因分析与情况反映有重复，请合并精简。",
)
OFFICE_RETURNS = ("请补充事例的时间和范围。", "请核对数据来源，一事一报。")
HAND_BACKS = ("第二条建议与现行规定表述不一致，请核。", "标题再精简一些。")


class OutOfTime(Exception):
    """The next move would lie in the future."""


@dataclass(frozen=True, slots=True)
class Stride:
    """One step as it will be written."""

    move: str
    source: Status
    target: Status
    at: datetime.datetime
    by: User | Guest
    note: str = ""


@dataclass
class Walk:
    """`day` is where the report's own time stands; `until` is the first moment not lived yet."""

    rng: random.Random
    calendar: Calendar
    day: datetime.date
    until: datetime.datetime
    moment: Callable[[datetime.date, int, int], datetime.datetime]
    stands_in: Status = Status.DRAFT
    is_direct: bool = False
    is_passing_by: bool = False  # no convenor step for this one
    strides: list[Stride] = field(default_factory=list)

    def wait(self, fewest: int, most: int) -> Walk:
        """Let working days pass."""
        self.day = self.calendar.after(self.day, self.rng.randint(fewest, most))
        return self

    def make(self, move: str, by: User | Guest, note: str = "", *, hour: int = 9) -> None:
        """Take one move that is offered here; OutOfTime where it lies ahead."""
        rule = MOVES[move]
        if self.stands_in not in rule.sources:
            raise ValueError(f"{move} is not offered from {self.stands_in}")
        at = self.moment(self.day, hour, hour + 8)
        if self.strides and at <= self.strides[-1].at:
            at = self.strides[-1].at + datetime.timedelta(minutes=self.rng.randint(5, 90))
        if at >= self.until:
            raise OutOfTime
        target = rule.target
        if rule.detour and self._detours(move):
            target = rule.detour.target
        kept = note if rule.takes_note or rule.needs_note else ""
        self.strides.append(Stride(move, self.stands_in, target, at, by, kept))
        self.stands_in = target

    def _detours(self, move: str) -> bool:
        if move == "resubmit":
            return self.is_passing_by or self.returned_from != Status.WITH_CONVENOR
        return self.is_passing_by if move == "submit" else False

    @property
    def returned_from(self) -> str:
        """As the workflow keeps it: to whom a returned report goes back."""
        if self.stands_in != Status.RETURNED:
            return ""
        source = self.strides[-1].source
        return Status.WITH_CONVENOR if source == Status.WITH_CONVENOR else Status.RECEIVED


@dataclass(frozen=True, slots=True)
class Crew:
    """Who acts on one report."""

    author: User
    convenor: User | None
    editor: User
    checker: User
    signer: User


def lead(walk: Walk, crew: Crew) -> None:
    """From draft as far as time and dice allow."""
    try:
        _send(walk, crew)
        _review(walk, crew)
        _office(walk, crew)
    except OutOfTime:
        pass


def _send(walk: Walk, crew: Crew) -> None:
    if walk.rng.random() < 0.02:
        raise OutOfTime  # begun and left lying
    walk.wait(0, 2).make("submit_straight" if walk.is_direct else "submit", crew.author)


def _review(walk: Walk, crew: Crew) -> None:
    """Recommended, suggested once, or on its own after two working days."""
    if walk.stands_in != Status.WITH_CONVENOR:
        return
    dice, convenor = walk.rng.random(), crew.convenor or CLOCK
    if dice < 0.15:
        walk.wait(0, 1).make("suggest", convenor, walk.rng.choice(SUGGESTIONS))
        if walk.rng.random() < 0.15:
            walk.wait(1, 2).make("insist", crew.author)
            return
        if walk.rng.random() < 0.06:
            walk.wait(1, 3).make("withdraw", crew.author)
            return
        walk.wait(1, 4).make("resubmit", crew.author)
    if dice < 0.8:
        walk.wait(0, 1).make("recommend", convenor, walk.rng.choice(REVIEW_NOTES))
    else:
        walk.wait(2, 2).day += datetime.timedelta(days=1)
        walk.make("pass_on", CLOCK, hour=7)


def _office(walk: Walk, crew: Crew) -> None:
    if walk.stands_in != Status.RECEIVED:
        return
    dice = walk.rng.random()
    if dice < 0.03:
        walk.wait(0, 1).make("withdraw", crew.author)
        return
    if dice < 0.10:
        walk.wait(1, 3).make("send_back", crew.editor, walk.rng.choice(OFFICE_RETURNS))
        walk.wait(1, 6).make("resubmit", crew.author)
    if dice > 0.70:
        walk.wait(2, 6).make("shelve", crew.editor)
        if dice > 0.985:
            walk.wait(5, 20).make("reopen", crew.editor)
            walk.wait(1, 4).make("take_up", crew.editor)
            _finish(walk, crew)
        return
    if 0.10 <= dice < 0.105:
        walk.wait(1, 2).make("go_offline", crew.editor)
        return
    walk.wait(1, 3).make("take_up", crew.editor)
    _finish(walk, crew)


def _finish(walk: Walk, crew: Crew) -> None:
    walk.wait(0, 2).make("send_to_check", crew.editor)
    if walk.rng.random() < 0.08:
        walk.wait(0, 1).make("hand_back", crew.checker, walk.rng.choice(HAND_BACKS))
        walk.wait(0, 1).make("send_to_check", crew.editor)
    walk.wait(0, 1).make("checked", crew.checker)
    walk.wait(1, 3).make("sign", crew.signer)
    walk.day += datetime.timedelta(days=walk.rng.randint(30, 40))
    walk.wait(0, 1).make("close", crew.editor)
