"""Resolutions (议定事项): the committee's list, and one with what is done on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from activities.actions import consultations, resolutions
from activities.forms.consultations import (
    GoOnForm,
    GradeForm,
    ReferResolutionForm,
    ResolutionForm,
    ResultForm,
)
from activities.models import Activity, AgendaItem, Resolution
from activities.models.activities import READERS
from activities.outcome_filters import ResolutionFilter
from activities.permissions.consultations import can_report_result
from activities.permissions.organising import organises
from activities.views.aftermath import act
from committees.keyset import page_of
from opinions.models import Opinion, Referral, Status
from opinions.permissions.referrals import can_refer
from workrooms.models import Reception


def _seen(request: HttpRequest) -> Any:
    return Resolution.objects.in_committee(request.committee).visible_to(request.user)


@require_GET
def resolutions_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What is to be done, the first due first."""
    found = ResolutionFilter(request.GET, queryset=_seen(request).for_list(), request=request)
    context = {
        "page": page_of(found.qs, request, order=("due_on", "id")),
        "filter": found,
        "is_filtered": bool(request.GET.keys() - {"after", "before"}),
    }
    return render(request, "activities/resolutions.html", context)


def _row(request: HttpRequest, pk: int) -> Any:
    rows = _seen(request).for_list()
    beside = ("activity__sector", "activity__commission", "activity__workroom", "resulted_by")
    return get_object_or_404(rows.select_related("item", *beside), pk=pk)


def _matter(request: HttpRequest, row: Resolution) -> Any:
    """The entry or report behind the item, where this person sees it."""
    item = row.item
    if item is None or not (item.reception_id or item.opinion_id):
        return None
    model: Any = Reception if item.reception_id else Opinion
    rows = model.objects.in_committee(request.committee).visible_to(request.user)
    found = rows.select_related("committee").filter(pk=item.reception_id or item.opinion_id)
    return found.first()


def _sees_consultation(request: HttpRequest, row: Resolution) -> bool:
    """A handler may have a resolution of a consultation to which the unit was not invited."""
    if request.user.standing.has(request.committee, *READERS):
        return True
    return Activity.objects.visible_to(request.user).filter(pk=row.activity_id).exists()


@require_GET
def resolution(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _row(request, pk)
    matter = _matter(request, row)
    referral = None
    if row.referral_id:
        rows = Referral.objects.visible_to(request.user).with_state()
        referral = rows.select_related("unit", "via").filter(pk=row.referral_id).first()
    context = {
        "row": row,
        "matter": matter,
        "is_reception": isinstance(matter, Reception),
        "referral": referral,
        "sees_consultation": _sees_consultation(request, row),
        "may": {name for name, rule in DEEDS.items() if rule.is_open(request, row, matter)},
        "may_organise": organises(request.user, row.activity),
    }
    return render(request, "activities/resolution.html", context)


@dataclass(frozen=True, slots=True)
class Rule:
    """One deed: its words, whether it is open now, its form, and what it does."""

    title: Any
    button: Any
    done: Any
    is_open: Callable[[HttpRequest, Resolution, Any], bool]
    form: Callable[[HttpRequest, Resolution, Any, Any], Any]
    act: Callable[[HttpRequest, Resolution, Any], Any]


def _ours(request: HttpRequest, row: Resolution) -> bool:
    return organises(request.user, row.activity)


def _may_refer(request: HttpRequest, row: Resolution, matter: Any) -> bool:
    if matter is None or row.referral_id or row.resulted_on:
        return False
    if isinstance(matter, Opinion) and matter.status != Status.ISSUED:
        return False
    return can_refer(request.user, matter)


def _amend_form(request: HttpRequest, row: Resolution, matter: Any, data: Any) -> Any:
    items = list(AgendaItem.objects.filter(activity=row.activity_id))
    initial = ResolutionForm.said_of(row)
    return ResolutionForm(data, initial=initial, items=items, committee=request.committee)


def _refer_form(request: HttpRequest, row: Resolution, matter: Any, data: Any) -> Any:
    initial = {"unit": str(row.unit or ""), "title": row.what[:100], "text": row.what}
    return ReferResolutionForm(data, initial=initial, committee=request.committee)


DEEDS: dict[str, Rule] = {
    "result": Rule(
        _("登记落实结果"), _("保存"), _("已登记落实结果。"),
        lambda request, row, m: row.resulted_on is None and can_report_result(request.user, row),
        lambda request, row, m, data: ResultForm(data),
        lambda request, row, given: resolutions.record_result(row, by=request.user, **given),
    ),
    "evaluate": Rule(
        _("评价"), _("提交"), _("已评价。"),
        lambda request, row, m: bool(row.resulted_on and not row.grade) and _ours(request, row),
        lambda request, row, m, data: GradeForm(data),
        lambda request, row, given: resolutions.evaluate(row, by=request.user, **given),
    ),
    "go-on": Rule(
        _("继续落实"), _("保存"), _("已恢复为办理中。"),
        lambda request, row, m: row.resulted_on is not None and _ours(request, row),
        lambda request, row, m, data: GoOnForm(data),
        lambda request, row, given: resolutions.go_on(row, by=request.user, **given),
    ),
    "edit": Rule(
        _("修改议定事项"), _("保存"), _("已修改。"),
        lambda request, row, m: row.resulted_on is None and _ours(request, row),
        _amend_form,
        lambda request, row, given: consultations.amend_resolution(row, by=request.user, **given),
    ),
    "refer": Rule(
        _("转办"), _("转办"), _("已转办。"),
        _may_refer,
        _refer_form,
        lambda request, row, given: resolutions.refer_resolution(row, by=request.user, **given),
    ),
    "remove": Rule(
        _("删除议定事项"), _("删除"), _("已删除。"),
        lambda request, row, m: not (row.resulted_on or row.referral_id) and _ours(request, row),
        lambda request, row, m, data: None,
        lambda request, row, given: consultations.remove_resolution(row, by=request.user),
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def resolution_deed(request: HttpRequest, slug: str, pk: int, deed: str) -> HttpResponse:
    """One deed on its own page; the actions check again who may and whether it is still open."""
    rule = DEEDS.get(deed)
    if rule is None:
        raise Http404
    row = _row(request, pk)
    matter = _matter(request, row)
    if not _may_try(request, row, deed):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = rule.form(request, row, matter, data)
    if data is not None and (form is None or form.is_valid()):
        given = getattr(form, "given", None) or getattr(form, "cleaned_data", {})
        if act(form, lambda: rule.act(request, row, given), request, rule.done):
            if deed == "remove":
                return redirect("activities:consultation", slug=slug, pk=row.activity_id)
            return redirect("activities:resolution", slug=slug, pk=pk)
        if form is None:
            return redirect("activities:resolution", slug=slug, pk=pk)
    context = {"row": row, "form": form, "rule": rule, "deed": deed}
    status = 422 if form is not None and form.errors else 200
    return render(request, "activities/resolution_deed.html", context, status=status)


def _may_try(request: HttpRequest, row: Resolution, deed: str) -> bool:
    """Whoever could do it at some time; what came too late is told by the action, in a sentence."""
    if deed == "result":
        return can_report_result(request.user, row)
    if deed == "refer":
        return can_refer(request.user, row.activity)
    return _ours(request, row)
