"""Reading pages of the activities: what is to come and what was, and one activity."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from activities import clashes
from activities.filters import ActivityFilter
from activities.models import Activity, Attendance, Enrolling, State, state_of
from activities.notices.enrolling import when
from activities.permissions import can_organise, can_plan_activities
from activities.views.enrolling import own_pks
from committees.keyset import Page, first_page, page_of
from members.models import Member

NEXT_FIRST, LATEST_FIRST = ("starts_at", "id"), ("-starts_at", "-id")
AHEAD = 10  # coming activities on the first page; `?when=upcoming` walks through all
SIZE = 20
MOST = 60  # names on an activity's page; the organiser's list has all
WECHAT = 300  # characters of a text for WeChat


def seen(request: HttpRequest) -> Any:
    rows = Activity.objects.in_committee(request.committee).visible_to(request.user)
    return rows.for_list()


def activities(request: HttpRequest, slug: str) -> HttpResponse:
    """Upcoming ones first, then those held; later pages and `?when=` show one of the two.

    `?of=mine` are those one is invited to, enrolled for or waiting for; `?of=drafts` the plans.
    """
    now, own = timezone.now(), own_pks(request.user, request.committee)
    may_plan = can_plan_activities(request.user, request.committee)
    of = request.GET.get("of", "")
    rows = seen(request).with_own(own)
    if of == "drafts" and may_plan:
        rows = rows.drafts()
    else:
        rows = rows.published().of_members(own) if of == "mine" else rows.published()
    found = ActivityFilter(request.GET, queryset=rows, request=request)
    context = _pages(request, found.qs, now) | {
        "filter": found,
        "is_filtered": bool(request.GET.keys() - {"when", "of", "after", "before"}),
        "may_plan": may_plan,
        "tabs": _tabs(of, has_own=bool(own), may_plan=may_plan),
        "of": of,
        "now": now,
    }
    for row in [*context["ahead"].rows, *context["held"].rows]:
        dress(row, names_them=len(own) > 1)
    return render(request, "activities/list.html", context)


def _pages(request: HttpRequest, rows: Any, now: datetime.datetime) -> dict[str, Any]:
    coming, over = rows.upcoming(now), rows.past(now)
    only = request.GET.get("when") == "upcoming" or bool(request.GET.keys() & {"after", "before"})
    ahead, held = Page([]), Page([])
    if not only:
        ahead, held = _both(coming, over, now)
    elif request.GET.get("when") == "upcoming":
        ahead = page_of(coming, request, order=NEXT_FIRST, size=SIZE)
    else:
        held = page_of(over, request, order=LATEST_FIRST, size=SIZE)
    page = ahead if only and ahead.rows else held
    has_more = not only and bool(ahead.next_cursor)
    return {"ahead": ahead, "held": held, "page": page, "has_more_ahead": has_more}


def _tabs(of: str, *, has_own: bool, may_plan: bool) -> list[dict[str, Any]]:
    """全部 · 我的 · 草稿, as far as this person has them; one alone is no tab."""
    labels = {"": _("全部活动")}
    labels |= {"mine": _("我的活动")} if has_own else {}
    labels |= {"drafts": _("草稿")} if may_plan else {}
    tabs = [
        {"label": label, "url": f"?of={key}" if key else "?", "is_current": key == of}
        for key, label in labels.items()
    ]
    return tabs if len(tabs) > 1 else []


def dress(row: Any, *, names_them: bool) -> None:
    """`own_states`: `(member's name where it matters, state or what was noted afterwards)`."""
    row.own_states = [(one["name"] if names_them else "", _word(one)) for one in row.own or []]


def _word(one: dict[str, Any]) -> Attendance | State:
    return Attendance(one["attendance"]) if one["attendance"] else state_of(one)


def _both(coming: Any, over: Any, now: datetime.datetime) -> tuple[Page, Page]:
    """The next few and the first page of those held, in one statement."""
    rows = list(coming[: AHEAD + 1].union(over[: SIZE + 1], all=True))
    held = [row for row in rows if row.is_over(now)]
    ahead = [row for row in rows if not row.is_over(now)]
    ahead.sort(key=lambda row: (row.starts_at, row.pk))
    held.sort(key=lambda row: (row.starts_at, row.pk), reverse=True)
    return (
        first_page(ahead, order=NEXT_FIRST, size=AHEAD),
        first_page(held, order=LATEST_FIRST, size=SIZE),
    )


def activity(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One activity, to answer, to print and to send on; its organiser manages it from here."""
    own = own_pks(request.user, request.committee)
    rows = seen(request).with_own(own).with_counts().with_people(MOST)
    rows = rows.select_related("series")
    row = get_object_or_404(rows, pk=pk)
    hosts = list(row.co_hosts.select_related("sector", "commission", "workroom"))
    sectors = {host.sector_id for host in hosts if host.sector_id} | {row.sector_id} - {None}
    may_organise, now = can_organise(request.user, row), timezone.now()
    context = {
        "activity": row,
        "now": now,
        "co_hosts": hosts,
        "is_cross_sector": len(sectors) > 1,
        "panels": _panels(request, row, own, now),
        "may_plan": may_organise,
        "clashes": clashes.of_list(row, now) if may_organise else [],
        "has_begun": timezone.localdate(row.starts_at) <= timezone.localdate(),
        "wechat": _for_wechat(row, request.build_absolute_uri()),
    }
    return render(request, "activities/detail.html", context)


