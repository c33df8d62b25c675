"""计划解决事项（跟踪办理）: the list by date, its sheet, and one promise with all said of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from committees.actors import Actor
from committees.audit import record
from committees.files import serve
from committees.keyset import page_of
from committees.models import Role
from committees.workbooks import workbook, workbook_response
from opinions.actions.promises import extend_promise, report_promise, settle
from opinions.forms.following import ExtendForm, ReportForm, SettleForm
from opinions.models import Promise, PromiseReport
from opinions.permissions.following import acts_for_unit, can_follow, is_of_authors
from opinions.promise_filter import PromiseFilter
from opinions.views.taking_away import taken_away

Side = PromiseReport.Side
ORDER = ("listed_on", "id")


def _rows(request: HttpRequest) -> Any:
    """As a row shows them; whoever handles for a unit is not told what authors said."""
    user, committee = request.user, request.committee
    handles = bool(user.standing.scopes(Role.HANDLER, committee=committee))
    rows = Promise.objects.in_committee(committee).visible_to(user)
    return rows.for_list(for_unit=handles and not can_follow(user, committee))


@require_GET
def promises(request: HttpRequest, slug: str) -> HttpResponse:
    """Planned matters by date, those without time last: the office's, or those of own reports."""
    found = PromiseFilter(request.GET, queryset=_rows(request), request=request)
    page = page_of(found.qs, request, order=ORDER)
    _mark_late(page.rows)
    context = {
        "page": page,
        "filter": found,
        "is_narrowed": bool(request.GET.get("unit") or request.GET.get("state")),
        "may_decide": can_follow(request.user, request.committee),
    }
    return render(request, "opinions/promises.html", context)


def _mark_late(rows: list[Any]) -> None:
    today = timezone.localdate()
    for row in rows:
        row.late = row.is_late(today)
        row.said = PromiseReport.Result(row.last_result).label if row.last_result else ""


HEADINGS = [
    gettext_lazy("转办编号"),
    gettext_lazy("标题"),
    gettext_lazy("承办单位"),
    gettext_lazy("计划解决事项"),
    gettext_lazy("计划时间"),
    gettext_lazy("原计划时间"),
    gettext_lazy("暂无明确时间的理由"),
    gettext_lazy("最近反馈"),
    gettext_lazy("落实日期"),
    gettext_lazy("落实依据"),
]


