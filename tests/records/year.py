"""A generated year of a committee, dense on the edges of its months; the same every time."""

from __future__ import annotations

import datetime
import random
from typing import Any
from zoneinfo import ZoneInfo

from activities.models import Attendance, CoHost, Enrolment
from opinions.models import Adoption, Status
from tests import make
from tests.make import handling
from workrooms.models import DutyShift

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST_MOMENT = datetime.time(23, 59, 59, 999999)
DAY = datetime.timedelta(days=1)
# A leap year, its neighbours and both sides of every kind of edge.
EDGES = [
    datetime.date(*day)
    for day in (
        (2027, 2, 28), (2027, 12, 31), (2028, 1, 1), (2028, 1, 31), (2028, 2, 1), (2028, 2, 28),
        (2028, 2, 29), (2028, 3, 1), (2028, 3, 31), (2028, 4, 1), (2028, 12, 31), (2029, 1, 1),
    )
]  # fmt: skip


def moments() -> list[datetime.datetime]:
    """00:00 and the last microsecond of every edge, in Shanghai."""
    clocks = (datetime.time(), LAST_MOMENT)
    return [datetime.datetime.combine(day, at, SHANGHAI) for day in EDGES for at in clocks]


class Year:
    """`committee` with two commissions, three sectors and two rooms, each with something."""

    def __init__(self, committee: Any = None) -> None:
        self.rng = random.Random(20280229)
        self.committee = committee or make.committee()
        self.commissions = [make.commission(committee=self.committee) for _ in range(2)]
        one, two = self.commissions
        self.sectors = [
            make.sector(committee=self.committee, commission=above) for above in (one, one, two)
        ]
        self.members = [make.member(sector=sector) for sector in self.sectors]
        self.rooms = [
            make.workroom(committee=self.committee, sector=sector) for sector in self.sectors[:2]
        ]
        self.clerk = make.officer("clerk", self.committee)
        self.contacts = [make.contact(member=member) for member in self.members for _ in range(2)]
        self.occasions = [make.occasion(committee=self.committee) for _ in range(3)]
        self.activities()
        self.visits()
        self.reports()
        self.entries()

    def activities(self) -> None:
        hosts: list[dict[str, Any]] = [{}, *({"sector": it} for it in self.sectors)]
        hosts += [{"workroom": it} for it in self.rooms]
        hosts += [{"commission": it} for it in self.commissions]
        for n, at in enumerate(moments()):
            made = [self.activity(at, **self.rng.choice(hosts)) for _ in range(2)]
            across = self.activity(at, sector=self.sectors[0])
            CoHost.objects.create(activity=across, sector=self.sectors[n % 3])
            CoHost.objects.create(activity=across, workroom=self.rooms[n % 2])
            self.activity(at, sector=self.sectors[1], called_off_at=at)
            self.activity(at, sector=self.sectors[1], published_at=None)
            for member, came in zip(
                self.members, self.rng.sample(list(Attendance), 3), strict=True
            ):
                self.enrol(made[0], member, came)
            self.enrol(across, self.members[2], "")

    def activity(self, at: datetime.datetime, **over: Any) -> Any:
        given = {"committee": self.committee, "created_by": self.clerk, "starts_at": at}
        return make.activity(**given | {"people_served": self.rng.randint(0, 40)} | over)

    def enrol(self, activity: Any, member: Any, came: str) -> None:
        Enrolment.objects.create(
            committee=self.committee, activity=activity, member=member, entered_by=self.clerk,
            enrolled_at=activity.starts_at, attendance=came,
        )  # fmt: skip

    def visits(self) -> None:
        for day in EDGES:
            for _ in range(3):
                people = self.rng.sample(self.members, self.rng.randint(1, 3))
                make.visit(
                    members=people,
                    contacts=self.rng.sample(self.contacts, self.rng.randint(0, 3)),
                    happened_on=day,
                    people_count=self.rng.randint(1, 30),
                    occasion=self.rng.choice([None, *self.occasions]),
                )

    def reports(self) -> None:
        self.kept: list[Any] = []
        for n, day in enumerate(EDGES):
            one, two, three = self.members
            kept = make.reception(workroom=self.rooms[n % 2], received_on=day)
            self.kept.append(kept)
            self.report(one, day, Status.RECEIVED, reception=kept)
            self.report(two, day, Status.WITHDRAWN)
            make.opinion(author=two, status=Status.DRAFT)
            issue = make.issue(committee=self.committee, issued_on=day)
            whole = self.report(one, day, Status.ISSUED, issue=issue, is_composed=True, sector=None)
            self.report(one, day, Status.MERGED, merged_into=whole, reception=kept)
            self.report(three, day, Status.MERGED, merged_into=whole)
            make.adoption(opinion=whole, adopted_on=day, level=Adoption.Level.NATION)
            single = make.issue(committee=self.committee, issued_on=day)
            out = self.report(self.members[n % 3], day - DAY, Status.ISSUED, issue=single)
            make.adoption(opinion=out, adopted_on=day, level=Adoption.Level.PROVINCE)
            self.referral(day, opinion=out)
            self.referral(day, opinion=whole)
            self.referral(day, reception=kept)
        for at in moments():
            author, kept = self.rng.choice(self.members), self.rng.choice(self.kept)
            row = self.report(author, at.date(), Status.CLOSED, reception=kept)
            for move in ("suggest", "recommend", "note"):
                make.step(opinion=row, move=move, source=Status.WITH_CONVENOR, at=at)
            again = at + datetime.timedelta(days=self.rng.choice([1, 40]))
            for when in (at, again):
                make.step(
                    opinion=row, move="close", source=Status.ISSUED, target=Status.CLOSED, at=when
                )

    def report(self, author: Any, day: datetime.date, status: str, **over: Any) -> Any:
        return make.opinion(author=author, status=status, received_on=day, **over)

    def referral(self, day: datetime.date, **matter: Any) -> None:
        """Referred on the day, due and answered on other edges, or not at all."""
        due = self.rng.choice([it for it in EDGES if it >= day])
        row = handling.referral(referred_on=day, due_on=due, **matter)
        fate = self.rng.choice(["open", "solved", "solved", "planned", "planned", "ended"])
        at = self.rng.choice([it for it in moments() if it.date() >= day])
        if fate == "ended":
            row.ended_at = at
            row.save()
        elif fate != "open":
            letter = "A" if fate == "solved" else "B"
            kind = handling.reply_class(committee=self.committee, letter=letter)
            said = handling.reply(referral=row, reply_class=kind, answered_at=at)
            if fate == "planned":
                settled = self.rng.choice([None, *EDGES])
                plan = self.rng.choice([None, *EDGES])
                handling.promise(reply=said, planned_on=plan, settled_on=settled)

    def entries(self) -> None:
        group = make.liaison_group(committee=self.committee)
        for day in EDGES:
            for member, room in zip(self.members, self.rooms, strict=False):
                for state in (DutyShift.State.DONE, DutyShift.State.CANCELLED):
                    make.duty_shift(
                        member=member, workroom=room, day=day, state=state,
                        hours=HOURS[state],
                    )  # fmt: skip
                make.reception(
                    workroom=room, received_on=day, disposal="on_the_spot", resulted_on=day,
                    sector=self.rng.choice([None, *self.sectors]),
                )  # fmt: skip
            # Received at the end of one month and settled in the next.
            make.reception(
                workroom=self.rooms[0], received_on=day, disposal="unit",
                resulted_on=self.rng.choice(EDGES),
            )  # fmt: skip
            make.reception(liaison_group=group, received_on=day)


HOURS = {
    DutyShift.State.DONE: (datetime.time(9), datetime.time(11)),
    DutyShift.State.CANCELLED: (datetime.time(14), datetime.time(16)),
}
