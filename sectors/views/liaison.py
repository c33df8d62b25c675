"""The liaison groups (政协联络组) and who works in them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from committees.models import Appointment, Role
from committees.permissions import is_clerk
from sectors.models import LiaisonGroup


@require_GET
def liaison_groups(request: HttpRequest, slug: str) -> HttpResponse:
    """Each group with its head and its liaison persons of today."""
    groups = LiaisonGroup.objects.in_committee(request.committee).visible_to(request.user)
    held = Appointment.objects.in_committee(request.committee).today().filter(role=Role.LIAISON)
    people: dict[int | None, list[str]] = {}
    for scope, name in held.order_by("user__name").values_list("scope_id", "user__name"):
        people.setdefault(scope, []).append(name)
    rows = list(groups.active().select_related("head", "street_group")[:500])
    for row in rows:
        row.people = people.get(row.pk, [])
    context = {"groups": rows, "may_keep": is_clerk(request.user, request.committee)}
    return render(request, "sectors/liaison_groups.html", context)
