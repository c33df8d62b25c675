"""Committees made by chance and carried through two terms by the house's own verbs.

`carried(seed)` gives the committee; the same seed gives the same story. People enter at the opening
session and at later meetings, leave, change sector, take and lay down positions, convene, sit in
commissions and street groups; some stay into the second term, some come anew, one enters and is
taken back on the same day, so that a span is empty. `briefly(seed)` gives a story of two short
terms over a leap day, with meetings on the first and the last days as well.
"""

from __future__ import annotations

import datetime
import random
from contextlib import suppress
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from committees.actors import CLOCK
from committees.models import Committee, Term
from committees.spans import span_from
from members import actions as members
from members.models import Member, Membership, Party, Position
from sectors import actions
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    Seat,
    Sector,
    StreetGroup,
    StreetSeat,
)
from tests import make

OPENED, RENEWED = datetime.date(2017, 1, 10), datetime.date(2022, 1, 12)
LAST = datetime.date(2026, 12, 31)
LEAP_DAY = datetime.date(2024, 2, 29)
SURNAMES, GIVEN = "丁王马李张刘陈杨黄魏欧", "一伟明建国志强丽华秋实春"
ODD_NAMES = ("欧阳明", "阿卜杜拉·买买提", "𠮷明", "王伟")
# 工作单位及职务 as written → the unit. Some texts name no unit that could be told apart.
WORKS = {
    "市教育局副局长": "市教育局",
    "市教育局党组书记、局长": "市教育局",
    "第一中学教师": "第一中学",
    "市人民医院院长": "市人民医院",
    "市人民医院外科主任": "市人民医院",
    "恒源建材公司董事长、市工商联副主席": "恒源建材公司",
    "云川学院教授": "云川学院",
    "律师事务所律师": "律师事务所",
    "市委统战部副部长": "市委统战部",
    "退休干部": "退休干部",
    "自由撰稿人": "自由撰稿人",
    "": "",
}
HIGHER = (Position.Kind.CHAIR, Position.Kind.VICE_CHAIR, Position.Kind.SECRETARY_GENERAL)
DUTIES = CommissionSeat.Duty.values
DEEDS = ["enter", "enter", "leave", "leave", "move", "move", "take", "lay", "convene"]
DEEDS += ["end_convening", "join", "quit", "undone"]


@dataclass(frozen=True)
class Calendar:
    """The days two terms open on, the day after the second one, and the days of meetings."""

    opened: datetime.date
    renewed: datetime.date
    over: datetime.date | None
    meetings: tuple[list[datetime.date], list[datetime.date]]

    @property
    def days(self) -> list[datetime.date]:
        """Each day of both terms, the day before and the day after them."""
        assert self.over is not None
        whole = (self.over - self.opened).days
        return [self.opened + datetime.timedelta(days=n) for n in range(-1, whole + 1)]


@dataclass
class Story:
    rng: random.Random
    committee: Committee
    sectors: list[Sector] = field(default_factory=list)
    commissions: list[Commission] = field(default_factory=list)
    streets: list[StreetGroup] = field(default_factory=list)

    def serving(self, day: datetime.date) -> list[Membership]:
        rows = Membership.objects.in_committee(self.committee).on(day).order_by("pk")
        return list(rows.select_related("member__committee", "term", "committee"))


def carried(seed: int) -> Committee:
    rng = random.Random(f"lists-{seed}")
    meetings = (_meetings(rng, OPENED), _meetings(rng, RENEWED))
    return _carry(rng, Calendar(OPENED, RENEWED, None, meetings))


def briefly(seed: int) -> tuple[Committee, Calendar]:
    """Two terms of 150 to 200 days each; a leap day and the first and last days are meetings."""
    rng = random.Random(f"each-day-{seed}")
    opened = datetime.date(2023, 11, 20) + datetime.timedelta(days=rng.randint(0, 90))
    renewed = opened + datetime.timedelta(days=rng.randint(150, 200))
    over = renewed + datetime.timedelta(days=rng.randint(150, 200))
    first = [*_around(rng, opened, renewed), LEAP_DAY]
    calendar = Calendar(opened, renewed, over, (sorted(first), _around(rng, renewed, over)))
    return _carry(rng, calendar), calendar


def _around(rng: random.Random, first: datetime.date, over: datetime.date) -> list[datetime.date]:
    """The first day, the next one, two between, the last one."""
    day = datetime.timedelta(days=1)
    between = [first + rng.randint(10, 140) * day for _ in range(2)]
    return sorted([first, first + day, *between, over - day])


def _carry(rng: random.Random, calendar: Calendar) -> Committee:
    committee = make.committee(has_term=False)
    opened, renewed, over = calendar.opened, calendar.renewed, calendar.over
    first = make.term(committee=committee, ordinal=5, span=span_from(opened, renewed))
    second = make.term(committee=committee, ordinal=6, span=span_from(renewed, over))
    story = Story(rng, committee)
    _groups(story)
    pairs = zip((first, second), (opened, renewed), calendar.meetings, strict=True)
    for term, opening, meetings in pairs:
        _open(story, term, opening)
        for meeting in meetings:
            for _ in range(rng.randint(5, 9)):
                _deed(story, meeting)
    return committee


