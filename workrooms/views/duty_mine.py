"""我的值班: the own duties and requests, leave, wishes, and calendar feeds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.models import Committee
from committees.row_ids import row_id
from members.models import Member
from sectors.models import Sector
from workrooms import actions
from workrooms.forms.duty import LeaveForm, WishForm
from workrooms.models import CalendarFeed, DutyLeave, DutySwap, DutyWish, RoomMember, Workroom
from workrooms.permissions import can_plan_duty
from workrooms.views.duty import room_of, shifts_of
from workrooms.views.duty_rules import members_of

MOST = 30


def own_members(request: HttpRequest) -> set[int]:
    return request.user.standing.scopes("member", "delegate", committee=request.committee)


def people_for(request: HttpRequest) -> list[Member]:
    """Whose leave this person takes down: of a `?room=` that one plans, the own, of kept rooms."""
    user, committee = request.user, request.committee
    rows = Member.objects.in_committee(committee).visible_to(user)
    room = _room_asked(request)
    if room is not None and can_plan_duty(user, room):
        return list(members_of(room))
    pks = set(own_members(request))
    kept = user.standing.scopes("keeper", committee=committee)
    if kept:
        here = RoomMember.objects.present().filter(workroom__in=kept, member__isnull=False)
        pks |= set(here.values_list("member", flat=True))
    return list(rows.filter(pk__in=pks).in_stroke_order()) if pks else []


@require_GET
def mine(request: HttpRequest, slug: str) -> HttpResponse:
    """Duties ahead, what colleagues ask, what I asked."""
    user, own, today = request.user, own_members(request), timezone.localdate()
    shifts = shifts_of(request).of_members(own).published().from_today().for_list()[:MOST]
    waiting = DutySwap.objects.in_committee(request.committee).visible_to(user).waiting()
    context = {
        "shifts": list(shifts),
        "today": today,
        "asked_of_me": list(waiting.for_members(own).for_list()[:MOST]) if own else [],
        "asked_by_me": list(waiting.filter(shift__member__in=own).for_list()[:MOST]),
        "is_for_others": len(own) > 1,
        "is_member": bool(own),
    }
    return render(request, "workrooms/duty_mine.html", context)


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """请假与值班意愿: `what=leave` or `what=wish` says which of the two forms was sent."""
    people = people_for(request)
    if not people:
        return _nobody(request, slug)
    own = own_members(request)
    may_exempt = any(person.pk not in own for person in people)
    what = request.POST.get("what") if request.method == "POST" else None
    leave_form = LeaveForm(
        request.POST if what == "leave" else None, people=people, may_exempt=may_exempt
    )
    wish_form = WishForm(request.POST if what == "wish" else None, people=people)
    form, verb = (
        (leave_form, actions.add_duty_leave)
        if what == "leave"
        else (wish_form, actions.add_duty_wish)
    )
    if what and form.is_valid() and _saved(request, form, verb):
        return redirect(request.get_full_path())
    members = [person.pk for person in people]
    leaves = DutyLeave.objects.visible_to(request.user).filter(member__in=members)
    wishes = DutyWish.objects.visible_to(request.user).filter(member__in=members).ahead()
    still = leaves.exclude(span__fully_lt=(timezone.localdate(), None)).exclude(span__isempty=True)
    context = {
        "leave_form": leave_form,
        "wish_form": wish_form,
        "leaves": list(still.select_related("member")[:100]),
        "wishes": list(wishes.select_related("member")[:100]),
        "names_people": len(people) > 1,
        "taken_down_for": people[0] if people[0].pk not in own and len(people) == 1 else None,
    }
    status = 422 if what else 200
    return render(request, "workrooms/duty_leave.html", context, status=status)


def _nobody(request: HttpRequest, slug: str) -> HttpResponse:
    """A room without members leads back to its roster; anybody else has no business here."""
    room = _room_asked(request)
    if room is None or not can_plan_duty(request.user, room):
        raise PermissionDenied
    messages.info(request, _("该工作室还没有委员。"))
    return redirect("workrooms:duty", slug=slug, pk=room.pk)


def _saved(request: HttpRequest, form: Any, verb: Any) -> bool:
    data = dict(form.cleaned_data)
    try:
        verb(data.pop("member"), by=request.user, **data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    messages.success(request, _("已登记，重新排班时生效。"))
    return True


def _to_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Back to the people whose leave was shown."""
    url = reverse("workrooms:duty_leave", args=[slug])
    asked = request.GET.urlencode()
    return redirect(f"{url}?{asked}" if asked else url)


@require_POST
def leave_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    seen = DutyLeave.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(seen.select_related("member__committee"), pk=pk)
    actions.remove_duty_leave(row, by=request.user)
    messages.success(request, _("已取消。"))
    return _to_leave(request, slug)


@require_POST
def wish_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    seen = DutyWish.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(seen.select_related("member__committee"), pk=pk)
    actions.remove_duty_wish(row, by=request.user)
    messages.success(request, _("已取消。"))
    return _to_leave(request, slug)


@never_cache
@require_http_methods(["GET", "POST"])
def feeds(request: HttpRequest, slug: str) -> HttpResponse:
    """日历订阅: make an address, shown this once, or stop one.

    `?room=` for a room's, `?sector=` for a sector's, `?all=1` for the committee's, else the own.
    """
    room, sector, address = _room_asked(request), _sector_asked(request), ""
    is_whole = request.GET.get("all") == "1" and room is None and sector is None
    if request.method == "POST":
        committee: Committee = request.committee
        try:
            _feed, token = actions.make_feed(
                committee,
                by=request.user,
                workroom=room,
                sector=None if room else sector,
                is_of_committee=is_whole,
            )
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            address = request.build_absolute_uri(f"/cal/{token}.ics")
    rows = CalendarFeed.objects.in_committee(request.committee).visible_to(request.user)
    rows = rows.filter(revoked_at=None).select_related("workroom", "sector")
    context: dict[str, Any] = {"feeds": list(rows[:50]), "address": address, "room": room}
    context |= {"sector": None if room else sector, "is_whole": is_whole}
    return render(request, "workrooms/feeds.html", context)


def _room_asked(request: HttpRequest) -> Workroom | None:
    asked = row_id(request.GET.get("room"))
    return None if asked is None else room_of(request, asked)


def _sector_asked(request: HttpRequest) -> Sector | None:
    asked = row_id(request.GET.get("sector"))
    if asked is None:
        return None
    rows = Sector.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows, pk=asked)


@require_POST
def feed_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    seen = CalendarFeed.objects.in_committee(request.committee).visible_to(request.user)
    feed = get_object_or_404(seen.select_related("committee"), pk=pk)
    actions.revoke_feed(feed, by=request.user)
    messages.success(request, _("已停用，原地址不再更新。"))
    return redirect("workrooms:feeds", slug=slug)
