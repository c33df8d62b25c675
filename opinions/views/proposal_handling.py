"""What the office does on a filed proposal: its handling, key ones, meetings, what is public."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Prefetch
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from committees.dictionaries import active_rows
from committees.models import Unit, User
from committees.official_document import letter_docx, word_response
from committees.permissions import is_office
from members.models import Member
from opinions import proposal_papers as papers
from opinions.actions import proposal_handling as actions
from opinions.actions.proposal_handling import leader_ids
from opinions.forms.proposals import (
    DisclosureForm,
    KeyForm,
    MeetingForm,
    SupervisionForm,
    UnitDisclosureForm,
)
from opinions.handling import is_nearly_over
from opinions.models import (
    Evaluation,
    Promise,
    Proposal,
    ProposalMeeting,
    ProposalStatus,
    Reply,
)
from opinions.permissions import proposals as may
from opinions.permissions.following import can_follow
from opinions.proposal_workflow import HERE
from opinions.views.proposal_writing import status_of
from opinions.views.proposals import rows_of_person, tabs_of

S = ProposalStatus
HANDLED = (S.FILED, S.JOINED, S.CONCLUDED)


def _handled(request: HttpRequest, pk: int, *, by_signers: bool = False) -> Proposal:
    """One on record, for the office's editors; for its signers where they may act too."""
    rows = rows_of_person(request).for_moves().select_related("leader", "main")
    row = get_object_or_404(rows, pk=pk)
    allowed = may.is_handler_of(request.user, row)
    if not (allowed or (by_signers and may.is_signer(request.user, row))):
        raise PermissionDenied
    return row