@taken_away("promises:list")
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as a sheet."""
    found = PromiseFilter(request.GET, queryset=_rows(request), request=request)
    rows = list(found.qs.iterator(chunk_size=500))
    _mark_late(rows)
    lines = [
        [
            row.referral.label,
            row.referral.title,
            str(row.referral.answering_unit),
            str(row),
            row.when,
            row.when_first,
            row.no_date_reason,
            str(row.said),
            row.settled_on,
            row.evidence,
        ]
        for row in rows
    ]
    record("promise.export", by=request.user, committee=request.committee, rows=len(lines))
    content = workbook(_("计划解决事项"), [str(heading) for heading in HEADINGS], lines)
    return workbook_response(_("计划解决事项"), content)


def promise_for(actor: Actor, pk: int, **where: Any) -> Promise:
    """The promise with all that its page shows; 404 where it does not exist for this actor."""
    rows = Promise.objects.visible_to(actor).select_related(
        "referral__unit",
        "referral__via",
        "referral__opinion__committee",
        "referral__committee",
        "reply__reply_class",
        "settled_by",
    )
    return get_object_or_404(rows, pk=pk, **where)


def reports_of(promise: Promise, side: str) -> list[PromiseReport]:
    """What was said of it, the latest first; a unit is not told what the author said."""
    rows = shown_to(promise, side).select_related("by_user", "attachment")
    return list(rows.order_by("-at", "-id"))


def shown_to(promise: Promise, side: str) -> Any:
    rows = promise.reports.all()
    return rows.exclude(side=Side.AUTHOR) if side == Side.UNIT else rows


def forms_of(promise: Promise, side: str, reports: list[PromiseReport]) -> dict[str, Any]:
    """The deeds open to a side, each with its empty form."""
    if not side or promise.settled_on is not None:
        return {}
    seen = {"seen": _last_of(promise, reports, side)}
    forms: dict[str, Any] = {"report": ReportForm(side=side, initial=seen)}
    if side == Side.OFFICE:
        forms["settle"] = SettleForm(auto_id="settle_%s")
        if promise.extended_from is None:
            forms["extend"] = ExtendForm(auto_id="extend_%s")
    return forms


def _last_of(promise: Promise, reports: list[PromiseReport], side: str) -> int:
    """The id of the last report; of a unit that is not shown all of them it is asked anew."""
    if side == Side.UNIT:
        return promise.reports.order_by("-id").values_list("id", flat=True).first() or 0
    return max((report.pk for report in reports), default=0)


def side_of(actor: Actor, promise: Promise) -> str:
    """For which side this person speaks here; empty for whoever only reads."""
    if can_follow(actor, promise.referral.committee_id):
        return Side.OFFICE
    return Side.AUTHOR if is_of_authors(actor, promise.referral) else ""


def side_shown(actor: Actor, promise: Promise, side: str) -> str:
    """As which side this person reads: without one of the own, a handler reads as the unit does."""
    return Side.UNIT if not side and acts_for_unit(actor, promise.referral) else side


@require_GET
def promise(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = promise_for(request.user, pk, referral__committee=request.committee)
    return _page(request, row, side_of(request.user, row))


def _page(
    request: HttpRequest, row: Promise, side: str, bound: dict[str, Any] | None = None
) -> HttpResponse:
    reports = reports_of(row, side_shown(request.user, row, side))
    for report in reports:
        if report.attachment_id:
            place = {"slug": request.committee.slug, "pk": row.pk, "report": report.pk}
            report.file_url = reverse("promises:file", kwargs=place)  # type: ignore[attr-defined]
    forms = forms_of(row, side, reports) | (bound or {})
    context = {
        "promise": row,
        "reports": reports,
        "askings": row.askings.all(),
        "forms": forms,
        "is_late": row.is_late(timezone.localdate()),
        "shows_report": bool(row.referral.opinion_id),
        "list_url": reverse("promises:list", args=[request.committee.slug]),
    }
    status = 200
    for form in (bound or {}).values():
        status = status_of(form)
    return render(request, "opinions/promise.html", context, status=status)


def status_of(form: Any) -> int:
    """409 where somebody was first, 422 for what is to be put right."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return 409 if codes & {"moved", "settled", "extended_once", "given", "decided"} else 422


def deed(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """POST only: report, settle, extend. A sentence beside the field keeps what was typed."""
    row = promise_for(request.user, pk, referral__committee=request.committee)
    if name not in DEEDS:
        raise Http404
    if request.method != "POST":
        return redirect("promises:detail", slug=slug, pk=pk)
    side = side_of(request.user, row)
    if not side or (name != "report" and side != Side.OFFICE):
        raise PermissionDenied
    form = DEEDS[name](request, side)
    if form.is_valid():
        try:
            _do(row, name, form, request, side)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, str(DONE[name]))
            return redirect("promises:detail", slug=slug, pk=pk)
    return _page(request, row, side, {name: form})


DEEDS: dict[str, Any] = {
    "report": lambda request, side: ReportForm(request.POST, request.FILES, side=side),
    "settle": lambda request, side: SettleForm(request.POST, auto_id="settle_%s"),
    "extend": lambda request, side: ExtendForm(request.POST, auto_id="extend_%s"),
}
DONE = {
    "report": gettext_lazy("已记录落实情况"),
    "settle": gettext_lazy("已确认落实"),
    "extend": gettext_lazy("已调整计划时间"),
}


def _do(row: Promise, name: str, form: Any, request: HttpRequest, side: str) -> None:
    if name == "report":
        report_promise(row, by=request.user, side=side, **form.taken)
    elif name == "settle":
        settle(row, by=request.user, **form.cleaned_data)
    else:
        extend_promise(row, by=request.user, **form.cleaned_data)


def tell(form: Any, error: ValidationError) -> None:
    """The action's error beside its field, or above the form where it has none there."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


@require_GET
def file(request: HttpRequest, slug: str, pk: int, report: int) -> HttpResponseBase:
    row = promise_for(request.user, pk, referral__committee=request.committee)
    side = side_shown(request.user, row, side_of(request.user, row))
    return evidence(request, row, report, reports=shown_to(row, side))


def evidence(request: HttpRequest, row: Promise, report: int, *, reports: Any) -> HttpResponseBase:
    """A file of one of the reports that this person is shown."""
    found = reports.exclude(attachment=None).select_related("attachment__committee")
    return serve(get_object_or_404(found, pk=report).attachment, request)
