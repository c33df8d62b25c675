"""Filling the demo: one city with its counties, in one transaction."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable

from django.db import transaction

from committees.actions import add_committee
from committees.actors import CLOCK
from committees.audit import record
from committees.models import Category, Committee, Level
from committees.workdays import calendar_of
from liaison_portal.demo import (
    afterwards,
    alike,
    announcements,
    areas,
    changes,
    codes,
    composed,
    coverage,
    diary,
    duty,
    enrolments,
    following,
    former,
    imports,
    inbox,
    lists,
    months,
    outcomes,
    paper,
    places,
    proposals,
    receptions,
    referrals,
    reminding,
    reports,
    rhythm,
    room_pages,
    rooms,
    roster,
    searching,
    submitters,
    supervision,
    telling,
    themes,
    ties,
    turning,
    unit_desk,
    years,
)
from liaison_portal.demo.accounts import ACCOUNTS
from liaison_portal.demo.names import NameBook
from liaison_portal.demo.plan import COUNTY, Place, Plan, Size
from liaison_portal.founding import lay_samples

Say = Callable[[str], None]


def fill(
    slug: str, *, seed: int, members: int, today: datetime.date, password: str, say: Say
) -> Committee:
    """Make the demo committee `slug` and its counties `slug-01` …; `say` tells the progress."""
    rng = random.Random(seed)
    names = NameBook(rng, {account.name for account in ACCOUNTS})
    plan = Plan(rng, today, names, password)
    with transaction.atomic():
        city = _committee(slug, places.CITY, Level.CITY, None)
        _city(_place(city, Size.of_city(members)), plan, say)
        for number, name in enumerate(places.COUNTIES, start=1):
            county = _committee(f"{slug}-{number:02d}", name, Level.COUNTY, city)
            _county(_place(county, COUNTY), plan)
        months.tell_counties(city)
        say(f"已建立 {len(places.COUNTIES)} 个县（市、区）政协")
        record("demo.fill", by=CLOCK, committee=city, about=city, seed=seed, members=members)
    return city


def _committee(slug: str, name: str, level: Level, parent: Committee | None) -> Committee:
    committee = add_committee(
        slug=slug,
        name=f"政协{name}委员会",
        level=level,
        parent=parent,
        by=CLOCK,
        is_demo=True,
    )
    lay_samples(committee)
    return committee


def _place(committee: Committee, size: Size) -> Place:
    categories = Category.objects.filter(committee=committee)
    return Place(
        committee,
        size,
        calendar_of(committee),
        categories={category.name: category for category in categories},
    )


def _city(place: Place, plan: Plan, say: Say) -> None:
    roster.people(place, plan)
    roster.offices(place, plan)
    roster.delegation(place, plan)
    supervision.postings(place, plan)
    say(f"已建立委员名册：{len(place.members)} 名委员、{len(place.sectors)} 个界别")
    _work(place, plan)
    months.summaries(place, plan, how_many=11)
    inbox.notices_of_reports(place, plan)
    telling.deliveries(place, plan)
    former.former_term(place, plan)
    turning.handover(place, plan)
    say(f"已建立 {len(place.rooms)} 个委员工作室和近一年的走访、社情民意、活动")


def _county(place: Place, plan: Plan) -> None:
    """The first county's clerk is a demo account."""
    is_first = "countyclerk" not in plan.accounts
    roster.people(place, plan)
    clerk = roster.account(plan, "countyclerk") if is_first else roster.waiting_clerk(plan)
    roster.county_office(place, clerk)
    _work(place, plan)
    months.summaries(place, plan, how_many=2)


def _work(place: Place, plan: Plan) -> None:
    rooms.rooms(place, plan)
    codes.codes(place)
    room_pages.dress(place, plan)
    duty.duty(place, plan)
    ties.contacts(place, plan)
    areas.areas(place, plan)
    ties.visits(place, plan)
    areas.proposals(place, plan)
    coverage.coverage(place, plan)
    written = reports.draw(place, plan)
    paper.check(written)
    paper.write(place, plan, written)
    submitters.submitters(place, plan)
    composed.composed(place, plan)
    outcomes.outcomes(place, plan)
    # Each takes issued reports that no unit has yet: the handler's own desk first.
    unit_desk.desk(place, plan)
    following.following(place, plan)
    referrals.referrals(place, plan)
    receptions.receptions(place, plan)
    alike.alike(place, plan)
    diary.activities(place, plan)
    themes.themes(place, plan)
    years.years(place, plan)
    reminding.runs(place, plan)
    if place.is_city:
        rhythm.activities(place, plan)
    enrolments.enrolments(place, plan)
    if place.is_city:
        searching.saved_filters(place, plan)
        lists.columns(place)
        announcements.announcements(place, plan)
        imports.previews(place, plan)
        proposals.proposals(place, plan)
    afterwards.afterwards(place, plan)
    if place.is_city:
        changes.changes(place, plan)
