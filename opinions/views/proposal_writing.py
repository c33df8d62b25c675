"""Writing a proposal, naming who signs it, and making its moves. Nothing typed is ever lost."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.actions import discard_draft
from committees.models import Draft
from committees.row_ids import row_id
from members.models import Member
from opinions.actions import proposals as actions
from opinions.actions.proposal_handling import attach_scan, remove_file
from opinions.actions.proposals import PROPOSAL_DRAFT
from opinions.forms.proposals import PARTS, ProposalForm, ProposalMoveForm
from opinions.models import Manuscript, Opinion, Proposal, ProposalKind, ProposalStatus
from opinions.permissions import is_author
from opinions.permissions import proposals as may
from opinions.proposal_filters import sessions_of
from opinions.proposal_workflow import PROPOSAL_MOVES, available_proposal_moves
from opinions.texts import Texts, hints_for
from opinions.views.proposals import rows_of_person

S = ProposalStatus
OFFERED = 8


def write(request: HttpRequest, slug: str) -> HttpResponse:
    """A new proposal, or one of a report's words: `?opinion=<id>` (转为提案)."""
    if not may.can_propose(request.user, request.committee):
        raise PermissionDenied
    written_for = _written_for(request)
    opinion = _opinion(request)
    key = PROPOSAL_DRAFT.format(pk=f"opinion-{opinion.pk}" if opinion else "new")
    given = _of_report(opinion, written_for) if opinion else {}
    form, draft = _bound(request, key, given, written_for)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.start_proposal(
                form.chosen_author,
                form.texts,
                by=request.user,
                opinion=opinion,
                **form.particulars,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _taken(request, key, made)
    return _page(request, form, draft, key, opinion=opinion)


def rewrite(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The first signer's own text, while it is a draft."""
    row = get_object_or_404(rows_of_person(request).for_moves(), pk=pk)
    if not may.is_first_signer(request.user, row):
        raise PermissionDenied
    if request.method != "POST" and row.status != S.DRAFT:
        return redirect("proposals:detail", slug=slug, pk=pk)
    key = PROPOSAL_DRAFT.format(pk=pk)
    last = row.texts.select_related("written_by").first()
    given = {part: getattr(last, part, "") for part in PARTS}
    given |= {"version": last.version if last else 0, "kind": row.kind, "body": row.body}
    given |= {"session": row.session_id, "category": row.category_id}
    given["discussed_on"] = row.discussed_on
    is_office = not row.signer_ids
    form, draft = _bound(request, key, given, [], is_office=is_office)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_proposal(
                row, form.texts, by=request.user, version=form.based_on, **form.particulars
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _taken(request, key, made)
    theirs = None
    if last is not None and form.based_on != last.version:
        form.renew(last.version)
        theirs = last
    return _page(request, form, draft, key, proposal=row, theirs=theirs)


def _written_for(request: HttpRequest) -> list[Member]:
    scopes = request.user.standing.scopes("member", "delegate", committee=request.committee)
    if not scopes:
        return []
    rows = Member.objects.in_committee(request.committee).visible_to(request.user)
    members = rows.filter(pk__in=scopes).select_related("committee").in_stroke_order()
    return sorted(members, key=lambda member: member.user_id != request.user.pk)


def _opinion(request: HttpRequest) -> Any:
    asked = request.GET.get("opinion", "")
    if not asked:
        return None
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(rows.for_moves(), pk=row_id(asked))
    if not is_author(request.user, row):
        raise PermissionDenied
    return row


def _of_report(opinion: Opinion, written_for: list[Member]) -> dict[str, Any]:
    """Nothing is retyped: situation and analysis become one part."""
    originals = opinion.manuscripts.filter(kind=Manuscript.Kind.ORIGINAL)
    texts = Texts.of(originals.latest_first().first())
    parts = [part for part in (texts.situation, texts.analysis) if part.strip()]
    author = next((m.pk for m in written_for if m.pk in opinion.author_ids), None)
    return {
        "title": texts.title,
        "situation": "\n\n".join(parts),
        "suggestion": texts.suggestion,
        "category": opinion.category_id,
        "author": author,
    }


def _bound(
    request: HttpRequest,
    key: str,
    given: dict[str, Any],
    written_for: list[Member],
    *,
    is_office: bool | None = None,
) -> tuple[ProposalForm, Draft | None]:
    """The form as sent, else with what was last being typed in it, else with what is given."""
    more: dict[str, Any] = {
        "committee": request.committee,
        "sessions": sessions_of(request.committee),
        "written_for": written_for,
        "is_office": not written_for if is_office is None else is_office,
    }
    if request.method == "POST":
        return ProposalForm(request.POST, initial=given, **more), None
    own = Draft.objects.filter(user=request.user, committee=request.committee)
    draft = own.filter(form=key).first()
    typed = {
        name: value
        for name, value in (draft.content if draft else {}).items()
        if name in ProposalForm.base_fields and isinstance(value, str)
    }
    return ProposalForm(initial=given | typed, **more), draft


def _taken(request: HttpRequest, key: str, row: Proposal) -> HttpResponse:
    """The words are safe; next come the signers, the scan, or the sending."""
    discard_draft(key, by=request.user, committee=request.committee)
    messages.success(request, _("已保存"), extra_tags=f"draft-done:{key}")
    place = {"slug": request.committee.slug, "pk": row.pk}
    if "next" not in request.POST:
        return redirect("proposals:detail", **place)
    if row.kind in (ProposalKind.JOINT, ProposalKind.BODY):
        return redirect("proposals:signers", **place)
    name = "ask_to_sign" if row.is_collective else "submit"
    return redirect("proposals:move", **place, name=name)


def _page(
    request: HttpRequest, form: ProposalForm, draft: Draft | None, key: str, **more: Any
) -> HttpResponse:
    title, situation, suggestion = (str(form[part].value() or "") for part in PARTS)
    typed = Texts(title, situation, "", suggestion)
    hints = hints_for(typed) if form.is_bound or draft else []
    context = {"form": form, "draft": draft, "draft_key": key, "hints": hints, **more}
    return render(request, "proposals/write.html", context, status=status_of(form))


def status_of(form: Any) -> int:
    """409 where somebody was first, 400 for other errors."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if codes & {"stale", "moved", "opinion_proposed_once"}:
        return 409
    return 400 if codes else 200


def signers(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who signs together, and the scans: POST `name`, `remove`, `unlink` or a file."""
    row = get_object_or_404(rows_of_person(request).for_moves(), pk=pk)
    if not may.is_first_signer(request.user, row):
        raise PermissionDenied
    if request.method != "POST" and row.status != S.DRAFT:
        return redirect("proposals:detail", slug=slug, pk=pk)
    error = None
    if request.method == "POST":
        try:
            _sign_deed(request, row)
        except ValidationError as refused:
            error = refused
        else:
            return redirect("proposals:signers", slug=slug, pk=pk)
    words = request.GET.get("q", "").replace("\0", "").strip()[:30]
    context = {
        "proposal": row,
        "parts": row.signers.select_related("member"),
        "files": row.files.select_related("attachment"),
        "found": _found(request, row, words),
        "words": words,
        "errors": error.messages if error else [],
        "moves": available_proposal_moves(row, request.user),
    }
    status = 200 if error is None else 409 if error.code == "moved" else 400
    return render(request, "proposals/signers.html", context, status=status)


def _found(request: HttpRequest, row: Proposal, words: str) -> list[Member]:
    if not words:
        return []
    rows = Member.objects.in_committee(request.committee).visible_to(request.user).named(words)
    rows = rows.serving(timezone.localdate()).exclude(pk__in=row.signer_ids)
    return list(rows.for_list().in_stroke_order()[:OFFERED])


def _sign_deed(request: HttpRequest, row: Proposal) -> None:
    sent = request.POST
    if "scan" in request.FILES:
        attach_scan(row, request.FILES["scan"], by=request.user)
    elif pk := row_id(sent.get("name")):
        rows = Member.objects.in_committee(request.committee).visible_to(request.user)
        serving = rows.serving(timezone.localdate())
        actions.name_signer(row, get_object_or_404(serving.distinct(), pk=pk), by=request.user)
        messages.success(request, _("已请其确认联名"))
    elif pk := row_id(sent.get("remove")):
        actions.remove_signer(row, pk, by=request.user)
    elif pk := row_id(sent.get("unlink")):
        remove_file(row, pk, by=request.user)
    else:
        raise ValidationError(_("请选择委员或文件。"))


@require_POST
def sign(request: HttpRequest, slug: str, pk: int, answer: str) -> HttpResponse:
    """A co-signer confirms, or does not join in."""
    if answer not in ("confirm", "decline"):
        raise Http404
    row = get_object_or_404(rows_of_person(request).for_moves(), pk=pk)
    agrees = answer == "confirm"
    try:
        actions.answer_signing(row, by=request.user, agrees=agrees)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已确认联名") if agrees else _("已告知不参加联名"))
    if not agrees:
        return redirect("proposals:list", slug=slug)
    return redirect("proposals:detail", slug=slug, pk=pk)


def move(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """The question before a move; POST makes it. A lost race keeps what was typed on screen."""
    if name not in PROPOSAL_MOVES:
        raise Http404
    row = get_object_or_404(rows_of_person(request).for_moves(), pk=pk)
    rule, status = PROPOSAL_MOVES[name], 200
    form = ProposalMoveForm(None, name=name, rule=rule)
    if request.method == "POST":
        try:
            note, main = (
                request.POST.get("note", "").replace("\0", ""),
                _main_of(request, row, name),
            )
            actions.move_proposal(
                row, name, by=request.user, note=note, seen=_seen(request), main=main
            )
        except ValidationError as error:
            form = ProposalMoveForm(request.POST, name=name, rule=rule)
            form.is_valid()
            if not form.errors:
                field = "main" if error.code == "no_main" else "note"
                form.add_error(field if field in form.fields else None, error)
            status = 409 if error.code == "moved" else 400
        else:
            messages.success(request, str(rule.past))
            return redirect("proposals:detail", slug=slug, pk=pk)
    moves = available_proposal_moves(row, request.user)
    broken = next((r for r in rule.only_if if not r.holds(row)), None)
    context = {
        "proposal": row,
        "name": name,
        "rule": rule,
        "form": form,
        "is_possible": name in moves,
        "why_not": broken.otherwise if broken and row.status in rule.sources else "",
        "text": row.texts.first() if name in ("submit", "ask_to_sign", "endorse") else None,
    }
    return render(request, "proposals/move.html", context, status=status)


def _main_of(request: HttpRequest, row: Proposal, name: str) -> Proposal | None:
    """By its number in the same session, among those that this person sees."""
    number = request.POST.get("main", "").strip()
    if name != "join" or not number.isdecimal() or len(number) > 6:
        return None
    rows = rows_of_person(request).filter(session=row.session_id, number=int(number))
    return rows.first()


def _seen(request: HttpRequest) -> datetime.datetime | None:
    try:
        return parse_datetime(request.GET.get("seen", ""))
    except ValueError:
        return None


@require_POST
def suggest(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """建议转为提案, of a report."""
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(rows.for_moves(), pk=pk)
    try:
        actions.suggest_proposal(row, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已建议反映人转为提案"))
    return redirect("opinions:detail", slug=slug, pk=pk)
