"""办理情况 of one report: what was asked of whom, what was answered, promised and thought of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from committees.files import serve
from opinions.handling import handled, is_nearly_over, next_step
from opinions.models import Opinion, ReplyFile
from opinions.permissions import is_author, is_in_office
from opinions.permissions.following import can_follow
from opinions.views.tabs import tabs_of


@require_GET
def handling(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Everybody who sees the report; words of an evaluation are its author's and the office's."""
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    opinion = get_object_or_404(rows.for_moves(), pk=pk)
    user, today = request.user, timezone.localdate()
    own = user.standing.scopes("member", "delegate", committee=request.committee)
    inside = is_in_office(user, opinion)
    items = handled(opinion)
    for item in items:
        item.referral.late = item.referral.is_overdue(today)  # type: ignore[attr-defined]
        promised = any(promise.settled_on is None for promise in item.promises)
        is_over = is_nearly_over(item.referral, item.evaluations, is_promised=promised)
        item.may_conclude = can_follow(user, request.committee) and is_over
        for promise in item.promises:
            promise.late = promise.is_late(today)  # type: ignore[attr-defined]
        for evaluation in item.evaluations:
            is_own = evaluation.member_id in own
            evaluation.shown = evaluation.words if inside or is_own else ""  # type: ignore[attr-defined]
    reception = opinion.reception
    context = {
        "opinion": opinion,
        "items": items,
        "awaited": next_step(opinion, items),
        "tabs": tabs_of(opinion, request, "opinions:handling"),
        "asks_own": is_author(user, opinion)
        and any(e.is_awaited and e.member_id in own for i in items for e in i.evaluations),
        "may_follow": can_follow(user, request.committee),
        "reception": reception if reception and not reception.is_closed_to_others else None,
        "shows_gist": inside,
    }
    return render(request, "opinions/handling.html", context)


@require_GET
def reply_file(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponseBase:
    """A file of a reply that was given, for whoever sees the report."""
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    opinion = get_object_or_404(rows, pk=pk)
    files = ReplyFile.objects.filter(reply__referral__opinion=opinion)
    files = files.exclude(reply__answered_at=None).select_related("attachment__committee")
    return serve(get_object_or_404(files, pk=file).attachment, request)
