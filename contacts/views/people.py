"""People on the pages of this app: how a visit names them, and members found while typing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from committees.models import User
from committees.permissions import is_office
from contacts.models import Contact
from contacts.permissions import can_log_visits, shown_name
from members.models import Member
from sectors.models import Sector

SHOWN = 8
LONGEST = 30  # characters of a name that is looked for


def dress_visit(visit: Any, user: User) -> Any:
    """What a row shows of the people in it: names of members, shown names of contacts."""
    visit.member_names = [person["name"] for person in visit.people]
    for person in visit.people:
        person["sector_title"] = Sector(name=person["sector"] or "").title
    visit.met_rows = [
        Contact(id=met["pk"], name=met["name"], kind=met["kind"], member_id=met["member_id"])
        for met in visit.met
    ]
    visit.met_names = [shown_name(user, contact) for contact in visit.met_rows]
    return visit


@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Serving members found by a part of the name or by initials; nothing for an empty search.

    The roster is open to everybody in the committee; this list is for those who enter names.
    """
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    user, committee = request.user, request.committee
    rows: list[Member] = []
    if words and (can_log_visits(user, committee) or is_office(user, committee)):
        found = Member.objects.in_committee(committee).visible_to(user).named(words)
        rows = list(found.serving(timezone.localdate()).for_list().in_stroke_order()[:SHOWN])
    return render(request, "contacts/_people.html", {"rows": rows})
