"""What leavers hold (交接): all of them, by sector, one's form; the transfers, taken back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.keyset import page_of
from committees.models import Committee
from committees.row_ids import row_id, row_ids
from members.models import Membership
from sectors.handover import actions, transferring
from sectors.handover.forms import LeaverForm, SectorForm, TakerForm
from sectors.handover.holdings import Held, by_kind, held_by, holdings
from sectors.handover.turning import last_day
from sectors.handover.views.preparing import mine
from sectors.models import Handover, Seat, Sector, Transfer
from sectors.permissions import can_hand_over

SHOWN_NAMES = 50
SHOWN_TRANSFERS = 200


@require_http_methods(["GET", "POST"])
def leavers(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Every leaver with what is not handed over yet (未交接); in bulk for a sector."""
    row = mine(request, pk)
    may_act = can_hand_over(request.user, request.committee) and row.is_opened
    if request.method == "POST" and not may_act:
        raise PermissionDenied
    people, asked = _leavers(row), request.GET.get("sector", "")
    tabs, sector = _tabs(people, request.committee, asked)
    here = [one for one in people if not asked or str(one.seat or 0) == asked]
    held = [one for one in held_by(row, [one.member_id for one in here]) if one.holding.is_open]
    form = _sector_form(request, row, held) if may_act and asked and here else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _handed(request, row, here, form):
            return redirect(request.get_full_path())
    context = {
        "handover": row, "tabs": tabs, "sector": sector, "form": form, "may_act": may_act,
        "rows": _counted(here, held), "open": len(held),
        "names": _names(row, asked) if form else [],
        "may_read": can_hand_over(request.user, request.committee),
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "sectors/handover/leavers.html", context, status=status)


@require_http_methods(["GET", "POST"])
def leaver(request: HttpRequest, slug: str, pk: int, member: int) -> HttpResponse:
    """One leaver: what is still held, to whom each of it goes, and what was handed over."""
    row = mine(request, pk)
    if not can_hand_over(request.user, request.committee):
        raise PermissionDenied
    person = next((one for one in _leavers(row) if one.member_id == member), None)
    if person is None:
        raise Http404
    held = held_by(row, [member])
    data = request.POST if request.method == "POST" else None
    form = LeaverForm(data, held=held, committee=request.committee, on=_day(row))
    form.waits = _day(row) > timezone.localdate()
    if request.method == "POST":
        if not row.is_opened:
            form.add_error(None, _("新一届登记后才能移交。"))
        elif form.is_valid() and _handed(request, row, [person], form):
            return redirect(request.get_full_path())
    done = _shown_transfers(Transfer.objects.filter(handover=row, member=member))
    context = {
        "handover": row, "person": person, "form": form,
        "staying": by_kind((one for one in held if one.holding.stays), slug),
        "ending": [one for one in held if one.holding.ends],
        "done": _told(done[:SHOWN_TRANSFERS]), "may_act": row.is_opened,
        "names": _names(row, str(person.seat or "")),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "sectors/handover/leaver.html", context, status=status)


