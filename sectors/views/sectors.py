"""Reading pages of the sectors: the list, and one sector with its roster."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from committees.keyset import page_of
from committees.models import Role
from committees.permissions import is_office
from sectors.filters import SectorFilter
from sectors.models import Seat, Sector
from sectors.permissions import can_follow_sector, can_keep_sectors, can_see_leaves

ORDER = ("position", "id")


def seen(request: HttpRequest) -> Any:
    return Sector.objects.in_committee(request.committee).visible_to(request.user)


def sectors(request: HttpRequest, slug: str) -> HttpResponse:
    """The sectors in the committee's order, with members counted and convenors named."""
    rows = seen(request).for_list(request.user)
    found = SectorFilter(request.GET, queryset=rows, request=request)
    context = {
        "page": page_of(found.qs, request, order=ORDER, size=60),
        "filter": found,
        "is_filtered": bool(request.GET.keys() - {"after", "before"}),
        "may_keep": can_keep_sectors(request.user, request.committee),
        "may_see_gaps": is_office(request.user, request.committee),
    }
    return render(request, "sectors/list.html", context)


def sector(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Convenors first, then the roster in stroke order, ready to print and to copy."""
    row = get_object_or_404(seen(request).select_related("commission", "committee"), pk=pk)
    roster = list(Seat.objects.visible_to(request.user).filter(sector=row).roster())
    convenors = sorted((s for s in roster if s.convenor_place), key=lambda s: s.convenor_place)
    names = [seat.membership.member.name for seat in roster]
    is_inside = is_office(request.user, request.committee)
    uncertain = [s.membership.member for s in roster if s.membership.member.has_unknown_character]
    context = {
        "sector": row,
        "roster": roster,
        "convenors": [seat.membership.member for seat in convenors],
        "names_in_line": "、".join(names),
        "names_in_lines": "\n".join(names),
        "tabs": _tabs(request, row),
        "may_keep": can_keep_sectors(request.user, request.committee),
        "lacks_convenor": is_inside and row.is_active and not convenors,
        "uncertain": uncertain if is_inside else [],
    }
    return render(request, "sectors/detail.html", context)


def _tabs(request: HttpRequest, row: Sector) -> list[dict[str, Any]]:
    """The roster, and the sector's other books as far as this reader finds anything in them."""
    place = {"slug": request.committee.slug}
    convenes = row.pk in request.user.standing.scopes("convenor")
    scope = "sector" if convenes and not is_office(request.user, request.committee) else "all"
    books: list[tuple[Any, str, str]] = []
    if can_follow_sector(request.user, row):
        books = [
            (_("走访联系"), "contacts:visits", f"scope={scope}&"),
            (_("社情民意"), "opinions:list", f"of={scope}&"),
            (_("联系覆盖"), "coverage:board", f"scope={_followed_as(request, row)}&"),
        ]
    if convenes or is_office(request.user, request.committee):
        books.append((_("联系人"), "contacts:contacts", ""))
    books += [
        (pgettext("plural", "活动"), "activities:list", ""),
        (pgettext("plural", "委员工作室"), "workrooms:list", ""),
    ]
    tabs: list[dict[str, Any]] = [
        {"label": pgettext("plural", "委员"), "url": request.path, "is_current": True}
    ]
    for label, name, extra in books:
        url = f"{reverse(name, kwargs=place)}?{extra}sector={row.pk}"
        tabs.append({"label": label, "url": url, "is_current": False})
    url = reverse("pages:calendar", kwargs=place) + f"?sector={row.pk}"
    tabs.append({"label": _("日历"), "url": url, "is_current": False})
    is_leader = request.user.standing.has(request.committee, Role.LEADER)
    if convenes or is_leader or _followed_as(request, row) in ("all", "commission"):
        url = reverse("responsibilities:sector", kwargs=place | {"pk": row.pk})
        tabs.append({"label": pgettext("plural", "职责清单"), "url": url, "is_current": False})
    if can_see_leaves(request.user, row):
        url = reverse("sectors:leaves", kwargs=place | {"pk": row.pk})
        tabs.append({"label": _("召集人请假"), "url": url, "is_current": False})
    return tabs


def _followed_as(request: HttpRequest, row: Sector) -> str:
    """The board on which this reader finds the sector's coverage."""
    if is_office(request.user, request.committee):
        return "all"
    standing = request.user.standing
    if row.pk in standing.scopes("convenor"):
        return "sector"
    is_matched = row.commission_id in standing.scopes(Role.COMMISSION)
    return "commission" if is_matched else "leader"
