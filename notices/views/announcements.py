"""通知公告: the list, one announcement, and what its issuer does with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from committees.files import serve
from committees.keyset import page_of
from notices import wechat
from notices.actions import announcing
from notices.audiences import people_of
from notices.filters.announcements import AnnouncementFilter
from notices.forms.announcements import AnnouncementForm, CorrectionForm
from notices.models import Acknowledgement, Announcement, AnnouncementFile
from notices.models.announcements import ANSWERS, entered_for
from notices.permissions import can_announce, can_manage

LATEST_FIRST, NEWEST = ("-published_at", "-id"), ("-id",)


def seen(request: HttpRequest) -> Any:
    rows = Announcement.objects.in_committee(request.committee).visible_to(request.user)
    return rows.select_related("committee")


def managed(request: HttpRequest, pk: int) -> Announcement:
    """Seen by this person, who may do something with it; else 404 and 403."""
    row = get_object_or_404(seen(request), pk=pk)
    if not can_manage(request.user, row):
        raise PermissionDenied
    return row


@require_safe
def announcements(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest first; `?of=waiting` what I have not answered, `?of=drafts`, `?of=late`."""
    user = request.user
    may_announce = can_announce(user, request.committee)
    of = request.GET.get("of", "")
    found = AnnouncementFilter(request.GET, queryset=seen(request), request=request)
    order = NEWEST if of == "drafts" and may_announce else LATEST_FIRST
    if of == "waiting":
        rows = found.qs.unanswered_by(entered_for(user))
    elif of == "drafts" and may_announce:
        rows = found.qs.drafts()
    elif of == "late" and may_announce:
        rows = found.qs.managed_by(user).lacking_answers()
    else:
        of, rows = "", found.qs.published() if may_announce else found.qs.in_force()
    page = page_of(rows, request, order=order)
    context = {
        "page": page,
        "filter": found,
        "tabs": _tabs(request.path, of, may_announce),
        "of": of,
        "may_announce": may_announce,
        "now": timezone.now(),
        "is_filtered": bool(request.GET.keys() & {"q", "answering"}),
    }
    return render(request, "announcements/list.html", context)


def _tabs(here: str, of: str, may_announce: bool) -> list[dict[str, Any]]:
    named = [("", _("全部")), ("waiting", _("待我回执"))]
    if may_announce:
        named += [("drafts", _("草稿")), ("late", _("到期未齐"))]
    return [
        {"label": label, "url": f"{here}?of={name}" if name else here, "is_current": of == name}
        for name, label in named
    ]