@require_GET
def transfers(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """All that was handed over or agreed, newest first; some of it is taken back together."""
    row = mine(request, pk)
    if not can_hand_over(request.user, request.committee):
        raise PermissionDenied
    rows = _shown_transfers(Transfer.objects.filter(handover=row)).select_related("member")
    wanted = request.GET.get("state", "")
    narrowed = {
        "planned": rows.live().filter(done_at=None),
        "done": rows.live().exclude(done_at=None),
        "undone": rows.exclude(undone_at=None),
    }.get(wanted, rows)
    tabs = [
        ("", _("全部")),
        ("planned", _("待生效")),
        ("done", _("已移交")),
        ("undone", pgettext("transfer", "已撤销")),
    ]
    page = page_of(narrowed, request, order=("-id",), size=SHOWN_NAMES)
    context = {
        "handover": row, "page": page, "done": _told(page.rows), "may_act": row.is_opened,
        "tabs": [
            {"label": label, "url": f"?state={name}" if name else "?", "is_current": name == wanted}
            for name, label in tabs
        ],
    }  # fmt: skip
    return render(request, "sectors/handover/transfers.html", context)


@require_POST
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Undo one transfer (`only`) or the ticked ones; back to the page it was asked on."""
    row = mine(request, pk)
    if not can_hand_over(request.user, request.committee):
        raise PermissionDenied
    asked = request.POST.getlist("only") or request.POST.getlist("transfers")
    try:
        done = transferring.take_back(row, row_ids(asked), by=request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        said = ngettext("已撤销交接 %(number)s 项。", "已撤销交接 %(number)s 项。", len(done))
        messages.success(request, said % {"number": len(done)})
    member = row_id(request.POST.get("member", ""))
    if member and actions.leavers_of(row).filter(member=member).exists():
        return redirect("sectors:handover_leaver", slug=slug, pk=pk, member=member)
    return redirect("sectors:handover_transfers", slug=slug, pk=pk)


def _shown_transfers(rows: Any) -> Any:
    return rows.select_related("to_member", "by", "undone_by").defer("images")


def _told(rows: Any) -> list[dict[str, Any]]:
    labels = {one.name: one.label for one in holdings()}
    return [{"row": one, "label": labels.get(one.kind, one.kind)} for one in rows]


def _day(row: Handover) -> Any:
    return max(row.on_date, timezone.localdate())


def _leavers(row: Handover) -> list[Any]:
    """Memberships with `member` and `seat`, the sector (id) of the old term's last day."""
    if not (row.is_opened or row.is_draft):
        return []
    held = Seat.objects.filter(membership=OuterRef("pk")).on(last_day(row)).values("sector")[:1]
    rows: Any = actions.leavers_of(row).select_related("member").annotate(seat=Subquery(held))
    return list(rows.order_by("member__name_key", "member_id"))


def _tabs(
    people: list[Any], committee: Committee, asked: str
) -> tuple[list[dict[str, Any]], Sector | None]:
    """A tab for each sector that somebody leaves, and the one asked for."""
    count = Counter(one.seat or 0 for one in people)
    sectors = [one for one in Sector.objects.in_committee(committee) if one.pk in count]
    tabs = [{"label": _("全部"), "url": "?", "is_current": not asked, "count": len(people)}]
    tabs += [
        {
            "label": one.title,
            "url": f"?sector={one.pk}",
            "is_current": str(one.pk) == asked,
            "count": count[one.pk],
        }
        for one in sectors
    ]
    return tabs, next((one for one in sectors if str(one.pk) == asked), None)


def _counted(people: list[Any], held: list[Held]) -> list[dict[str, Any]]:
    """Each leaver with `(label, number)` of what is open."""
    counts: dict[int, Counter[Any]] = {}
    for one in held:
        counts.setdefault(one.member_id, Counter())[one.holding.name] += 1
    labels = {one.holding.name: one.holding.label for one in held}
    return [
        {
            "member": one.member,
            "open": [
                (labels[name], number) for name, number in counts.get(one.member_id, {}).items()
            ],
            "number": sum(counts.get(one.member_id, {}).values()),
        }
        for one in people
    ]


def _sector_form(request: HttpRequest, row: Handover, held: list[Held]) -> SectorForm | None:
    kinds = {one.holding.name: one.holding for one in held}
    if not kinds:
        return None
    data = request.POST if request.method == "POST" else None
    return SectorForm(data, kinds=list(kinds.values()), committee=request.committee, on=_day(row))


def _handed(request: HttpRequest, row: Handover, people: list[Any], form: TakerForm) -> bool:
    ids, picks = [one.member_id for one in people], form.picks  # type: ignore[attr-defined]
    try:
        done = transferring.hand_over(row, ids, picks, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        form.add_error(None, ValidationError(refused.messages))
        return False
    waiting = sum(one.done_at is None for one in done)
    said = ngettext("已移交 %(number)s 项。", "已移交 %(number)s 项。", len(done) - waiting)
    if len(done) > waiting:
        messages.success(request, said % {"number": len(done) - waiting})
    if waiting:
        said = ngettext(
            "已约定移交 %(number)s 项，%(day)s起生效。",
            "已约定移交 %(number)s 项，%(day)s起生效。",
            waiting,
        )
        messages.success(request, said % {"number": waiting, "day": row.on_date})
    return True


def _names(row: Handover, sector: str) -> list[str]:
    """Names to choose from: of the same sector in the new term, else of the whole."""
    if not row.is_opened:
        return []
    rows = Membership.objects.filter(term=row.new_term_id).on(_day(row))
    if asked := row_id(sector):
        rows = rows.filter(seats__sector=asked)
    names = rows.order_by("member__name_key", "member_id").values_list("member__name", flat=True)
    return list(names[:SHOWN_NAMES])
