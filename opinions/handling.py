"""What became of an issued report outside (办理情况): its referrals with all that hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.templatetags.portal import day
from opinions.models import (
    Evaluation,
    Opinion,
    Promise,
    Referral,
    Reply,
    ReplyFile,
    State,
    Status,
)


@dataclass(slots=True)
class Handled:
    """One referral with its replies (each with `file_rows`), promises and evaluations."""

    referral: Referral
    replies: list[Reply] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    may_conclude: bool = False


def handled(opinion: Opinion) -> list[Handled]:
    """In four statements. Whoever sees the report sees these; a reply's draft is never here."""
    referrals = Referral.objects.filter(opinion=opinion).for_list()
    rows = {row.pk: Handled(row) for row in referrals}
    if not rows:
        return []
    about: dict[str, Any] = {"referral__in": rows}
    files = ReplyFile.objects.filter(reply=OuterRef("pk")).order_by("id")
    named = files.values(row=JSONObject(pk="pk", name="attachment__name", kind="kind"))
    replies = Reply.objects.given().filter(**about).select_related("reply_class")
    for reply in replies.annotate(file_rows=ArraySubquery(named)).order_by("round"):
        rows[reply.referral_id].replies.append(reply)
    for promise in Promise.objects.filter(**about).for_list():
        rows[promise.referral_id].promises.append(promise)
    for evaluation in Evaluation.objects.filter(**about).for_list().order_by("asked_at", "id"):
        rows[evaluation.referral_id].evaluations.append(evaluation)
    return list(rows.values())


def is_nearly_over(
    referral: Referral, evaluations: Iterable[Evaluation], *, is_promised: bool
) -> bool:
    """Answered, with nothing open but evaluations that are awaited: `conclude` may end it."""
    waits = any(one.is_dissatisfied and not one.decided_at for one in evaluations)
    return referral.is_open and bool(referral.answered_at) and not (waits or is_promised)


WAITING: dict[str, Any] = {
    Status.DRAFT: gettext_lazy("尚未报送。"),
    Status.RETURNED: gettext_lazy("请按意见修改后再次报送。"),
    Status.RECEIVED: gettext_lazy("正在等待机关审核。"),
    Status.EDITING: gettext_lazy("机关正在编辑。"),
    Status.CHECKING: gettext_lazy("机关正在核稿，核稿后送签发。"),
    Status.SIGNING: gettext_lazy("正在等待签发。"),
}


def next_step(opinion: Opinion, rows: list[Handled] | None = None) -> list[str]:
    """What is awaited now, in sentences; `rows` of `handled` where they have been read."""
    if opinion.status == Status.WITH_CONVENOR:
        workdays = opinion.committee.convenor_workdays
        return [_("正在等待界别召集人初核，满%(n)s个工作日自动转机关审核。") % {"n": workdays}]
    if opinion.status != Status.ISSUED:
        return [str(WAITING[opinion.status])] if opinion.status in WAITING else []
    if rows is None and opinion.has_open_matters:
        return [_("正在办理，详见“办理情况”。")]
    sentences = [sentence for row in rows or [] for sentence in _awaited(row)]
    if sentences:
        return list(dict.fromkeys(sentences))
    if opinion.committee.close_after_days and not opinion.has_open_matters:
        days = opinion.committee.close_after_days
        return [_("目前没有待办事项，满%(days)s天自动办结。") % {"days": days}]
    return []


def _awaited(row: Handled) -> list[str]:
    """What this referral waits for, plainly."""
    asked = row.referral
    facts = {"unit": str(asked.answering_unit), "due": day(asked.due_on)}
    state = asked.state  # type: ignore[attr-defined]
    if state in (State.WAITING, State.HANDLING, State.EXTENDING):
        if asked.due_on < timezone.localdate():
            return [_("%(unit)s的答复已过办理期限（%(due)s），机关正在催办。") % facts]
        return [_("正在等待%(unit)s答复，办理期限%(due)s。") % facts]
    if state == State.REFUSING:
        return [_("%(unit)s申请退办，正在等待决定。") % facts]
    if not asked.is_open and not any(one.is_awaited for one in row.evaluations):
        return []
    return [*_promised(row, facts), *_evaluating(row)]


def _promised(row: Handled, facts: dict[str, str]) -> Iterator[str]:
    for promise in row.promises:
        facts["when"] = promise.when
        if promise.settled_on is not None:
            continue
        if promise.planned_on is None:
            yield _("%(unit)s列入计划的事项暂无明确时间，机关每季度征询一次。") % facts
        elif promise.is_late(timezone.localdate()):
            yield _("%(unit)s列入计划的事项已过计划时间（%(when)s），机关继续跟踪办理。") % facts
        else:
            yield _("正在等待%(unit)s落实列入计划的事项，计划时间%(when)s。") % facts


def _evaluating(row: Handled) -> Iterator[str]:
    if awaited := [one for one in row.evaluations if one.is_awaited]:
        who = "、".join(one.member.name for one in awaited)
        facts = {"who": who, "due": day(awaited[0].due_on)}
        yield _("正在等待%(who)s作出办理评价，%(due)s前评价。") % facts
    if any(one.is_dissatisfied and not one.decided_at for one in row.evaluations):
        yield _("评价为“不满意”，正在等待机关处理。")
