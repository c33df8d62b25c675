"""Reports that wait for their convenors' first view (界别初核)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import Committee
from committees.templatetags.portal import day
from committees.workdays import Calendar, calendar_of
from members.models import Member
from notices.reminders import Reached
from opinions import notices
from opinions.models import Opinion
from sectors.models import ConvenorLeave, Convenorship

REMINDED_AFTER = 1  # working days


def _due(committee: Committee, on: datetime.date, calendar: Calendar) -> Any:
    """Waiting for a whole working day; those whose time is over go on by themselves instead."""
    waiting = Opinion.objects.in_committee(committee).awaiting_review()
    late = waiting.overdue(calendar, workdays=committee.convenor_workdays, on=on)
    due = waiting.overdue(calendar, workdays=REMINDED_AFTER, on=on)
    return due.exclude(pk__in=late.values("pk")).waiting_longest()


def remind_convenors(committee: Committee, on: datetime.date) -> int:
    """On working days; once a clock. How many convenors were told now."""
    calendar = calendar_of(committee)
    if not calendar.is_workday(on):
        return 0
    told = 0
    for opinion in _due(committee, on, calendar).for_moves().iterator(chunk_size=500):
        since = timezone.localdate(opinion.waiting_since)
        by_day = calendar.after(since, committee.convenor_workdays)
        told += notices.reminded(opinion, by_day=by_day)
    return told


def reports_waiting(committee: Committee, on: datetime.date) -> list[Reached]:
    calendar = calendar_of(committee)
    if not calendar.is_workday(on):
        return []
    rows = list(_due(committee, on, calendar).with_authors())
    people, by_sector = _reviewers({row.sector_id for row in rows})
    found = []
    for row in rows:
        reviewing = by_sector[row.sector_id] - {*row.author_ids, *row.asked_ids}
        key = f"opinions.opinion:{row.pk}:opinion_reminder:"
        key += f"{row.waiting_since:%Y%m%dT%H%M%S.%f}"
        about = _("%(report)s，%(day)s送到") % {"report": row.label, "day": day(row.waiting_since)}
        path = f"/{committee.slug}/opinions/{row.pk}/"
        found += [
            Reached(people[pk].user, "opinion_reminder", key, about, path)
            for pk in sorted(reviewing)
            if pk in people and people[pk].user.is_active
        ]
    return found


def _reviewers(sectors: set[int | None]) -> tuple[dict[int, Member], dict[int | None, set[int]]]:
    """The members who review today, and their ids by sector: `Opinion.reviewers` of many."""
    today = timezone.localdate()
    by_sector: dict[int | None, set[int]] = defaultdict(set)
    chairs = Convenorship.objects.on(today).filter(sector__in=sectors - {None}).present(today)
    leaves = ConvenorLeave.objects.in_force(today)
    leaves = leaves.filter(convenorship__sector__in=sectors - {None}, stand_in__isnull=False)
    held = chairs.values_list("sector", "seat__membership__member")
    stood = leaves.values_list("convenorship__sector", "stand_in")
    for sector, member in held.union(stood):
        by_sector[sector].add(member)
    wanted = {pk for members in by_sector.values() for pk in members}
    serving = Member.objects.filter(pk__in=wanted, memberships__span__contains=today)
    return {row.pk: row for row in serving.select_related("user")}, by_sector
