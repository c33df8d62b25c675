"""One consultation (协商议事): agenda, participants, resolutions, its minutes on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from activities.actions import consultations as actions
from activities.consultation_paper import minutes_docx, minutes_of, with_minutes
from activities.forms.consultations import ItemForm, ParticipantForm, ResolutionForm
from activities.models import Activity, AgendaItem, Enrolment, Participant, Resolution
from activities.permissions.organising import organises
from activities.views.aftermath import act, page, seen_activity
from committees.official_document import word_response
from opinions.models import Opinion
from workrooms.models import Reception

SOURCES: dict[str, Any] = {"reception": Reception, "opinion": Opinion}


def _consultation(request: HttpRequest, pk: int, rows: Any = None) -> Any:
    activity = seen_activity(request, pk, rows)
    if activity.kind != Activity.Kind.CONSULTATION:
        raise Http404
    return activity


def _agenda(request: HttpRequest, activity: Activity) -> list[AgendaItem]:
    """With `sees_reception` and `sees_opinion`: whether this person sees what stands behind."""
    seen = {
        f"sees_{name}": Exists(
            model.objects.in_committee(request.committee)
            .visible_to(request.user)
            .filter(pk=OuterRef(name))
        )
        for name, model in SOURCES.items()
    }
    rows = AgendaItem.objects.filter(activity=activity).annotate(**seen)
    return list(rows.select_related(*SOURCES))


@require_GET
def consultation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _page(request, _consultation(request, pk))


def _page(request: HttpRequest, activity: Activity, **forms: Any) -> HttpResponse:
    items = _agenda(request, activity)
    committee = request.committee
    rows = Resolution.objects.for_list().filter(activity=activity)
    members = Enrolment.objects.filter(activity=activity, given_up_at=None)
    context = {
        "items": items,
        "participants": list(Participant.objects.filter(activity=activity).select_related("unit")),
        "members": list(members.select_related("member").order_by("member__name_key")[:100]),
        "resolutions": list(rows),
        "item_form": forms.get("item_form") or ItemForm(),
        "participant_form": forms.get("participant_form") or ParticipantForm(committee=committee),
        "resolution_form": forms.get("resolution_form")
        or ResolutionForm(committee=committee, items=items),
        "form": next(iter(forms.values()), None),
    }
    return page(request, "consultation", activity, "consultation", **context)


@require_POST
def item_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Free words; what comes from the book or a report is put here from its own page."""
    form = ItemForm(request.POST)
    activity = _organised(request, pk)
    return _added(
        request, activity, "item_form", form,
        lambda: actions.add_item(activity, by=request.user, **form.cleaned_data),
        _("已加入议题。"),
    )  # fmt: skip


@require_POST
def participant_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    form = ParticipantForm(request.POST, committee=request.committee)
    activity = _organised(request, pk)
    return _added(
        request, activity, "participant_form", form,
        lambda: actions.add_participant(activity, by=request.user, **form.given),
        _("已加入参加方。"),
    )  # fmt: skip


@require_POST
def resolution_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    activity = _organised(request, pk)
    items = list(AgendaItem.objects.filter(activity=activity))
    form = ResolutionForm(request.POST, committee=request.committee, items=items)
    return _added(
        request, activity, "resolution_form", form,
        lambda: actions.resolve(activity, by=request.user, **form.given),
        _("已登记议定事项。"),
    )  # fmt: skip


def _organised(request: HttpRequest, pk: int) -> Any:
    activity = _consultation(request, pk)
    if not organises(request.user, activity):
        raise PermissionDenied
    return activity


def _added(
    request: HttpRequest,
    activity: Activity,
    name: str,
    form: Any,
    deed: Callable[[], Any],
    done: str,
) -> HttpResponse:
    if form.is_valid() and act(form, deed, request, done):
        return redirect("activities:consultation", slug=request.committee.slug, pk=activity.pk)
    return _page(request, activity, **{name: form})


@require_POST
def item_remove(request: HttpRequest, slug: str, pk: int, item: int) -> HttpResponse:
    activity = _organised(request, pk)
    row = get_object_or_404(AgendaItem, pk=item, activity=activity)
    row.activity = activity
    act(None, lambda: actions.remove_item(row, by=request.user), request, _("议题已移除。"))
    return redirect("activities:consultation", slug=slug, pk=pk)


@require_POST
def participant_remove(request: HttpRequest, slug: str, pk: int, participant: int) -> HttpResponse:
    activity = _organised(request, pk)
    row = get_object_or_404(Participant, pk=participant, activity=activity)
    row.activity = activity
    act(
        None, lambda: actions.remove_participant(row, by=request.user), request, _("参加方已移除。")
    )
    return redirect("activities:consultation", slug=slug, pk=pk)


@require_GET
def paper(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The minutes as they are printed: neutral words only, it goes to units and residents."""
    activity = _consultation(request, pk, with_minutes(Activity.objects.for_list()))
    context = {"activity": activity, "paper": minutes_of(activity)}
    return render(request, "activities/consultation_paper.html", context)


@require_GET
def word(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    activity = _consultation(request, pk, with_minutes(Activity.objects.for_list()))
    content = minutes_docx(minutes_of(activity))
    return word_response(content, _("协商议事纪要_%(title)s") % {"title": activity.title})
