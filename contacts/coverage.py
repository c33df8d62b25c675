"""Coverage (联系覆盖情况): which contacts, areas, occasions and sectors nobody reached in a period.

Everything is read from visits and nothing else; a gap is a set of rows, and its figure counts
that same set. Who reached a contact does not matter: one visit is enough. A period that is over is
told as the rosters stand today, from what was visited then.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import Committee, User
from contacts.models import Area, AreaMember, Contact, HelpOffer, Occasion, Visit, VisitMember
from contacts.periods import Period
from contacts.scopes import Scope
from members.models import Member
from notices.models import Notice
from sectors.models import Seat, Sector

BY_NAME = ("name_key", "id")
BY_PLACE = ("position", "id")
A_YEAR = datetime.timedelta(days=365)
MOST_NAMES = 3  # of people who could help with one contact


@dataclass(frozen=True, slots=True)
class Gap:
    """One figure of a board: the rows nobody reached, out of everything that belongs to it.

    `rows` and `everything` take a scope and a period; `order` is the keyset of the list.
    """

    key: str
    label: Any
    unit: Any
    rows: Callable[[Scope, Period], Any]
    everything: Callable[[Scope, Period], Any]
    order: tuple[str, ...]
    empty: Any


def visits(committee: Committee, period: Period) -> Any:
    """The visits of the period."""
    return Visit.objects.in_committee(committee).filter(**during("happened_on", period))


def during(field: str, period: Period) -> dict[str, Any]:
    """Conditions on a column of days."""
    return {f"{field}__gte": period.starts_on, f"{field}__lt": period.ends_on}


def made(committee: Committee, period: Period) -> dict[str, Any]:
    """Conditions on a row of a visit; both together enter the index of visits by day."""
    return {"visit__committee": committee, **during("visit__happened_on", period)}


# Contacts ---------------------------------------------------------------------------------------


def on_the_roster(rows: Any, period: Period) -> Any:
    """Contacts kept in touch with today, and confirmed by the office before the period was over."""
    midnight = timezone.make_aware(datetime.datetime.combine(period.ends_on, datetime.time()))
    return rows.active().filter(confirmed_at__lt=midnight)


def contacts(scope: Scope, period: Period) -> Any:
    rows = Contact.objects.in_committee(scope.committee).filter(scope.of_contacts())
    return on_the_roster(rows, period)


def unreached_contacts(scope: Scope, period: Period) -> Any:
    """Contacts whom no visit of the period met, whoever made it."""
    return _unmet(contacts(scope, period), scope.committee, period)


def _unmet(rows: Any, committee: Committee, period: Period) -> Any:
    met = Visit.contacts.through.objects.filter(**made(committee, period))
    return rows.filter(~Exists(met.filter(contact=OuterRef("pk"))))


def who_could(rows: Any, today: datetime.date) -> Any:
    """Contacts with who is near: `neighbours` answer for the same area, `acquainted` met them.

    Both are names in stroke order, the contact's own member not among them; `acquainted` are
    colleagues of the sector who met the contact in the last twelve months.
    """
    near = AreaMember.objects.on(today).filter(area=OuterRef("area"))
    met = VisitMember.objects.filter(
        visit__contacts=OuterRef("pk"),
        visit__happened_on__gt=today - A_YEAR,
        sector=OuterRef("sector"),
    )
    serving = Q(member__memberships__span__contains=today)
    names = {
        name: ArraySubquery(
            people.filter(serving)
            .exclude(member=OuterRef("member"))
            .order_by("member__name_key", "member")
            .values("member__name_key", "member", "member__name")
            .distinct()
            .values("member__name")[:MOST_NAMES]
        )
        for name, people in (("neighbours", near), ("acquainted", met))
    }
    return rows.annotate(**names)


# Areas, occasions, sectors ----------------------------------------------------------------------


def areas(scope: Scope, period: Period) -> Any:
    """Areas for which a member of the scope answers on the period's last day."""
    rows = Area.objects.in_committee(scope.committee).active()
    if scope.is_whole:
        return rows
    day = period.last_day
    seated = Seat.objects.on(day).filter(sector__in=scope.sectors)
    answer = AreaMember.objects.on(day).filter(area=OuterRef("pk"))
    answer = answer.filter(
        Q(member__in=seated.values("membership__member")) | Q(member__in=scope.members)
    )
    return rows.filter(Exists(answer))


def unreached_areas(scope: Scope, period: Period) -> Any:
    """Areas of which no contact was met in the period."""
    met = Visit.contacts.through.objects.filter(**made(scope.committee, period))
    return areas(scope, period).filter(~Exists(met.filter(contact__area=OuterRef("pk"))))


def occasions(scope: Scope, period: Period) -> Any:
    return Occasion.objects.in_committee(scope.committee).active()


