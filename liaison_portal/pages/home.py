"""The member's home (首页): what waits today, the own reports, recent visits, next activities.

Two statements besides the request's own four: who this is, and one union of short row sets, so that
the page costs the same with three rows and with three thousand. No score stands here, ever.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import Committee, User
from contacts.coverage import own_gap
from contacts.periods import Every, Period
from liaison_portal.pages import home_activities, home_rows
from liaison_portal.pages.context import has_home
from members.models import Member
from notices.models import Notice
from sectors.models import Posting, Seat, Sector


def home(request: HttpRequest, slug: str) -> HttpResponse:
    if not has_home(request.user, request.committee):
        return redirect("pages:desk", slug=slug)
    people = own_people(request.user, request.committee)
    request.unread_notices = people[0].unread if people else None
    return render(request, "pages/home.html", page(request, people))


def own_people(user: User, committee: Committee) -> list[Member]:
    """The member this account is, then those it enters for, each with what a start page shows.

    `sector_pk`, `sector_name`, `unread` notices, `supervises`: posted to a unit today, and `unmet`:
    contacts nobody has reached this quarter.
    """
    seat = Seat.objects.today().filter(membership__member=OuterRef("pk"))
    mine = Notice.objects.in_committee(committee).visible_to(user).unread()
    unread = mine.order_by().values("recipient")
    rows = (
        Member.objects.visible_to(user)
        .in_committee(committee)
        .filter(pk__in=user.standing.scopes("member", "delegate", committee=committee))
        .annotate(
            sector_pk=Subquery(seat.values("sector")[:1]),
            sector_name=Subquery(seat.values("sector__name")[:1]),
            supervises=Exists(Posting.objects.today().of_member(OuterRef("pk"))),
            unread=Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0),
            unmet=own_gap(committee, Period.of(Every.QUARTER, timezone.localdate())),
        )
        .with_area()
        .in_stroke_order()
    )
    return sorted(rows, key=lambda member: member.user_id != user.pk)


def page(request: HttpRequest, people: list[Member]) -> dict[str, Any]:
    user, committee, today = request.user, request.committee, timezone.localdate()
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in home_rows.union(user, committee, [member.pk for member in people], today):
        found[row["of"]].append(row)
    slug = committee.slug
    is_alone = len(people) == 1 and people[0].user_id == user.pk
    asked = home_activities.todo(found, slug, names_them=not is_alone)
    return {
        "greeting": greeting(timezone.localtime().hour),
        "people": people,
        "is_member": bool(people) and people[0].user_id == user.pk,
        "duties": duties(user, committee, people),
        "unmet": sum(person.unmet for person in people),
        "today": today,
        "todo": [*home_rows.todo(found, slug, today), *asked],
        "opinions": [home_rows.own_report(row, slug) for row in found["opinion"]],
        "visits": [home_rows.visit(row, slug) for row in found["visit"]],
        "shifts": [home_rows.duty(row, slug) for row in found["duty"]],
        "activities": _activities(found, slug),
    }


def _activities(found: dict[str, list[dict[str, Any]]], slug: str) -> list[home_rows.Row]:
    """The own ones with their state, then what else is coming; each once."""
    own = {row["pk"]: row for row in reversed(found["enrolment"])}
    rows = [home_activities.enrolment(row, slug) for row in reversed(own.values())]
    return rows + [
        home_rows.activity(row, slug) for row in found["activity"] if row["pk"] not in own
    ]


def greeting(hour: int) -> str:
    for end, words in ((11, _("上午好")), (13, _("中午好")), (18, _("下午好"))):
        if 5 <= hour < end:
            return words
    return _("晚上好")


def duties(user: User, committee: Committee, people: list[Member]) -> str:
    """教育界 · 界别召集人."""
    if not people or people[0].user_id != user.pk or not people[0].sector_name:
        return ""
    convened = user.standing.scopes("convenor", committee=committee)
    parts = [Sector(name=people[0].sector_name).title]
    if people[0].sector_pk in convened:
        parts.append(_("界别召集人"))
    return " · ".join(parts)
