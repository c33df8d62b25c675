"""The coverage boards: gaps of a period, the rows behind each figure, and offers of help."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from committees.dictionaries import rows_of
from committees.keyset import page_of
from committees.models import Role
from committees.row_ids import row_id
from contacts import actions
from contacts.coverage import GAPS, count_gaps, gaps_of, members_with_gaps, total, unread
from contacts.coverage_rows import Reader, behind
from contacts.forms.coverage import BoardForm
from contacts.models import Contact
from contacts.periods import Every, Period
from contacts.permissions import can_keep_targets, shown_name
from contacts.progress import Line, lines_of, members_short, own_progress
from contacts.scopes import LABELS, chosen, scopes_of
from members.models import Member
from sectors.models import Sector

FIRST_CONTACTS = 8  # named on the member's own board


@require_GET
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """What nobody reached in the period, for what this person follows."""
    reader = _reader(request)
    scope, period, today = reader.scope, reader.period, reader.today
    lines = lines_of(scope, period)
    found = count_gaps(scope, period, _along(reader, lines))
    request.unread_notices = found["unread"]
    context = _frame(request, reader) | {
        "figures": [_figure(gap, found, reader) for gap in gaps_of(scope)],
        "nothing": {key: gap.empty for key, gap in GAPS.items()},
        "occasions": found["names_occasions"],
        "sectors": found.get("names_sectors", []),
        "first": [_named(row, reader) for row in found.get("first", [])],
        "members_left": found.get("members_left"),
        "members_url": _rows_url(reader, "members"),
        "targets": [_told(line, found, place, reader) for place, line in enumerate(lines)],
        "people": own_progress(scope, lines) if scope.is_own and lines else [],
        "arrows": _arrows(reader),
        "form": _form(request, reader),
        "has_targets": bool(lines),
        "may_keep_targets": can_keep_targets(request.user, request.committee),
        "is_present": period.is_of(today),
    }
    return render(request, "contacts/coverage.html", context)


@require_GET
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows behind one figure (`?what=`), page by page."""
    reader = _reader(request)
    what = request.GET.get("what") or ("contacts" if reader.scope.names_contacts else "members")
    line = _line(request, reader) if what == "short" else None
    found = behind(what, reader, line)
    if found is None:
        raise Http404
    page = page_of(found.rows, request, order=found.order)
    title = line.label if line else _("尚有联系人未联系到的委员")
    gap = GAPS.get(what)
    context = _frame(request, reader) | {
        "page": page,
        "rows": [found.shown(row, reader) for row in page.rows],
        "title": gap.label if gap else title,
        "nothing": gap.empty if gap else _("没有需要列出的委员"),
        "board_url": f"{reader.url('coverage:board')}?{_query(reader)}",
        "told_of": (line.period if line else reader.period).label,
        "is_people": gap is None,
        "members_url": _rows_url(reader, "members") if what == "contacts" else "",
        "can_log": reader.scope.is_own,
    }
    return render(request, "contacts/coverage_rows.html", context)


@require_POST
def offer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One tap: tell a member that help is at hand; once a month, whoever taps."""
    seen = Member.objects.in_committee(request.committee).visible_to(request.user)
    member = get_object_or_404(seen.select_related("user", "committee"), pk=pk)
    try:
        actions.offer_help(member, by=request.user, on=timezone.localdate())
    except ValidationError as refused:
        messages.info(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已告知%(name)s委员，您愿提供协助。") % {"name": member.name})
    return redirect(_next(request))


def _next(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return reverse("coverage:board", args=[request.committee.slug])


def _reader(request: HttpRequest) -> Reader:
    """`?scope=`, `?period=` and `?sector=`, each as far as it can be read and is this person's."""
    scopes = scopes_of(request.user, request.committee)
    if not scopes:
        raise PermissionDenied
    today = timezone.localdate()
    places = {row.pk: row for row in rows_of(Sector, request.committee)}
    scope = chosen(scopes, request.GET.get("scope", ""))
    asked = row_id(request.GET.get("sector"))
    if not scope.is_own and asked in places:
        scope = scope.narrowed(places[asked])
    return Reader(request.user, scope, _period(request, today), today, places)


def _period(request: HttpRequest, today: datetime.date) -> Period:
    """The one asked for; the present quarter for what cannot be read or lies ahead."""
    present = Period.of(Every.QUARTER, today)
    try:
        asked = Period.parse(request.GET.get("period", ""))
    except ValueError:
        return present
    return asked if asked.starts_on <= today else Period.of(asked.every, today)


