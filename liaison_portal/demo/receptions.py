"""A year of the reception book in every state: by scan and visit, by liaison persons, on paper."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from committees.actions import take_number
from committees.models import Unit, User
from committees.sealed import one_way
from committees.workdays import Calendar
from liaison_portal.demo import places
from liaison_portal.demo.matters import ADDED, AGAINST_PERSON, CALLS, ELSEWHERE, MATTERS, Matter
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from members.models import Member
from opinions.models import Opinion, Status
from sectors.models import LiaisonGroup
from workrooms.actions.receipts import PURPOSE
from workrooms.models import Reception, ReceptionWord, RoomMember, Workroom
from workrooms.receipt_numbers import check_digit

Disposal, Nature, Way = Reception.Disposal, Reception.Nature, Reception.Way
WAYS = ([Way.IN_PERSON, Way.SCAN, Way.PHONE, Way.VISIT], [55, 25, 12, 8])
HOW = (
    [Disposal.ON_THE_SPOT, Disposal.COMMUNITY, Disposal.UNIT, Disposal.PROPOSAL],
    [40, 30, 25, 5],
)
SURNAMES = "赵钱孙李周吴郑王冯陈"
PER_ROOM = 7  # entries of a year
SHOWN = {
    "received": "已收到",
    "coordinating": "正在协调",
    "reported": "已通过政协渠道反映",
    "resulted": "已有结果",
}
"""The entries whose receipt numbers the demo tells, by what they show."""


def shown_number(name: str) -> str:
    """A demo's receipt number: the same in every demo, unlike a real one, which is random."""
    digits = "".join(random.Random(f"demo receipt {name}").choices("0123456789", k=15))
    return digits + check_digit(digits)


