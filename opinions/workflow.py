"""The life of an opinion report: one table of moves, from which all else is read.

Buttons, API, the diagram in docs/opinion-workflow.md and the tests ask MOVES and `available_moves`.
No other module assigns `status`.
"""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actions import take_number
from committees.actors import Actor, actor_columns
from opinions import permissions as may
from opinions.conditions import (
    ADVISED,
    COMPOSED,
    HOLDS_NONE,
    NOT_CONFIDED,
    NOT_LOCKED_IN,
    NOT_SUGGESTED,
    NOTHING_OPEN,
    OWN,
    PARTABLE,
    UNCOMPOSED,
    WRITTEN,
    has_no_check,
    needs_second_check,
    returns_to_office,
    skips_convenor,
)
from opinions.issue_numbers import join, new_issue
from opinions.models import Issue, Opinion, Status, Step
from opinions.moves import Detour, Move, checked_note

S = Status
IN_OFFICE = frozenset({S.RECEIVED, S.EDITING, S.CHECKING, S.SIGNING})

MOVES: dict[str, Move] = {
    "submit": Move(
        _("报送"),
        frozenset({S.DRAFT}),
        S.WITH_CONVENOR,
        may.is_author,
        past=_("已报送，请界别召集人初核"),
        question=_("报送后由界别召集人初核，再转机关审核。"),
        detour=Detour(S.RECEIVED, skips_convenor, _("已报送机关")),
        only_if=(WRITTEN, NOT_CONFIDED),
    ),
    "resubmit": Move(
        _("报送"),
        frozenset({S.RETURNED}),
        S.WITH_CONVENOR,
        may.is_author,
        past=_("修改后再次报送，请界别召集人初核"),
        question=_("修改后的文稿将送回提出修改意见的一方。"),
        takes_note=True,
        detour=Detour(S.RECEIVED, returns_to_office, _("修改后再次报送机关")),
        only_if=(WRITTEN, NOT_CONFIDED),
    ),
    "insist": Move(
        _("仍按原文报送"),
        frozenset({S.RETURNED}),
        S.RECEIVED,
        may.is_author,
        past=_("仍按原文报送机关"),
        question=_("不再修改，直接转机关审核。"),
        takes_note=True,
        only_if=(ADVISED, NOT_CONFIDED),
    ),
    "submit_straight": Move(
        _("直报机关"),
        frozenset({S.DRAFT, S.RETURNED}),
        S.RECEIVED,
        may.is_author,
        past=_("已直报机关"),
        question=_("不经界别初核，直接报送机关。适用于急件，也适用于不便由界别初核的事项。"),
        only_if=(WRITTEN, ADVISED, NOT_CONFIDED),
    ),
    "recommend": Move(
        _("推荐报送"),
        frozenset({S.WITH_CONVENOR}),
        S.RECEIVED,
        may.is_reviewer,
        past=_("界别召集人推荐报送机关"),
        question=_("推荐后转机关审核。"),
        takes_note=True,
        only_if=(NOT_CONFIDED,),
    ),
    "suggest": Move(
        _("建议修改"),
        frozenset({S.WITH_CONVENOR}),
        S.RETURNED,
        may.is_reviewer,
        past=_("界别召集人提出修改建议"),
        question=_("请写明建议修改之处。建议以一次为限，反映人可以修改，也可以仍按原文报送。"),
        needs_note=True,
        only_if=(NOT_SUGGESTED,),
    ),
    "note": Move(
        _("初核意见"),
        frozenset({S.WITH_CONVENOR}),
        S.WITH_CONVENOR,
        may.is_reviewer,
        past=_("界别召集人写了初核意见"),
        question=_("意见供反映人和机关参考，不影响报送进度。"),
        needs_note=True,
    ),
    "pass_on": Move(
        _("期满转报"),
        frozenset({S.WITH_CONVENOR}),
        S.RECEIVED,
        may.is_clock,
        past=_("界别初核期满，已自动转机关审核"),
    ),
    "take_up": Move(
        pgettext_lazy("move", "编辑"),
        frozenset({S.RECEIVED}),
        S.EDITING,
        may.is_editor,
        past=_("机关已着手编辑"),
        question=_("着手编辑后，反映人不能再撤回。"),
        only_if=(NOT_CONFIDED,),
    ),
    "send_to_check": Move(
        _("送核稿"),
        frozenset({S.EDITING}),
        S.CHECKING,
        may.is_editor,
        past=_("编辑完成，送核稿"),
        question=_("送核稿后文稿不能再改，退回后方可修改。"),
        takes_note=True,
        note_is_internal=True,
        detour=Detour(S.SIGNING, has_no_check, _("编辑完成，送签发")),
        only_if=(NOT_CONFIDED,),
    ),
    "checked": Move(
        _("核稿通过"),
        frozenset({S.CHECKING}),
        S.SIGNING,
        may.is_checker,
        past=_("核稿通过，送签发"),
        question=_("核稿通过后送签发；设复核的，先送另一位核稿人复核。"),
        takes_note=True,
        note_is_internal=True,
        detour=Detour(S.CHECKING, needs_second_check, _("核稿通过，送复核")),
        only_if=(NOT_CONFIDED,),
    ),
    "sign": Move(
        _("签发"),
        frozenset({S.SIGNING}),
        S.ISSUED,
        may.is_signer,
        past=_("已签发"),
        question=_("签发后编入《社情民意信息》并取得期号，同时登记本级采用。"),
        only_if=(NOT_CONFIDED,),
    ),
    "send_back": Move(
        _("退回修改"),
        frozenset({S.RECEIVED, S.EDITING}),
        S.RETURNED,
        may.is_editor,
        past=_("机关退回修改"),
        question=_("请写明需要修改或补充之处，反映人修改后再报送机关。"),
        needs_note=True,
        only_if=(HOLDS_NONE, OWN),
    ),
    "hand_back": Move(
        _("退回修改"),
        frozenset({S.CHECKING, S.SIGNING}),
        S.EDITING,
        may.can_hand_back,
        past=_("退回编辑"),
        question=_("退回编辑环节修改，请写明意见。反映人不会看到。"),
        needs_note=True,
        is_internal=True,
        note_is_internal=True,
    ),
    "shelve": Move(
        pgettext_lazy("move", "留存备查"),
        frozenset({S.RECEIVED, S.EDITING}),
        S.SHELVED,
        may.is_editor,
        past=_("留存备查，感谢您的反映"),
        question=_("反映人将看到“留存备查，感谢您的反映”。所写意见只供机关内部参考。"),
        takes_note=True,
        note_is_internal=True,
    ),
    "reopen": Move(
        _("恢复办理"),
        frozenset({S.SHELVED}),
        S.RECEIVED,
        may.is_editor,
        past=pgettext_lazy("past", "恢复办理"),
        question=_("恢复后重新进入机关审核。"),
        takes_note=True,
        note_is_internal=True,
    ),
    "merge": Move(
        pgettext_lazy("move", "合并"),
        frozenset({S.RECEIVED, S.EDITING}),
        S.MERGED,
        may.is_editor,
        past=_("已合并，编入综合稿"),
        question=_("合并后由所选的一件一并办理，反映人同列为该件的反映人。签发前可以撤销合并。"),
        takes_note=True,
        note_is_internal=True,
        only_if=(UNCOMPOSED, NOT_CONFIDED),
    ),
    "unmerge": Move(
        _("撤销合并"),
        frozenset({S.MERGED}),
        S.RECEIVED,
        may.is_editor,
        past=_("已撤销合并，重新由机关审核"),
        question=_("撤销后此件重新进入机关审核，单独办理。"),
        takes_note=True,
        note_is_internal=True,
        only_if=(PARTABLE,),
    ),
    "dissolve": Move(
        _("撤销综合稿"),
        IN_OFFICE | {S.SHELVED},
        S.WITHDRAWN,
        may.is_editor,
        past=_("已撤销综合稿"),
        question=_("撤销后编入的各件都重新进入机关审核，综合稿不再办理。"),
        takes_note=True,
        is_internal=True,
        note_is_internal=True,
        only_if=(COMPOSED,),
    ),
    "close": Move(
        _("办结"),
        frozenset({S.ISSUED}),
        S.CLOSED,
        may.is_editor,
        past=_("已办结"),
        question=_("确认此件不再有待办事项。"),
        takes_note=True,
        only_if=(NOTHING_OPEN,),
    ),
    "expire": Move(
        _("期满办结"),
        frozenset({S.ISSUED}),
        S.CLOSED,
        may.is_clock,
        past=_("签发期满，已自动办结"),
        only_if=(NOTHING_OPEN,),
    ),
    "withdraw": Move(
        _("撤回"),
        frozenset({S.WITH_CONVENOR, S.RETURNED, S.RECEIVED}),
        S.WITHDRAWN,
        may.can_withdraw,
        past=_("已撤回"),
        question=_("撤回后不再办理，文稿仍可查看。机关着手编辑后不能撤回。"),
        takes_note=True,
        only_if=(HOLDS_NONE,),
    ),
    "go_offline": Move(
        pgettext_lazy("move", "转线下办理"),
        frozenset(S) - {S.DRAFT, S.OFFLINE},
        S.OFFLINE,
        may.is_in_office,
        past=_("转线下办理，平台上的内容已删除"),
        question=_("平台上的标题、文稿和意见将全部删除，不能恢复，只留编号和删除凭据。"),
        only_if=(NOT_LOCKED_IN,),
    ),
}