def _groups(story: Story) -> None:
    """Places in the list tie now and then: the id then decides."""
    rng, committee = story.rng, story.committee
    names = rng.sample(["教育", "工商联", "文艺", "医药卫生", "农业", "无党派人士"], 4)
    story.sectors = [
        make.sector(committee=committee, name=name, position=rng.randint(1, 4)) for name in names
    ]
    story.commissions = [
        make.commission(committee=committee, name=name, position=rng.randint(1, 2))
        for name in ("提案委员会", "经济委员会", "教科卫体委员会")
    ]
    story.streets = [
        make.street_group(committee=committee, name=f"{name}街道委员组") for name in "东西"
    ]


def _meetings(rng: random.Random, opening: datetime.date) -> list[datetime.date]:
    days = rng.sample(range(30, 1700), 3)
    return [opening + datetime.timedelta(days=day) for day in sorted(days)]


def _open(story: Story, term: Term, day: datetime.date) -> None:
    """The opening session: those of the term before who stay, then new ones; then the elections."""
    rng = story.rng
    eve = day - datetime.timedelta(days=1)
    for before in story.serving(eve):
        if rng.random() < 0.6:
            span = span_from(day, term.span.upper)
            row = make.membership(member=before.member, term=term, span=span)
            if rng.random() < 0.9:
                actions.seat(row, rng.choice(story.sectors), on=day, by=CLOCK)
    for _ in range(rng.randint(9, 13)):
        _enter(story, day, Membership.Entry.NOMINATED)
    serving = story.serving(day)
    rng.shuffle(serving)
    kinds = [Position.Kind.CHAIR, Position.Kind.VICE_CHAIR, Position.Kind.VICE_CHAIR]
    kinds += [Position.Kind.SECRETARY_GENERAL]
    for row, kind in zip(serving, kinds, strict=False):
        members.take_position(row, kind, on=day, rank=rng.randint(0, 2), by=CLOCK)
    for row in rng.sample(serving, 6):  # among them, now and then, a chair
        members.take_position(row, "standing", on=day, rank=rng.choice([0, 0, 8]), by=CLOCK)
    if rng.random() < 0.5:  # 副主席兼秘书长
        with suppress(ValidationError):
            members.take_position(serving[1], "secretary_general", on=day, by=CLOCK)
    for row in serving:
        for commission in rng.sample(story.commissions, rng.choice([0, 1, 1, 2])):
            duty = rng.choice(DUTIES)
            actions.join_commission(row, commission, on=day, duty=duty, by=CLOCK)
        if rng.random() < 0.8:
            StreetSeat.objects.create(
                committee=story.committee,
                membership=row,
                street_group=rng.choice(story.streets),
                is_head=rng.random() < 0.2,
                span=row.span,
            )
    for _ in range(5):
        _convene(story, day)


def _enter(story: Story, day: datetime.date, entry: str) -> Member:
    rng = story.rng
    born = datetime.date(rng.randint(1950, 1995), rng.randint(1, 12), 1)
    given = "".join(rng.choices(GIVEN, k=rng.choice([1, 2])))
    name = rng.choice(ODD_NAMES) if rng.random() < 0.15 else rng.choice(SURNAMES) + given
    parties = rng.choices(
        [[], [Party.CPC], [Party.CDL], [Party.CPC, Party.CNDCA], [Party.MASSES]],
        [1, 4, 2, 1, 2],
    )[0]
    return actions.add_member(
        story.committee,
        name=name,
        sex=rng.choice(["male", "female"]),
        on=day,
        by=CLOCK,
        entry=entry,
        sector=rng.choice([*story.sectors, *story.sectors, None]),
        birth_month=born if rng.random() < 0.8 else None,
        ethnicity=rng.choice(["汉族", "汉族", "汉", "回族", "苗族"]),
        parties=list(parties),
        work=rng.choice(list(WORKS)),
    )


def _convene(story: Story, day: datetime.date) -> None:
    seats = Seat.objects.in_committee(story.committee).on(day).order_by("pk")
    if seats:
        with suppress(ValidationError):  # three already, or this one already
            actions.appoint_convenor(story.rng.choice(list(seats)), on=day, by=CLOCK)


def _deed(story: Story, day: datetime.date) -> None:
    """One thing that happens at a meeting; what the rules do not allow does not happen."""
    rng = story.rng
    row = rng.choice(story.serving(day))
    kind = rng.choice(DEEDS)
    with suppress(ValidationError):
        if kind == "enter":
            _enter(story, day, Membership.Entry.ADDED)
        elif kind == "leave":
            actions.leave(row, on=day, how=rng.choice(["resigned", "died"]), by=CLOCK)
        elif kind == "move":
            actions.move_to_sector(row.member, rng.choice(story.sectors), on=day, by=CLOCK)
        elif kind == "take":
            what = rng.choice(Position.Kind.values)
            members.take_position(row, what, on=day, rank=rng.randint(0, 3), by=CLOCK)
        elif kind == "convene":
            _convene(story, day)
        elif kind == "join":
            commission, duty = rng.choice(story.commissions), rng.choice(DUTIES)
            actions.join_commission(row, commission, on=day, duty=duty, by=CLOCK)
        elif kind == "undone":
            made = _enter(story, day, Membership.Entry.ADDED)
            actions.leave(made.memberships.get(), on=day, how="revoked", by=CLOCK)
        else:
            _lay_down(story, day, kind)


def _lay_down(story: Story, day: datetime.date, kind: str) -> None:
    verbs = {
        "lay": (Position, members.end_position),
        "end_convening": (Convenorship, actions.end_convenorship),
        "quit": (CommissionSeat, actions.leave_commission),
    }
    model, end = verbs[kind]
    rows = list(model.objects.in_committee(story.committee).on(day).order_by("pk"))
    if rows:
        end(story.rng.choice(rows), on=day, by=CLOCK)