@dataclass
class Book:
    """One committee's book while it is written; dice of its own, so that no other draw shifts."""

    place: Place
    plan: Plan
    rng: random.Random
    calendar: Calendar
    units: dict[str, Unit]
    people: dict[int, list[Member]]  # by room
    keepers: dict[int, User]
    rows: list[Reception] = field(default_factory=list)
    received_by: list[list[Member]] = field(default_factory=list)
    words: list[ReceptionWord] = field(default_factory=list)
    opinions: list[tuple[Reception, Opinion]] = field(default_factory=list)

    def moment(self, day: datetime.date, first: int = 9, last: int = 17) -> datetime.datetime:
        """A minute of that day in Shanghai between two full hours."""
        minute = self.rng.randrange(first * 60, last * 60)
        clock = datetime.time(minute // 60, minute % 60)
        return timezone.make_aware(datetime.datetime.combine(day, clock))

    def later(self, day: datetime.date, least: int, most: int) -> datetime.date:
        """A day some days on, at most yesterday."""
        return min(day + ONE_DAY * self.rng.randint(least, most), self.plan.today - ONE_DAY)

    @property
    def last_day(self) -> datetime.date:
        return self.plan.today - ONE_DAY


def receptions(place: Place, plan: Plan) -> None:
    """Entries of every room over the year, of liaison groups, and in the city the staged ones."""
    book = _book(place, plan)
    for day, room in _days(book):
        _entry(book, day, workroom=room)
    for group in LiaisonGroup.objects.filter(committee=place.committee).order_by("id"):
        for _ in range(3):
            _entry(book, _past_day(book), liaison_group=group)
    _from_reports(book)
    if place.is_city:
        _staged(book)
    _write(book)


def _book(place: Place, plan: Plan) -> Book:
    here = RoomMember.objects.filter(committee=place.committee).order_by("id")
    people: dict[int, list[Member]] = {}
    keepers: dict[int, User] = {}
    for row in here.select_related("member__user", "user"):
        if row.member:
            people.setdefault(row.workroom_id, []).append(row.member)
        if row.is_keeper:
            keepers[row.workroom_id] = row.user or row.member.user
    return Book(
        place,
        plan,
        random.Random(f"receptions:{place.committee.slug}:{plan.today}"),
        place.calendar,
        {unit.name: unit for unit in Unit.objects.filter(committee=place.committee)},
        people,
        keepers,
    )


def _past_day(book: Book) -> datetime.date:
    day = book.plan.today - ONE_DAY * book.rng.randint(1, 365)
    return day if book.calendar.is_workday(day) else book.calendar.before(day, 1)


def _days(book: Book) -> Iterator[tuple[datetime.date, Workroom]]:
    for number, room in enumerate(book.place.rooms):
        most = PER_ROOM * (5 if number == 0 else 1)  # the demo keeper's room is a busy one
        for _ in range(book.rng.randint(most - 3, most + 3)):
            yield _past_day(book), room


def _new(book: Book, day: datetime.date, said: str, **over: Any) -> Reception:
    """An entry as it was registered."""
    rng = book.rng
    room = over.get("workroom")
    way = over.pop("way", None) or rng.choices(*WAYS)[0]
    is_named = rng.random() < 0.75
    keeper = book.keepers.get(room.pk) if room else None
    is_paper = room is not None and way == Way.IN_PERSON and rng.random() < 0.15
    row = Reception(
        committee=book.place.committee,
        year=day.year,
        received_on=day,
        way=way,
        said=said,
        resident_name=rng.choice(SURNAMES) + rng.choice("明芳伟静强") if is_named else "",
        resident_phone=f"1390020{rng.randrange(10_000):04d}" if is_named else "",
        community=rng.choice(places.COMMUNITIES),
        created_by=None if way == Way.SCAN else keeper,
        created_at=book.moment(day),
        **{"is_from_paper": is_paper, **over},
    )
    members = book.people.get(room.pk, []) if room else []
    book.rows.append(row)
    book.received_by.append(rng.sample(members, 1) if members and rng.random() < 0.9 else [])
    return row


def _entry(book: Book, day: datetime.date, **where: Any) -> None:
    """Long ago everything was answered; of the last weeks some is open, late or untouched."""
    rng, age = book.rng, (book.plan.today - day).days
    if rng.random() < 0.04:
        return _elsewhere(book, day, **where)
    matter = rng.choice(MATTERS)
    where["category"] = book.place.categories.get(matter.category)
    row = _new(book, day, matter.said.format(p=rng.choice(places.COMMUNITIES)), **where)
    if age < 4 and rng.random() < 0.5:
        return None  # nobody has looked yet
    row.read_at = book.moment(book.later(day, 0, 1), 17, 18)
    if age < 12 and rng.random() < 0.2:
        return None
    _dispose(book, row, matter)
    return None


def _dispose(book: Book, row: Reception, matter: Matter, how: str = "") -> None:
    rng, day = book.rng, row.received_on
    row.disposal = how or rng.choices(*HOW)[0]
    row.disposed_at = row.read_at
    row.disposed_by = book.keepers.get(row.workroom_id or 0) or book.place.officers["clerk"][0]
    if row.disposal == Disposal.ON_THE_SPOT:
        row.told_on, row.told_how = day, "phone" if row.way == Way.PHONE else "face"
        return _result(book, row, matter, day)
    row.passed_at = row.disposed_at
    if row.disposal == Disposal.COMMUNITY:
        row.passed_to, row.due_on = row.community, book.calendar.after(day, 5)
    elif row.disposal == Disposal.UNIT:
        row.unit = book.units.get(matter.unit)
        row.passed_to = "" if row.unit else matter.unit
        row.due_on = book.calendar.after(day, 10)
    is_old = (book.plan.today - day).days > 30
    if rng.random() < (0.95 if is_old else 0.4):
        on = book.later(day, 3, 20)
        _result(book, row, matter, on)
        row.told_on, row.told_how = on, rng.choice(["phone", "face", "receipt"])
    if rng.random() < 0.3:
        _word(book, row, "call", rng.choice(CALLS))
    if row.way == Way.SCAN and rng.random() < 0.3:
        _word(book, row, "added", rng.choice(ADDED))
    return None


def _result(book: Book, row: Reception, matter: Matter, on: datetime.date) -> None:
    row.result, row.resulted_on = matter.answer, on
    row.gist, row.gist_at = matter.answer, book.moment(on, 17, 18)
    row.gist_by = book.place.officers["clerk"][0]
    if book.rng.random() < 0.5:
        row.solved = book.rng.choices(["yes", "partly", "no"], [70, 22, 8])[0]
        row.satisfied = book.rng.choices(["yes", "fairly", "no"], [68, 26, 6])[0]
        row.rated_at = book.moment(book.later(on, 0, 6), 18, 20)


def _word(book: Book, row: Reception, kind: str, text: str) -> None:
    by = None if kind == "added" else row.disposed_by
    at = book.moment(book.later(row.received_on, 1, 5), 10, 17)
    book.words.append(ReceptionWord(reception=row, kind=kind, text=text, at=at, by=by))


def _elsewhere(book: Book, day: datetime.date, **where: Any) -> None:
    """A petition or lawsuit: registered, and told in writing where it belongs."""
    nature = book.rng.choice(list(ELSEWHERE))
    said, passed_to = ELSEWHERE[nature]
    row = _new(book, day, said, nature=nature, way=Way.IN_PERSON, **where)
    row.read_at = row.disposed_at = book.moment(day, 17, 18)
    row.disposal, row.passed_to = Disposal.NOT_OURS, passed_to
    row.disposed_by = row.created_by or book.place.officers["clerk"][0]
    if (book.plan.today - day).days > 12:
        row.told_on, row.told_how = book.later(day, 1, 10), "written"


def _from_reports(book: Book) -> None:
    """Reports of members of a room that name no other source began at its table."""
    at_home = {member.pk: room for room, people in book.people.items() for member in people}
    rooms = {room.pk: room for room in book.place.rooms}
    reports = Opinion.objects.filter(
        committee=book.place.committee, visit=None, reception=None, authorships__place=1,
        authorships__member__in=at_home,
    ).exclude(status__in=[Status.DRAFT, Status.OFFLINE])  # fmt: skip
    reports = reports.prefetch_related("authorships__member__user").order_by("id")
    for report in reports[: max(4, len(rooms) // 3)]:
        author = next(part.member for part in report.authorships.all() if part.place == 1)
        day = report.submitted_on or book.last_day
        said = report.title.removeprefix("关于").removesuffix("的建议") + "，希望委员反映。"
        row = _new(book, day, said, workroom=rooms[at_home[author.pk]], category=report.category)
        book.received_by[-1] = [author]
        row.created_at = min(row.created_at, report.created_at)
        row.read_at = row.disposed_at = row.passed_at = row.created_at
        row.disposal, row.disposed_by = Disposal.OPINION, author.user
        book.opinions.append((row, report))


def _staged(book: Book) -> None:
    """What a demo shows in any case: in the demo keeper's room, with receipts, and one confided."""
    room, today = book.place.rooms[0], book.plan.today
    matters = iter(MATTERS)
    for name, days in (("received", 1), ("coordinating", 8), ("resulted", 25)):
        matter = next(matters)
        said = matter.said.format(p="新华社区")
        day = book.calendar.before(today - ONE_DAY * days, 1)
        row = _new(book, day, said, workroom=room, way=Way.SCAN, is_from_paper=False)
        row.receipt_twin = one_way(shown_number(name), purpose=PURPOSE)
        book.received_by[-1] = book.people.get(room.pk, [])[:1]
        if name != "received":
            row.read_at = book.moment(day, 17, 18)
            _dispose(book, row, matter, Disposal.COMMUNITY)
        if name == "coordinating":
            row.result = row.gist = row.solved = row.satisfied = row.told_how = ""
            row.resulted_on = row.gist_at = row.gist_by = row.rated_at = row.told_on = None
        elif name == "resulted" and not row.gist_at:
            _result(book, row, matter, book.later(day, 3, 9))
    issued = [row for row, report in book.opinions if report.issue_id]
    if issued:
        issued[0].receipt_twin = one_way(shown_number("reported"), purpose=PURPOSE)
    day = book.calendar.before(today, 3)
    _new(book, day, AGAINST_PERSON, workroom=room, nature=Nature.PERSON, is_from_paper=False)


def _write(book: Book) -> None:
    """Numbered by the day, as if they had come in one after the other."""
    order = sorted(range(len(book.rows)), key=lambda n: (book.rows[n].created_at, n))
    for year in sorted({row.year for row in book.rows}):
        mine = [book.rows[n] for n in order if book.rows[n].year == year]
        last = take_number(book.place.committee, "reception", year, how_many=len(mine))
        for number, row in enumerate(mine, start=last - len(mine) + 1):
            row.number = number
    Reception.objects.bulk_create([book.rows[n] for n in order])
    through = Reception.members.through
    through.objects.bulk_create(
        through(reception=row, member=member)
        for row, members in zip(book.rows, book.received_by, strict=True)
        for member in members
    )
    ReceptionWord.objects.bulk_create(book.words)
    for row, report in book.opinions:
        report.reception = row
    Opinion.objects.bulk_update([report for _row, report in book.opinions], ["reception"])
