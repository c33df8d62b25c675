"""The sets of rows behind the figures of the summaries, each of one committee and period.

Days are days in Shanghai and a period is half-open, so 23:59:59 on the last day belongs to it and
00:00 does not. The sets are made of dated facts: a report that was received stays received in its
month though its author withdraws it later (docs/decisions/0030). A composed report (综合稿) is the
office's own work and was not received; its parts were, each in its sector.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from activities.models import Activity, CoHost, Enrolment
from committees.models import Committee
from contacts.models import Contact, Occasion, Visit, VisitMember
from opinions.models import Adoption, Opinion, Promise, Referral, Reply, Status, Step
from records.models import Of
from records.periods import midnight
from sectors.models import Sector
from workrooms.models import DutyShift, Reception

FIRST_VIEW = ("recommend", "suggest")
"""The convenor's moves that give a first view (界别初核); a note alone moves nothing."""


def _within(field: str, period: Any) -> dict[str, Any]:
    """Conditions on a date column."""
    return {f"{field}__gte": period.starts_on, f"{field}__lt": period.ends_on}


def _during(field: str, period: Any) -> dict[str, Any]:
    """Conditions on a column of moments."""
    first, end = midnight(period.starts_on), midnight(period.ends_on)
    return {f"{field}__gte": first, f"{field}__lt": end}


# Activities -------------------------------------------------------------------------------------


def activities(committee: Committee, period: Any) -> Any:
    """Published and not called off: one held by several counts once here, once in each sector."""
    rows = Activity.objects.in_committee(committee).taking_place()
    return rows.filter(**_during("starts_at", period))


def coming_activities(committee: Committee, period: Any) -> Any:
    return activities(committee, period.next)


def room_activities(committee: Committee, period: Any) -> Any:
    """A room organises or co-organises it."""
    beside = CoHost.objects.filter(activity=OuterRef("pk"), workroom__isnull=False)
    held = Q(workroom__isnull=False) | Q(Exists(beside))
    return activities(committee, period).filter(held)


def attendances(committee: Committee, period: Any) -> Any:
    """Members who came, at activities that took place."""
    held = {"activity__published_at__isnull": False, "activity__called_off_at": None}
    rows = Enrolment.objects.in_committee(committee).came().filter(**held)
    return rows.filter(**_during("activity__starts_at", period))


# Visits -----------------------------------------------------------------------------------------


def visits(committee: Committee, period: Any) -> Any:
    return Visit.objects.in_committee(committee).filter(**_within("happened_on", period))


def sectors(committee: Committee, period: Any) -> Any:
    parts = VisitMember.objects.filter(
        sector=OuterRef("pk"), visit__committee=committee, **_within("visit__happened_on", period)
    )
    return Sector.objects.in_committee(committee).filter(Exists(parts))


def contacts(committee: Committee, period: Any) -> Any:
    met = Visit.contacts.through.objects.filter(
        contact=OuterRef("pk"), visit__committee=committee, **_within("visit__happened_on", period)
    )
    return Contact.objects.in_committee(committee).filter(Exists(met))


def occasions(committee: Committee, period: Any) -> Any:
    used = visits(committee, period).filter(occasion=OuterRef("pk"))
    return Occasion.objects.in_committee(committee).filter(Exists(used))


def occasions_of(kind: str, pk: int, committee: Committee, period: Any) -> Q:
    """Occasions that visits of this sector's, or the commission's sectors', members had."""
    column = {Of.SECTOR: "sector", Of.COMMISSION: "sector__commission"}.get(Of(kind))
    if column is None:
        return Q() if kind == Of.COMMITTEE else Q(pk__in=[])
    taken = VisitMember.objects.filter(visit=OuterRef("pk"), **{column: pk})
    used = visits(committee, period).filter(Exists(taken), occasion=OuterRef("pk"))
    return Q(Exists(used))


# Opinion reports --------------------------------------------------------------------------------


def received(committee: Committee, period: Any) -> Any:
    rows = Opinion.objects.in_committee(committee).filter(is_composed=False)
    return rows.filter(**_within("received_on", period))


def issued(committee: Committee, period: Any) -> Any:
    return Opinion.objects.in_committee(committee).filter(**_within("issue__issued_on", period))


def _stepped(committee: Committee, period: Any, **which: Any) -> Any:
    """Opinions with such a step in the period, each once however many steps it has."""
    steps = Step.objects.filter(opinion=OuterRef("pk"), **_during("at", period), **which)
    return Opinion.objects.in_committee(committee).filter(Exists(steps))


def reviewed(committee: Committee, period: Any) -> Any:
    return _stepped(committee, period, move__in=FIRST_VIEW)


def closed(committee: Committee, period: Any) -> Any:
    return _stepped(committee, period, target=Status.CLOSED)


def adopted(committee: Committee, period: Any) -> Any:
    return Adoption.objects.in_committee(committee).filter(**_within("adopted_on", period))


def adopted_above(committee: Committee, period: Any) -> Any:
    return adopted(committee, period).exclude(level=committee.level)


# Referrals and promises -------------------------------------------------------------------------


def referred(committee: Committee, period: Any) -> Any:
    return Referral.objects.in_committee(committee).filter(**_within("referred_on", period))


def replied(committee: Committee, period: Any) -> Any:
    return Referral.objects.in_committee(committee).filter(**_during("answered_at", period))


def solving(referral: str = "pk") -> Exists:
    """The referral has an answer of a class that says solved (已解决)."""
    given = Reply.objects.given().filter(reply_class__is_solved=True)
    return Exists(given.filter(referral=OuterRef(referral)))


def solved(committee: Committee, period: Any) -> Any:
    """Of those answered in the period the ones answered as solved."""
    return replied(committee, period).filter(solving())


def planned(committee: Committee, period: Any) -> Any:
    """What was to be done by a day of the period, whether it was or not."""
    return Promise.objects.in_committee(committee).filter(**_within("planned_on", period))


def coming_promises(committee: Committee, period: Any) -> Any:
    return planned(committee, period.next)


def kept(committee: Committee, period: Any) -> Any:
    return Promise.objects.in_committee(committee).filter(**_within("settled_on", period))


def overdue(committee: Committee, period: Any) -> Any:
    """Due in or before the period, and neither answered nor ended when it was over."""
    end = midnight(period.ends_on)
    rows = Referral.objects.in_committee(committee).filter(due_on__lt=period.ends_on)
    for done in ("answered_at", "closed_at", "ended_at"):
        rows = rows.filter(Q(**{done: None}) | Q(**{f"{done}__gte": end}))
    return rows


# Rooms ------------------------------------------------------------------------------------------


def shifts(committee: Committee, period: Any) -> Any:
    """Shifts that were served."""
    rows = DutyShift.objects.in_committee(committee).filter(state=DutyShift.State.DONE)
    return rows.filter(**_within("day", period))


def receptions(committee: Committee, period: Any) -> Any:
    return Reception.objects.in_committee(committee).filter(**_within("received_on", period))


def answered(committee: Committee, period: Any) -> Any:
    """Of those received in the period the ones answered on the spot."""
    return receptions(committee, period).filter(disposal=Reception.Disposal.ON_THE_SPOT)


def resolved(committee: Committee, period: Any) -> Any:
    """Whose result is of the period, whenever they were received."""
    return Reception.objects.in_committee(committee).filter(**_within("resulted_on", period))
