"""The reception book: its lists, one entry, a new one, an amended one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from committees.files import store_image
from committees.keyset import page_of
from committees.list_tabs import keep_tab, tabs_over
from committees.models import Role
from committees.permissions import is_office
from notices.models import Notice
from workrooms import actions
from workrooms.actions.handling import tell_by
from workrooms.filters import ReceptionFilter
from workrooms.forms.receptions import ReceptionForm
from workrooms.models import (
    DutyShift,
    Reception,
    ReceptionPhoto,
    ReceptionWord,
    RoomMember,
    Workroom,
)
from workrooms.permissions import (
    can_handle,
    can_receive_in,
    can_take_over,
    can_write_gist,
    is_keeper,
    received_it,
)
from workrooms.reception_choices import choices_for
from workrooms.steps import receipt_steps
from workrooms.views.receipts import slip_page
from workrooms.views.reveals import revealed, sent

ORDER = ("-received_on", "-id")


def seen(request: HttpRequest) -> Any:
    return Reception.objects.in_committee(request.committee).visible_to(request.user)


def room_of(request: HttpRequest, pk: int, rows: Any = None) -> Any:
    """The room (of `rows`) with whether this person may enter there, and the bell's number."""
    user, committee = request.user, request.committee
    people = user.standing.scopes("member", "delegate", committee=committee)
    here = RoomMember.objects.present().filter(workroom=OuterRef("pk"), member__in=people)
    shifts = DutyShift.objects.published().filter(workroom=OuterRef("pk"), member__in=people)
    unread = Notice.objects.in_committee(committee).visible_to(user).unread()
    count = unread.order_by().values("recipient").annotate(n=Count("pk")).values("n")
    if rows is None:
        rows = Workroom.objects.in_committee(committee).visible_to(user).select_related("committee")
    room = get_object_or_404(
        rows.annotate(
            is_received_in=Q(Exists(here)) | Q(Exists(shifts)),
            unread=Coalesce(Subquery(count), 0),
        ),
        pk=pk,
    )
    request.unread_notices = room.unread
    return room


@never_cache
@require_GET
def receptions(request: HttpRequest, slug: str) -> HttpResponse:
    """Over all rooms: the office's list, the own ones of a member or keeper, the confidant's."""
    tabs = _tabs(request)
    if not tabs:
        raise PermissionDenied
    scope = next(tab["name"] for tab in tabs if tab["is_current"])
    rows, standing = seen(request), request.user.standing
    if scope == "mine":
        rows = rows.received_by(standing.scopes("member", "delegate", committee=request.committee))
    elif scope == "rooms":
        rows = rows.filter(workroom__in=standing.scopes("keeper", committee=request.committee))
    rows = rows.confided() if scope == "confided" else rows.exclude(nature=Reception.Nature.PERSON)
    found = ReceptionFilter(request.GET, queryset=rows.for_list(), request=request)
    page = page_of(found.qs, request, order=ORDER)
    keep_tab(found, "of", scope)
    context = {
        "page": page,
        "filter": found,
        "tabs": tabs if len(tabs) > 1 else [],
        "scope": scope,
        "shows_place": True,
        "is_filtered": bool(request.GET.keys() - {"of", "after", "before"}),
    }
    return render(request, "workrooms/receptions.html", context)


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    standing, committee = request.user.standing, request.committee
    labels = {
        "rooms": standing.has(committee, "keeper") and _("我的工作室"),
        "mine": standing.has(committee, "member", "delegate") and _("我接待的"),
        "all": is_office(request.user, committee) and _("全部"),
        "confided": standing.has(committee, Role.CONFIDANT) and _("专管事项"),
    }
    # The office begins with everything.
    ordered = dict(sorted(labels.items(), key=lambda row: row[0] != "all"))
    return tabs_over(request, ordered)


