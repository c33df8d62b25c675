"""Reading pages of the activities: what is to come and what was, and one activity."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from activities.filters import ActivityFilter
from activities.models import Activity
from activities.permissions import can_plan_activities
from committees.keyset import Page, first_page, page_of
from committees.templatetags.portal import moment

NEXT_FIRST, LATEST_FIRST = ("starts_at", "id"), ("-starts_at", "-id")
AHEAD = 10  # coming activities on the first page; `?when=upcoming` walks through all
SIZE = 20
WECHAT = 300  # characters of a text for WeChat


def seen(request: HttpRequest) -> Any:
    rows = Activity.objects.in_committee(request.committee).visible_to(request.user)
    return rows.for_list()


def activities(request: HttpRequest, slug: str) -> HttpResponse:
    """Upcoming ones first, then those held; later pages and `?when=` show one of the two."""
    now = timezone.now()
    found = ActivityFilter(request.GET, queryset=seen(request), request=request)
    coming, over = found.qs.upcoming(now), found.qs.past(now)
    only = request.GET.get("when") == "upcoming" or bool(request.GET.keys() & {"after", "before"})
    ahead, held = Page([]), Page([])
    if not only:
        ahead, held = _both(coming, over, now)
    elif request.GET.get("when") == "upcoming":
        ahead = page_of(coming, request, order=NEXT_FIRST, size=SIZE)
    else:
        held = page_of(over, request, order=LATEST_FIRST, size=SIZE)
    context = {
        "ahead": ahead,
        "held": held,
        "page": ahead if only and ahead.rows else held,
        "has_more_ahead": not only and bool(ahead.next_cursor),
        "filter": found,
        "is_filtered": bool(request.GET.keys() - {"when", "after", "before"}),
        "may_plan": can_plan_activities(request.user, request.committee),
        "now": now,
    }
    return render(request, "activities/list.html", context)


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
    """One activity, to print and to send on."""
    row = get_object_or_404(seen(request), pk=pk)
    context = {
        "activity": row,
        "now": timezone.now(),
        "wechat": _for_wechat(row, request.build_absolute_uri()),
        "may_plan": can_plan_activities(request.user, request.committee),
    }
    return render(request, "activities/detail.html", context)


def _for_wechat(row: Activity, link: str) -> str:
    """Plain words of at most WECHAT characters: what, when, where, by whom, and the link."""
    with translation.override(settings.LANGUAGE_CODE):  # whoever reads it in the group
        lines = [row.title, _("时间：%(when)s") % {"when": when(row)}]
        if row.place:
            lines.append(_("地点：%(place)s") % {"place": row.place})
        lines.append(_("主办：%(host)s") % {"host": row.organiser})
    text = "\n".join(lines)[: WECHAT - len(link) - 1]
    return f"{text}\n{link}"


def when(row: Activity) -> str:
    """11月22日 14:30—16:30; over several days both are named."""
    if row.is_one_day:
        return f"{moment(row.starts_at)}—{timezone.localtime(row.ends_at):%H:%M}"
    return f"{moment(row.starts_at)}—{moment(row.ends_at)}"
