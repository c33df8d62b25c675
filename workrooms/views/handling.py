"""What may be done to an entry, each on a page of its own: GET asks, POST does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from committees.sign_in import proof_required
from members.models import Member
from workrooms import actions
from workrooms.forms import receptions as forms_of
from workrooms.models import Reception, ReceptionWord, RoomMember
from workrooms.notices import receptions as notices
from workrooms.permissions import can_handle, can_take_over, can_write_gist, received_it
from workrooms.views.reveals import remember, sent

DoneTo = Callable[[Reception, dict[str, Any], Any], Any]


def _dispose(row: Reception, given: dict[str, Any], by: Any) -> Any:
    return actions.dispose(row, given.pop("how"), by=by, **given)


def _hand_over(row: Reception, given: dict[str, Any], by: Any) -> Any:
    return actions.take_over(row, given["member"], by=by)


def _word(kind: str) -> DoneTo:
    return lambda row, given, by: actions.add_word(row, text=given["text"], kind=kind, by=by)


@dataclass(frozen=True)
class Deed:
    """A verb with its form; `allowed` decides whether the page opens, the verb asks again."""

    title: Any
    button: Any
    form: type[forms.Form]
    do: DoneTo
    done: Any
    allowed: Callable[[Any, Reception], bool] = can_handle


DEEDS = {
    "dispose": Deed(
        gettext_lazy("办理"), gettext_lazy("确定"), forms_of.DisposeForm, _dispose,
        gettext_lazy("办理方式已登记。"),
    ),
    "result": Deed(
        gettext_lazy("登记办理结果"), gettext_lazy("保存"), forms_of.ResultForm,
        lambda row, given, by: actions.record_result(row, by=by, **given),
        gettext_lazy("办理结果已登记。"),
    ),
    "gist": Deed(
        gettext_lazy("写答复要点"), gettext_lazy("保存"), forms_of.GistForm,
        lambda row, given, by: actions.write_gist(row, by=by, **given),
        gettext_lazy("答复要点已保存，群众可以查看。"), can_write_gist,
    ),
    "tell": Deed(
        gettext_lazy("登记告知情况"), gettext_lazy("保存"), forms_of.TellForm,
        lambda row, given, by: actions.record_told(row, by=by, **given),
        gettext_lazy("告知情况已登记。"),
    ),
    "call": Deed(
        gettext_lazy("记电话回访"), gettext_lazy("保存"), forms_of.WordForm,
        _word(ReceptionWord.Kind.CALL), gettext_lazy("电话回访已记录。"),
    ),
    "note": Deed(
        gettext_lazy("记办理情况"), gettext_lazy("保存"), forms_of.WordForm,
        _word(ReceptionWord.Kind.NOTE), gettext_lazy("办理记录已保存。"),
    ),
    "nature": Deed(
        gettext_lazy("更改事项性质"), gettext_lazy("更改"), forms_of.NatureForm,
        lambda row, given, by: actions.change_nature(row, by=by, **given),
        gettext_lazy("事项性质已更改。"),
    ),
    "hand-over": Deed(
        gettext_lazy("交给委员办理"), gettext_lazy("交办"), forms_of.HandOverForm, _hand_over,
        gettext_lazy("已交给该委员，系统已通知。"), can_take_over,
    ),
    "rate": Deed(
        gettext_lazy("代填群众评价"), gettext_lazy("保存"), forms_of.RateForm,
        lambda row, given, by: actions.rate(row, by=by, **given), gettext_lazy("评价已登记。"),
    ),
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def deed(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """One verb: its form, then the entry again. What was typed stays where a rule refuses."""
    rule = DEEDS.get(name)
    if rule is None:
        raise Http404
    row = _entry(request, pk)
    if not rule.allowed(request.user, row):
        raise PermissionDenied
    form = _form(request, rule, name, row)
    if request.method == "POST" and form.is_valid():
        try:
            rule.do(row, dict(form.cleaned_data), request.user)
        except ValidationError as refused:
            _tell_beside(form, refused)
        else:
            return _leads_on(request, name, row)
    context = {"form": form, "rule": rule, "reception": row, "name": name}
    return render(request, "workrooms/reception_deed.html", context, status=_status(form))


def _entry(request: HttpRequest, pk: int) -> Any:
    rows = Reception.objects.in_committee(request.committee).visible_to(request.user)
    beside = ("committee", "workroom", "liaison_group", "unit")
    return get_object_or_404(rows.select_related(*beside).prefetch_related("members"), pk=pk)


def _form(request: HttpRequest, rule: Deed, name: str, row: Reception) -> Any:
    today = timezone.localdate()
    initial: dict[str, Any] = {"on": today}
    more: dict[str, Any] = {}
    if name == "dispose":
        more["reception"] = row
        initial = {"how": row.disposal, "seen": row.disposal, "passed_to": row.passed_to}
        initial |= {"unit": row.unit_id, "due_on": row.due_on}
    elif name == "result":
        initial |= {"result": row.result, "on": row.resulted_on or today}
    elif name == "gist":
        initial = {"gist": row.gist or row.result}
    elif name == "nature":
        initial = {"nature": row.nature}
    form = rule.form(sent(request)[0], initial=initial, **more)
    fields: Any = form.fields
    if name == "result" and not can_write_gist(request.user, row):
        del fields["is_gist"]
    if name == "hand-over":
        fields["member"].offer(_colleagues(request, row))
    return form


def _colleagues(request: HttpRequest, row: Reception) -> list[Member]:
    here = RoomMember.objects.present().filter(workroom=row.workroom_id).exclude(member=None)
    has = {member.pk for member in row.members.all()}
    rows = Member.objects.visible_to(request.user).filter(pk__in=here.values("member"))
    return [member for member in rows.in_stroke_order() if member.pk not in has]


def _tell_beside(form: Any, refused: ValidationError) -> None:
    """Errors of fields the form does not have stand above it."""
    known = {"disposal": "how", "told_how": "how", "told_on": "on", "resulted_on": "on"}
    for field, errors in getattr(refused, "error_dict", {None: [refused]}).items():
        name = known.get(field, field) if field else None
        form.add_error(name if name in form.fields else None, errors)


def _leads_on(request: HttpRequest, name: str, row: Reception) -> HttpResponse:
    """转社情民意 leads to the form of the report; closed entries lead back to the book."""
    slug, user = request.committee.slug, request.user
    if not can_handle(user, row):  # it was closed a moment ago
        messages.success(request, _("已转专管人员"))
        return redirect("workrooms:receptions", slug=slug)
    messages.success(request, DEEDS[name].done)
    if name == "dispose" and row.disposal == Reception.Disposal.OPINION:
        if received_it(user, row, "member", "delegate"):
            return redirect(reverse("opinions:write", args=[slug]) + f"?reception={row.pk}")
        if notices.to_be_written(row):
            messages.info(request, _("已请接待委员起草社情民意信息。"))
        else:
            messages.info(request, _("还没有接待委员，请先交给一位委员，由委员起草。"))
    return redirect("workrooms:reception", slug=slug, pk=row.pk)


def _status(form: Any) -> int:
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if codes & {"disposed"}:
        return 409
    return 422 if codes else 200


@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A reason, then the entry shows name and number for ten minutes."""
    row = _entry(request, pk)
    if not can_handle(request.user, row):
        raise PermissionDenied
    return _reveal(request, row)


@proof_required
def _reveal(request: HttpRequest, row: Reception) -> HttpResponse:
    form = forms_of.ReasonForm(sent(request)[0])
    if request.method == "POST" and form.is_valid():
        try:
            actions.reveal_resident(row, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refused:
            form.add_error("reason", refused)
        else:
            remember(request, row)
            return redirect("workrooms:reception", slug=request.committee.slug, pk=row.pk)
    rule = {"title": _("查看完整号码"), "button": _("查看")}
    context = {"form": form, "rule": rule, "reception": row, "name": "reveal"}
    status = 422 if form.errors else 200
    return render(request, "workrooms/reception_deed.html", context, status=status)
