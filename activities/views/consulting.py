"""列入协商议事: an entry of the book, a report or a case before the office onto an agenda."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities.actions import plan_activity
from activities.actions.consultations import add_item
from activities.forms.aftermath import tell
from activities.forms.consultations import ConsultForm
from activities.models import Activity
from activities.permissions import can_plan_activities
from activities.permissions.organising import organises
from committees.row_ids import row_id
from opinions.models import Evaluation, Opinion
from opinions.permissions.following import can_follow
from workrooms.models import Reception
from workrooms.permissions import can_handle

AHEAD = 30  # consultations to come that a matter may be put into
BEGINS, LASTS = datetime.time(9), datetime.timedelta(hours=2)

SOURCES: dict[str, Any] = {"reception": Reception, "opinion": Opinion, "evaluation": Evaluation}


@require_http_methods(["GET", "POST"])
def consult(request: HttpRequest, slug: str) -> HttpResponse:
    """`?reception=`, `?opinion=` or `?evaluation=`: 列入协商议事, into one to come or a new one."""
    source, matter = _source(request)
    may_plan = can_plan_activities(request.user, request.committee)
    ahead = _ahead(request, matter)
    given = _given(source, matter) if request.method == "GET" else {}
    data = request.POST if request.method == "POST" else None
    form = ConsultForm(data, initial=given, ahead=ahead, may_plan=may_plan)
    if data is not None and form.is_valid():
        try:
            activity = _put(request, form, matter)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("已列入协商议事。"))
            return redirect("activities:consultation", slug=slug, pk=activity.pk)
    context = {"form": form, "matter": matter, "is_reception": isinstance(matter, Reception)}
    context["has_choice"] = bool(ahead or may_plan)
    status = 422 if form.errors else 200
    return render(request, "activities/consult.html", context, status=status)


def _source(request: HttpRequest) -> tuple[Any, Any]:
    """What the address names and the matter in it, among what this person sees."""
    for name, model in SOURCES.items():
        asked = row_id(request.GET.get(name))
        if asked is not None:
            rows = model.objects.in_committee(request.committee).visible_to(request.user)
            if model is Evaluation:
                rows = rows.select_related("referral__opinion", "referral__reception")
            source = get_object_or_404(rows, pk=asked)
            return source, _matter(request, source)
    raise Http404


def _matter(request: HttpRequest, source: Any) -> Any:
    if isinstance(source, Reception):
        if not can_handle(request.user, source):
            raise PermissionDenied
        return source
    if not isinstance(source, Evaluation):
        return source
    if not can_follow(request.user, request.committee):
        raise PermissionDenied
    matter = source.referral.opinion or source.referral.reception
    if matter is None:  # of a proposal: its own meeting (面商) is recorded there
        raise Http404
    return matter


def _ahead(request: HttpRequest, matter: Any) -> list[Activity]:
    """An entry may go to anybody's consultation; a report to those one organises."""
    rows = Activity.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.filter(kind=Activity.Kind.CONSULTATION, called_off_at=None)
    found = list(rows.upcoming().select_related("committee")[:AHEAD])
    if isinstance(matter, Reception):
        return found
    return [row for row in found if organises(request.user, row)]


def _given(source: Any, matter: Any) -> dict[str, Any]:
    """Nothing is retyped: day and place the office chose, the category of an entry."""
    given: dict[str, Any] = {"into": "new"}
    if isinstance(source, Evaluation) and source.choice == Evaluation.Choice.CONSULT:
        given |= {"day": source.choice_on, "place": source.choice_place}
    return given


def _put(request: HttpRequest, form: ConsultForm, matter: Any) -> Activity:
    data, by = form.cleaned_data, request.user
    is_entry = isinstance(matter, Reception)
    with transaction.atomic():
        activity = form.ahead.get(data["into"])
        if activity is None:
            begins = datetime.datetime.combine(data["day"], BEGINS)
            begins = begins.replace(tzinfo=timezone.get_current_timezone())
            activity = plan_activity(
                request.committee,
                title=data["title"],
                kind=Activity.Kind.CONSULTATION,
                starts_at=begins,
                ends_at=begins + LASTS,
                place=data["place"],
                workroom=matter.workroom if is_entry else None,
                by=by,
            )
        source = {"reception": matter} if is_entry else {"opinion": matter}
        add_item(activity, words=data["words"], by=by, **source)
    return activity
