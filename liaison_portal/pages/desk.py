"""The office's desk (工作台), and for everybody else who is no member a small start page.

The desk costs two statements besides the request's own four: what waits and what is amiss in one
row, and the latest steps.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DateTimeField, Exists, Min, OuterRef, Subquery
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Outcome, Resolution
from committees.models import Committee, Role, User, Workday
from committees.workdays import Calendar
from contacts.models import Contact
from liaison_portal.pages import start
from liaison_portal.pages.context import has_desk, is_office
from members.models import ChangeProposal
from notices.models import Announcement, Notice
from opinions.models import Evaluation, Opinion, Promise, Referral, Status, Step
from records.models import MonthlySummary
from sectors.models import Convenorship, Sector
from workrooms.models import Reception

QUEUES = {
    Status.RECEIVED: (Role.CLERK, Role.EDITOR),
    Status.EDITING: (Role.EDITOR,),
    Status.CHECKING: (Role.CHECKER,),
    Status.SIGNING: (Role.SIGNER,),
    Status.WITH_CONVENOR: (),
}
"""What waits, in the order of the desk, and whose work it is; the convenors' is only watched."""
STEPS_SHOWN = 8
LATE_AFTER = 5  # working days in one status before the desk marks a queue


@dataclass(frozen=True)
class Queue:
    label: str
    url: str
    count: int
    workdays: int  # since the oldest came in
    is_mine: bool

    @property
    def tone(self) -> str:
        if not self.count:
            return "quiet"
        return "late" if self.workdays > LATE_AFTER else "due" if self.is_mine else "info"


def desk(request: HttpRequest, slug: str) -> HttpResponse:
    user, committee, today = request.user, request.committee, timezone.localdate()
    if not has_desk(user, committee):
        return redirect("pages:home", slug=slug)
    if not is_office(user, committee):
        return start.start(request)
    facts = state_of(user, committee, today)
    request.unread_notices = facts.unread
    context = {
        "today": today,
        "queues": queues(facts, user, committee, today),
        "warnings": warnings(facts, committee, today),
        "is_clerk": user.standing.has(committee, Role.CLERK),
        "shortcuts": start.shortcuts(user, committee),
        "steps": latest_steps(user, committee),
    }
    return render(request, "pages/desk.html", context)


def state_of(user: User, committee: Committee, today: datetime.date) -> Any:
    """The committee with what waits (`waiting`, `heard`, `proposed`), what is amiss, `unread`."""
    waiting = (
        Opinion.objects.visible_to(user)
        .in_committee(committee)
        .filter(status__in=QUEUES)
        .order_by()
        .values("status")
        .annotate(count=Count("pk"), oldest=Min("waiting_since"))
    )
    proposed = Contact.objects.visible_to(user).in_committee(committee).proposed()
    days = Workday.objects.visible_to(user).in_committee(committee)
    convened = Convenorship.objects.today().filter(sector=OuterRef("pk"))
    unconvened = Sector.objects.visible_to(user).in_committee(committee).active()
    mine = Notice.objects.in_committee(committee).visible_to(user).unread()
    unread = mine.order_by().values("recipient")
    heard = Reception.objects.visible_to(user).in_committee(committee).awaiting_disposal()
    heard = heard.exclude(nature=Reception.Nature.PERSON)
    referrals = Referral.objects.visible_to(user).in_committee(committee)
    return Committee.objects.annotate(
        waiting=ArraySubquery(
            waiting.values(row=JSONObject(status="status", count="count", oldest="oldest"))
        ),
        exceptions=ArraySubquery(
            days.filter(day__year__in=(today.year - 1, today.year)).values(
                row=JSONObject(day="day", is_working="is_working")
            )
        ),
        heard=_counted(heard),
        **_followed(user, committee, today),
        proposed=_counted(proposed),
        **_announced(user, committee),
        asked=_counted(referrals.asking(), "referred_on"),
        overdue=_counted(referrals.overdue(today), "due_on"),
        has_this_year=Exists(days.filter(day__year=today.year)),
        has_next_year=Exists(days.filter(day__year=today.year + 1)),
        unconvened=ArraySubquery(
            unconvened.filter(~Exists(convened)).order_by("position", "id").values("name")
        ),
        unread=Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0),
    ).get(pk=committee.pk)


def _counted(rows: Any, since: str = "created_at") -> ArraySubquery:
    """How many rows there are and since when the first one waits; nothing where there is none."""
    counted = rows.order_by().values("committee")
    counted = counted.annotate(count=Count("pk"), oldest=Min(since))
    return ArraySubquery(counted.values(row=JSONObject(count="count", oldest="oldest")))


def _announced(user: User, committee: Committee) -> dict[str, Any]:
    """Announcements not sent yet, and those past their deadline with answers missing."""
    rows = Announcement.objects.visible_to(user).in_committee(committee)
    return {
        "drafts": _counted(rows.managed_by(user).drafts()),
        "unanswered": _counted(rows.lacking_answers(), "answer_until"),
    }


def _followed(user: User, committee: Committee, today: datetime.date) -> dict[str, Any]:
    """What was promised and is late, and evaluations that wait for the office's choice."""
    late = Promise.objects.visible_to(user).in_committee(committee).followed().late(today)
    bad = Evaluation.objects.visible_to(user).in_committee(committee).dissatisfied()
    return {
        "corrected": _counted(_corrected(user, committee), "proposed_at"),
        "late": _counted_in(late, "planned_on"),
        "dissatisfied": _counted_in(bad, "given_at"),
        **_of_activities(user, committee, today),
    }


