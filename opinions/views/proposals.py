"""Reading proposals: the list, the office's desk, one proposal, the register."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from committees.audit import record
from committees.dictionaries import rows_of
from committees.files import serve
from committees.keyset import page_of
from committees.list_tabs import keep_tab, tabs_over
from committees.models import Workday
from committees.permissions import is_office
from committees.workbooks import workbook, workbook_response
from committees.workdays import Calendar
from opinions.models import Evaluation, Proposal, ProposalFile, ProposalStatus, Referral
from opinions.permissions import proposals as may
from opinions.proposal_filters import ProposalFilter
from opinions.proposal_timeline import REACHED, WAY, proposal_events
from opinions.proposal_workflow import PROPOSAL_MOVES, available_proposal_moves
from opinions.views.reading import Button
from opinions.views.taking_away import taken_away

S = ProposalStatus
QUEUES = [S.SUBMITTED, S.FILED, S.JOINED, S.NOT_FILED, S.CONCLUDED, S.WITHDRAWN]
LATE_AFTER = 5  # working days before an answer on filing is asked for
MAIN_MOVES = {"submit", "ask_to_sign", "endorse", "file", "reopen", "reconsider"}
MOST_EXPORTED = 20_000


def buttons_of(proposal: Proposal, request: HttpRequest) -> list[Button]:
    made = []
    for name in available_proposal_moves(proposal, request.user):
        rule = PROPOSAL_MOVES[name]
        place = [request.committee.slug, proposal.pk, name]
        made.append(
            Button(
                name=name,
                label=rule.label,
                question=rule.question,
                url=reverse("proposals:move", args=place),
                tone="primary" if name in MAIN_MOVES else "light",
                note_label=_("意见") if rule.takes_note or rule.needs_note else "",
                needs_note=rule.needs_note,
                is_page=name in ("submit", "join"),
            )
        )
    return made


def rows_of_person(request: HttpRequest) -> Any:
    return Proposal.objects.in_committee(request.committee).visible_to(request.user)


def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """我的提案, those to sign, or all that this person may see."""
    user, committee = request.user, request.committee
    seen = rows_of_person(request).for_list()
    tabs = _tabs(request)
    scope = next(tab["name"] for tab in tabs if tab["is_current"])
    if scope == "mine":
        seen = seen.of_members(user.standing.scopes("member", "delegate", committee=committee))
    elif scope == "to_sign":
        seen = seen.to_sign(user)
    found = ProposalFilter(request.GET, queryset=seen, request=request)
    page = page_of(found.qs, request)
    asked = any(request.GET.get(name) for name in found.filters)
    keep_tab(found, "of", scope)
    for row in page.rows:
        row.reached = REACHED.get(row.status)
    context = {
        "page": page,
        "filter": found,
        "tabs": tabs,
        "scope": scope,
        "is_asked": asked,
        "way": WAY,
        "may_write": may.can_propose(user, committee),
        "may_examine": is_office(user, committee),
        "may_read_register": may.can_read_register_of_proposals(user, committee),
        "elsewhere": may.setting_of(committee) if may.is_kept_elsewhere(committee) else None,
    }
    return render(request, "proposals/list.html", context)


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    standing, committee = request.user.standing, request.committee
    sees_all = may.can_read_register_of_proposals(request.user, committee)
    writes = standing.scopes("member", "delegate", committee=committee)
    names = {
        "all": sees_all and _("全部"),
        "mine": (writes or not sees_all) and _("我的提案"),
        "to_sign": standing.scopes("member", committee=committee) and _("待我签署"),
    }
    return tabs_over(request, names)


def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """The office's queues, the longest waiting first."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    asked = request.GET.get("queue", "")
    queue = asked if asked in QUEUES else S.SUBMITTED
    seen = rows_of_person(request).for_list().filter(status=queue, is_elsewhere=False)
    found = ProposalFilter(request.GET, queryset=seen, request=request)
    found.form.fields.pop("status")
    page = page_of(found.qs, request, order=("waiting_since", "id"))
    keep_tab(found, "queue", queue)
    calendar = Calendar({row.day: row.is_working for row in rows_of(Workday, request.committee)})
    today = timezone.localdate()
    for row in page.rows:
        row.age = calendar.between(timezone.localdate(row.waiting_since), today)
        row.is_late = queue == S.SUBMITTED and row.age >= LATE_AFTER
    tabs = [
        {"label": status.label, "url": f"?queue={status.value}", "is_current": status == queue}
        for status in QUEUES
    ]
    context = {"page": page, "filter": found, "tabs": tabs, "queue": queue}
    context["may_set"] = may.is_secretariat(request.user, request.committee)
    return render(request, "proposals/desk.html", context)


def proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One proposal: whose it is, what it says, what became of it, what may be done now."""
    user = request.user
    beside = ["category", "leader", "endorsed_by", "main__session__term", "opinion", "became"]
    beside += ["on_behalf_of"]
    row = get_object_or_404(rows_of_person(request).for_moves().select_related(*beside), pk=pk)
    inside = is_office(user, request.committee)
    context = {
        "proposal": row,
        "text": row.texts.first(),
        "files": row.files.select_related("attachment"),
        "joined": row.joined.with_signers().select_related("session__term")
        if row.has_joined
        else [],
        "events": proposal_events(row, inside=inside),
        "buttons": buttons_of(row, request),
        "tabs": tabs_of(row, request, "proposals:detail"),
        "reached": REACHED.get(row.status),
        "way": WAY,
        "may_rewrite": row.status == S.DRAFT and may.is_first_signer(user, row),
        "is_asked_to_confirm": _is_asked(row, request),
        "asks_own": _is_to_evaluate(row, request),
        "is_own": may.is_signer(user, row),
        "is_moveless": row.is_elsewhere or row.is_office_elsewhere,
        "may_refer": row.status == S.FILED
        and may.is_handler_of(user, row)
        and not (row.is_elsewhere or row.is_office_elsewhere),
    }
    return render(request, "proposals/detail.html", context)


def _is_asked(row: Proposal, request: HttpRequest) -> bool:
    """A co-signer who has not answered yet; asked only where somebody has not."""
    if row.status != S.DRAFT or not row.is_unconfirmed or not may.is_signer(request.user, row):
        return False
    mine = request.user.standing.scopes("member", "delegate")
    return row.signers.filter(member__in=mine, place__gt=1, confirmed_at=None).exists()


def _is_to_evaluate(row: Proposal, request: HttpRequest) -> bool:
    """A signer whose evaluation is awaited; asked of signers only, once there can be a reply."""
    if row.status not in (S.FILED, S.CONCLUDED):
        return False
    if not may.is_party(request.user, row):
        return False
    mine = request.user.standing.scopes("member", "delegate")
    asked = Evaluation.objects.awaited().filter(referral__proposal=row, member__in=mine)
    return asked.exists()


def tabs_of(row: Proposal, request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """提案 and 办理; the second once there is something to handle."""
    if row.status in (S.DRAFT, S.SUBMITTED, S.WITHDRAWN, S.NOT_FILED) or row.is_elsewhere:
        return []
    place = {"slug": request.committee.slug, "pk": row.pk}
    named = {"proposals:detail": _("提案文稿"), "proposals:handling": _("办理情况")}
    return [
        {"label": label, "url": reverse(view, kwargs=place), "is_current": view == here}
        for view, label in named.items()
    ]


@require_GET
def file(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponseBase:
    """A scan, for whoever sees its proposal."""
    seen = rows_of_person(request).filter(pk=pk)
    rows = ProposalFile.objects.filter(proposal__in=seen)
    row = get_object_or_404(rows.select_related("attachment__committee"), pk=file)
    return serve(row.attachment, request)


def register(request: HttpRequest, slug: str) -> HttpResponse:
    """提案登记册: what is on record, by session and number, to read and to print."""
    if not may.can_read_register_of_proposals(request.user, request.committee):
        raise PermissionDenied
    found = _on_record(request)
    page = page_of(found.qs, request, order=("-session_id", "number", "id"), size=100)
    return render(request, "proposals/register.html", {"page": page, "filter": found})


def _on_record(request: HttpRequest) -> ProposalFilter:
    rows = rows_of_person(request).for_list().filter(number__isnull=False)
    return ProposalFilter(request.GET, queryset=rows, request=request)


def _reads_register(request: HttpRequest) -> None:
    if not may.can_read_register_of_proposals(request.user, request.committee):
        raise PermissionDenied


@taken_away("proposals:list", allowed=_reads_register)
def export(request: HttpRequest) -> HttpResponse:
    """What is filtered, as xlsx, with the units it was put to."""
    found = ProposalFilter(
        request.GET, queryset=rows_of_person(request).for_list(), request=request
    )
    rows = list(found.qs[:MOST_EXPORTED])
    units: dict[int, list[str]] = {}
    asked = Referral.objects.filter(proposal__in=[row.pk for row in rows], ended_at=None)
    for pk, unit in asked.order_by("id").values_list("proposal", "unit__name"):
        units.setdefault(pk, []).append(unit or "")
    headings = [_("编号"), _("案由"), _("提案类别"), _("提案人"), _("提出单位"), _("类别")]
    headings += [
        _("状态"),
        _("提交日期"),
        _("立案日期"),
        _("办结日期"),
        _("承办单位"),
        _("督办领导"),
    ]
    record("proposal.export", by=request.user, committee=request.committee, rows=len(rows))
    content = workbook(
        pgettext("plural", "提案"), headings, (_cells(row, units.get(row.pk, [])) for row in rows)
    )
    return workbook_response(pgettext("plural", "提案"), content)


def _cells(row: Proposal, units: list[str]) -> list[Any]:
    cells: list[Any] = [row.label, row.title, row.get_kind_display(), "、".join(row.signer_names)]
    cells += [row.put_forward_by, row.category or "", row.get_status_display()]
    cells += [row.submitted_on, row.filed_on, row.concluded_on]
    return [*cells, "、".join(filter(None, units)), row.leader.name if row.is_key else ""]
