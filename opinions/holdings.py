"""What leavers hold of this app: open reports, unanswered evaluations, planned matters.

Only numbers and statuses are told here, no titles: the page is read by more than who reads reports.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from committees.models import Committee
from opinions.actions import succession
from opinions.actions.submitters import ENDED
from opinions.models import Authorship, Evaluation, Opinion, Promise, Status
from sectors.handover.holdings import Deed, Holding, To, needs_member, register


def _number(path: str) -> Any:
    """2026-12, of what has a number."""
    year = Cast(f"{path}year", CharField())
    number = Cast(f"{path}number", CharField())
    shown = Concat(year, Value("-"), number)
    return Case(
        When(**{f"{path}number__isnull": True}, then=Value("")),
        default=shown,
        output_field=CharField(),
    )


def first_authors(committee: Committee, on: datetime.date) -> Any:
    """Of persons' reports: a body's are the body's to carry on with."""
    rows = Authorship.objects.confirmed().filter(opinion__committee=committee, place=1)
    return rows.filter(opinion__body_kind="")


def written(committee: Committee, on: datetime.date) -> Any:
    over = [*ENDED, Status.SHELVED]
    return first_authors(committee, on).exclude(opinion__status__in=over)


def hand_reports(ids: list[int], deed: Deed) -> None:
    if deed.to != To.MEMBER:
        return
    rows = Opinion.objects.filter(authorships__in=ids).select_related("committee").order_by("pk")
    for row in rows:
        succession.carry_on(row, needs_member(deed), by=deed.by)


def report_shown(what: str, status: str) -> tuple[str, str]:
    return what or _("未编号"), str(Status(status).label)


def asked(committee: Committee, on: datetime.date) -> Any:
    return Evaluation.objects.awaited().filter(referral__committee=committee)


def hand_evaluations(ids: list[int], deed: Deed) -> None:
    if deed.to != To.MEMBER:
        return
    rows = Evaluation.objects.filter(pk__in=ids).select_related(
        "referral__committee", "referral__opinion", "member"
    )
    for row in rows.order_by("pk"):
        succession.ask_another(row, needs_member(deed), by=deed.by)


def planned(committee: Committee, on: datetime.date) -> Any:
    """Open planned matters of reports, beside their first author."""
    first = Authorship.objects.confirmed().filter(place=1)
    return Promise.objects.followed().filter(
        referral__committee=committee,
        referral__opinion__isnull=False,
        referral__opinion__body_kind="",
        referral__opinion__authorships__in=first,
    )


def hand_promises(ids: list[int], deed: Deed) -> None:
    """Nothing moves but whose eye is on it: a co-author sees it, the office follows it anyhow."""
    if deed.to != To.MEMBER:
        return
    to = needs_member(deed)
    for row in Promise.objects.filter(pk__in=ids).select_related("referral"):
        authors = Authorship.objects.confirmed().filter(opinion=row.referral.opinion_id)
        if not authors.filter(member=to).exists():
            words = _("计划解决事项只能由联名反映人接续，或由机关跟踪办理。")
            raise ValidationError(words, code="not_author")


def numbered(what: str, detail: str) -> tuple[str, str]:
    return what or _("未编号"), detail


register(
    Holding(
        "report", gettext_lazy("未办结的社情民意信息"), written, "member", _number("opinion__"),
        takes=(To.MEMBER, To.OFFICE), detail=F("opinion__status"), hand=hand_reports,
        shown=report_shown, note=gettext_lazy("接手的委员成为联名反映人，第一反映人不变。"),
    ),
    place=110,
)  # fmt: skip
register(
    Holding(
        "evaluation", gettext_lazy("未答复的办理评价"), asked, "member",
        _number("referral__opinion__"), takes=(To.MEMBER, To.OFFICE), detail=F("due_on"),
        hand=hand_evaluations, shown=numbered,
    ),
    place=120,
)  # fmt: skip
register(
    Holding(
        "promise", pgettext_lazy("plural", "计划解决事项"), planned,
        "referral__opinion__authorships__member", _number("referral__opinion__"),
        takes=(To.MEMBER, To.OFFICE), detail=F("planned_on"), hand=hand_promises, shown=numbered,
    ),
    place=130,
)  # fmt: skip
