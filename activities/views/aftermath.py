"""Tabs of one activity: materials, minutes, photos, follow-ups, the write-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.actions import aftermath as actions
from activities.forms.aftermath import DoneForm, FollowUpForm, PhotoForm, TextForm, tell
from activities.models import Activity, ActivityFile, ActivityPhoto, ActivityText, FollowUp
from activities.permissions.organising import organises
from activities.write_up_words import known_sentences, with_facts
from committees.actions import discard_draft
from committees.files import serve

Kind = ActivityText.Kind
ACCEPTED = "image/*,.pdf,.docx,.xlsx,.pptx"


def seen_activity(request: HttpRequest, pk: int, rows: Any = None) -> Any:
    """The activity of the address, with its organiser; 404 where this person sees none."""
    rows = Activity.objects.for_list() if rows is None else rows
    return get_object_or_404(rows.in_committee(request.committee).visible_to(request.user), pk=pk)


def page(
    request: HttpRequest, template: str, activity: Activity, here: str, **more: Any
) -> HttpResponse:
    form = more.get("form")
    context = {
        "activity": activity,
        "here": here,
        "may_organise": organises(request.user, activity),
        "accepted": ACCEPTED,
        "today": timezone.localdate(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, f"activities/{template}.html", context | more, status=status)


def with_files(rows: Any, kind: str) -> Any:
    """Adds `file_rows` of one kind to activities, in the same statement."""
    files = ActivityFile.objects.filter(activity=OuterRef("pk"), kind=kind)
    shown = JSONObject(pk="pk", name="attachment__name", size="attachment__size")
    ordered = files.order_by("position", "id")
    return rows.annotate(file_rows=ArraySubquery(ordered.values(row=shown)))


def act(
    form: forms.Form | None,
    deed: Callable[[], Any],
    request: HttpRequest,
    done: Any,
    draft_key: str = "",
) -> bool:
    """Do it and say so; what is wrong goes to the form, or to a message where there is none. What
    was kept while typing (`draft_key`) is forgotten once it is done."""
    try:
        deed()
    except ValidationError as error:
        if form is None:
            for sentence in error.messages:
                messages.error(request, sentence)
        else:
            tell(form, error)
        return False
    if draft_key:
        discard_draft(draft_key, by=request.user, committee=request.committee)
    tags = f"draft-done:{draft_key}" if draft_key else ""
    messages.success(request, str(done), extra_tags=tags)
    return True


def draft_of(request: HttpRequest, key: str) -> Any:
    """What this person was typing in that form, None where nothing is kept."""
    return request.user.drafts.filter(committee=request.committee, form=key).first()


@require_GET
def materials(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What is handed out before; whoever sees the activity may open it."""
    rows = with_files(Activity.objects.for_list(), ActivityFile.Kind.MATERIAL)
    return page(request, "materials", seen_activity(request, pk, rows), "materials")


