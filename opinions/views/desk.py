"""What belongs to the review desk beside the reports: parts of a whole, editors, duties."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from committees.permissions import is_office
from opinions.actions.duties import assign_editor, editors, holders, set_duties
from opinions.forms.desk import DutiesForm, EditorForm
from opinions.models import DeskDuty, Manuscript, Opinion
from opinions.permissions import can_keep_duties, is_editor
from opinions.views.reading import buttons_of
from opinions.views.tabs import tabs_of


def _row(request: HttpRequest, pk: int) -> Opinion:
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.for_moves(), pk=pk)


@require_GET
def parts(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """合并情况: what went into this report, or where it went; an author finds the own parts."""
    row = _row(request, pk)
    seen = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    found = list(seen.filter(merged_into=row).with_authors().order_by("year", "number", "pk"))
    texts = Manuscript.objects.filter(opinion__in=[part.pk for part in found])
    latest = texts.order_by("opinion_id", "-kind", "-version").distinct("opinion_id")
    text_of = {text.opinion_id: text for text in latest}
    for part in found:
        part.text = text_of.get(part.pk)  # type: ignore[attr-defined]
    whole = None
    if row.merged_into_id:
        whole = seen.filter(pk=row.merged_into_id).first()
    moves = ("merge", "unmerge", "dissolve")
    context = {
        "opinion": row,
        "tabs": tabs_of(row, request, "opinions:parts"),
        "parts": found,
        "whole": whole,
        "may_part": is_editor(request.user, row) and not row.issue_id,
        "buttons": [one for one in buttons_of(row, request) if one.name in moves],
    }
    return render(request, "opinions/parts.html", context)


def editor(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Hand a report that is being edited to another editor."""
    row = _row(request, pk)
    if not is_editor(request.user, row):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = EditorForm(data, people=editors(row.committee), initial={"editor": row.editor_id})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                assign_editor(row, form.person, by=request.user)
            except ValidationError as error:
                form.add_error(None, error.messages)
                status = 409
            else:
                messages.success(request, _("已交由%(who)s编辑。") % {"who": form.person.name})
                return redirect("opinions:detail", slug=slug, pk=pk)
    return render(request, "opinions/editor.html", {"opinion": row, "form": form}, status=status)


def duties(request: HttpRequest, slug: str) -> HttpResponse:
    """核稿签发分工: the office reads it, the clerks settle it."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    may_keep = can_keep_duties(request.user, request.committee)
    if request.method == "POST" and not may_keep:
        raise PermissionDenied
    people = holders(request.committee)
    data = request.POST if request.method == "POST" else None
    form = DutiesForm(data, committee=request.committee, people=people)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_duties(request.committee, form.chosen, by=request.user)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, _("已保存"))
                return redirect("opinions:duties", slug=slug)
    context: dict[str, Any] = {"form": form, "may_keep": may_keep, "table": form.table()}
    context["tasks"] = [task.label for task in DeskDuty.Task]
    context["lacks_check"] = not request.committee.has_check_step
    return render(request, "opinions/duties.html", context, status=status)
