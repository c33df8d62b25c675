"""Outcomes (履职成果): the list, one of them, writing, and what the office does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.actions import outcomes as actions
from activities.actions.outcome_exports import note_export
from activities.forms.outcomes import AdoptionForm, OutcomeForm, WhyForm
from activities.models import Outcome, OutcomeFile
from activities.outcome_export import MOST, headings, lines_of, said_of
from activities.outcome_filters import OutcomeFilter
from activities.permissions.outcomes import (
    can_amend_outcome,
    can_confirm_outcome,
    can_read_text,
    can_write_outcomes,
)
from activities.views.aftermath import act, draft_of
from committees.files import serve
from committees.keyset import page_of
from committees.permissions import is_office
from committees.sign_in import proof_required
from committees.workbooks import long_workbook, long_workbook_response
from members.models import Member

ORDER = ("-done_on", "-id")
NEW = "activities.outcome:new"  # the draft of one that is being written


def _seen(request: HttpRequest) -> Any:
    return Outcome.objects.in_committee(request.committee).visible_to(request.user)


def _found(request: HttpRequest) -> OutcomeFilter:
    rows = _seen(request)
    if request.GET.get("of") == "mine":
        rows = rows.of_actor(request.user)
    return OutcomeFilter(request.GET, queryset=rows.for_list(), request=request)


@require_GET
def outcomes(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest first; `?of=mine` are the own ones, in every state."""
    found = _found(request)
    of = "mine" if request.GET.get("of") == "mine" else ""
    may_write = can_write_outcomes(request.user, request.committee)
    context = {
        "page": page_of(found.qs, request, order=ORDER),
        "filter": found,
        "is_filtered": bool(request.GET.keys() - {"of", "after", "before"}),
        "tabs": [
            {"label": _("全部"), "url": "?", "is_current": not of},
            {"label": _("我的"), "url": "?of=mine", "is_current": bool(of)},
        ],
        "may_write": may_write,
        "may_export": is_office(request.user, request.committee),
        "query": request.GET.urlencode(),
    }
    return render(request, "activities/outcomes.html", context)


def _row(request: HttpRequest, pk: int) -> Any:
    rows = _seen(request).for_list().select_related("confirmed_by", "created_by")
    return get_object_or_404(rows, pk=pk)


