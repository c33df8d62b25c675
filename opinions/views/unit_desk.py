"""The unit's desk: its items by due date, one item, its papers and files."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from committees.files import serve
from committees.keyset import page_of
from committees.official_document import letter_docx, word_response
from opinions import unit_papers
from opinions.actions.unit_desk import refusal_over
from opinions.models import Referral, Reply, ReplyFile, State
from opinions.permissions.unit_desk import (
    VERBS,
    is_answering,
    is_relayed,
    may_still_refuse,
    open_verbs,
)
from opinions.unit_filters import TABS, UnitItemFilter
from opinions.views.unit_place import Place

AT_ONCE = 200  # items in one zip
DUE_FIRST = ("due_on", "id")
TONES = {
    State.WAITING: "due",
    State.HANDLING: "info",
    State.REFUSING: "due",
    State.EXTENDING: "due",
    State.ANSWERED: "ok",
    State.EVALUATING: "ok",
    State.FOLLOWING: "info",
}


@require_GET
def desk(request: HttpRequest, place: Place) -> HttpResponse:
    """All items, the first due first; without a tab those that wait for the unit's answer."""
    data: Any = request.GET.copy()
    tab = data["tab"] if data.get("tab") in TABS else "open"
    data["tab"] = tab
    found = UnitItemFilter(data, queryset=place.rows().select_related("unit", "via"))
    rows = found.qs if found.form.is_valid() else found.qs.none()
    page = page_of(rows, request, order=DUE_FIRST)
    today = timezone.localdate()
    for row in page.rows:
        row.url = place.url("item", pk=row.pk)
        row.is_late, row.tone = row.is_overdue(today), TONES.get(row.state, "quiet")
        row.is_relayed = is_relayed(place.units, row)
    tabs = [
        {"name": key, "label": label, "url": f"?tab={key}", "is_current": key == tab}
        for key, (label, _states) in TABS.items()
    ]
    q = request.GET.get("q", "")[:100]
    context = {"place": place, "page": page, "tabs": tabs, "tab": tab, "q": q, "today": today}
    context |= {"papers_url": place.url("papers"), "promises_url": place.url("promises")}
    return render(request, "unit/desk.html", context)


@require_GET
def item(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """One item: what is asked, until when, what happened, and what may be done now."""
    row = row_of(place, pk)
    today = timezone.localdate()
    names = open_verbs(row, place.units, today)
    replies = replies_of(place, row)
    draft = next((one for one in replies if one.answered_at is None), None)
    if draft is None:
        names = [name for name in names if name not in ("approve", "answer")]
    elif draft.approved_at is not None and "approve" in names:
        names.remove("approve")
    is_ours = is_answering(place.units, row)
    context = {
        "place": place,
        "row": row,
        "tone": TONES.get(row.state, "quiet"),
        "today": today,
        "is_late": row.is_overdue(today),
        "buttons": [button(place, row, name) for name in names],
        "steps": list(row.steps.order_by("-at", "-id")),
        "replies": replies,
        "draft": draft,
        "refusal_over": refusal_note(row, today) if is_ours else "",
        "order_url": place.url("paper", pk=pk, name="order"),
        "template_url": place.url("paper", pk=pk, name="reply"),
        "zip_url": place.url("paper", pk=pk, name="all"),
    }
    return render(request, "unit/item.html", context)


def refusal_note(row: Referral, today: Any) -> str:
    """Beside the buttons, where it can no longer be refused though it is not answered."""
    early = row.state in (State.WAITING, State.HANDLING)  # type: ignore[attr-defined]
    return refusal_over(row) if early and not may_still_refuse(row, today) else ""


def button(place: Place, row: Referral, name: str) -> dict[str, Any]:
    verb = VERBS[name]
    url = place.url("verb", pk=row.pk, name=name)
    return {"name": name, "label": verb.label, "url": url, "is_main": verb.is_main}


def row_of(place: Place, pk: int, **more: Any) -> Referral:
    """404 for what is not these units'; `more` is annotated."""
    rows = place.rows().select_related("unit", "via").annotate(**more)
    row = get_object_or_404(rows, pk=pk)
    row.committee = place.committee
    return row


def replies_of(place: Place, row: Referral) -> list[Reply]:
    """What this actor may read of the answers, the latest first, with their files' addresses."""
    rows = Reply.objects.visible_to(place.actor).filter(referral=row).select_related("reply_class")
    files = Prefetch("files", queryset=ReplyFile.objects.select_related("attachment"))
    found = list(rows.order_by("-round").prefetch_related(files))
    for reply in found:
        reply.shown = []  # type: ignore[attr-defined]
        for one in reply.files.all():
            one.url = place.url("file", pk=row.pk, file=one.pk)  # type: ignore[attr-defined]
            one.remove_url = place.url("file_remove", pk=row.pk, file=one.pk)  # type: ignore[attr-defined]
            reply.shown.append(one)  # type: ignore[attr-defined]
    return found


@require_GET
def file(request: HttpRequest, place: Place, pk: int, file: int) -> HttpResponseBase:
    row = row_of(place, pk)
    rows = ReplyFile.objects.visible_to(place.actor).filter(reply__referral=row)
    found = get_object_or_404(rows.select_related("attachment__committee"), pk=file)
    return serve(found.attachment, request)


@require_GET
def paper(request: HttpRequest, place: Place, pk: int, name: str) -> HttpResponseBase:
    """转办单, the template of a 复函, or both as zip."""
    row = row_of(place, pk)
    if name == "order":
        return word_response(letter_docx(unit_papers.order(row)), unit_papers.order_name(row))
    if name == "reply":
        return word_response(letter_docx(unit_papers.reply(row)), unit_papers.reply_name(row))
    if name == "all":
        return zip_response(unit_papers.zipped([row]), row.label)
    raise Http404


@require_GET
def papers(request: HttpRequest, place: Place) -> HttpResponse:
    """Orders and templates of all items that wait for an answer, the first due first."""
    rows = UnitItemFilter({"tab": "open"}, queryset=place.rows()).qs
    found = list(rows.select_related("unit", "via").order_by(*DUE_FIRST)[:AT_ONCE])
    for row in found:
        row.committee = place.committee
    return zip_response(unit_papers.zipped(found), unit_papers.ALL_NAME)


def zip_response(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.zip") or ""
    response["Cache-Control"] = "private, no-store"
    return response
