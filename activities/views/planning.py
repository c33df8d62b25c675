"""An activity is written, amended, published, called off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activities import actions, clashes
from activities.forms.planning import COPIED, ActivityForm, initial_of
from activities.models import Activity
from activities.permissions import can_organise, can_plan_activities
from committees.row_ids import row_id


def seen_one(request: HttpRequest, pk: Any) -> Activity:
    """The activity with its organisers; 404 where this person may not see it."""
    rows = Activity.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.for_list(), pk=pk)


def organised_one(request: HttpRequest, pk: int) -> Activity:
    """403 for whom it is not to manage."""
    row = seen_one(request, pk)
    if not can_organise(request.user, row):
        raise PermissionDenied
    return row


def sent(request: HttpRequest) -> Any:
    """What a form is bound to: an empty POST is one as well."""
    return request.POST if request.method == "POST" else None


def tell_refusal(request: HttpRequest, deed: Callable[[], Any]) -> bool:
    """Do it, or say in a sentence why not."""
    try:
        deed()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return False
    return True


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """A new plan; `?from=<activity>` begins with what that one had, without its times."""
    user, committee = request.user, request.committee
    if not can_plan_activities(user, committee):
        raise PermissionDenied
    initial: dict[str, Any] = {}
    if (asked := row_id(request.GET.get("from"))) is not None:
        initial = initial_of(seen_one(request, asked), COPIED)
    form = ActivityForm(sent(request), actor=user, committee=committee, initial=initial)
    if request.method == "POST" and form.is_valid() and (made := _planned(request, form)):
        messages.success(request, _("已保存为草稿，发布后委员才能看到。"))
        return redirect("activities:detail", slug=slug, pk=made.pk)
    return _form_page(request, form, None)


def _planned(request: HttpRequest, form: ActivityForm) -> Activity | None:
    try:
        return actions.plan_activity(
            request.committee, by=request.user, co_hosts=form.hosts_beside, **form.columns
        )
    except ValidationError as refused:
        form.add_error(None, refused)
    return None


def _form_page(request: HttpRequest, form: ActivityForm, row: Activity | None) -> HttpResponse:
    found = clashes.of_list(row, timezone.now()) if row else []
    context = {"form": form, "activity": row, "clashes": found}
    return render(request, "activities/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct it; of a series this one, or the rest as well."""
    row = organised_one(request, pk)
    initial = initial_of(row) | {"version": row.version}
    form = ActivityForm(
        sent(request),
        actor=request.user,
        committee=request.committee,
        in_series=row.series_id is not None,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid() and _amended(request, form, row):
        return redirect("activities:detail", slug=slug, pk=pk)
    return _form_page(request, form, row)


def _amended(request: HttpRequest, form: ActivityForm, row: Activity) -> bool:
    columns = form.columns
    beside = form.hosts_beside if {"co_hosts", "bodies"} & set(form.changed_data) else None
    by, version = request.user, form.cleaned_data["version"]
    try:
        if form.cleaned_data.get("rest"):
            later = actions.amend_series(row, by=by, version=version, co_hosts=beside, **columns)
            messages.success(request, _("已保存，以后 %(n)s 期一并修改。") % {"n": later})
        else:
            actions.amend_activity(row, by=by, version=version, co_hosts=beside, **columns)
            messages.success(request, _("已保存。"))
    except ValidationError as refused:
        if getattr(refused, "code", "") == "stale":
            data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, which has one
            data["version"] = str(Activity.objects.get(pk=row.pk).version)
            form.data = data
        form.add_error(None, refused)
        return False
    return True


@require_POST
def publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row, tells = organised_one(request, pk), "tells" in request.POST
    if tell_refusal(request, lambda: actions.publish(row, by=request.user, tells=tells)):
        messages.success(request, _("活动已发布。"))
    return redirect("activities:detail", slug=slug, pk=pk)


@require_POST
def call_off(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row, why = organised_one(request, pk), request.POST.get("note", "").replace("\0", "")
    if tell_refusal(request, lambda: actions.call_off(row, by=request.user, why=why)):
        messages.success(request, _("活动已取消，有关委员已收到消息。"))
    return redirect("activities:detail", slug=slug, pk=pk)


@require_POST
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = organised_one(request, pk)
    if tell_refusal(request, lambda: actions.drop_plan(row, by=request.user)):
        messages.success(request, _("草稿已删除。"))
        return redirect("activities:list", slug=slug)
    return redirect("activities:detail", slug=slug, pk=pk)
