"""名单: who is invited, enrolled, waiting, on leave; inviting, a pasted chain, leave decided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activities import actions, clashes
from activities.chains import Entry, match, read_chain
from activities.forms.people import AnswerForm, ChainForm, InviteForm
from activities.invited import members_in
from activities.models import Activity, Enrolment, State
from activities.views.planning import organised_one, sent, tell_refusal
from contacts.visit_choices import members_named
from members.models import Member
from sectors.models import Seat, Sector

PARTS = (
    State.LEAVE_ASKED,
    State.ENROLLED,
    State.WAITING,
    State.INVITED,
    State.ON_LEAVE,
    State.GIVEN_UP,
)


def listed(activity: Activity) -> list[Any]:
    """Everybody of the list in stroke order, with `sector_title` of today; one statement."""
    seats = Seat.objects.today().filter(membership__member=OuterRef("member"))
    rows = Enrolment.objects.filter(activity=activity).select_related("member", "entered_by")
    rows = rows.annotate(sector_name=Subquery(seats.values("sector__name")[:1]))
    found = list(rows.in_stroke_order())
    for row in found:
        row.sector_title = Sector(name=row.sector_name).title if row.sector_name else ""
    return found


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The organiser's list; a POST invites."""
    row = organised_one(request, pk)
    form = InviteForm(sent(request), committee=request.committee)
    if request.method == "POST" and form.is_valid() and _invited(request, row, form):
        return redirect("activities:people", slug=slug, pk=pk)
    everybody = listed(row)
    parts = [
        {
            "state": state,
            "label": state.label,
            "rows": [one for one in everybody if one.state == state],
        }
        for state in PARTS
    ]
    next(part for part in parts if part["state"] == State.WAITING)["rows"].sort(
        key=lambda one: (one.waiting_since, one.pk)
    )
    context = {
        "activity": row,
        "form": form,
        "parts": [part for part in parts if part["rows"]],
        "total": len(everybody),
        "clashes": clashes.of_list(row, timezone.now()),
    }
    status = 422 if form.errors else 200
    return render(request, "activities/people.html", context, status=status)


def _invited(request: HttpRequest, row: Activity, form: InviteForm) -> bool:
    """False where something is amiss, or where the number of people is to be looked at first."""
    data, committee = form.cleaned_data, request.committee
    try:
        named = members_named(request.user, committee, data["names"])
        members = {one.pk: one for one in [*members_in(committee, data["groups"]), *named]}
        if not _is_counted(request, row, form, set(members)):
            return False
        new = actions.invite(row, members.values(), by=request.user, tells=data["tells"])
    except ValidationError as refused:
        form.add_error("names", refused)
        return False
    known = len(members) - new
    said = (
        _("已邀请 %(new)s 位委员。")
        if not known
        else _("新邀请 %(new)s 位委员，%(known)s 位原已在名单中。")
    )
    messages.success(request, said % {"new": new, "known": known})
    return True


def _is_counted(request: HttpRequest, row: Activity, form: Any, members: set[int]) -> bool:
    """Whole groups are told of a published activity only after their number was shown."""
    data = form.cleaned_data
    if not (row.is_published and row.is_ahead(timezone.now()) and data["groups"] and data["tells"]):
        return True
    known = Enrolment.objects.filter(activity=row, member__in=members)
    fresh = members - set(known.values_list("member", flat=True))
    form.counted = len(
        Member.objects.filter(pk__in=fresh, user__is_active=True).values_list("pk", flat=True)
    )
    return request.POST.get("counted") == str(form.counted)


def _enrolment(row: Activity, pk: int) -> Enrolment:
    found = get_object_or_404(Enrolment.objects.filter(activity=row), pk=pk)
    found.activity = row
    return found


@require_POST
def decide(request: HttpRequest, slug: str, pk: int, enrolment: int) -> HttpResponse:
    """Grant the leave, or not."""
    row = organised_one(request, pk)
    found, form = _enrolment(row, enrolment), AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择准假或不同意，答复不超过200字。"))
        return redirect("activities:people", slug=slug, pk=pk)
    data = form.cleaned_data
    said = {"is_granted": data["deed"] == "grant", "answer": data["note"]}
    if tell_refusal(request, lambda: actions.decide_leave(found, by=request.user, **said)):
        messages.success(request, _("已答复，该委员已收到消息。"))
    return redirect("activities:people", slug=slug, pk=pk)


@require_POST
def take_off(request: HttpRequest, slug: str, pk: int, enrolment: int) -> HttpResponse:
    row = organised_one(request, pk)
    found = _enrolment(row, enrolment)
    if tell_refusal(request, lambda: actions.take_off(found, by=request.user)):
        messages.success(request, _("已移出名单。"))
    return redirect("activities:people", slug=slug, pk=pk)


@require_http_methods(["GET", "POST"])
def chain(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A pasted 接龙: shown first what is read of it (`step=preview`), entered then.

    The text itself comes back with the second step and is read again.
    """
    row = organised_one(request, pk)
    form = ChainForm(sent(request))
    context: dict[str, Any] = {"activity": row, "form": form}
    if request.method == "POST" and form.is_valid():
        entries = match(read_chain(form.cleaned_data["text"]), request.committee)
        members = members_of(entries)
        companions = sum(entry.companions for entry in entries if entry.is_coming)
        enters = request.POST.get("step") == "enter" and bool(members)
        if enters and _entered(request, row, members, companions):
            return redirect("activities:people", slug=slug, pk=pk)
        context |= _preview(row, entries, members, companions)
    status = 422 if form.errors else 200
    return render(request, "activities/chain.html", context, status=status)


def members_of(entries: list[Entry]) -> list[Member]:
    """Who comes, each once, in the chain's order."""
    found = [member for entry in entries if entry.is_coming for member in entry.members]
    return list(dict.fromkeys(found))


def _preview(
    row: Activity, entries: list[Entry], members: list[Member], companions: int
) -> dict[str, Any]:
    known = Enrolment.objects.filter(activity=row, member__in=members)
    there = {one.member_id for one in known if one.state not in (State.INVITED, State.GIVEN_UP)}
    return {
        "entries": entries,
        "new_count": len([member for member in members if member.pk not in there]),
        "there": there,
        "companions": companions,
        "doubtful": [entry for entry in entries if entry.doubt],
        "has_members": bool(members),
        "is_read": True,
    }


def _entered(request: HttpRequest, row: Activity, members: list[Member], companions: int) -> bool:
    def deed() -> None:
        taken = actions.enrol_all(row, members, by=request.user, companions=companions)
        said = _("已报名 %(enrolled)s 位，候补 %(waiting)s 位，%(before)s 位原已在名单中。") % {
            "enrolled": len(taken.enrolled),
            "waiting": len(taken.waiting),
            "before": len(taken.before),
        }
        messages.success(request, said)

    return tell_refusal(request, deed)
