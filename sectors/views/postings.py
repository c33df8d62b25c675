"""Democratic supervision: who is posted where, the letters, and finding → answer → result."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.keyset import page_of
from committees.permissions import is_office
from committees.row_ids import row_ids
from committees.workdays import calendar_of
from sectors import actions
from sectors.actions.postings import ANSWER_WORKDAYS
from sectors.filters import PostingFilter, SupervisionFilter
from sectors.forms import AnswerForm, ConcludeForm, PassForm, ReopenForm, SupervisionForm
from sectors.models import Posting, Supervision
from sectors.permissions import (
    can_answer_supervision,
    can_keep_postings,
    can_pass_supervision,
    can_supervise,
)

MOST_LETTERS = 200  # printed at once; an office sends some 85 members


def seen(request: HttpRequest) -> Any:
    return Posting.objects.in_committee(request.committee).visible_to(request.user)


def _seen_supervisions(request: HttpRequest) -> Any:
    rows = Supervision.objects.in_committee(request.committee).visible_to(request.user)
    return rows.for_list()


def _tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    labels = {"postings": _("派驻名单"), "supervisions": pgettext("plural", "监督活动")}
    return [
        {
            "label": label,
            "url": reverse(f"sectors:{name}", args=[request.committee.slug]),
            "is_current": name == current,
        }
        for name, label in labels.items()
    ]


@require_GET
def postings(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is sent where today, unit by unit."""
    found = PostingFilter(request.GET, queryset=seen(request).for_list(), request=request)
    context = {
        "page": page_of(found.qs, request, order=("unit_id", "id"), size=50),
        "filter": found,
        "is_filtered": bool(request.GET.keys() - {"after", "before"}),
        "may_keep": can_keep_postings(request.user, request.committee),
        "is_office": is_office(request.user, request.committee),
        "tabs": _tabs(request, "postings"),
    }
    return render(request, "sectors/postings.html", context)


@require_http_methods(["GET", "POST"])
def posting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One posting with its supervision visits; whoever was sent enters the next one here."""
    row = get_object_or_404(seen(request).for_list().select_related("committee"), pk=pk)
    may_supervise = can_supervise(request.user, row)
    if request.method == "POST" and not may_supervise:
        raise PermissionDenied
    form = SupervisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record_supervision(row, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("监督活动已登记，由机关转送单位。"))
            return redirect("sectors:supervision", slug=slug, pk=made.pk)
    group = row.supervision_group
    context = {
        "posting": row,
        "people": list(group.members.in_stroke_order()) if group else [],
        "supervisions": _seen_supervisions(request).filter(posting=row)[:50],
        "may_supervise": may_supervise,
        "may_keep": can_keep_postings(request.user, request.committee),
        "form": form,
    }
    return render(request, "sectors/posting.html", context)


@require_GET
def public_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The list for 公示: names and units only, one line a unit, to print and to copy."""
    if not can_keep_postings(request.user, request.committee):
        raise PermissionDenied
    rows = seen(request).for_list().today().prefetch_related("supervision_group__members")
    alone: dict[str, list[str]] = {}
    groups: dict[Any, dict[str, Any]] = {}
    for row in rows:
        if row.member:
            alone.setdefault(row.unit.name, []).append(row.member)
        else:
            group = groups.setdefault(row.supervision_group_id, {"units": []})
            group["group"] = row.supervision_group
            group["units"].append(row.unit.name)
    for members in alone.values():
        members.sort(key=lambda member: (member.name_key, member.pk))  # type: ignore[attr-defined]
    for group in groups.values():
        people = group["group"].members.all()
        group["people"] = sorted(people, key=lambda member: (member.name_key, member.pk))
    context = {"alone": alone, "groups": list(groups.values()), "today": timezone.localdate()}
    return render(request, "sectors/posting_list.html", context)


def _asked(request: HttpRequest) -> Any:
    """The postings ticked (`posting=…`); all of today when none is named."""
    data = request.POST if request.method == "POST" else request.GET
    asked = data.getlist("posting")
    wanted = row_ids(asked)
    rows = seen(request).for_list().today()
    return (rows.filter(pk__in=wanted) if asked else rows)[:MOST_LETTERS]


