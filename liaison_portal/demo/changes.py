"""The year's changes by hand, with their meetings, and two corrections that wait."""

from __future__ import annotations

import datetime
import random
from typing import Any

from django.utils import timezone

from committees.models import Role, User
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from members.actions import propose_change
from members.models import Change, Member, Position
from opinions.models import Authorship
from sectors.changes.actions import enter_member, make_change, undo_change
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    LeaderContact,
    StreetGroup,
    StreetSeat,
)

STANDING = ("六届十九次常委会会议", "六届二十次常委会会议", "六届二十一次常委会会议")


def changes(place: Place, plan: Plan) -> None:
    """Two enter, two leave, one moves, others take up and lay down offices; one is taken back."""
    rng = random.Random(f"{plan.today}:{place.committee.slug}:changes")
    clerk = place.officers[Role.CLERK][0]
    days = [plan.today - ONE_DAY * back for back in (200, 110, 40)]
    convening = Convenorship.objects.filter(committee=place.committee)
    taken = set(convening.values_list("seat__membership__member", flat=True))
    free = [m for m in place.members if not m.user.sign_in_name and m.pk not in taken]
    # Who wrote reports stays: each step of the demo is one its maker could make today.
    wrote = Authorship.objects.filter(member__committee=place.committee)
    writers = set(wrote.values_list("member", flat=True))
    quiet = iter([m for m in rng.sample(free, len(free)) if m.pk not in writers])
    for name, day, meeting in zip(("钟立春", "罗晓秋"), days, STANDING, strict=False):
        _entered(place, plan, rng, name=name, on=day, meeting=meeting, by=clerk)
    leader = User.objects.filter(appointments__role=Role.LEADER).filter(
        appointments__committee=place.committee
    )
    for member, how, at in zip(quiet, ("resigned", "transferred"), (0, 1), strict=False):
        _made(member, "leave", days[at], STANDING[at], clerk, how=how)
    if (moving := next(quiet, None)) is not None:
        others = [s for s in place.sectors.values() if s != place.sector_of.get(moving.pk)]
        _made(moving, "move", days[2], STANDING[2], clerk, sector=rng.choice(others))
    serving = set(Member.objects.serving(plan.today).values_list("pk", flat=True))
    people = iter(_shuffled(rng, [m for m in free if m.pk in serving]))
    holding = Position.objects.filter(committee=place.committee)
    held = set(holding.values_list("membership__member", flat=True))
    plain = next(m for m in people if m.pk not in held)
    mistaken = _made(plain, "position", days[2], STANDING[2], clerk, position="standing")
    undo_change(mistaken, by=clerk)
    _groups(place, people, days[2], clerk)
    if who := leader.order_by("id").first():
        _made(next(people), "leader", days[2], "主席会议", clerk, leader=who)
        contacted = LeaderContact.objects.filter(committee=place.committee, leader=who)
        free_ones = Commission.objects.filter(committee=place.committee).exclude(
            pk__in=contacted.filter(member=None, sector=None).values("commission")
        )
        if other := free_ones.order_by("id").first():
            _made(other, "leader", days[2], "主席会议", clerk, leader=who)
    _proposals(place)


def _shuffled(rng: random.Random, people: list[Member]) -> list[Member]:
    return rng.sample(people, len(people))


def _groups(place: Place, people: Any, day: datetime.date, clerk: User) -> None:
    """One joins another commission where there is room, one goes over to another street group."""
    own = {"committee": place.committee}
    for member in people:
        held = CommissionSeat.objects.on(day).filter(membership__member=member)
        other = Commission.objects.filter(**own).exclude(seats__in=held).order_by("id").first()
        if other and held.count() < 2:
            _made(member, "commission", day, "主席会议", clerk, commission=other, duty="member")
            break
    member = next(people)
    sits = StreetSeat.objects.on(day).filter(membership__member=member)
    group = StreetGroup.objects.filter(**own).exclude(seats__in=sits).order_by("id").first()
    if group:
        _made(member, "street", day, "主席会议", clerk, street_group=group)


def _entered(place: Place, plan: Plan, rng: random.Random, **given: Any) -> None:
    sector = rng.choice(list(place.sectors.values()))
    made = enter_member(
        place.committee,
        sex="female",
        sector=sector,
        phone=plan.phone(),
        work="某研究院副院长",
        is_other_person=True,
        **given,
    )
    _back(made)


def _made(
    target: Member | Commission,
    kind: str,
    on: datetime.date,
    meeting: str,
    by: User,
    **details: Any,
) -> Change:
    return _back(make_change(target, kind, on=on, meeting=meeting, by=by, **details))


def _back(made: Change) -> Change:
    """Entered in the morning after the meeting, not while the demo is laid."""
    noon = datetime.time(9, 30)
    made.made_at = timezone.make_aware(datetime.datetime.combine(made.on + ONE_DAY, noon))
    made.save(update_fields=["made_at"])
    return made


def _proposals(place: Place) -> None:
    """The demo member's own, and one of another member: both wait."""
    own = [m for m in place.members if m.user.sign_in_name in ("member", "member2")]
    for member, work in zip(own, ("市第二中学教务主任", "某机械厂总工程师"), strict=False):
        user = User.objects.get(pk=member.user_id)
        propose_change(member, by=user, work=work, remark="今年工作变动")
