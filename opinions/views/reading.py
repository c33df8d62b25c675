"""Reading reports: the list, the review desk, one report, the register of issues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import rows_of
from committees.list_tabs import keep_tab, tabs_over
from committees.models import Role, User, Workday
from committees.permissions import is_office
from committees.workdays import Calendar
from opinions.bodies import bodies_of
from opinions.filters import OpinionFilter
from opinions.handling import next_step
from opinions.models import Adoption, Manuscript, Opinion, Status, with_files
from opinions.permissions import (
    can_read_edited,
    can_read_register,
    can_register,
    can_review,
    is_author,
    is_editor,
    is_in_office,
)
from opinions.permissions.outcomes import can_sign_in
from opinions.permissions.proposals import is_kept_elsewhere
from opinions.permissions.referrals import can_refer
from opinions.timeline import REACHED, WAY, events_of
from opinions.views.saved_filters import saved_context
from opinions.views.submitters import questions_for
from opinions.views.tabs import tabs_of
from opinions.views.writing import changes, files_of
from opinions.workflow import MOVES, available_moves
from workrooms.permissions import can_report

QUEUES = [Status.RECEIVED, Status.EDITING, Status.CHECKING, Status.SIGNING, Status.WITH_CONVENOR]
OWN_QUEUE = {Role.SIGNER: Status.SIGNING, Role.CHECKER: Status.CHECKING}
LATE_AFTER = 2  # working days in one status
SENDING = ("submit", "resubmit")
NOT_ON_THE_DESK = ["status", "received_after", "received_before"]
NOT_ON_THE_DESK += ["level", "unit", "reply_class", "overdue"]  # of what is issued
BESIDE = ["category", "theme", "issue", "visit", "reception"]
BESIDE += ["created_by", "on_behalf_of", "editor"]
MAIN_MOVES = {*SENDING, "recommend", "take_up", "send_to_check", "checked", "sign", "reopen"}
ASKED_ON_A_PAGE = {*SENDING, "merge"}
EXTRAS = {"send_to_check": "opinions/_for_superior.html"}


@dataclass(frozen=True, slots=True)
class Button:
    """A move as it stands on a page: `url` is its own page, where the form posts to as well."""

    name: str
    label: Any
    question: Any
    url: str
    tone: str
    note_label: Any
    needs_note: bool
    is_page: bool
    extra: str = ""


def buttons_of(opinion: Opinion, request: HttpRequest) -> list[Button]:
    made = []
    for name in available_moves(opinion, request.user):
        rule = MOVES[name]
        place = [request.committee.slug, opinion.pk, name]
        main = "primary" if name in MAIN_MOVES else "light"
        made.append(
            Button(
                name=name,
                label=rule.label,
                question=rule.question,
                url=reverse("opinions:move", args=place),
                tone="danger" if name == "go_offline" else main,
                note_label=_("意见") if rule.takes_note or rule.needs_note else "",
                needs_note=rule.needs_note,
                # What becomes of the visit it started from is asked on the move's own page.
                is_page=name in ASKED_ON_A_PAGE
                or (name == "go_offline" and bool(opinion.visit_id)),
                extra=EXTRAS.get(name, ""),
            )
        )
    return made


def opinions(request: HttpRequest, slug: str) -> HttpResponse:
    """我的社情民意, the sector's reports, or all that this person may see."""
    user, committee = request.user, request.committee
    seen, tabs, scope = listed(request)
    found = OpinionFilter(request.GET, queryset=seen, request=request)
    page = found.page(request)
    keep_tab(found, "of", scope)
    for row in page.rows:
        row.reached = REACHED.get(row.status)
        row.asked_mine = bool(questions_for(row, user))
    context = {
        "page": page,
        "filter": found,
        "tabs": tabs,
        "scope": scope,
        "way": WAY,
        "may_write": bool(user.standing.scopes("member", "delegate", committee=committee))
        or bool(bodies_of(user, committee)),
        "may_register": can_register(user, committee),
        "may_review": can_review(user, committee),
        "may_read_register": can_read_register(user, committee),
    }
    return render(request, "opinions/list.html", context | saved_context(request))


def listed(request: HttpRequest) -> tuple[Any, list[dict[str, Any]], str]:
    """The rows of the tab that is open (`?of=`), the tabs, and the name of this one."""
    user, committee = request.user, request.committee
    seen = Opinion.objects.in_committee(committee).visible_to(user).for_list()
    tabs = _tabs(request)
    scope = next(tab["name"] for tab in tabs if tab["is_current"])
    if scope == "mine":
        seen = seen.concerning(user.standing.scopes("member", "delegate", committee=committee))
    elif scope == "sector":
        seen = seen.filter(sector__in=user.standing.scopes("convenor", committee=committee))
    return seen, tabs, scope


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    standing, committee = request.user.standing, request.committee
    office = standing.has(committee, Role.LEADER, Role.COMMISSION) or is_office(
        request.user, committee
    )
    names = {
        "all": office and _("全部"),
        "mine": (standing.scopes("member", "delegate", committee=committee) or not office)
        and _("我的社情民意"),
        "sector": standing.scopes("convenor", committee=committee) and _("本界别"),
    }
    return tabs_over(request, names)


