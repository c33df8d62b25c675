"""What leavers hold of this app: open reports, unanswered evaluations, planned matters.

Only numbers and statuses are told here, no titles: the page is read by more than who reads reports.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from committees.models import Committee
from opinions.actions import succession
from opinions.actions.submitters import ENDED
from opinions.models import (
    Authorship,
    Evaluation,
    Opinion,
    Promise,
    ProposalSigner,
    ProposalStatus,
    Status,
)
from sectors.handover.holdings import Deed, Holding, To, Touch, needs_member, register
from sectors.models import Transfer


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


def printed(transfers: list[Transfer]) -> str:
    """What was issued since names its authors as they were."""
    rows = Opinion.objects.filter(authorships__in=[one.ref for one in transfers])
    if rows.filter(status__in=ENDED).exists():
        return _("该信息已签发或已结束，反映人不再变动，不能撤销。")
    return ""


def joined_in(committee: Committee, on: datetime.date) -> Any:
    """Reports in hand that leavers wrote with others, not first."""
    rows = Authorship.objects.confirmed().filter(opinion__committee=committee, place__gt=1)
    return rows.exclude(opinion__status__in=[*ENDED, Status.SHELVED])


def in_handling(committee: Committee, on: datetime.date) -> Any:
    """Issued reports that are not closed yet, of every author."""
    rows = Authorship.objects.confirmed().filter(opinion__committee=committee)
    return rows.filter(opinion__status=Status.ISSUED)


def proposed(committee: Committee, on: datetime.date) -> Any:
    """Proposals that are not over, of every signer who confirmed."""
    S = ProposalStatus
    over = [S.JOINED, S.NOT_FILED, S.WITHDRAWN, S.CONCLUDED]
    rows = ProposalSigner.objects.filter(proposal__committee=committee, proposal__became=None)
    return rows.filter(Q(place=1) | Q(confirmed_at__isnull=False)).exclude(
        proposal__status__in=over
    )


def proposal_shown(what: str, status: str) -> tuple[str, str]:
    number = _("第%(number)s号") % {"number": what} if what else _("未编号")
    return number, str(ProposalStatus(status).label)


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
        waits=True, key=("opinion",), page="opinions:detail", target="opinion",
        touches=(Touch("opinions.authorship", ("opinion_id",)),), built_on=printed,
    ),
    place=110,
)  # fmt: skip
register(
    Holding(
        "evaluation", gettext_lazy("未答复的办理评价"), asked, "member",
        _number("referral__opinion__"), takes=(To.MEMBER, To.OFFICE), detail=F("due_on"),
        hand=hand_evaluations, shown=numbered, waits=True,
        page="opinions:detail", target="referral__opinion",
        touches=(Touch("opinions.evaluation", ("id",)),),
    ),
    place=120,
)  # fmt: skip
register(
    Holding(
        "promise", pgettext_lazy("plural", "计划解决事项"), planned,
        "referral__opinion__authorships__member", _number("referral__opinion__"),
        takes=(To.MEMBER, To.OFFICE), detail=F("planned_on"), hand=hand_promises, shown=numbered,
        page="opinions:detail", target="referral__opinion",
    ),
    place=130,
)  # fmt: skip
register(
    Holding(
        "co_report", gettext_lazy("未办结的联名信息"), joined_in, "member", _number("opinion__"),
        detail=F("opinion__status"), shown=report_shown, page="opinions:detail", target="opinion",
        stays=gettext_lazy("仍由反映人联名，第一反映人继续办理。"),
    ),
    place=132,
)  # fmt: skip
register(
    Holding(
        "issued", gettext_lazy("已签发、尚未办结的信息"), in_handling, "member",
        _number("opinion__"), detail=F("opinion__status"), shown=report_shown,
        page="opinions:detail", target="opinion",
        stays=gettext_lazy("仍由原反映人查看办理结果，由机关跟踪办理。"),
    ),
    place=134,
)  # fmt: skip
register(
    Holding(
        "proposal", gettext_lazy("未办结的提案"), proposed, "member", F("proposal__number"),
        detail=F("proposal__status"), shown=proposal_shown, page="proposals:detail",
        target="proposal", stays=gettext_lazy("提案人不变，答复和征询意见表仍送提案人。"),
    ),
    place=136,
)  # fmt: skip