def _along(reader: Reader, lines: list[Line]) -> dict[str, Any]:
    """What a board reads in the statement of its figures."""
    scope, period = reader.scope, reader.period
    asked: dict[str, Any] = {"unread": unread(reader.user, scope.committee)}
    if scope.is_own:
        rows = GAPS["contacts"].rows(scope, period).visible_to(reader.user).order_by("-id")
        row = JSONObject(pk="pk", name="name", kind="kind", member_id="member", place="place")
        asked["first"] = ArraySubquery(rows.values(row=row)[:FIRST_CONTACTS])
        return asked
    asked["members_left"] = total(members_with_gaps(scope, period))
    asked |= {f"short_{n}": total(members_short(scope, line)) for n, line in enumerate(lines)}
    return asked


def _frame(request: HttpRequest, reader: Reader) -> dict[str, Any]:
    """What the board and its rows have in common."""
    scopes, here = scopes_of(request.user, request.committee), reader.url("coverage:board")
    tabs = [
        {
            "label": LABELS[one.key],
            "url": f"{here}?{urlencode({'scope': one.key, 'period': reader.period})}",
            "is_current": one.key == reader.scope.key,
        }
        for one in scopes
    ]
    return {
        "scope": reader.scope,
        "period": reader.period,
        "when": reader.period.in_words(reader.today),
        "today": reader.today,
        "tabs": tabs if len(tabs) > 1 else [],
    }


def _query(reader: Reader, **more: Any) -> str:
    asked = {"scope": reader.scope.key, "period": str(reader.period)}
    if reader.scope.sector:
        asked["sector"] = str(reader.scope.sector.pk)
    return urlencode(asked | more)


def _rows_url(reader: Reader, what: str, **more: Any) -> str:
    return f"{reader.url('coverage:rows')}?{_query(reader, what=what, **more)}"


def _figure(gap: Any, found: dict[str, Any], reader: Reader) -> dict[str, Any]:
    """A number that opens its rows: contacts open by member where single ones are not shown."""
    is_named = gap.key != "contacts" or reader.scope.names_contacts
    whole, unit = found[f"of_{gap.key}"], gap.unit
    return {
        "label": gap.label,
        "value": found[f"n_{gap.key}"],
        "note": _("共 %(whole)s %(unit)s") % {"whole": whole, "unit": unit},
        "url": _rows_url(reader, gap.key if is_named else "members"),
    }


def _told(line: Line, found: dict[str, Any], place: int, reader: Reader) -> dict[str, Any]:
    """A target as a group's board tells it: how many members are still on the way."""
    return {
        "label": line.label,
        "period": line.period.label,
        "count": found.get(f"short_{place}"),
        "url": _rows_url(reader, "short", line=line.key),
    }


def _line(request: HttpRequest, reader: Reader) -> Line | None:
    asked = request.GET.get("line", "")
    found = lines_of(reader.scope, reader.period)
    return next((line for line in found if line.key == asked), None)


def _named(row: dict[str, Any], reader: Reader) -> dict[str, Any]:
    contact = Contact(id=row["pk"], name=row["name"], kind=row["kind"], member_id=row["member_id"])
    return {
        "name": shown_name(reader.user, contact),
        "place": row["place"],
        "url": f"{reader.url('contacts:visit_write')}?with={row['pk']}",
    }


def _arrows(reader: Reader) -> dict[str, Any]:
    """Earlier and later, and the same moment told by month, quarter and year."""
    period, today, here = reader.period, reader.today, reader.url("coverage:board")

    def link(one: Period) -> str:
        asked = dict(pair.split("=") for pair in _query(reader).split("&"))
        return f"{here}?{urlencode(asked | {'period': str(one)})}"

    day = today if period.is_of(today) else period.last_day
    labels = {Every.MONTH: _("按月"), Every.QUARTER: _("按季度"), Every.YEAR: _("按年度")}
    return {
        "previous": link(period.previous),
        "next": link(period.next) if period.next.starts_on <= today else "",
        "lengths": [
            {
                "label": labels[every],
                "url": link(Period.of(every, day)),
                "is_current": every == period.every,
            }
            for every in Every
        ],
    }


def _form(request: HttpRequest, reader: Reader) -> BoardForm:
    scope, places = reader.scope, [row for row in reader.sectors.values() if row.is_active]
    offered = places if scope.key == "all" else []
    if scope.key == "commission":
        own = request.user.standing.scopes(Role.COMMISSION, committee=request.committee)
        offered = [row for row in places if row.commission_id in own]
    asked = {"scope": scope.key, "period": str(reader.period)}
    asked["sector"] = str(scope.sector.pk) if scope.sector else ""
    return BoardForm(initial=asked, period=reader.period, today=reader.today, sectors=offered)