def review(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits, the longest first: for a convenor the own sector's, for the office by queue."""
    user, committee = request.user, request.committee
    if not can_review(user, committee):
        raise PermissionDenied
    seen = Opinion.objects.in_committee(committee).visible_to(user).for_list()
    is_mine = False
    if is_office(user, committee):
        tabs, queue = _queues(request)
        seen = seen.filter(status=queue)
        is_mine = queue == Status.EDITING and request.GET.get("mine") == "1"
        if is_mine:
            seen = seen.filter(editor=user)
    else:
        tabs, queue = [], Status.WITH_CONVENOR
        seen = seen.awaiting_review().reviewed_by(user)
    found = OpinionFilter(request.GET, queryset=seen, request=request)
    for name in NOT_ON_THE_DESK:
        found.form.fields.pop(name, None)
    page = found.page(request, order=("-is_urgent", "waiting_since", "id"))
    keep_tab(found, "queue", queue)
    if is_mine:
        keep_tab(found, "mine", "1")
    calendar = Calendar({row.day: row.is_working for row in rows_of(Workday, committee)})
    today = timezone.localdate()
    for row in page.rows:
        row.age = calendar.between(timezone.localdate(row.waiting_since), today)
        row.is_late = row.age >= LATE_AFTER
    context = {
        "page": page,
        "filter": found,
        "tabs": tabs,
        "queue": queue,
        "is_mine": is_mine,
        "has_own": queue == Status.EDITING and bool(tabs),
        "may_sign_together": queue == Status.SIGNING and can_sign_in(user, committee),
    }
    return render(request, "opinions/review.html", context)


def _queues(request: HttpRequest) -> tuple[list[dict[str, Any]], str]:
    """The office's tabs; whoever checks or signs finds the own queue open."""
    held = (queue for role, queue in OWN_QUEUE.items() if _holds(request, role))
    asked = request.GET.get("queue", "")
    queue = asked if asked in QUEUES else next(held, Status.RECEIVED)
    tabs = [
        {"label": status.label, "url": f"?queue={status.value}", "is_current": status == queue}
        for status in QUEUES
    ]
    return tabs, queue


def _holds(request: HttpRequest, role: str) -> bool:
    standing, committee = request.user.standing, request.committee
    return standing.has(committee, role) and not standing.has(committee, Role.CLERK, Role.EDITOR)


def opinion(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One report: its texts, what became of it, and what may be done now.

    The review desk asks for the same without its frame, to show it beside the list.
    """
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    asked = with_files(rows.for_moves().with_what_was_asked().with_seconders())
    row = get_object_or_404(asked.select_related(*BESIDE), pk=pk)
    texts = {text.kind: text for text in row.manuscripts.current()}
    original = texts.get(Manuscript.Kind.ORIGINAL)
    edited = texts.get(Manuscript.Kind.EDITED) if can_read_edited(request.user, row) else None
    context = {
        "opinion": row,
        "tabs": tabs_of(row, request, "opinions:detail"),
        "original": original,
        "edited": edited,
        "changes": changes(original, edited),
        "awaited": next_step(row),
        "events": events_of(row, inside=is_in_office(request.user, row)),
        "adoptions": Adoption.objects.visible_to(request.user).filter(opinion=row),
        "may_read_issue": can_read_register(request.user, request.committee),
        "buttons": buttons_of(row, request),
        "reached": REACHED.get(row.status),
        "way": WAY,
        "is_inside": is_in_office(request.user, row),
        "questions": questions_for(row, request.user),
        **files_of(row, request.user),
        **_open_to(request.user, row),
        **_towards_a_proposal(request, row),
    }
    is_pane = bool(request.htmx) and request.GET.get("pane") == "1"
    return render(request, "opinions/_pane.html" if is_pane else "opinions/detail.html", context)


def _open_to(user: User, row: Opinion) -> dict[str, bool]:
    """What else this person may open from the page."""
    is_own = row.status in (Status.DRAFT, Status.RETURNED) and is_author(user, row)
    whole = row.merged_into
    return {
        "may_read_whole": whole is not None and can_read_edited(user, whole),
        "may_open_reception": row.reception is not None and can_report(user, row.reception),
        "may_rewrite": is_own,
        "may_edit": row.status == Status.EDITING and is_editor(user, row),
        "may_refer": row.status == Status.ISSUED and can_refer(user, row),
    }


def _towards_a_proposal(request: HttpRequest, row: Opinion) -> dict[str, bool]:
    """Only the author turns a report into a proposal; the office may suggest it."""
    is_here = not is_kept_elsewhere(request.committee)
    is_out = row.status in (Status.DRAFT, Status.OFFLINE, Status.WITHDRAWN)
    return {
        "may_propose": is_here and row.status != Status.OFFLINE and is_author(request.user, row),
        "may_suggest_proposal": is_here and not is_out and is_editor(request.user, row),
    }