def _panels(
    request: HttpRequest, row: Any, own: set[int], now: datetime.datetime
) -> list[dict[str, Any]]:
    """What this person may answer, for each of the members this person is or enters for."""
    if not own or not row.is_on or row.ends_at <= now:
        return []
    states = {one["member"]: state_of(one) for one in row.own or []}
    invited = {one["member"] for one in row.own or [] if one["invited_at"]}
    members = Member.objects.filter(pk__in=own).in_stroke_order()
    panels = []
    for member in members:
        state = states.get(member.pk)
        panel = _may(row, state, member.pk in invited, now) | {
            "member": member,
            "id_suffix": str(member.pk),
            "is_self": member.user_id == request.user.pk,
            "state": state,
        }
        if state or panel["may_enrol"]:
            panels.append(panel)
    found = clashes.of_own(row, [panel["member"].pk for panel in panels])
    for panel in panels:
        panel["clashes"] = found.get(panel["member"].pk, [])
    return sorted(panels, key=lambda panel: not panel["is_self"])


def _may(row: Activity, state: Any, is_invited: bool, now: datetime.datetime) -> dict[str, bool]:
    """Which of the three buttons stand there; the actions decide."""
    is_ahead, is_held = row.starts_at > now, state in (State.ENROLLED, State.WAITING)
    on_leave = state in (State.LEAVE_ASKED, State.ON_LEAVE)
    is_wanted = row.enrolment == Enrolling.OPEN or is_invited
    is_summoned = row.enrolment != Enrolling.OPEN and is_invited
    return {
        "may_enrol": row.is_open(now) and is_wanted and not is_held and not on_leave,
        "may_return": on_leave and is_ahead,
        "may_give_up": is_ahead
        and state in (State.ENROLLED, State.WAITING, State.INVITED)
        and (not is_summoned or state == State.WAITING),
        "may_ask_leave": state in (State.ENROLLED, State.INVITED),
    }


def _for_wechat(row: Activity, link: str) -> str:
    """Plain words of at most WECHAT characters: what, when, where, by whom, and the link."""
    with translation.override(settings.LANGUAGE_CODE):  # whoever reads it in the group
        lines = [row.title, _("时间：%(when)s") % {"when": when(row)}]
        if row.place:
            lines.append(_("地点：%(place)s") % {"place": row.place})
        lines.append(_("主办：%(host)s") % {"host": row.organiser})
    text = "\n".join(lines)[: WECHAT - len(link) - 1]
    return f"{text}\n{link}"
