"""Pages of the daily changes: one member's, a new member's, and what was entered lately."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from committees.keyset import page_of
from committees.models import Session
from committees.permissions import is_office
from members.history import amendments
from members.life import BESIDE, ENDINGS, Event, life_of
from members.models import Change, Member
from members.permissions import can_keep_roster
from members.views import sector_titles, tell
from sectors.changes import actions
from sectors.changes.forms import FORMS, EnterForm
from sectors.changes.origins import Origin, lines_of, origins_of
from sectors.handover.holdings import by_kind, left_behind
from sectors.permissions import can_hand_over, can_import_roster

Kind = Change.Kind
BEGINNINGS = (
    Kind.MOVE,
    Kind.POSITION,
    Kind.CONVENOR,
    Kind.COMMISSION,
    Kind.STREET,
    Kind.LEADER,
    Kind.DELEGATE,
    Kind.LEAVE,
)
SHOWN = 50


def _keeps(request: HttpRequest) -> None:
    if not can_keep_roster(request.user, request.committee):
        raise PermissionDenied


def _member(request: HttpRequest, pk: int) -> Any:
    rows = Member.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(rows.for_list().select_related("user"), pk=pk)
    row.committee = request.committee
    return row


@require_GET
def changes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the member holds, each with its ending; what was entered by whom and when; undo."""
    member = _member(request, pk)
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    today = timezone.localdate()
    life = life_of(member, sector_titles(request), BESIDE)
    rows = Change.objects.visible_to(request.user).of(member).for_list()
    made, came = list(rows[:SHOWN]), origins_of(member, life)
    is_serving = any(e.of == "membership" and e.is_true(today) for e in life)
    ended = [e.span.upper for e in life if e.of == "membership" and e.span.upper]
    has_left = not is_serving and any(upper <= today for upper in ended)
    context = {
        "member": member,
        "life": [_entered(event, made, came) for event in life],
        "history": _history(made, came, life),
        "last": _undoable(made, came),
        "may_import": can_import_roster(request.user, request.committee),
        "may_hand_over": can_hand_over(request.user, request.committee),
        "amendments": amendments(member),
        "held": _held(life),
        "beginnings": _links(BEGINNINGS if is_serving else (Kind.REENTER,)),
        "is_serving": is_serving,
        "left_behind": by_kind(left_behind(member, today), slug) if has_left else [],
        "may_keep": can_keep_roster(request.user, request.committee),
    }
    return render(request, "members/changes.html", context)


def _links(kinds: Any) -> list[dict[str, str]]:
    return [{"kind": kind.value, "label": kind.label} for kind in kinds]


def _history(made: list[Change], came: list[Origin], life: list[Event]) -> list[dict[str, Any]]:
    """Changes by hand, imports and handovers, the latest entered first."""
    rows = sorted([*made, *came], key=lambda one: one.made_at, reverse=True)
    return [
        {"row": row, "lines": lines_of(row, life) if isinstance(row, Origin) else []}
        for row in rows
    ]


def _undoable(made: list[Change], came: list[Origin]) -> Change | None:
    """The last change by hand, unless an import or a handover came after it."""
    last = next((row for row in made if row.undone_at is None), None)
    if last and any(origin.made_at > last.made_at for origin in came):
        return None
    return last


def _entered(event: Event, made: list[Change], came: list[Origin]) -> dict[str, str]:
    """The event as the timeline tells it, with who entered it and when, by hand or by a file."""
    key = f"{event.of}:{event.pk}"
    change = next((c for c in made if key in c.after and c.undone_at is None), None)
    origin = next((o for o in came if key in o.made), None)
    told = ""
    if source := change or origin:
        moment = timezone.localtime(source.made_at)
        by = source.made_by.name if source.made_by else _("系统")
        told = _("%(by)s %(at)s 登记") % {"by": by, "at": f"{moment:%Y-%m-%d %H:%M}"}
    return {"title": event.title, "meta": " · ".join(filter(None, [event.meta, told]))}


def _held(life: list[Event]) -> list[dict[str, Any]]:
    """What the member holds now or from a later day, and the kind of change that ends it."""
    today = timezone.localdate()
    return [
        {"pk": event.pk, "title": event.title, "span": event.span, "kind": f"{event.of}-end"}
        for event in life
        if event.of in ENDINGS and (event.span.upper is None or event.span.upper > today)
    ]


