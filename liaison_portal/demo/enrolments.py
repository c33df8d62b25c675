"""Who came to what was held, who is enrolled for what is coming; a series, a plan, co-hosts."""

from __future__ import annotations

import datetime
import random
from typing import Any

from django.utils import timezone

from activities.models import (
    Activity,
    Attendance,
    CoHost,
    Enrolling,
    Enrolment,
    HeadCount,
    Series,
)
from activities.monthly import Rule, days_of
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from members.models import Member

HELD, COMING = 60, 8  # activities with a list: held ones, and coming ones of everybody
COUNTY_HELD = 6
ACCOUNTS = ("member", "member2", "convenor", "convenor2")
SHARES = [(Attendance.PRESENT, 84), (Attendance.LATE, 4), (Attendance.LEFT_EARLY, 2)]
SHARES += [(Attendance.LEAVE, 7), (Attendance.ABSENT, 3)]
REASONS = ["出差在外", "单位有会", "身体不适", "家中有事"]
OTHERS = ["界别群众", "社区工作者", "专家学者"]
SUBJECTS = ["学习与交流", "走进社区", "读书分享", "政策宣讲", "健康义诊", "小微协商"]


def enrolments(place: Place, plan: Plan) -> None:
    """Of dice of its own."""
    rng = random.Random(f"enrolments:{place.committee.slug}:{plan.today}")
    members = list(place.members)
    if len(members) < 12:
        return
    now = timezone.make_aware(datetime.datetime.combine(plan.today, datetime.time(12)))
    rows = Activity.objects.filter(committee=place.committee).select_related("committee")
    held = list(rows.filter(ends_at__lt=now).order_by("-starts_at", "-id"))
    _attended(held[: HELD if place.is_city else COUNTY_HELD], members, place, rng)
    if place.is_city:
        coming = list(rows.filter(starts_at__gt=now + ONE_DAY).order_by("starts_at", "id"))
        _coming(coming[:COMING], members, place, plan, rng)
        _cross_sector(coming[:3], place)
        _plans(place, plan)
        _series(place, plan)


def _attended(
    held: list[Activity], members: list[Member], place: Place, rng: random.Random
) -> None:
    words, weights = zip(*SHARES, strict=True)
    rows, others = [], []
    for activity in held:
        clerk = activity.created_by
        for member in rng.sample(members, min(len(members), rng.randint(8, 24))):
            said = rng.choices(words, weights)[0]
            row = _row(activity, member, enrolled_at=activity.starts_at - 5 * ONE_DAY)
            row.attendance, row.noted_at, row.noted_by = said, activity.ends_at, clerk
            if said == Attendance.LEAVE:
                _on_leave(row, activity.starts_at - 2 * ONE_DAY, rng)
            rows.append(row)
        others.append(
            HeadCount(activity=activity, kind=rng.choice(OTHERS), count=rng.randint(5, 60))
        )
        activity.people_served = rng.randint(20, 120)
        activity.enrolment = Enrolling.INVITED
    Enrolment.objects.bulk_create(rows)
    HeadCount.objects.bulk_create(others)
    Activity.objects.bulk_update(held, ["people_served", "enrolment"])


def _on_leave(row: Enrolment, at: datetime.datetime, rng: random.Random) -> None:
    row.leave_asked_at, row.leave_reason = at, rng.choice(REASONS)
    row.is_leave_granted, row.leave_decided_at = True, at + datetime.timedelta(hours=3)
    row.leave_decided_by = row.activity.created_by


def _row(activity: Activity, member: Member, **dates: Any) -> Enrolment:
    return Enrolment(
        committee=activity.committee,
        activity=activity,
        member=member,
        entered_by_id=member.user_id,
        **dates,
    )


def _coming(
    coming: list[Activity], members: list[Member], place: Place, plan: Plan, rng: random.Random
) -> None:
    """In turn: open and full with a waiting list, open without limit, for those invited."""
    own = [row for row in members if row.user_id in {plan.accounts[a].pk for a in ACCOUNTS}]
    others = [row for row in members if row not in own]
    rows = []
    for number, activity in enumerate(coming):
        published = _at(plan.today - 3 * ONE_DAY, 9)
        there = rng.sample(others, min(len(others), 18))
        activity.enrol_until = activity.starts_at - ONE_DAY
        if number % 3 == 2:
            activity.enrolment = Enrolling.INVITED
            rows += [_row(activity, row, invited_at=published) for row in [*own, *there[:9]]]
            rows += [
                _row(activity, row, invited_at=published, enrolled_at=published + ONE_DAY)
                for row in there[9:]
            ]
            asks = rows[-1]
            asks.leave_asked_at = published + 2 * ONE_DAY
            asks.leave_reason = rng.choice(REASONS)
            continue
        activity.enrolment = Enrolling.OPEN
        activity.capacity = 15 if number % 3 == 0 else None
        for place_in_line, row in enumerate([*own[:1], *there] if number % 3 else there):
            at = published + datetime.timedelta(minutes=7 * place_in_line)
            has_place = activity.capacity is None or place_in_line < activity.capacity
            dates = {"enrolled_at": at} if has_place else {"waiting_since": at}
            rows.append(_row(activity, row, **dates))
    Enrolment.objects.bulk_create(rows)
    Activity.objects.bulk_update(coming, ["enrolment", "capacity", "enrol_until"])


def _cross_sector(coming: list[Activity], place: Place) -> None:
    """Two sectors and an outside body beside the organiser."""
    sectors = list(place.sectors.values())
    for activity in coming:
        beside = [row for row in sectors[:3] if row.pk != activity.sector_id][:2]
        CoHost.objects.bulk_create(CoHost(activity=activity, sector=row) for row in beside)
        CoHost.objects.create(activity=activity, name="云川市图书馆")


def _plans(place: Place, plan: Plan) -> None:
    """Not published yet: the clerk's, and the convenor's for the own sector."""
    clerk, convenor = place.officers["clerk"][0], plan.accounts["convenor"]
    mine = [row for row in place.members if row.user_id == convenor.pk]
    sector = place.sector_of.get(mine[0].pk) if mine else None
    drafts = [("下月委员集中学习", clerk, None), ("本界别下月座谈", convenor, sector)]
    for number, (title, by, organiser) in enumerate(drafts):
        starts_at = _at(plan.today + ONE_DAY * (35 + number), 14)
        Activity.objects.create(
            committee=place.committee,
            title=title,
            kind=Activity.Kind.STUDY,
            sector=organiser,
            place="市政协三楼会议室",
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(hours=2),
            enrolment=Enrolling.INVITED,
            created_by=by,
        )


def _series(place: Place, plan: Plan) -> None:
    """The first room's next six months, the 20th moved on holidays; the first is published."""
    room, clerk = place.rooms[0], place.officers["clerk"][0]
    series = Series.objects.create(
        committee=place.committee, title=f"{room.name}月度活动", created_by=clerk
    )
    first = plan.today.replace(day=1) + 32 * ONE_DAY
    days = days_of(Rule(day=20), first, len(SUBJECTS), place.calendar)
    published = _at(plan.today, 9)
    for number, (row, subject) in enumerate(zip(days, SUBJECTS, strict=True)):
        starts_at = _at(row.day, 15)
        Activity.objects.create(
            committee=place.committee,
            workroom=room,
            series=series,
            title=f"{series.title}：{subject}",
            place=room.address,
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(hours=2),
            enrolment=Enrolling.OPEN,
            capacity=30,
            published_at=published if number == 0 else None,
            created_by=clerk,
        )


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