@require_safe
def announcement(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One announcement; below it the answers of whom this person answers for."""
    row = get_object_or_404(seen(request), pk=pk)
    return shown(request, row)


def shown(
    request: HttpRequest,
    row: Announcement,
    *,
    error: ValidationError | None = None,
    of: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """`error` belongs to the answer of the acknowledgement `of`; what was typed is kept."""
    own = Acknowledgement.objects.in_committee(row.committee).of(request.user)
    own = own.filter(announcement=row).select_related("answered_by").in_order()
    manages = can_manage(request.user, row)
    page = "public_announcements:detail" if row.is_public else "announcements:detail"
    link = request.build_absolute_uri(reverse(page, args=[row.committee.slug, row.pk]))
    context = {
        "announcement": row,
        "files": row.files.select_related("attachment"),
        "corrections": row.corrections.all(),
        "own": _answered(own, request, error, of),
        "answers": ANSWERS[row.answering],
        "is_open": row.is_open(timezone.now()),
        "manages": manages,
        "scope": row.audience_words,
        "wechat": wechat.of_announcement(row, link) if row.is_in_force else "",
    }
    return render(request, "announcements/detail.html", context, status=status)


def _answered(
    rows: Any, request: HttpRequest, error: ValidationError | None, of: int | None
) -> list[Acknowledgement]:
    found = list(rows)
    for one in found:
        one.is_mine = one.recipient_id == request.user.pk
        one.typed = one.reason
        if error is not None and one.pk == of:
            one.errors, one.typed = error.messages, request.POST.get("reason", "")[:200]
    return found


def new(request: HttpRequest, slug: str) -> HttpResponse:
    if not can_announce(request.user, request.committee):
        raise PermissionDenied
    return _write(request, None)


def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = managed(request, pk)
    if row.published_at:
        return redirect("announcements:correct", slug=slug, pk=pk)
    return _write(request, row)


def _write(request: HttpRequest, row: Announcement | None) -> HttpResponse:
    """A draft, new or amended; it goes on to the page that counts whom it would reach."""
    committee = request.committee
    given: dict[str, Any] = {"by": request.user, "committee": committee}
    given["initial"] = {"version": row.version if row else 0}
    form = AnnouncementForm(request.POST or None, request.FILES or None, instance=row, **given)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _saved(form, row, request)
        except ValidationError as error:
            _told(form, error)
        else:
            messages.success(request, _("草稿已保存。"))
            page = "edit" if "stay" in request.POST else "publish"
            return redirect(f"announcements:{page}", slug=committee.slug, pk=saved.pk)
    files = row.files.select_related("attachment") if row else []
    context = {"form": form, "announcement": row, "files": files}
    return render(request, "announcements/form.html", context)


def _saved(form: AnnouncementForm, row: Announcement | None, request: HttpRequest) -> Announcement:
    given = {"by": request.user, "files": form.cleaned_data["files"], **form.particulars()}
    if row is None:
        return announcing.draft_announcement(request.committee, **given)
    version = form.cleaned_data["version"] or 0
    return announcing.amend_draft(row, version=version, **given)


def _told(form: Any, error: ValidationError) -> None:
    """Beside the field where the form has it, else at the top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How many it goes to, counted now, and the button that sends it."""
    row = managed(request, pk)
    if request.method == "POST":
        counted = request.POST.get("counted", "")
        try:
            sent = announcing.publish_announcement(
                row,
                by=request.user,
                counted=int(counted) if counted.isascii() and counted.isdigit() else None,
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            moved = getattr(error, "code", "") == "moved"
            page = "detail" if moved else "publish"
            return redirect(f"announcements:{page}", slug=slug, pk=pk)
        messages.success(request, _("已发送给 %(n)s 人。") % {"n": sent.told})
        return redirect("announcements:detail", slug=slug, pk=pk)
    if row.published_at:
        return redirect("announcements:detail", slug=slug, pk=pk)
    people = people_of(row.audience, row.committee)
    groups: dict[str, int] = {}
    for one in people:
        groups[one.heading] = groups.get(one.heading, 0) + 1
    context = {
        "announcement": row,
        "files": row.files.select_related("attachment"),
        "count": len(people),
        "closed": sum(not one.user.is_active for one in people),
        "groups": groups,
    }
    return render(request, "announcements/publish.html", context)


def correct(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = managed(request, pk)
    if not row.is_in_force:
        messages.error(request, _("只有已发布且未撤回的通知可以更正。"))
        return redirect("announcements:detail", slug=slug, pk=pk)
    form = CorrectionForm(request.POST or None, instance=row, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        told = {"version": form.cleaned_data["version"], "note": form.cleaned_data["note"]}
        try:
            announcing.correct_announcement(row, by=request.user, **told, **form.words())
        except ValidationError as error:
            _told(form, error)
        else:
            messages.success(request, _("已更正，并已告知收到通知的委员。"))
            return redirect("announcements:detail", slug=slug, pk=pk)
    context = {"form": form, "announcement": row}
    return render(request, "announcements/correct.html", context)


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = managed(request, pk)
    try:
        announcing.withdraw_announcement(row, by=request.user, why=request.POST.get("note", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已撤回，并已告知收到通知的委员。"))
    return redirect("announcements:detail", slug=slug, pk=pk)


@require_POST
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = managed(request, pk)
    try:
        announcing.drop_draft(row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("announcements:detail", slug=slug, pk=pk)
    messages.success(request, _("草稿已删除。"))
    return redirect("announcements:list", slug=slug)


@require_GET
def file(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponseBase:
    """The bytes, for whoever sees the announcement."""
    row = get_object_or_404(seen(request), pk=pk)
    files = AnnouncementFile.objects.select_related("attachment__committee")
    return serve(get_object_or_404(files, announcement=row, pk=file).attachment, request)


@require_POST
def file_remove(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponse:
    row = managed(request, pk)
    one = get_object_or_404(AnnouncementFile, announcement=row, pk=file)
    try:
        announcing.remove_file(row, one, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("announcements:detail", slug=slug, pk=pk)
    messages.success(request, _("附件已移除。"))
    return redirect("announcements:edit", slug=slug, pk=pk)