def available_moves(opinion: Opinion, actor: Actor) -> list[str]:
    """Names of the moves this actor may make now, in the order of the table."""
    return [
        name
        for name, move in MOVES.items()
        if opinion.status in move.sources
        and move.allowed(actor, opinion)
        and move.is_possible(opinion)
    ]


LOCKED = ["status", "waiting_since", "returned_from", "year", "number", "is_direct", "sector"]
LOCKED += ["title", "submitted_on", "received_on", "issue", "is_composed", "merged_into"]
LOCKED += ["part_count", "editor"]


def advance(
    opinion: Opinion,
    move: str,
    *,
    by: Actor,
    note: str = "",
    seen: datetime.datetime | None = None,
    issue: Issue | None = None,
) -> Opinion:
    """Make a move, write its Step, and return the opinion as it now is.

    `issue` is the one that a signed report joins (编入), by default a new one. `seen` is the
    `waiting_since` of the state the actor decided upon, by default that of `opinion`.
    Raises KeyError for a move that does not exist, PermissionDenied for one that is not this
    actor's, and ValidationError: `moved` where somebody was first, `note_needed`, `note_too_long`,
    `classified`, or the code of the move's condition.
    """
    rule = MOVES[move]
    seen = seen or opinion.waiting_since
    with transaction.atomic():
        locked = Opinion.objects.select_for_update(no_key=True)
        opinion.refresh_from_db(fields=LOCKED, from_queryset=locked)
        for known in ("has_open_matters", "has_confided_parts"):
            opinion.__dict__.pop(known, None)  # asked anew, now that the row is held
        if not rule.allowed(by, opinion):
            raise PermissionDenied
        if opinion.status not in rule.sources or opinion.waiting_since != seen:
            raise moved(opinion)
        note = checked_note(note, takes=rule.takes_note, needs=rule.needs_note)
        source = Status(opinion.status)
        if source == Status.DRAFT:
            opinion.sector_id = opinion.seat_sector_id
        for condition in rule.only_if:
            if not condition.holds(opinion):
                raise ValidationError(str(condition.otherwise), code=condition.code)
        step = Step(opinion=opinion, move=move, source=source, target=rule.leads_to(opinion))
        step.note, step.at = note, timezone.now()
        step.on_behalf_of_id = may.written_for(opinion, by)
        for column, value in actor_columns(by).items():
            setattr(step, column, value)
        step.save(force_insert=True)
        if rule.target != source:
            _arrive(opinion, step, issue)
            opinion.save(update_fields=LOCKED)
    return opinion