@require_GET
def outcome(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """That it exists everybody sees once it is confirmed; the text whose it is and the office."""
    row = _row(request, pk)
    may_read = can_read_text(request.user, row)
    files = OutcomeFile.objects.filter(outcome=row).select_related("attachment")
    context = {
        "row": row,
        "may_read": may_read,
        "files": list(files) if may_read else [],
        "may_amend": can_amend_outcome(request.user, row),
        "may": {name for name, rule in DEEDS.items() if rule.is_open(request, row)},
        "deeds": [(name, rule) for name, rule in DEEDS.items() if rule.is_open(request, row)],
    }
    return render(request, "activities/outcome.html", context)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    committee, user = request.committee, request.user
    if not can_write_outcomes(user, committee):
        raise PermissionDenied
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    given = {"names": _own_name(request), "activity": request.GET.get("activity", "")}
    draft = draft_of(request, NEW) if data is None else None
    given |= _typed(draft) if draft else {}
    form = OutcomeForm(data, files, initial=given if data is None else {}, actor=user,
                       committee=committee)  # fmt: skip
    if data is not None and form.is_valid():
        made: list[Outcome] = []

        def deed() -> None:
            made.append(actions.write_outcome(committee, by=user, **form.given))

        if act(form, deed, request, _("已提交履职成果。"), NEW):
            return redirect("activities:outcome", slug=slug, pk=made[0].pk)
    return _form_page(request, form, None, draft=draft, draft_key=NEW)


def _typed(draft: Any) -> dict[str, str]:
    """Fields of the form that are texts; what else a draft holds is let go."""
    known = OutcomeForm.base_fields
    return {k: v for k, v in draft.content.items() if k in known and isinstance(v, str)}


def _own_name(request: HttpRequest) -> str:
    """Whoever serves, or is served here; the office types."""
    standing, committee = request.user.standing, request.committee
    own = standing.scopes("member", committee=committee)
    own = own or standing.scopes("delegate", committee=committee)
    if not own or request.method == "POST" or is_office(request.user, committee):
        return ""
    return "、".join(Member.objects.filter(pk__in=sorted(own)[:1]).values_list("name", flat=True))


def _form_page(request: HttpRequest, form: OutcomeForm, row: Any, **more: Any) -> HttpResponse:
    context = {"form": form, "row": row} | more
    status = 422 if form.errors else 200
    return render(request, "activities/outcome_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _row(request, pk)
    if not can_amend_outcome(request.user, row):
        raise PermissionDenied
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    said = OutcomeForm.said_of(row) if data is None else {}
    form = OutcomeForm(data, files, initial=said, outcome=row, actor=request.user,
                       committee=request.committee)  # fmt: skip
    if data is not None and form.is_valid():
        seen = form.cleaned_data["seen"] or 0

        def deed() -> None:
            actions.amend_outcome(row, by=request.user, seen=seen, **form.given)

        if act(form, deed, request, _("已保存履职成果。")):
            return redirect("activities:outcome", slug=slug, pk=pk)
    return _form_page(request, form, row)


@dataclass(frozen=True, slots=True)
class Rule:
    """One deed on an outcome: its words, when it is open, its form, what it does."""

    title: Any
    done: Any
    is_open: Callable[[HttpRequest, Any], bool]
    form: Callable[[Any, Any], Any]
    act: Callable[[Any, Any, dict[str, Any]], Any]


def _waits(request: HttpRequest, row: Outcome) -> bool:
    is_over = row.confirmed_at or row.returned_at or row.withdrawn_at
    return not is_over and can_confirm_outcome(request.user, row)


def _adoptable(request: HttpRequest, row: Outcome) -> bool:
    is_counted = bool(row.confirmed_at and not row.withdrawn_at)
    return is_counted and can_confirm_outcome(request.user, row)


def _adoption_form(row: Outcome, data: Any) -> Any:
    said = {"adopted_by": row.adopted_by, "adopted_on": row.adopted_on, "note": row.adoption_note}
    return AdoptionForm(data, initial=said)


DEEDS: dict[str, Rule] = {
    "confirm": Rule(
        gettext_lazy("确认"), gettext_lazy("已确认。"), _waits,
        lambda row, data: None,
        lambda row, by, given: actions.confirm_outcome(row, by=by),
    ),
    "return": Rule(
        gettext_lazy("退回修改"), gettext_lazy("已退回修改。"), _waits,
        lambda row, data: WhyForm(data),
        lambda row, by, given: actions.return_outcome(row, by=by, **given),
    ),
    "adoption": Rule(
        gettext_lazy("登记采用情况"), gettext_lazy("已登记采用情况。"), _adoptable,
        _adoption_form,
        lambda row, by, given: actions.note_adoption(row, by=by, **given),
    ),
    "withdraw": Rule(
        gettext_lazy("撤回"), gettext_lazy("已撤回。"),
        lambda request, row: can_amend_outcome(request.user, row),
        lambda row, data: WhyForm(data),
        lambda row, by, given: actions.withdraw_outcome(row, by=by, **given),
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def outcome_deed(request: HttpRequest, slug: str, pk: int, deed: str) -> HttpResponse:
    """One deed on its own page; who came too late reads a sentence."""
    rule = DEEDS.get(deed)
    if rule is None:
        raise Http404
    row = _row(request, pk)
    if deed == "withdraw":
        if not (row.withdrawn_at or can_amend_outcome(request.user, row)):
            raise PermissionDenied
    elif not can_confirm_outcome(request.user, row):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = rule.form(row, data)
    if data is not None and (form is None or form.is_valid()):
        given = form.cleaned_data if form else {}
        is_done = act(form, lambda: rule.act(row, request.user, given), request, rule.done)
        if is_done or form is None:
            return redirect("activities:outcome", slug=slug, pk=pk)
    context = {"row": row, "form": form, "rule": rule}
    status = 422 if form is not None and form.errors else 200
    return render(request, "activities/outcome_deed.html", context, status=status)


def _file(request: HttpRequest, pk: int, file: int) -> Any:
    rows = OutcomeFile.objects.visible_to(request.user)
    rows = rows.filter(outcome__committee=request.committee, outcome=pk)
    return get_object_or_404(rows.select_related("attachment__committee"), pk=file)


@require_GET
def outcome_file(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponseBase:
    return serve(_file(request, pk, file).attachment, request)


@require_POST
def outcome_file_remove(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponse:
    row = _file(request, pk, file)
    row.outcome = _row(request, pk)
    actions.remove_outcome_file(row, by=request.user)
    messages.success(request, _("附件已移除。"))
    return redirect("activities:outcome", slug=slug, pk=pk)


@never_cache
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """By GET comes back who has just given the password again: to the list, with its filter."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    if request.method == "POST":
        return _export(request)
    messages.info(request, _("请再点一次“导出”。"))
    return _to_the_list(request)


@proof_required
def _export(request: HttpRequest) -> HttpResponseBase:
    found = _found(request)
    if not found.is_valid():
        return _to_the_list(request)
    pks = list(found.qs.order_by(*ORDER).values_list("pk", flat=True)[: MOST + 1])
    title = _("履职成果")
    said = said_of(title, found.form, len(pks))
    asked = [name for name, value in found.form.cleaned_data.items() if value]
    pks = pks[:MOST]
    note_export(committee=request.committee, by=request.user, rows=len(pks), asked=asked)
    rows = lines_of(_seen(request).for_list(), pks)
    return long_workbook_response(title, long_workbook(title, said, headings(), rows))


def _to_the_list(request: HttpRequest) -> HttpResponse:
    place = reverse("activities:outcomes", args=[request.committee.slug])
    query = request.GET.urlencode()
    return redirect(f"{place}?{query}" if query else place)
