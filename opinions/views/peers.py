"""What a member may know and do of a colleague's report: second it, ask to read it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.models import Member
from opinions.actions.reading_consent import answer_reader, ask_to_read, let_peers_read
from opinions.actions.seconding import second, unsecond
from opinions.forms.similar import SecondForm
from opinions.models import Manuscript, Opinion, ReadRequest, Seconding
from opinions.permissions import is_author
from opinions.permissions.similar import SECONDED
from opinions.views.tabs import tabs_of


def peer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A colleague's report: title, sector and status, its text once the author agrees."""
    row = _known(request, pk)
    if not row.is_known or is_author(request.user, row):
        return redirect("opinions:detail", slug=slug, pk=pk)
    return _peer(request, row, SecondForm(members=_members(request)))


@require_POST
def second_report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """POST: 附议, with a word or without. A lost race keeps what was typed on screen."""
    row, members = _known(request, pk), _members(request)
    if not row.is_known or not members or is_author(request.user, row):
        raise PermissionDenied
    form = SecondForm(request.POST, members=members)
    if form.is_valid():
        try:
            words = form.cleaned_data["words"]
            second(row, by=request.user, member=form.chosen, words=words)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已附议，反映人和机关都会看到。"))
            return redirect("opinions:peer", slug=slug, pk=pk)
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    status = 409 if codes & {"moved", "seconding_once"} else 400
    return _peer(request, row, form, status=status)


@require_POST
def unsecond_report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _known(request, pk)
    member = _named(request)
    try:
        unsecond(row, by=request.user, member=member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("附议已撤回。"))
    return redirect("opinions:peer", slug=slug, pk=pk)


@require_POST
def ask(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask the author to let the text be read, once."""
    row = _known(request, pk)
    if not row.is_known:
        raise PermissionDenied
    try:
        ask_to_read(row, by=request.user, member=_named(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已向反映人申请阅读，答复后会通知您。"))
    return redirect("opinions:peer", slug=slug, pk=pk)


def secondings(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who seconds the report; for its author also who may read it."""
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(rows.for_moves(), pk=pk)
    is_own = is_author(request.user, row)
    asked = ReadRequest.objects.visible_to(request.user).filter(opinion=row)
    context = {
        "opinion": row,
        "tabs": tabs_of(row, request, "opinions:secondings"),
        "secondings": Seconding.objects.of(row),
        "is_own": is_own,
        "requests": asked.select_related("member") if is_own else [],
    }
    return render(request, "opinions/secondings.html", context)


@require_POST
def let_read(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The author opens the report to colleagues, or closes it again."""
    row = _own(request, pk)
    is_open = request.POST.get("is_open") == "1"
    let_peers_read(row, by=request.user, is_open=is_open)
    said = _("其他委员现在可以阅读全文。") if is_open else _("其他委员只看到标题、界别和状态。")
    messages.success(request, said)
    return redirect("opinions:secondings", slug=slug, pk=pk)


@require_POST
def answer(request: HttpRequest, slug: str, pk: int, reader: int) -> HttpResponse:
    """The author's answer to a colleague who asked to read."""
    row = _own(request, pk)
    asked = ReadRequest.objects.visible_to(request.user).filter(opinion=row)
    one = get_object_or_404(asked.select_related("member__user"), pk=reader)
    one.opinion = row
    try:
        answer_reader(one, by=request.user, agrees=request.POST.get("agrees") == "1")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已答复。"))
    return redirect("opinions:secondings", slug=slug, pk=pk)


def _known(request: HttpRequest, pk: int) -> Any:
    """A report that this person sees, or of which a colleague may know (`is_known`)."""
    rows = Opinion.objects.in_committee(request.committee)
    people = request.user.standing.scopes("member", "delegate", committee=request.committee)
    this = Q(pk=OuterRef("pk"))
    agreed = ReadRequest.objects.agreed_to(people).filter(opinion=OuterRef("pk"))
    known = rows.annotate(
        is_seen=Exists(rows.visible_to(request.user).filter(this)),
        is_known=Exists(rows.shown_to_peers(request.user).filter(this)),
        is_let=Exists(agreed),
    )
    known = known.filter(Q(is_seen=True) | Q(is_known=True)).with_authors()
    return get_object_or_404(known.select_related("committee", "sector", "category"), pk=pk)


def _own(request: HttpRequest, pk: int) -> Any:
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.with_authors().select_related("committee"), pk=pk)


def _members(request: HttpRequest) -> list[Member]:
    """In whose name this person acts here, oneself first."""
    scopes = request.user.standing.scopes("member", "delegate", committee=request.committee)
    rows = Member.objects.in_committee(request.committee).filter(pk__in=scopes) if scopes else []
    return sorted(rows, key=lambda row: (row.user_id != request.user.pk, row.name_key))


def _named(request: HttpRequest) -> Member:
    """The member named by the form; the only one where it names none."""
    members = {str(row.pk): row for row in _members(request)}
    asked = request.POST.get("member") or next(iter(members), "")
    if asked not in members:
        raise PermissionDenied
    return members[asked]


def _peer(request: HttpRequest, row: Any, form: SecondForm, status: int = 200) -> HttpResponse:
    own = list(form.rows.values())
    may_read = row.is_seen or row.is_open_to_peers or row.is_let
    originals = row.manuscripts.filter(kind=Manuscript.Kind.ORIGINAL)
    given = Seconding.objects.filter(opinion=row, member__in=own).select_related("member")
    context = {
        "opinion": row,
        "form": form,
        "own": own,
        "given": list(given),
        "asked": ReadRequest.objects.filter(opinion=row, member__in=own).first(),
        "may_read": may_read,
        "original": originals.latest_first().first() if may_read else None,
        "may_second": row.status in SECONDED,
    }
    return render(request, "opinions/peer.html", context, status=status)
