"""制度文件: the list for everybody, one rule with its history, and its keeping by the office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from committees.dictionaries import rows_of
from committees.files import serve
from committees.keyset import page_of
from notices import wechat
from notices.actions import keeping
from notices.forms.documents import RenameForm, RepealForm, RuleForm, VersionForm
from notices.models import Rule, RuleCategory, RuleVersion
from notices.permissions import can_keep_documents

BY_TITLE = ("title", "id")


def _seen(request: HttpRequest) -> Any:
    rows = Rule.objects.in_committee(request.committee).visible_to(request.user)
    return rows.for_list()


def kept(request: HttpRequest) -> None:
    if not can_keep_documents(request.user, request.committee):
        raise PermissionDenied


@require_safe
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Those in force by name; by category, by words, or `?of=repealed`."""
    categories = rows_of(RuleCategory, request.committee)
    asked = request.GET.get("category", "")
    chosen = next((row for row in categories if str(row.pk) == asked), None)
    is_repealed = request.GET.get("of") == "repealed"
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    rows = _seen(request).repealed() if is_repealed else _seen(request).in_force()
    if words:
        rows = rows.found_by(words)
    if chosen:
        rows = rows.filter(category=chosen)
    here = request.path
    tabs = [{"label": _("全部"), "url": here, "is_current": not (chosen or is_repealed)}]
    tabs += [
        {"label": row.name, "url": f"{here}?category={row.pk}", "is_current": row == chosen}
        for row in categories
        if row.is_active
    ]
    tabs.append({"label": _("已废止"), "url": f"{here}?of=repealed", "is_current": is_repealed})
    context = {
        "page": page_of(rows, request, order=BY_TITLE),
        "tabs": tabs,
        "words": words,
        "today": timezone.localdate(),
        "may_keep": can_keep_documents(request.user, request.committee),
        "is_filtered": bool(words or chosen or is_repealed),
    }
    return render(request, "rules/list.html", context)


@require_safe
def rule(request: HttpRequest, slug: str, pk: int, number: int | None = None) -> HttpResponse:
    """The version in force today, or the one of the address; the others are the history."""
    row = get_object_or_404(_seen(request), pk=pk)
    versions = list(row.versions.select_related("attachment"))
    wanted = number or row.current_number or versions[-1].number
    shown = next((one for one in versions if one.number == wanted), None)
    if shown is None:
        return redirect("rules:detail", slug=slug, pk=pk)
    context = {
        "rule": row,
        "version": shown,
        "versions": versions,
        "is_current": row.repealed_on is None and shown.number == row.current_number,
        "today": timezone.localdate(),
        "may_keep": can_keep_documents(request.user, request.committee),
        "wechat": wechat.of_rule(row, request.build_absolute_uri()),
    }
    return render(request, "rules/detail.html", context)


def new(request: HttpRequest, slug: str) -> HttpResponse:
    kept(request)
    form = RuleForm(request.POST or None, request.FILES or None, committee=request.committee)
    if request.method == "POST" and form.is_valid():
        try:
            row = keeping.issue_rule(request.committee, by=request.user, **form.particulars())
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("已发布。"))
            return redirect("rules:detail", slug=slug, pk=row.pk)
    return render(request, "rules/form.html", {"form": form})


def revise(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    kept(request)
    row = get_object_or_404(_seen(request), pk=pk)
    last = row.versions.first()
    first = {"after": last.number, "text": last.text, "effective_from": timezone.localdate()}
    form = VersionForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        after = form.cleaned_data["after"] or 0
        try:
            keeping.revise_rule(row, by=request.user, after=after, **form.particulars())
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("新版本已发布。"))
            return redirect("rules:detail", slug=slug, pk=pk)
    return render(request, "rules/form.html", {"form": form, "rule": row, "last": last})


def rename(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    kept(request)
    row = get_object_or_404(_seen(request), pk=pk)
    form = RenameForm(request.POST or None, instance=row, committee=request.committee)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.rename_rule(row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("rules:detail", slug=slug, pk=pk)
    return render(request, "rules/rename.html", {"form": form, "rule": row})


def repeal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    kept(request)
    row = get_object_or_404(_seen(request), pk=pk)
    form = RepealForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            keeping.repeal_rule(row, by=request.user, on=form.cleaned_data["on"])
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("已登记废止。"))
            return redirect("rules:detail", slug=slug, pk=pk)
    return render(request, "rules/repeal.html", {"form": form, "rule": row})


@require_GET
def file(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponseBase:
    """The paper of one version, for whoever sees the rule."""
    seen = Rule.objects.in_committee(request.committee).visible_to(request.user)
    rows = RuleVersion.objects.filter(rule__in=seen, attachment__isnull=False)
    row = get_object_or_404(rows.select_related("attachment__committee"), rule=pk, number=number)
    return serve(row.attachment, request)


def tell(form: Any, error: ValidationError) -> None:
    """Beside the field where the form has it, else at the top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
