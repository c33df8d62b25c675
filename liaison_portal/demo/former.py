"""The term before (五届), closed: who served in it, who left with its end, and that handover."""

from __future__ import annotations

import datetime
import random
from dataclasses import replace
from typing import Any

from django.utils import timezone

from committees.models import Term
from committees.spans import span_from
from liaison_portal.demo.names import NameBook
from liaison_portal.demo.plan import Place, Plan
from liaison_portal.demo.roster import BEGAN_ON, member_row, waiting_users
from members.models import Member, Membership, Sex
from sectors.handover.report import report_of
from sectors.handover.turning import Turned
from sectors.models import Handover, Seat

TERM = span_from(datetime.date(2017, 1, 10), BEGAN_ON)
FIRST_SESSION, LAST_SESSION = "五届一次会议", "五届二十次常委会会议"
STAYED = 0.4  # of those who serve today


def former_term(place: Place, plan: Plan) -> None:
    """Four in ten of today's members served before; a quarter as many left with the term's end."""
    rng = random.Random(f"{plan.today}:{place.committee.slug}:former")
    old = Term.objects.create(committee=place.committee, ordinal=5, span=TERM)
    stayed = [one for one in place.members if rng.random() < STAYED]
    left, sectors = _who_left(place, plan, rng)
    shared = {"committee": place.committee, "span": TERM}
    held = Membership.objects.bulk_create(
        Membership(
            member=one,
            term=old,
            entry_meeting=FIRST_SESSION,
            leaving=Membership.Leaving.TERM_ENDED,
            leaving_meeting=LAST_SESSION,
            **shared,
        )
        for one in [*stayed, *left]
    )
    sat = place.sector_of | sectors
    Seat.objects.bulk_create(
        Seat(membership=one, sector=sat[one.member_id], meeting=FIRST_SESSION, **shared)
        for one in held
    )
    _handover(place, old, {one.member_id: one.pk for one in held})
    Term.objects.filter(pk=old.pk).update(closed_from=BEGAN_ON)


def _who_left(place: Place, plan: Plan, rng: random.Random) -> tuple[list[Member], dict[int, Any]]:
    """Members who serve no more, and the sectors they sat in."""
    book = NameBook(rng, plan.names.taken)
    where = [rng.choice(list(place.sectors)) for _ in range(len(place.members) // 4)]
    sexes = [rng.choice([Sex.FEMALE, Sex.MALE, Sex.MALE]) for _ in where]
    names = [book.take(is_female=sex == Sex.FEMALE) for sex in sexes]
    plan.names.taken |= set(names)
    dice = replace(plan, rng=rng)
    first = len(place.members) + 1001
    rows = zip(waiting_users(plan, names), names, sexes, where, strict=True)
    left = Member.objects.bulk_create(
        member_row(place, dice, first + number, user, name, sex, sector)
        for number, (user, name, sex, sector) in enumerate(rows)
    )
    return left, {one.pk: place.sectors[name] for one, name in zip(left, where, strict=True)}


def _handover(place: Place, old: Term, was: dict[int, int]) -> None:
    """As the page of an opened handover shows it; laid as a row, so it cannot be undone."""
    by, now = place.officers["clerk"][0], timezone.now()
    new = Term.objects.in_committee(place.committee).get(ordinal=6)
    serving = Membership.objects.filter(term=new).on(BEGAN_ON).values_list("member_id", "pk")
    row = Handover(
        committee=place.committee,
        ordinal=6,
        on_date=BEGAN_ON,
        meeting=LAST_SESSION,
        state=Handover.State.OPENED,
        old_term=old,
        new_term=new,
        prepared_by=by,
        settled_by=by,
        settled_at=now,
    )
    row.report = report_of(row, Turned(term=new, was=was, new=dict(serving)))
    row.save()