def change(request: HttpRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    """The form of one change, and making it."""
    member = _member(request, pk)
    if kind not in FORMS:
        raise Http404
    _keeps(request)
    is_post = request.method == "POST"
    initial = {"row": request.GET.get("row", "")}
    form = FORMS[kind](
        request.POST if is_post else None,
        committee=request.committee,
        member=member,
        initial=initial,
    )
    if is_post and form.is_valid():
        given = form.cleaned_data

        def deed() -> Change:
            return actions.make_change(member, kind, by=request.user, **given)  # type: ignore[arg-type]

        if made := done(form, deed):
            messages.success(request, _("已登记：%(change)s。") % {"change": made.title})
            return redirect("changes:member", slug=slug, pk=pk)
    context = {
        "member": member,
        "form": form,
        "sector_title": sector_titles(request).get(member.sector_id, ""),
        "label": Kind(kind).label,
        "hint": _hint(kind),
        "meetings": meetings(request) if "meeting" in form.fields else [],
        "is_empty": "row" in form.fields and not form.fields["row"].queryset,  # type: ignore[attr-defined]
    }
    status = 422 if is_post else 200
    return render(request, "members/change.html", context, status=status)


def done(form: forms.Form, deed: Any) -> Any:
    """What the deed made, or None with its refusal beside the fields it names."""
    try:
        return deed()
    except ValidationError as refused:
        tell(form, refused)
        return None


def _hint(kind: str) -> str:
    if kind == Kind.LEAVE:
        return _("自生效日期起不再任职；界别、职务、召集人、专委会、委员组、代办人同日终止。")
    if kind == Kind.MOVE:
        return _("自生效日期起在新界别；此前的信息、走访仍属原界别。原界别的召集人同日终止。")
    return _("自生效日期起终止。") if kind.endswith("-end") else ""


def meetings(request: HttpRequest) -> list[str]:
    """The committee's latest meetings, offered while typing."""
    rows = Session.objects.filter(term__committee=request.committee).order_by("-starts_on")
    short = request.committee.short_name
    return [str(row).removeprefix(short) for row in rows.select_related("term__committee")[:12]]


@require_POST
def undo(request: HttpRequest, slug: str, pk: int, change: int) -> HttpResponse:
    """The member's last change is taken back, exactly."""
    rows = Change.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(rows.filter(member=pk), pk=change)
    row.committee = request.committee
    try:
        actions.undo_change(row, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("changes:member", slug=slug, pk=pk)
    messages.success(request, _("已撤销：%(change)s。") % {"change": row.title})
    if row.kind == Kind.ENTER:  # who entered by it is gone again
        return redirect("members:list", slug=slug)
    return redirect("changes:member", slug=slug, pk=pk)


def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """增补: a new member with the day, the meeting and the sector."""
    _keeps(request)
    is_post = request.method == "POST"
    form = EnterForm(
        request.POST if is_post else None,
        committee=request.committee,
        initial={"sector": request.GET.get("sector", "")},
    )
    if is_post and form.is_valid():
        given = form.cleaned_data
        made = done(
            form,
            lambda: actions.enter_member(request.committee, by=request.user, **given),  # type: ignore[arg-type]
        )
        if made:
            messages.success(request, _("已增补：%(name)s。") % {"name": made.member.name})
            return redirect("members:detail", slug=slug, pk=made.member_id)
    context = {"form": form, "meetings": meetings(request)}
    return render(request, "members/enter.html", context, status=422 if is_post else 200)


@require_GET
def recent(request: HttpRequest, slug: str) -> HttpResponse:
    """What was entered by hand in the committee, the latest first."""
    if not is_office(request.user, request.committee):
        raise PermissionDenied
    rows = Change.objects.visible_to(request.user).in_committee(request.committee)
    page = page_of(
        rows.for_list(),
        request,
        order=("-id",),
        size=30,
    )
    context = {"page": page, "may_keep": can_keep_roster(request.user, request.committee)}
    return render(request, "members/recent_changes.html", context)