@never_cache
@require_GET
def book(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One room's book."""
    room = room_of(request, pk)
    may_enter = can_receive_in(request.user, room)
    if not may_enter:
        raise PermissionDenied
    rows = seen(request).filter(workroom=room).exclude(nature=Reception.Nature.PERSON).for_list()
    found = ReceptionFilter(request.GET, queryset=rows, request=request, is_of_room=True)
    page = page_of(found.qs, request, order=ORDER)
    context = {
        "room": room,
        "page": page,
        "filter": found,
        "may_enter": may_enter and room.closed_on is None,
        "sees_all": is_keeper(request.user, room) or is_office(request.user, request.committee),
        "is_filtered": bool(request.GET.keys() - {"after", "before"}),
    }
    return render(request, "workrooms/receptions.html", context)


@never_cache
@require_GET
def reception(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One entry: masked facts, what was said since, its steps, and what may be done now."""
    words = ReceptionWord.objects.select_related("by")
    photos = ReceptionPhoto.objects.select_related("attachment")
    rows = (
        seen(request)
        .with_steps()
        .prefetch_related("members", Prefetch("words", words), Prefetch("photos", photos))
    )
    beside = ("committee", "workroom", "liaison_group", "sector", "category", "theme", "unit")
    people = ("created_by", "disposed_by", "gist_by")
    row = get_object_or_404(rows.select_related(*beside, *people), pk=pk)
    user = request.user
    actions.mark_read(row, by=user)
    may_handle = can_handle(user, row)
    context = {
        "reception": row,
        "members": sorted(row.members.all(), key=lambda member: (member.name_key, member.pk)),
        "steps": receipt_steps(row),
        "may_handle": may_handle,
        "may_gist": may_handle and can_write_gist(user, row),
        "may_hand_over": can_take_over(user, row),
        "may_write": received_it(user, row, "member", "delegate") and not row.is_closed_to_others,
        "opinions": [] if row.is_closed_to_others else _reports(row, user),
        "shown": revealed(request, row) if may_handle else None,
        "tell_by": tell_by(row),
        "today": timezone.localdate(),
    }
    return render(request, "workrooms/reception.html", context)


def _reports(row: Any, user: Any) -> list[Any]:
    """Reports that began here and that this person may see; read through their related name."""
    return list(row.opinions.visible_to(user).order_by("-id")[:10])


@never_cache
@require_http_methods(["GET", "POST"])
def reception_new(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A new entry of a room, in under a minute: what was said is enough."""
    room = room_of(request, pk)
    if not can_receive_in(request.user, room):
        raise PermissionDenied
    day = timezone.localdate()
    choices = choices_for(request.user, request.committee, room, day)
    initial = {"received_on": day, "way": Reception.Way.IN_PERSON, "nature": "ordinary"}
    initial["members"] = choices.on_duty
    form = ReceptionForm(*sent(request), choices=choices, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and (saved := enter(request, form, workroom=room))
    ):
        return after_entry(request, form, saved, back=("workrooms:book", room.pk))
    context = {"form": form, "room": room}
    status = 422 if form.errors else 200
    return render(request, "workrooms/reception_form.html", context, status=status)


def enter(request: HttpRequest, form: ReceptionForm, **place: Any) -> Reception | None:
    """Register what the form says, photos with it; None where a rule refuses, told beside it."""
    given = form.cleaned_data
    try:
        with transaction.atomic():
            photos = [
                store_image(request.committee, upload, by=request.user)
                for upload in given.get("photos") or []
            ]
            return actions.receive(
                request.committee,
                by=request.user,
                members=given.get("members") or [],
                contacts=given.get("contacts") or [],
                photos=photos,
                **place,
                **form.facts,
            )
    except ValidationError as refused:
        form.add_error(None, refused)
    return None


def after_entry(
    request: HttpRequest, form: ReceptionForm, saved: Reception, *, back: tuple[str, Any]
) -> HttpResponse:
    """The entry, or its slip; of a report against a person only that it was passed on."""
    is_closed = saved.is_closed_to_others and not can_handle(request.user, saved)
    if form.cleaned_data.get("with_receipt"):
        number = actions.issue_receipt(saved, by=request.user)
        return slip_page(request, saved, number, is_closed=is_closed, back=back)
    slug = request.committee.slug
    if is_closed:
        messages.success(request, _("已转专管人员"))
        view, pk = back
        return redirect(view, slug, *([pk] if pk else []))
    messages.success(request, _("已登记，编号 %(label)s。") % {"label": saved.label})
    return redirect("workrooms:reception", slug=slug, pk=saved.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def reception_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = get_object_or_404(seen(request).select_related("committee", "workroom"), pk=pk)
    if not can_handle(request.user, row):
        raise PermissionDenied
    members = list(row.members.values_list("pk", flat=True))
    choices = choices_for(
        request.user, request.committee, row.workroom, row.received_on, others=members
    )
    initial: dict[str, Any] = {"members": members}
    for name in ("received_on", "way", "said", "community", "place"):
        initial[name] = getattr(row, name)
    for name in ("sector", "category", "theme"):
        initial[name] = getattr(row, f"{name}_id")
    form = ReceptionForm(sent(request)[0], choices=choices, reception=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            people = given.get("members")  # None where nobody was on offer
            actions.amend_reception(row, by=request.user, members=people, **form.facts)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("登记已更新。"))
            return redirect("workrooms:reception", slug=slug, pk=pk)
    context = {"form": form, "reception": row, "room": row.workroom}
    status = 422 if form.errors else 200
    return render(request, "workrooms/reception_form.html", context, status=status)
