"""提案公开: for everybody, what the disclosure reviews let through, read anew each time."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from committees.keyset import page_of
from opinions.models import SHOWN, Disclosure, Proposal, ReplyDisclosure


@login_not_required
@require_safe
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest session first, by number."""
    rows = Proposal.objects.in_committee(request.committee).public().for_list()
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    if words:
        rows = rows.filter(title__contains=words)
    page = page_of(rows, request, order=("-session_id", "-number", "-id"))
    context = {"page": page, "words": words}
    return render(request, "proposals/public_list.html", context)


@login_not_required
@require_safe
def proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One with its signers, its words or their summary, and the replies that both let through."""
    rows = Proposal.objects.in_committee(request.committee).public().for_list()
    row = get_object_or_404(rows, pk=pk)
    is_open = row.disclosure == Disclosure.OPEN
    shown = ReplyDisclosure.objects.filter(
        reply__referral__proposal=row,
        reply__answered_at__isnull=False,
        unit_choice__in=SHOWN,
        choice__in=SHOWN,
    )
    beside = ("reply__referral__unit", "reply__referral__via", "reply__reply_class")
    context = {
        "proposal": row,
        "text": row.texts.first() if is_open else None,
        "replies": shown.select_related(*beside).order_by("reply__answered_at", "pk"),
    }
    return render(request, "proposals/public_detail.html", context)
