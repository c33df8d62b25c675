"""Editing a room's page: its particulars, and its photos."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.actions import discard_draft
from committees.files import serve
from committees.models import Draft
from workrooms import actions
from workrooms.forms.rooms import PhotoForm, PhotoWordsForm, RoomForm, RoomPageForm, posted, tell
from workrooms.models import RoomPhoto, Workroom
from workrooms.permissions import can_edit_room_page, can_keep_rooms


def seen_room(request: HttpRequest, pk: int) -> Workroom:
    """The room with what a form shows of it; 404 where it is not there for this person."""
    rows = Workroom.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.select_related("committee", "sector", "street_group"), pk=pk)


def edited_room(request: HttpRequest, pk: int) -> Workroom:
    """`seen_room`, and 403 for whoever may only read it; a closed one is the office's alone."""
    room = seen_room(request, pk)
    may_keep = can_keep_rooms(request.user, room.committee)
    if not may_keep and (room.closed_on or not can_edit_room_page(request.user, room)):
        raise PermissionDenied
    return room


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The keeper's part of the page, or all of it for the office."""
    room = edited_room(request, pk)
    is_whole = can_keep_rooms(request.user, room.committee)
    shape: Any = RoomForm if is_whole else RoomPageForm
    more: dict[str, Any] = {"committee": room.committee, "room": room} if is_whole else {}
    key = f"workrooms.edit:{pk}"
    draft = _draft(request, key) if request.method == "GET" else None
    typed = {
        name: value
        for name, value in (draft.content if draft else {}).items()
        if name in shape.base_fields and isinstance(value, str)
    }
    form = shape(posted(request), initial=shape.initial_of(room) | typed, **more)
    if request.method == "POST" and form.is_valid():
        try:
            actions.amend_workroom(room, by=request.user, **form.particulars)
        except ValidationError as refused:
            tell(form, refused)
        else:
            discard_draft(key, by=request.user, committee=room.committee)
            messages.success(request, _("已保存。"), extra_tags=f"draft-done:{key}")
            return redirect("workrooms:detail", slug=slug, pk=pk)
    status = 422 if form.errors else 200
    context = {"room": room, "form": form, "is_whole": is_whole, "draft": draft, "draft_key": key}
    return render(request, "workrooms/edit.html", context, status=status)


def _draft(request: Any, key: str) -> Draft | None:
    rows = Draft.objects.filter(user=request.user, committee=request.committee)
    return rows.filter(form=key).first()


@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The room's photos in order, and one more."""
    room = edited_room(request, pk)
    form = PhotoForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = {"caption": data["caption"], "consent": data["consent"]}
        try:
            actions.add_photo(room, data["photo"], by=request.user, **told)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, _("照片已上传。"))
            return redirect("workrooms:photos", slug=slug, pk=pk)
    return _photos_page(request, room, form)


def _photos_page(
    request: HttpRequest, room: Workroom, form: PhotoForm, broken: Any = None
) -> HttpResponse:
    """`broken`: the form of one photo's words that came back, kept as it was typed."""
    rows = list(room.photos.order_by("position", "id"))
    for row in rows:
        told = {"caption": row.caption, "consent": row.consent}
        row.form = PhotoWordsForm(initial=told, prefix=f"p{row.pk}")
        if broken is not None and broken.prefix == row.form.prefix:
            row.form = broken
    status = 422 if form.errors or broken is not None else 200
    context = {"room": room, "form": form, "photos": rows, "most": actions.MOST_PHOTOS}
    return render(request, "workrooms/photos.html", context, status=status)


@require_GET
def photo(request: HttpRequest, slug: str, pk: int, photo: int) -> HttpResponseBase:
    """The photo's file, for whoever sees the room."""
    rows = RoomPhoto.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.select_related("attachment__committee")
    return serve(get_object_or_404(rows, pk=photo, workroom=pk).attachment, request)


@require_POST
def photo_amend(request: HttpRequest, slug: str, pk: int, photo: int) -> HttpResponse:
    """`deed`: save its words, one place earlier or later, or take it down."""
    room = edited_room(request, pk)
    row = get_object_or_404(room.photos.all(), pk=photo)
    row.workroom = room
    deed = request.POST.get("deed") or request.GET.get("deed", "save")
    if deed == "remove":
        actions.remove_photo(row, by=request.user)
        messages.success(request, _("照片已移除。"))
    elif deed in ("earlier", "later"):
        actions.move_photo(row, towards=-1 if deed == "earlier" else 1, by=request.user)
    elif deed == "save":
        form = PhotoWordsForm(request.POST, prefix=f"p{row.pk}")
        if not _words_saved(request, row, form):
            return _photos_page(request, room, PhotoForm(), form)
        messages.success(request, _("已保存。"))
    else:
        raise Http404
    return redirect("workrooms:photos", slug=slug, pk=pk)


def _words_saved(request: HttpRequest, row: RoomPhoto, form: PhotoWordsForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.amend_photo(row, by=request.user, **form.cleaned_data)
    except ValidationError as refused:
        tell(form, refused)
        return False
    return True