def unmet_occasions(scope: Scope, period: Period) -> Any:
    """Must-visit occasions that no visit of the scope had in the period."""
    used = visits(scope.committee, period).filter(scope.of_visits(), occasion=OuterRef("pk"))
    return occasions(scope, period).filter(~Exists(used))


def sectors(scope: Scope, period: Period) -> Any:
    return Sector.objects.in_committee(scope.committee).active().filter(scope.of_sectors())


def unvisiting_sectors(scope: Scope, period: Period) -> Any:
    """Sectors none of whose members visited anybody in the period, as they sat on the day."""
    went = VisitMember.objects.filter(sector=OuterRef("pk"), **made(scope.committee, period))
    return sectors(scope, period).filter(~Exists(went))


# Members ----------------------------------------------------------------------------------------


def members_with_gaps(scope: Scope, period: Period) -> Any:
    """Members with contacts nobody reached, `gap` of them; also one who left with contacts."""
    left = unreached_contacts(scope, period).filter(member=OuterRef("pk")).order_by()
    number = left.values("member").annotate(n=Count("pk")).values("n")
    rows = Member.objects.in_committee(scope.committee)
    return rows.filter(Exists(left)).annotate(gap=Coalesce(Subquery(number), 0))


def with_offers(rows: Any, today: datetime.date) -> Any:
    """Members with `sector_id` (None for one who left), and who offered help this month."""
    seat = Seat.objects.on(today).filter(membership__member=OuterRef("pk"))
    offer = HelpOffer.objects.in_month(today).filter(member=OuterRef("pk"))
    return rows.annotate(
        sector_id=Subquery(seat.values("sector")[:1]),
        offered_by=Subquery(offer.values("by__name")[:1]),
        offered_at=Subquery(offer.values("offered_at")[:1]),
    )


# The figures ------------------------------------------------------------------------------------

GAPS: dict[str, Gap] = {
    gap.key: gap
    for gap in (
        Gap(
            "contacts",
            _("尚未联系到的联系人"),
            pgettext_lazy("unit of contacts", "位"),
            unreached_contacts,
            contacts,
            ("-id",),
            _("联系人都已联系到"),
        ),
        Gap(
            "areas",
            _("尚未走到的界别责任区"),
            pgettext_lazy("unit of areas", "个"),
            unreached_areas,
            areas,
            BY_PLACE,
            _("界别责任区都已走到"),
        ),
        Gap(
            "occasions",
            _("尚未涉及的必访情形"),
            pgettext_lazy("unit of occasions", "类"),
            unmet_occasions,
            occasions,
            BY_PLACE,
            _("必访情形都已涉及"),
        ),
        Gap(
            "sectors",
            _("尚无走访的界别"),
            pgettext_lazy("unit of sectors", "个"),
            unvisiting_sectors,
            sectors,
            BY_PLACE,
            _("各界别都有走访"),
        ),
    )
}
NAMED = ("occasions", "sectors")
"""Short lists: a board names them besides counting."""


def gaps_of(scope: Scope) -> list[Gap]:
    """The figures that mean something to this scope: a member is asked for no sectors."""
    return [gap for gap in GAPS.values() if gap.key != "sectors" or not scope.is_own]


def count_gaps(scope: Scope, period: Period, more: dict[str, Any] | None = None) -> dict[str, Any]:
    """`{gap: number, of_gap: everything, names_gap: [name …]}` and `more`, in one statement.

    `more` are further expressions over the committee's row, read along with the figures.
    """
    asked: dict[str, Any] = dict(more or {})
    for gap in gaps_of(scope):
        rows = gap.rows(scope, period)
        asked[f"n_{gap.key}"] = total(rows)
        asked[f"of_{gap.key}"] = total(gap.everything(scope, period))
        if gap.key in NAMED:
            row = JSONObject(pk="pk", name="name")
            asked[f"names_{gap.key}"] = ArraySubquery(rows.order_by(*gap.order).values(row=row))
    found: Any = Committee.objects.filter(pk=scope.committee.pk).values(**asked).get()
    return found


def total(rows: Any) -> Coalesce:
    """How many rows there are, as a scalar subquery."""
    whole = rows.order_by().annotate(whole=Value(1)).values("whole")
    number = Subquery(whole.annotate(number=Count("pk")).values("number"))
    return Coalesce(number, 0, output_field=IntegerField())


def unread(user: User, committee: Committee) -> Coalesce:
    """The bell's number, read along with a page's figures."""
    mine = Notice.objects.in_committee(committee).visible_to(user).unread()
    return total(mine)


def own_gap(committee: Committee, period: Period) -> Coalesce:
    """For a query of members: how many of each one's own contacts nobody reached in the period.

    Of a shielded sector's none, as on the member's own board: those are the office's to read.
    """
    own = Contact.objects.filter(member=OuterRef("pk"), sector__is_shielded=False)
    return total(_unmet(on_the_roster(own, period), committee, period))
