"""The sets of rows behind the figures of the monthly summary, each of one committee and month.

Days are days in Shanghai and a month is half-open, so 23:59:59 on the last day belongs to it and
00:00 does not. The sets are made of dated facts: a report that was received stays received in its
month though its author withdraws it later (docs/decisions/0030).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from activities.models import Activity
from committees.models import Committee
from contacts.models import Contact, Occasion, Visit, VisitMember
from opinions.models import Adoption, Opinion, Status, Step
from records.months import Month
from sectors.models import Sector
from workrooms.models import Reception

FIRST_VIEW = ("recommend", "suggest")
"""The convenor's moves that give a first view (界别初核); a note alone moves nothing."""


def _within(field: str, month: Month) -> dict[str, Any]:
    """Conditions on a date column."""
    return {f"{field}__gte": month.starts_on, f"{field}__lt": month.ends_on}


def _during(field: str, month: Month) -> dict[str, Any]:
    """Conditions on a column of moments."""
    return {f"{field}__gte": month.starts_at, f"{field}__lt": month.ends_at}


def activities(committee: Committee, month: Month) -> Any:
    return Activity.objects.in_committee(committee).filter(**_during("starts_at", month))


def room_activities(committee: Committee, month: Month) -> Any:
    return activities(committee, month).exclude(workroom=None)


def visits(committee: Committee, month: Month) -> Any:
    return Visit.objects.in_committee(committee).filter(**_within("happened_on", month))


def sectors(committee: Committee, month: Month) -> Any:
    parts = VisitMember.objects.filter(
        sector=OuterRef("pk"), visit__committee=committee, **_within("visit__happened_on", month)
    )
    return Sector.objects.in_committee(committee).filter(Exists(parts))


def contacts(committee: Committee, month: Month) -> Any:
    met = Visit.contacts.through.objects.filter(
        contact=OuterRef("pk"), visit__committee=committee, **_within("visit__happened_on", month)
    )
    return Contact.objects.in_committee(committee).filter(Exists(met))


def occasions(committee: Committee, month: Month) -> Any:
    used = visits(committee, month).filter(occasion=OuterRef("pk"))
    return Occasion.objects.in_committee(committee).filter(Exists(used))


def received(committee: Committee, month: Month) -> Any:
    return Opinion.objects.in_committee(committee).filter(**_within("received_on", month))


def issued(committee: Committee, month: Month) -> Any:
    return Opinion.objects.in_committee(committee).filter(**_within("issue__issued_on", month))


def _stepped(committee: Committee, month: Month, **which: Any) -> Any:
    """Opinions with such a step in the month, each once however many steps it has."""
    steps = Step.objects.filter(opinion=OuterRef("pk"), **_during("at", month), **which)
    return Opinion.objects.in_committee(committee).filter(Exists(steps))


def reviewed(committee: Committee, month: Month) -> Any:
    return _stepped(committee, month, move__in=FIRST_VIEW)


def closed(committee: Committee, month: Month) -> Any:
    return _stepped(committee, month, target=Status.CLOSED)


def adopted(committee: Committee, month: Month) -> Any:
    return Adoption.objects.in_committee(committee).filter(**_within("adopted_on", month))


def adopted_above(committee: Committee, month: Month) -> Any:
    return adopted(committee, month).exclude(level=committee.level)


def receptions(committee: Committee, month: Month) -> Any:
    return Reception.objects.in_committee(committee).filter(**_within("received_on", month))


def answered(committee: Committee, month: Month) -> Any:
    """Of those received in the month the ones answered on the spot."""
    return receptions(committee, month).filter(disposal=Reception.Disposal.ON_THE_SPOT)


def resolved(committee: Committee, month: Month) -> Any:
    """Whose result is of the month, whenever they were received."""
    return Reception.objects.in_committee(committee).filter(**_within("resulted_on", month))


def own_sector(sector: Any) -> Q:
    return Q(sector=sector)


def issued_of_sector(sector: Any) -> Q:
    """Reports of the sector, and those that one of the sector was merged into: once in each."""
    inner = OuterRef(sector) if isinstance(sector, OuterRef) else sector
    parts = Opinion.objects.filter(merged_into=OuterRef("pk"), sector=inner)
    return Q(sector=sector) | Q(Exists(parts))


def visiting_sector(sector: Any) -> Q:
    """Visits in which a member took part who sat in that sector on the day."""
    inner = OuterRef(sector) if isinstance(sector, OuterRef) else sector
    return Q(Exists(VisitMember.objects.filter(visit=OuterRef("pk"), sector=inner)))
