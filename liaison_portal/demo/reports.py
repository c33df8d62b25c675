"""Twelve months of opinion reports: who wrote them, from what, and how far each has come."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from committees.actors import CLOCK, Guest
from committees.models import Role, User
from contacts.models import VisitMember
from liaison_portal.demo import places
from liaison_portal.demo.plan import Place, Plan
from liaison_portal.demo.topics import TOPICS, Topic
from liaison_portal.demo.walks import Crew, Walk, lead
from members.models import Member
from opinions.models import Issue, Status

# What the two demo members find under 社情民意, and with that the two demo convenors on their desk:
# the moves in turn, each with the working days since the one before.
STAGED: tuple[tuple[tuple[str, int], ...], ...] = (
    (),
    (("submit", 0),),
    (("submit", 0),),
    (("submit", 0), ("suggest", 0)),
    (("submit", 1), ("recommend", 1)),
    (("submit_straight", 1), ("take_up", 1)),
    (("submit", 1), ("recommend", 1), ("take_up", 1), ("send_to_check", 1)),
    (("submit", 1), ("recommend", 1), ("take_up", 1), ("send_to_check", 1), ("checked", 1)),
    (
        ("submit", 2),
        ("pass_on", 3),
        ("take_up", 1),
        ("send_to_check", 1),
        ("checked", 1),
        ("sign", 1),
    ),
    (("submit", 2), ("recommend", 1), ("shelve", 4)),
)


@dataclass
class Report:
    """One report on its way to the database."""

    author: Member
    with_author: Member | None
    topic: Topic
    where: str
    visit_id: int | None
    is_urgent: bool
    is_by_delegate: bool
    crew: Crew
    walk: Walk
    began_at: datetime.datetime
    number: int | None = None
    issue: Issue | None = None

    @property
    def title(self) -> str:
        return self.topic.title.format(p=self.where)

    @property
    def is_offline(self) -> bool:
        return self.walk.stands_in == Status.OFFLINE

    def parts(self) -> dict[str, str]:
        topic = self.topic
        texts = {
            "situation": topic.situation,
            "analysis": topic.analysis,
            "suggestion": topic.suggestion,
        }
        return {name: text.format(p=self.where) for name, text in texts.items()}

    def at(self, target: str) -> datetime.datetime | None:
        """When it first came into that status."""
        return next((s.at for s in self.walk.strides if s.target == target), None)


def draw(place: Place, plan: Plan) -> list[Report]:
    """Reports of the whole year in the order in which they were begun."""
    visits = _visits_by_member(place)
    reports = [_ordinary(place, plan, visits) for _ in range(place.size.opinions)]
    if place.is_city:
        reports += _staged(place, plan)
    return sorted(reports, key=lambda report: report.began_at)


def _visits_by_member(place: Place) -> dict[int, list[tuple[datetime.date, int]]]:
    rows = VisitMember.objects.filter(visit__committee=place.committee).order_by("visit_id")
    found: dict[int, list[tuple[datetime.date, int]]] = {}
    for member_id, day, visit_id in rows.values_list("member_id", "visit__happened_on", "visit_id"):
        found.setdefault(member_id, []).append((day, visit_id))
    return found


def _ordinary(
    place: Place, plan: Plan, visits: dict[int, list[tuple[datetime.date, int]]]
) -> Report:
    rng = plan.rng
    author = rng.choice(place.members)
    day, visit_id = plan.past_day(), None
    if visits.get(author.pk) and rng.random() < 0.5:
        met_on, visit_id = rng.choice(visits[author.pk])
        day = met_on
    co_author = rng.choice(place.members) if rng.random() < 0.1 else None
    report = _report(place, plan, author, day, visit_id)
    report.with_author = co_author if co_author is not author else None
    report.walk.is_direct = report.is_urgent or rng.random() < 0.1
    report.walk.is_passing_by = report.crew.convenor is None
    lead(report.walk, report.crew)
    return report


def _report(
    place: Place, plan: Plan, author: Member, day: datetime.date, visit_id: int | None
) -> Report:
    rng = plan.rng
    walk = Walk(
        rng=rng,
        calendar=place.calendar,
        day=day,
        until=plan.moment(plan.today, 0, 1).replace(minute=0),
        moment=plan.moment,
    )
    return Report(
        author=author,
        with_author=None,
        topic=rng.choice(TOPICS),
        where=f"{rng.choice(places.STREETS)}片区",
        visit_id=visit_id,
        is_urgent=rng.random() < 0.04,
        is_by_delegate=author.user.sign_in_name == "member" and rng.random() < 0.3,
        crew=_crew(place, plan, author),
        walk=walk,
        began_at=plan.moment(day, 7, 8),
    )


def _crew(place: Place, plan: Plan, author: Member) -> Crew:
    sector = place.sector_of[author.pk]
    convenors = [m for m in place.convenors.get(sector.pk, []) if m is not author]
    return Crew(
        author=author.user,
        convenor=plan.rng.choice(convenors).user if convenors else None,
        editor=place.officer(Role.EDITOR, plan.rng),
        checker=place.officer(Role.CHECKER, plan.rng),
        signer=place.officer(Role.SIGNER, plan.rng),
    )


def _staged(place: Place, plan: Plan) -> list[Report]:
    """One report of each kind for the demo members, ending on the last working days."""
    authors = [m for m in place.members if m.user.sign_in_name in {"member", "member2"}]
    return [_stage(place, plan, author, script) for author in authors for script in STAGED]


def _stage(place: Place, plan: Plan, author: Member, script: tuple[tuple[str, int], ...]) -> Report:
    last_day = place.calendar.before(plan.today, 1)
    day = place.calendar.before(last_day, sum(days for _, days in script))
    report = _report(place, plan, author, day, None)
    report.is_urgent = report.is_by_delegate = False
    for move, days in script:
        report.walk.wait(days, days).make(move, _who(report.crew, move), _note(move))
    return report


def _who(crew: Crew, move: str) -> User | Guest:
    roles = {
        "recommend": crew.convenor,
        "suggest": crew.convenor,
        "pass_on": CLOCK,
        "take_up": crew.editor,
        "send_to_check": crew.editor,
        "shelve": crew.editor,
        "checked": crew.checker,
        "sign": crew.signer,
    }
    return roles.get(move) or crew.author


def _note(move: str) -> str:
    return "请补充涉及的路段和时间，其余很好。" if move == "suggest" else ""


def reached(reports: list[Report]) -> set[Status]:
    """Every status in which at least one report stands."""
    return {report.walk.stands_in for report in reports}
