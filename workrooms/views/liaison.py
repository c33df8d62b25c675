"""A liaison person's page (民情联络员): enter problems of the own place, see their progress."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from committees.keyset import page_of
from committees.models import Role
from contacts.coverage import unread
from sectors.models import LiaisonGroup
from workrooms.forms.receptions import ReceptionForm
from workrooms.models import Reception
from workrooms.permissions import can_receive_for
from workrooms.reception_choices import ReceptionChoices
from workrooms.steps import receipt_steps
from workrooms.views.receptions import ORDER, after_entry, enter, seen
from workrooms.views.reveals import sent


def _groups(request: HttpRequest) -> list[LiaisonGroup]:
    """The places of this person, and the bell's number; PermissionDenied for whoever has none."""
    scopes = request.user.standing.scopes(Role.LIAISON, committee=request.committee)
    if not scopes:
        raise PermissionDenied
    rows = LiaisonGroup.objects.in_committee(request.committee)
    rows = rows.annotate(unread=unread(request.user, request.committee))
    groups = list(rows.filter(pk__in=scopes).select_related("committee"))
    if groups:
        request.unread_notices = groups[0].unread
    return groups


@never_cache
@require_GET
def liaison(request: HttpRequest, slug: str) -> HttpResponse:
    """What was entered for the place, each with the five steps a resident sees."""
    groups = _groups(request)
    rows = seen(request).filter(liaison_group__in=groups).with_steps()
    page = page_of(rows.select_related("liaison_group"), request, order=ORDER)
    for row in page.rows:
        steps: list[Any] = receipt_steps(row)
        row.reached = sum(step.is_reached for step in steps)
        row.step_labels = "|".join(str(step.label) for step in steps)
    return render(request, "workrooms/liaison.html", {"page": page, "groups": groups})


@never_cache
@require_http_methods(["GET", "POST"])
def liaison_new(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One problem of the place."""
    rows = LiaisonGroup.objects.in_committee(request.committee).select_related("committee")
    group = get_object_or_404(rows, pk=pk)
    if not can_receive_for(request.user, group):
        raise PermissionDenied
    choices = ReceptionChoices(request.committee, request.user)
    initial = {"received_on": timezone.localdate(), "way": Reception.Way.VISIT}
    initial |= {"nature": Reception.Nature.ORDINARY}
    form = ReceptionForm(*sent(request), choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = enter(request, form, liaison_group=group)
        if saved is not None:
            return after_entry(request, form, saved, back=("liaison:list", None))
    status = 422 if form.errors else 200
    context = {"form": form, "group": group}
    return render(request, "workrooms/reception_form.html", context, status=status)
