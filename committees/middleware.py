"""What every request learns: its committee, and that a refused deed is remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from committees.audit import record
from committees.models import Committee, User


class CommitteeMiddleware:
    """Sets `request.committee` from the slug in the path; unseen committees are 404.

    Views marked `@login_not_required` below a slug are public: they get any committee.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.committee = None
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        slug = kwargs.get("slug")
        if slug is None:
            return
        committee = Committee.objects.filter(slug=slug).first()
        is_public = not getattr(view, "login_required", True)
        user = request.user
        if committee is None:
            raise Http404
        belongs = user.is_authenticated and user.standing.belongs_to(committee)
        if not (is_public or belongs):
            raise Http404
        request.committee = committee
        if belongs and user.last_committee_id != committee.pk:
            User.objects.filter(pk=user.pk).update(last_committee=committee)


class RefusalMiddleware:
    """A refused deed leaves an audit entry, in a transaction of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        if isinstance(error, PermissionDenied):
            note_refusal(request)


def note_refusal(request: HttpRequest) -> None:
    """Who was refused what; call it when the refused deed's own transaction is over."""
    if request.user.is_authenticated:
        record(
            "refused",
            by=request.user,
            committee=request.committee,
            is_refused=True,
            method=request.method,
            path=request.path[:200],
        )