def handling(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Referrals with all that hangs on them, meetings, supervision, and what is made public."""
    rows = rows_of_person(request).for_moves().select_related("leader", "main__session__term")
    row = get_object_or_404(rows, pk=pk)
    if row.status not in HANDLED or row.is_elsewhere:
        raise Http404
    there = ProposalMeeting.members.through.objects.filter(proposalmeeting=OuterRef("pk"))
    met = row.meetings.select_related("unit").annotate(
        names=ArraySubquery(there.values("member__name"))
    )
    works = may.is_handler_of(request.user, row) and HERE.holds(row)
    own = request.user.standing.scopes("member", "delegate", committee=request.committee)
    referrals = _referrals(row, may_follow=can_follow(request.user, request.committee))
    said = [one for referral in referrals for one in referral.evaluations.all()]
    context = {
        "proposal": row,
        "tabs": tabs_of(row, request, "proposals:handling"),
        "referrals": referrals,
        "asks_own": any(one.is_awaited and one.member_id in own for one in said),
        "own": own,
        "may_follow": can_follow(request.user, request.committee),
        "meetings": met,
        "supervisions": row.supervisions.select_related("leader"),
        "inside": is_office(request.user, request.committee),
        "may_work": works,
        "may_meet": HERE.holds(row) and (works or may.is_signer(request.user, row)),
    }
    return render(request, "proposals/handling.html", context)


def _referrals(row: Proposal, *, may_follow: bool) -> list[Any]:
    """Each with its replies, what they promised, what the signers thought of them, and whether only
    evaluations are awaited."""
    replies = Reply.objects.given().select_related("reply_class", "disclosure")
    promised = Promise.objects.filter(referral=OuterRef("pk")).order_by("id")
    shape = JSONObject(pk="pk", what="what", settled_on="settled_on")
    said = Evaluation.objects.select_related("member").order_by("asked_at", "id")
    rows = row.referrals.for_list().prefetch_related(
        Prefetch("replies", queryset=replies), Prefetch("evaluations", queryset=said)
    )
    found = list(rows.annotate(promised=ArraySubquery(promised.values(row=shape))))
    for one in found:
        is_promised = any(not promise["settled_on"] for promise in one.promised)
        is_over = is_nearly_over(one, one.evaluations.all(), is_promised=is_promised)
        one.may_conclude = may_follow and is_over
    return found


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form_page(
    request: HttpRequest, row: Proposal, form: Any, title: Any, button: Any = "", **more: Any
) -> HttpResponse:
    context = {"proposal": row, "form": form, "title": title, "button": button, **more}
    return render(request, "proposals/form.html", context, status=status_of(form))


def _done(request: HttpRequest, row: Proposal, said: Any) -> HttpResponse:
    messages.success(request, str(said))
    return redirect("proposals:handling", slug=request.committee.slug, pk=row.pk)


def key(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """重点提案: a named leader, or none any more."""
    row = _handled(request, pk)
    leaders = list(User.objects.filter(pk__in=leader_ids(row.committee_id)).order_by("pk"))
    given = {"leader": row.leader_id if row.is_key else ""}
    form = KeyForm(_sent(request), initial=given, leaders=leaders)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_key(row, form.chosen, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, row, _("已保存"))
    return _form_page(request, row, form, _("重点提案"))


def supervision(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _handled(request, pk)
    form = SupervisionForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.supervise(row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, row, _("已记入督办记录"))
    return _form_page(request, row, form, _("督办记录"))


def meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _handled(request, pk, by_signers=True)
    signers = list(Member.objects.filter(pk__in=row.signer_ids).in_stroke_order())
    units = active_rows(Unit, request.committee)
    form = MeetingForm(_sent(request), units=units, signers=signers)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hold_meeting(row, by=request.user, **form.facts)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, row, _("已记入面商记录"))
    return _form_page(request, row, form, _("面商记录"))


def disclosure(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """公开审定 of the proposal."""
    row = _handled(request, pk)
    given = {"choice": row.disclosure, "summary": row.summary, "reason": row.disclosure_reason}
    form = DisclosureForm(_sent(request), initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            actions.disclose(row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, row, _("公开审定已保存，公开页面随之更新"))
    return _form_page(request, row, form, _("提案公开审定"))


def reply(request: HttpRequest, slug: str, pk: int, reply: int) -> HttpResponse:
    """A reply's disclosure: first what the unit says, then the office's decision."""
    row = _handled(request, pk)
    replies = Reply.objects.given().filter(referral__proposal=row)
    beside = ("referral__unit", "referral__via", "referral__proposal", "disclosure")
    said = get_object_or_404(replies.select_related(*beside), pk=reply)
    kept = getattr(said, "disclosure", None)
    is_unit = "unit_choice" in request.POST
    unit_given = {"unit_choice": kept.unit_choice, "unit_reason": kept.unit_reason} if kept else {}
    given = {"choice": kept.choice, "summary": kept.summary, "reason": kept.reason} if kept else {}
    unit_form = UnitDisclosureForm(request.POST if is_unit else None, initial=unit_given)
    is_sent = request.method == "POST" and not is_unit
    form = DisclosureForm(request.POST if is_sent else None, initial=given)
    sent: Any = unit_form if is_unit else form
    if request.method == "POST" and sent.is_valid():
        facts = dict(sent.cleaned_data)
        try:
            if is_unit:
                choice, reason = facts["unit_choice"], facts["unit_reason"]
                actions.propose_reply_disclosure(said, choice, by=request.user, reason=reason)
            else:
                actions.decide_reply_disclosure(said, by=request.user, **facts)
        except ValidationError as error:
            sent.add_error(None, error)
        else:
            messages.success(request, _("已保存"))
            if is_unit:
                return redirect("proposals:reply", slug=slug, pk=pk, reply=reply)
            return redirect("proposals:handling", slug=slug, pk=pk)
    context = {"proposal": row, "said": said, "form": form, "unit_form": unit_form, "kept": kept}
    return render(request, "proposals/reply.html", context, status=status_of(sent))


@require_GET
def survey(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """征询意见表: the evaluation form on paper, filled with what was said here."""
    rows = rows_of_person(request).for_moves()
    row = get_object_or_404(rows, pk=pk)
    if row.status not in HANDLED or row.is_elsewhere:
        raise Http404
    sheets = _sheets(row, request)
    context = {"proposal": row, "sheets": sheets, "grades": Evaluation.Grade.choices}
    return render(request, "proposals/survey.html", context)


@require_GET
def survey_word(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The same as a Word letter to the signers, one a unit; papers are Chinese."""
    row = get_object_or_404(rows_of_person(request).for_moves(), pk=pk)
    if row.status not in HANDLED or row.is_elsewhere:
        raise Http404
    with translation.override(settings.LANGUAGE_CODE):
        letter = papers.survey(row, _sheets(row, request))
        return word_response(letter_docx(letter), papers.survey_name(row))


def _sheets(row: Proposal, request: HttpRequest) -> list[papers.Sheet]:
    """One for each unit asked and each signer who has evaluated its last reply; an empty one where
    nobody has. Words are their author's and the office's."""
    referrals = row.referrals.filter(ended_at=None).select_related("unit", "via").order_by("id")
    given = Evaluation.objects.filter(referral__proposal=row, given_at__isnull=False)
    own = request.user.standing.scopes("member", "delegate", committee=request.committee)
    inside = is_office(request.user, request.committee)
    said: dict[int, list[Evaluation]] = {}
    for one in given.select_related("member").order_by("-reply__round", "asked_at", "id"):
        before = said.setdefault(one.referral_id, [])
        if not before or before[0].reply_id == one.reply_id:
            one.shown = one.words if inside or one.member_id in own else ""  # type: ignore[attr-defined]
            before.append(one)
    sheets = [
        papers.Sheet(asked.answering_unit, one)
        for asked in referrals
        for one in said.get(asked.pk, [None])
    ]
    return sheets or [papers.Sheet(None, None)]
