"""Reading pages of the roster: who serves, and one member's dated life."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from committees.dictionaries import rows_of
from committees.keyset import page_of
from committees.permissions import is_office
from members.filters import MemberFilter
from members.life import BESIDE, ENDINGS, life_of
from members.models import Member
from members.permissions import can_act_for, can_follow, can_keep_roster, can_see_phone

ORDER = ("name_key", "id")
NO_DUTY = ("membership", "seat", *BESIDE)
MOST = 1000  # figures beyond read 1000+


def seen(request: HttpRequest) -> Any:
    return Member.objects.in_committee(request.committee).visible_to(request.user).for_list()


def members(request: HttpRequest, slug: str) -> HttpResponse:
    """The roster in stroke order, found by name or initials, sector, party or commission."""
    found = MemberFilter(request.GET, queryset=seen(request), request=request)
    page = page_of(found.qs, request, order=ORDER, size=30)
    titles = sector_titles(request)
    for row in page.rows:
        row.sector_title = titles.get(row.sector_id, "")
    context = {
        "page": page,
        "filter": found,
        "is_filtered": bool(request.GET.keys() - {"after", "before"}),
        "may_keep": can_keep_roster(request.user, request.committee),
    }
    return render(request, "members/list.html", context)


def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One member: particulars, dated life, and what was done, for those who may open it."""
    rows = seen(request).with_area().with_waiting_proposal().select_related("user")
    row = get_object_or_404(rows, pk=pk)
    row.committee = request.committee
    titles, today = sector_titles(request), timezone.localdate()
    own, office = can_see_phone(request.user, row), is_office(request.user, row.committee)
    life = life_of(row, titles, BESIDE if office else ("delegate",) if own else ())
    context = {
        "member": row,
        "sector_title": titles.get(row.sector_id, ""),
        "duties": [e.title for e in life if e.is_true(today) and e.of not in NO_DUTY],
        "is_serving": any(e.of == "membership" and e.is_true(today) for e in life),
        "life": life,
        "may_see_phone": own,
        "may_read_notes": office,
        "may_keep": can_keep_roster(request.user, row.committee),
        "may_propose": can_act_for(request.user, row),
        "endings": [e for e in life if e.is_true(today) and e.of in ENDINGS],
        "delegates": [e.what for e in life if e.is_true(today) and e.of == "delegate"],
        "figures": _figures(request, row),
    }
    return render(request, "members/detail.html", context)


def sector_titles(request: HttpRequest) -> dict[int, str]:
    """Titles of the committee's sectors by id, through the cache."""
    sectors: Any = request.committee.sectors.model
    return {row.pk: row.title for row in rows_of(sectors, request.committee)}


def _figures(request: HttpRequest, row: Any) -> dict[str, str]:
    """How many visits and reports this reader may open from here; nothing for a colleague."""
    if not can_follow(request.user, row, row.sector_id):
        return {}
    visits = row.visits.visible_to(request.user)
    reports: Any = row.authorships.model.opinion.field.related_model
    opinions = reports.objects.visible_to(request.user).by_member(row)
    scope = _scope(request, row)
    return {
        "visits": _capped(visits),
        "opinions": _capped(opinions),
        "visits_query": f"?scope={scope}&person={row.pk}",
        "opinions_query": f"?of={scope}&person={row.pk}",
    }


def _scope(request: HttpRequest, row: Member) -> str:
    """The tab of both lists on which this reader finds what this member did."""
    if can_act_for(request.user, row):
        return "mine"
    convened = request.user.standing.scopes("convenor", committee=request.committee)
    return "sector" if convened and not is_office(request.user, request.committee) else "all"


def _capped(rows: QuerySet) -> str:
    """A count that never walks a long list: 1000+ says enough."""
    count = rows.order_by()[: MOST + 1].count()
    return f"{MOST}+" if count > MOST else str(count)