@require_POST
def number_letters(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the ticked postings their numbers, then show their letters."""
    rows = list(_asked(request))
    made = actions.number_letters(
        rows, committee=request.committee, by=request.user, on=timezone.localdate()
    )
    if made:
        messages.success(request, _("已编聘书号 %(count)s 份。") % {"count": made})
    query = "&".join(f"posting={row.pk}" for row in rows) if "posting" in request.POST else ""
    return redirect(reverse("sectors:letters", args=[slug]) + (f"?{query}" if query else ""))


@require_GET
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """Letters of appointment (聘书), one a page; a group's is printed for each of its people."""
    if not can_keep_postings(request.user, request.committee):
        raise PermissionDenied
    papers = []
    for row in _asked(request).prefetch_related("supervision_group__members"):
        people = [row.member] if row.member else list(row.supervision_group.members.all())
        papers += [{"posting": row, "member": member} for member in people]
    context = {
        "papers": papers,
        "unnumbered": any(not paper["posting"].letter_number for paper in papers),
        "today": timezone.localdate(),
        "asked": request.GET.getlist("posting"),
    }
    return render(request, "sectors/letters.html", context)


@require_GET
def supervisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Supervision visits, the latest first."""
    rows = _seen_supervisions(request)
    found = SupervisionFilter(request.GET, queryset=rows, request=request)
    context = {
        "page": page_of(found.qs, request, order=("-happened_on", "-id")),
        "filter": found,
        "is_filtered": bool(request.GET.keys() - {"after", "before"}),
        "tabs": _tabs(request, "supervisions"),
    }
    return render(request, "sectors/supervisions.html", context)


FORMS: dict[str, type[forms.Form]] = {
    "pass": PassForm,
    "answer": AnswerForm,
    "conclude": ConcludeForm,
    "reopen": ReopenForm,
}
DONE = {
    "pass": gettext_lazy("已转送单位。"),
    "answer": gettext_lazy("单位反馈已登记。"),
    "conclude": gettext_lazy("已办结。"),
    "reopen": gettext_lazy("已恢复办理。"),
}


@require_GET
def supervision(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = get_object_or_404(_seen_supervisions(request), pk=pk)
    return _supervision_page(request, row, {})


def _supervision_page(
    request: HttpRequest, row: Supervision, bound: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    """The matter with the next deeds this person may do; `bound` keeps what was typed."""
    user, state = request.user, row.state
    offered = []
    if state == "to_pass" and can_pass_supervision(user, row.committee):
        offered.append("pass")
    if state == "with_unit" and can_answer_supervision(user, row):
        offered.append("answer")
    if can_supervise(user, row.posting):
        offered.append("reopen" if state == "concluded" else "conclude")
    fresh: dict[str, Any] = {}
    if "pass" in offered:
        day = calendar_of(row.committee).after(timezone.localdate(), ANSWER_WORKDAYS)
        fresh["pass"] = PassForm(initial={"due_on": day})
    context = {
        "row": row,
        "today": timezone.localdate(),
        "forms": {
            name: bound.get(name) or fresh.get(name) or FORMS[name](auto_id=f"id_{name}_%s")
            for name in offered
        },
    }
    return render(request, "sectors/supervision.html", context, status=status)


@require_POST
def supervision_move(request: HttpRequest, slug: str, pk: int, move: str) -> HttpResponse:
    """`pass`, `answer`, `conclude` or `reopen`."""
    row = get_object_or_404(_seen_supervisions(request), pk=pk)
    if move not in FORMS:
        raise Http404
    form = FORMS[move](request.POST, auto_id=f"id_{move}_%s")
    _refuse_at_once(request, row, move)
    if form.is_valid():
        deed = getattr(actions, f"{move}_supervision")
        try:
            deed(row, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            if not form.fields or not hasattr(refused, "error_dict"):
                messages.error(request, " ".join(refused.messages))
                return redirect("sectors:supervision", slug=slug, pk=pk)
            form.add_error(None, refused)
        else:
            messages.success(request, str(DONE[move]))
            return redirect("sectors:supervision", slug=slug, pk=pk)
    return _supervision_page(request, row, {move: form}, status=200)


def _refuse_at_once(request: HttpRequest, row: Supervision, move: str) -> None:
    """403 before anything typed is looked at; the verbs ask again."""
    allowed = {
        "pass": lambda: can_pass_supervision(request.user, row.committee),
        "answer": lambda: can_answer_supervision(request.user, row),
    }.get(move, lambda: can_supervise(request.user, row.posting))
    if not allowed():
        raise PermissionDenied