@require_POST
def file_add(request: HttpRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    """All the files chosen, or none; each that cannot be taken is named."""
    if kind not in ActivityFile.Kind:
        raise Http404
    activity = seen_activity(request, pk)
    if not organises(request.user, activity):
        raise PermissionDenied
    uploads = request.FILES.getlist("files")
    if not uploads:
        messages.error(request, _("请先选择附件。"))
    else:
        act(
            None,
            lambda: actions.add_files(activity, uploads, kind=kind, by=request.user),
            request,
            _("附件已上传。"),
        )
    return redirect(_page_of(kind), slug=slug, pk=pk)


def _page_of(kind: str) -> str:
    return f"activities:{'minutes' if kind == ActivityFile.Kind.MINUTES else 'materials'}"


def _file(request: HttpRequest, pk: int, file: int) -> Any:
    rows = ActivityFile.objects.visible_to(request.user).select_related(
        "attachment__committee", "activity__committee"
    )
    return get_object_or_404(rows, pk=file, activity=pk, activity__committee=request.committee)


@require_GET
def file(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponseBase:
    return serve(_file(request, pk, file).attachment, request)


@require_POST
def file_remove(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponse:
    row = _file(request, pk, file)
    actions.remove_file(row, by=request.user)
    messages.success(request, _("附件已移除。"))
    return redirect(_page_of(row.kind), slug=slug, pk=pk)


@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """纪要: a text, files, or both."""
    rows = with_files(Activity.objects.for_list(), ActivityFile.Kind.MINUTES)
    activity = seen_activity(request, pk, rows)
    return _text(request, activity, Kind.MINUTES, "minutes", lambda: "")


@require_http_methods(["GET", "POST"])
def write_up(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """活动情况: begins with what is known; nobody types it again."""
    activity = seen_activity(request, pk, with_facts(Activity.objects.for_list()))
    given = lambda: known_sentences(activity)  # noqa: E731 - asked only where nothing is written
    return _text(request, activity, Kind.WRITE_UP, "write_up", given)


def _text(
    request: HttpRequest, activity: Any, kind: str, here: str, given: Callable[[], str]
) -> HttpResponse:
    row = ActivityText.objects.with_activity().filter(activity=activity, kind=kind).first()
    may, key = organises(request.user, activity), f"activities.{here}:{activity.pk}"
    version, form, draft = row.version if row else 0, None, None
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        form = TextForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data

            def deed() -> None:
                actions.save_text(activity, kind, by=request.user, **data)

            if act(form, deed, request, _("已保存。"), key):
                return redirect(f"activities:{here}", slug=request.committee.slug, pk=activity.pk)
    elif may:
        draft = draft_of(request, key)
        kept = TextForm(draft.content) if draft else None
        if kept and kept.is_valid():  # what was read then stays what it is compared with
            text, version = kept.cleaned_data["text"], kept.cleaned_data["seen"]
        else:
            text, draft = row.text if row else given(), None
        form = TextForm(initial={"text": text})
    more = {"form": form, "row": row, "version": version, "draft": draft, "draft_key": key}
    return page(request, here, activity, here, **more)


@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    activity = seen_activity(request, pk)
    may = organises(request.user, activity)
    form = PhotoForm(request.POST or None, request.FILES or None) if may else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        form = PhotoForm(request.POST, request.FILES)
        if form.is_valid():
            data = dict(form.cleaned_data)
            upload = data.pop("photo")

            def deed() -> None:
                actions.add_photo(activity, upload, by=request.user, **data)

            if act(form, deed, request, _("照片已上传。")):
                return redirect("activities:photos", slug=slug, pk=pk)
    shown = ActivityPhoto.objects.filter(activity=activity)
    return page(request, "photos", activity, "photos", form=form, photos=list(shown))


def _photo(request: HttpRequest, pk: int, photo: int) -> Any:
    rows = ActivityPhoto.objects.visible_to(request.user).select_related(
        "attachment__committee", "activity__committee"
    )
    return get_object_or_404(rows, pk=photo, activity=pk, activity__committee=request.committee)


@require_GET
def photo(request: HttpRequest, slug: str, pk: int, photo: int) -> HttpResponseBase:
    return serve(_photo(request, pk, photo).attachment, request)


@require_POST
def photo_remove(request: HttpRequest, slug: str, pk: int, photo: int) -> HttpResponse:
    actions.remove_photo(_photo(request, pk, photo), by=request.user)
    messages.success(request, _("照片已移除。"))
    return redirect("activities:photos", slug=slug, pk=pk)


@require_http_methods(["GET", "POST"])
def follow_ups(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    activity = seen_activity(request, pk)
    form = FollowUpForm() if organises(request.user, activity) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        form = FollowUpForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data

            def deed() -> None:
                actions.add_follow_up(activity, by=request.user, **data)

            if act(form, deed, request, _("已登记后续事项。")):
                return redirect("activities:follow_ups", slug=slug, pk=pk)
    rows = list(FollowUp.objects.filter(activity=activity))
    return page(request, "follow_ups", activity, "follow_ups", form=form, rows=rows)


@require_POST
def follow_up_deed(
    request: HttpRequest, slug: str, pk: int, follow_up: int, deed: str
) -> HttpResponse:
    """done, reopen or remove."""
    activity = seen_activity(request, pk)
    if not organises(request.user, activity):
        raise PermissionDenied
    row = get_object_or_404(FollowUp, pk=follow_up, activity=activity)
    row.activity = activity
    by = request.user
    if deed == "done":
        form = DoneForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.errors["done_on"][0])
        else:
            act(
                None,
                lambda: actions.finish_follow_up(row, by=by, on=form.said()),
                request,
                _("已登记完成。"),
            )
    elif deed == "reopen":
        act(None, lambda: actions.reopen_follow_up(row, by=by), request, _("已恢复为未完成。"))
    elif deed == "remove":
        act(None, lambda: actions.remove_follow_up(row, by=by), request, _("已删除。"))
    else:
        raise Http404
    return redirect("activities:follow_ups", slug=slug, pk=pk)
