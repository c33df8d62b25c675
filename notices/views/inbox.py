"""The inbox, and what people say about the portal."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.keyset import page_of
from committees.permissions import is_clerk
from notices.actions import answer_feedback, give_feedback, mark_all_read, mark_read
from notices.forms.feedback import AnswerForm, FeedbackForm
from notices.models import Feedback, Notice
from notices.permissions import can_answer

NEWEST = ("-id",)


def inbox(request: HttpRequest, slug: str) -> HttpResponse:
    """The person's notices, newest first; `?unread=1` shows those not opened yet."""
    notices = Notice.objects.in_committee(request.committee).visible_to(request.user).for_list()
    only_unread = request.GET.get("unread") == "1"
    if only_unread:
        notices = notices.unread()
    page = page_of(notices, request, order=NEWEST)
    here = request.path
    tabs = [
        {"label": _("全部"), "url": here, "is_current": not only_unread},
        {"label": _("未读"), "url": f"{here}?unread=1", "is_current": only_unread},
    ]
    context = {"page": page, "tabs": tabs, "only_unread": only_unread}
    return render(request, "notices/inbox.html", context)


@require_POST
def read_all(request: HttpRequest, slug: str) -> HttpResponse:
    count = mark_all_read(request.committee, by=request.user)
    messages.success(request, _("已全部标为已读（%(count)s 条）。") % {"count": count})
    return redirect("notices:inbox", slug=slug)


def open_notice(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Marks the notice read and leads to the thing itself."""
    mine = Notice.objects.in_committee(request.committee).visible_to(request.user)
    notice = mark_read(get_object_or_404(mine, pk=pk), by=request.user)
    return redirect(notice.path) if notice.path else redirect("notices:inbox", slug=slug)


def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Say a word about a page (`?page=` says which), and read what was answered."""
    form = FeedbackForm(request.POST or None, initial={"page": request.GET.get("page", "")[:200]})
    if request.method == "POST" and form.is_valid():
        try:
            give_feedback(request.committee, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("text" if not hasattr(error, "error_dict") else None, error)
        else:
            messages.success(request, _("已收到您的意见，办公室答复后会在消息里告诉您。"))
            return redirect("notices:feedback", slug=slug)
    rows = Feedback.objects.in_committee(request.committee).visible_to(request.user).for_list()
    clerk = is_clerk(request.user, request.committee)
    if not clerk:
        rows = rows.filter(author=request.user)
    only_open = clerk and request.GET.get("open") == "1"
    page = page_of(rows.unanswered() if only_open else rows, request, order=NEWEST)
    tabs = [
        {"label": _("全部"), "url": request.path, "is_current": not only_open},
        {"label": _("待答复"), "url": f"{request.path}?open=1", "is_current": only_open},
    ]
    context = {"form": form, "page": page, "is_clerk": clerk, "tabs": tabs, "only_open": only_open}
    return render(request, "notices/feedback.html", context)


def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One feedback with its answer; a clerk answers here."""
    seen = Feedback.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(seen.for_list(), pk=pk)
    row.committee = request.committee
    if request.method == "POST" and not is_clerk(request.user, request.committee):
        raise PermissionDenied
    form = AnswerForm(request.POST or None) if can_answer(request.user, row) else None
    if request.method == "POST" and form and form.is_valid():
        try:
            answer_feedback(row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已答复，并已告知提出人。"))
            return redirect("notices:feedback", slug=slug)
    return render(request, "notices/answer.html", {"feedback": row, "form": form})