def _corrected(user: User, committee: Committee) -> Any:
    """Corrections that members propose."""
    return ChangeProposal.objects.visible_to(user).in_committee(committee).waiting()


def _of_activities(user: User, committee: Committee, today: datetime.date) -> dict[str, Any]:
    """Outcomes that wait for the clerk, what was resolved and is late, frozen papers that say
    something else than what was approved."""
    outcomes = Outcome.objects.visible_to(user).in_committee(committee).waiting()
    resolutions = Resolution.objects.visible_to(user).in_committee(committee).overdue(today)
    broken = MonthlySummary.objects.visible_to(user).in_committee(committee).broken()
    return {
        "unconfirmed": _counted(outcomes),
        "unresolved": _counted(resolutions, "due_on"),
        "broken": _counted(broken, "broken_at"),
    }


def _counted_in(rows: Any, since: str) -> ArraySubquery:
    """The same for what hangs on a referral."""
    counted = rows.order_by().values("referral__committee")
    oldest = Cast(Min(since), DateTimeField())
    counted = counted.annotate(count=Count("pk"), oldest=oldest)
    return ArraySubquery(counted.values(row=JSONObject(count="count", oldest="oldest")))


def queues(facts: Any, user: User, committee: Committee, today: datetime.date) -> list[Queue]:
    calendar = Calendar(
        {datetime.date.fromisoformat(row["day"]): row["is_working"] for row in facts.exceptions}
    )
    waiting = {row["status"]: row for row in facts.waiting}
    url = reverse("opinions:list", kwargs={"slug": committee.slug})

    def queue(label: Any, url: str, row: dict[str, Any] | None, *roles: str) -> Queue:
        since = _day_of(row["oldest"]) if row else today
        return Queue(
            label=str(label),
            url=url,
            count=row["count"] if row else 0,
            workdays=calendar.between(since, today),
            is_mine=bool(roles) and user.standing.has(committee, *roles),
        )

    made = [
        queue(status.label, f"{url}?status={status.value}", waiting.get(status.value), *roles)
        for status, roles in QUEUES.items()
    ]
    for label, view, query, rows in _watched(facts):
        there = reverse(view, kwargs={"slug": committee.slug})
        made.append(queue(label, f"{there}?{query}", rows[0] if rows else None))
    return sorted(made, key=lambda queue: not queue.is_mine)


def _watched(facts: Any) -> list[tuple[Any, str, str, Any]]:
    """`(label, page, query, what waits)`: what the rooms have not disposed of and what units owe
    the office watches; proposed contacts anybody there confirms."""
    return [
        (_("退办、延期申请"), "referrals:list", "attention=asked", facts.asked),
        (_("转办超期未答复"), "referrals:list", "attention=overdue", facts.overdue),
        (_("群众接待待办理"), "workrooms:receptions", "of=all&state=waiting", facts.heard),
        (_("计划事项已逾期"), "promises:list", "state=late", facts.late),
        (_("不满意评价待处理"), "evaluations:list", "of=waiting", facts.dissatisfied),
        (_("履职成果待确认"), "activities:outcomes", "state=waiting", facts.unconfirmed),
        (_("议定事项已逾期"), "activities:resolutions", "state=overdue", facts.unresolved),
        (_("工作月报定稿不符"), "records:summaries", "of=&state=broken", facts.broken),
        (_("待确认联系人"), "contacts:contacts", "state=proposed", facts.proposed),
        (_("资料更正申请待确认"), "members:proposals", "state=waiting", facts.corrected),
        (_("通知草稿"), "announcements:list", "of=drafts", facts.drafts),
        (_("通知回执到期未齐"), "announcements:list", "of=late", facts.unanswered),
    ]


def _day_of(text: str) -> datetime.date:
    """The day in Shanghai of what JSON made of a moment or of a day."""
    moment = datetime.datetime.fromisoformat(text)
    return timezone.localdate(moment) if timezone.is_aware(moment) else moment.date()


def warnings(facts: Any, committee: Committee, today: datetime.date) -> list[dict[str, str]]:
    """What is amiss in the committee's own data, each with the page where it is put right."""
    found = []
    if facts.unconvened:
        sectors = "、".join(Sector(name=name).title for name in facts.unconvened[:6])
        found.append(
            {
                "text": _("%(count)s 个界别还没有召集人：%(sectors)s")
                % {
                    "count": len(facts.unconvened),
                    "sectors": sectors + ("…" if len(facts.unconvened) > 6 else ""),
                },
                "url": reverse("sectors:list", kwargs={"slug": committee.slug}),
                "label": _("查看界别"),
            }
        )
    years = {today.year: facts.has_this_year}
    if today.month >= 11:  # the State Council announces the next year's days in November
        years[today.year + 1] = facts.has_next_year
    unknown = "、".join(str(year) for year, is_known in years.items() if not is_known)
    if unknown:
        found.append(
            {
                "text": _("%(years)s年工作日历还没有录入，暂按周末计算") % {"years": unknown},
                "url": reverse("admin:committees_workday_changelist"),
                "label": _("录入工作日历"),
            }
        )
    return found


def latest_steps(user: User, committee: Committee) -> list[Step]:
    """The committee's latest moves, newest first, with `opinion` and `by_user`."""
    seen = Opinion.objects.visible_to(user).in_committee(committee)
    rows = Step.objects.filter(opinion__in=seen).select_related("opinion", "by_user")
    return list(rows.order_by("-at", "-id")[:STEPS_SHOWN])