def _arrive(opinion: Opinion, step: Step, issue: Issue | None = None) -> None:
    """What the new status brings with it: dates, the number on receipt, the issue on signing."""
    today = timezone.localdate(step.at)
    if step.source == Status.DRAFT:
        opinion.submitted_on = today
    if step.move == "submit_straight":
        opinion.is_direct = True
    if step.move == "take_up":
        opinion.editor = step.by_user
    if step.source == Status.MERGED and step.target == Status.RECEIVED:
        opinion.merged_into = None
    if step.target == Status.RECEIVED and opinion.number is None:
        opinion.received_on, opinion.year = today, today.year
        opinion.number = take_number(opinion.committee, "opinion", today.year)
    if step.target == Status.ISSUED:
        assert step.by_user is not None  # only a person signs
        opinion.issue = join(issue, opinion) if issue else new_issue(opinion, step.by_user, today)
    opinion.returned_from = _returned_from(step)
    opinion.__dict__.pop("first_checker_id", None)  # asked anew of the steps
    opinion.status, opinion.waiting_since = step.target, step.at


def _returned_from(step: Step) -> str:
    """To whom a returned report goes back: the convenor, or the office whatever the stage was."""
    if step.target != Status.RETURNED:
        return ""
    return Status.WITH_CONVENOR if step.source == Status.WITH_CONVENOR else Status.RECEIVED


def moved(opinion: Opinion) -> ValidationError:
    """The sentence for a lost race: who, when and what, and where the report is now."""
    step = opinion.steps.select_related("by_user").filter(move__in=set(MOVES) - {"note"}).last()
    now = Status(opinion.status).label
    if step is None:
        return ValidationError(_("此件现为“%(now)s”。"), code="moved", params={"now": now})
    return ValidationError(
        _("%(who)s已于%(at)s先行处理：%(what)s。此件现为“%(now)s”，您刚才的操作未执行。"),
        code="moved",
        params={
            "who": step.by_user or _("系统"),
            "at": timezone.localtime(step.at).strftime("%m-%d %H:%M"),
            "what": MOVES[step.move].told(step.target),
            "now": now,
        },
    )
