"""The life of a proposal: one table of moves, from which buttons, diagram and tests are read.

No other module assigns a proposal's `status`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actions import take_number
from committees.actors import Actor, actor_columns
from opinions.models import Proposal, ProposalKind, ProposalStatus, ProposalStep
from opinions.moves import Condition, checked_note
from opinions.permissions import proposals as may

S = ProposalStatus


@dataclass(frozen=True, slots=True)
class ProposalMove:
    """`past` tells a signer what happened; `question` asks before it happens."""

    label: Any
    sources: frozenset[ProposalStatus]
    target: ProposalStatus
    allowed: Callable[[Actor, Proposal], bool]
    past: Any
    question: Any = ""
    needs_note: bool = False
    takes_note: bool = False
    note_is_internal: bool = False
    only_if: tuple[Condition, ...] = ()
    is_numbered_to: ProposalStatus | None = None  # where one goes that has its number already

    def leads_to(self, proposal: Proposal) -> ProposalStatus:
        if self.is_numbered_to and proposal.number:
            return self.is_numbered_to
        return self.target

    def is_possible(self, proposal: Proposal) -> bool:
        return all(rule.holds(proposal) for rule in self.only_if)


def is_written(proposal: Any) -> bool:
    parts = (proposal.title, proposal.situation or "", proposal.suggestion or "")
    return all(part.strip() for part in parts)


def was_discussed(proposal: Any) -> bool:
    day, session = proposal.discussed_on, proposal.session
    return day is not None and session.starts_on <= day <= session.ends_on


HERE = Condition(
    lambda p: not (p.is_elsewhere or p.is_office_elsewhere),
    _("提案在其他系统办理，请到该系统操作。"),
    "kept_elsewhere",
)
WRITTEN = Condition(is_written, _("请先填写案由、情况分析和具体建议。"), "not_written")
CONFIRMED = Condition(
    lambda p: not p.is_unconfirmed,
    _("还有联名委员没有确认，请等其确认，或将其移出联名。"),
    "not_confirmed",
)
JOINTLY = Condition(
    lambda p: p.kind != ProposalKind.JOINT or len(p.signer_ids) > 1,
    _("联名提案至少两名提案人，请先添加联名委员。"),
    "not_joint",
)
NOT_COLLECTIVE = Condition(
    lambda p: not p.is_collective,
    _("界别、小组提案由召集人（组长）签署后提交。"),
    "needs_signature",
)
COLLECTIVE = Condition(
    lambda p: p.is_collective, _("只有界别、小组提案由召集人（组长）签署。"), "not_collective"
)
DISCUSSED = Condition(
    was_discussed,
    _("界别、小组提案须在全体会议期间集体讨论，请填写会期内的讨论日期。"),
    "not_discussed",
)
ASKED = Condition(lambda p: p.asked_at is not None, _("此件还没有送签。"), "not_asked")
NOT_ASKED = Condition(
    lambda p: p.asked_at is None, _("已经送签，请等召集人（组长）签署。"), "asked"
)
SEALED = Condition(
    lambda p: p.kind != ProposalKind.BODY or p.is_sealed,
    _("党派、团体、专委会提案须附盖章扫描件。"),
    "not_sealed",
)
ALONE = Condition(
    lambda p: not p.has_joined, _("已有提案并入此件，请先撤销那些并案。"), "has_joined"
)
ANSWERED = Condition(
    lambda p: not p.has_open_referral,
    _("还有正在办理的转办，请待各承办单位办结后再操作。"),
    "open_referral",
)

PROPOSAL_MOVES: dict[str, ProposalMove] = {
    "submit": ProposalMove(
        _("提交"),
        frozenset({S.DRAFT}),
        S.SUBMITTED,
        may.is_first_signer,
        past=pgettext_lazy("past", "已提交提案"),
        question=_("提交后由机关审查立案，审查前可以撤回。"),
        only_if=(HERE, WRITTEN, NOT_COLLECTIVE, JOINTLY, CONFIRMED, SEALED),
    ),
    "ask_to_sign": ProposalMove(
        _("送召集人（组长）签署"),
        frozenset({S.DRAFT}),
        S.DRAFT,
        may.is_first_signer,
        past=_("已送召集人（组长）签署"),
        question=_("界别、小组提案经集体讨论，由召集人（组长）签署后提交。"),
        only_if=(HERE, WRITTEN, COLLECTIVE, DISCUSSED, CONFIRMED, NOT_ASKED),
    ),
    "endorse": ProposalMove(
        _("签署并提交"),
        frozenset({S.DRAFT}),
        S.SUBMITTED,
        may.is_signatory,
        past=_("召集人（组长）已签署提交"),
        question=_("签署后以界别（小组）名义提交，由机关审查立案。"),
        only_if=(HERE, WRITTEN, COLLECTIVE, DISCUSSED, CONFIRMED, ASKED),
    ),
    "hand_back": ProposalMove(
        _("退回修改"),
        frozenset({S.DRAFT}),
        S.DRAFT,
        may.is_signatory,
        past=_("召集人（组长）退回修改"),
        question=_("请写明需要修改或补充之处，改好后可以再送签。"),
        needs_note=True,
        only_if=(HERE, COLLECTIVE, ASKED),
    ),
    "withdraw": ProposalMove(
        _("撤回"),
        frozenset({S.SUBMITTED}),
        S.WITHDRAWN,
        may.is_first_signer,
        past=_("已撤回"),
        question=_("撤回后不再办理，文稿仍可查看。立案后不能撤回。"),
        takes_note=True,
        only_if=(HERE,),
    ),
    "send_back": ProposalMove(
        _("退回修改"),
        frozenset({S.SUBMITTED}),
        S.DRAFT,
        may.is_handler_of,
        past=_("机关退回修改"),
        question=_("请写明需要修改或补充之处，提案人修改后可以再提交。"),
        needs_note=True,
        only_if=(HERE,),
    ),
    "file": ProposalMove(
        _("立案"),
        frozenset({S.SUBMITTED}),
        S.FILED,
        may.is_handler_of,
        past=_("已立案"),
        question=_("立案后取得该次会议的提案编号。"),
        only_if=(HERE,),
    ),
    "join": ProposalMove(
        _("并案"),
        frozenset({S.SUBMITTED, S.FILED}),
        S.JOINED,
        may.is_handler_of,
        past=_("已并案办理，提案人仍列名"),
        question=_("并入同一次会议的主提案一并办理，提案人仍然列名，可以撤销。"),
        takes_note=True,
        only_if=(HERE, ALONE, ANSWERED),
    ),
    "unjoin": ProposalMove(
        _("撤销并案"),
        frozenset({S.JOINED}),
        S.SUBMITTED,
        may.is_handler_of,
        past=_("已撤销并案"),
        question=_("撤销后恢复并案前的状态。"),
        takes_note=True,
        note_is_internal=True,
        only_if=(HERE,),
        is_numbered_to=S.FILED,
    ),
    "not_file": ProposalMove(
        _("不予立案"),
        frozenset({S.SUBMITTED}),
        S.NOT_FILED,
        may.is_handler_of,
        past=_("不予立案，转意见建议"),
        question=_("请写明理由。提案转为社情民意信息草稿，由第一提案人核对后报送，不必重写。"),
        needs_note=True,
        only_if=(HERE,),
    ),
    "reconsider": ProposalMove(
        _("恢复审查"),
        frozenset({S.NOT_FILED}),
        S.SUBMITTED,
        may.is_handler_of,
        past=_("恢复审查"),
        question=_("恢复后重新审查立案。"),
        takes_note=True,
        note_is_internal=True,
        only_if=(HERE,),
    ),
    "conclude": ProposalMove(
        _("办结"),
        frozenset({S.FILED}),
        S.CONCLUDED,
        may.is_handler_of,
        past=_("已办结"),
        question=_("确认此件不再有待办事项。"),
        takes_note=True,
        only_if=(HERE, ANSWERED),
    ),
    "reopen": ProposalMove(
        _("恢复办理"),
        frozenset({S.CONCLUDED}),
        S.FILED,
        may.is_handler_of,
        past=pgettext_lazy("past", "恢复办理"),
        question=_("恢复后继续办理，编号不变。"),
        takes_note=True,
        note_is_internal=True,
        only_if=(HERE,),
    ),
}


def available_proposal_moves(proposal: Proposal, actor: Actor) -> list[str]:
    """Names of the moves this actor may make now, in the order of the table."""
    return [
        name
        for name, move in PROPOSAL_MOVES.items()
        if proposal.status in move.sources
        and move.allowed(actor, proposal)
        and move.is_possible(proposal)
    ]


def advance_proposal(
    proposal: Proposal,
    move: str,
    *,
    by: Actor,
    note: str = "",
    seen: datetime.datetime | None = None,
    main: Proposal | None = None,
) -> Proposal:
    """Make a move, write its ProposalStep, and return the proposal read anew.

    `main` goes with `join`. `seen` is the `waiting_since` that the actor decided upon. Raises
    KeyError, PermissionDenied, and ValidationError: `moved`, `note_needed`, `note_too_long`,
    `classified`, `no_main`, or the code of the move's rule.
    """
    rule = PROPOSAL_MOVES[move]
    seen = seen or proposal.waiting_since
    with transaction.atomic():
        fresh = lock_proposals(proposal, main)
        if not rule.allowed(by, fresh):
            raise PermissionDenied
        if fresh.status not in rule.sources or fresh.waiting_since != seen:
            raise proposal_moved(fresh)
        for one in rule.only_if:
            if not one.holds(fresh):
                raise ValidationError(str(one.otherwise), code=one.code)
        note = checked_note(note, takes=rule.takes_note, needs=rule.needs_note)
        if move == "join":
            fresh.main = _main(fresh, main)
        step = step_of(fresh, move, by=by, note=note, target=rule.leads_to(fresh))
        _arrive(fresh, step)
        fresh.save(update_fields=CHANGED)
    return fresh


CHANGED = ["status", "waiting_since", "number", "main", "asked_at", "endorsed_by", "submitted_on"]
CHANGED += ["filed_on", "concluded_on", "is_key"]


def lock_proposals(proposal: Proposal, other: Proposal | None = None) -> Proposal:
    """Take the rows, the lower id first, and read what the table asks in a statement after."""
    ids = sorted({row.pk for row in (proposal, other) if row is not None})
    locked = Proposal.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk", flat=True))
    return Proposal.objects.for_moves().get(pk=proposal.pk)


def step_of(
    proposal: Proposal, move: str, *, by: Actor, note: str = "", target: str = ""
) -> ProposalStep:
    """Write the step of a move, or of a deed beside the moves, which leaves the status."""
    step = ProposalStep(proposal=proposal, move=move, source=proposal.status)
    step.target, step.note, step.at = target or proposal.status, note[:1000], timezone.now()
    step.on_behalf_of_id = may.signs_for(proposal, by)
    for column, value in actor_columns(by).items():
        setattr(step, column, value)
    step.save(force_insert=True)
    return step


def enter_elsewhere(proposal: Proposal, status: str) -> Proposal:
    """The status that a proposal kept in another system has there; the caller saves."""
    if proposal.status != status or proposal.waiting_since is None:
        proposal.waiting_since = timezone.now()
    proposal.status = status
    return proposal


def _main(proposal: Proposal, main: Proposal | None) -> Proposal:
    """The main proposal as it is now: on file in the same session, itself not joined."""
    row = Proposal.objects.filter(pk=main.pk).first() if main else None
    is_fit = row is not None and row.pk != proposal.pk and row.status == S.FILED
    if not is_fit or row is None or row.session_id != proposal.session_id or row.is_elsewhere:
        raise ValidationError(_("请选择同一次会议已立案的主提案。"), code="no_main")
    return row


def _arrive(proposal: Proposal, step: ProposalStep) -> None:
    """What the move brings with it: dates, the number on filing, the signature."""
    today = timezone.localdate(step.at)
    if step.move in ("submit", "endorse"):
        proposal.submitted_on = today
    if step.move == "ask_to_sign":
        proposal.asked_at = step.at
    if step.move in ("hand_back", "send_back"):
        proposal.asked_at = proposal.endorsed_by = None
    if step.move == "endorse":
        proposal.endorsed_by = step.by_user
    if step.move == "file":
        proposal.filed_on = today
        kind = f"proposal-{proposal.session_id}"
        proposal.number = take_number(proposal.committee, kind, 0)
    if step.move == "unjoin":
        proposal.main = None
    if step.move == "join":
        proposal.is_key = False  # the main one carries the lead
    proposal.concluded_on = today if step.target == S.CONCLUDED else None
    proposal.status, proposal.waiting_since = step.target, step.at


def proposal_moved(proposal: Proposal) -> ValidationError:
    """The sentence for a lost race: who, when and what, and where the proposal is now."""
    moves = proposal.steps.select_related("by_user").filter(move__in=PROPOSAL_MOVES)
    step, now = moves.last(), ProposalStatus(proposal.status).label
    if step is None:
        return ValidationError(_("此件现为“%(now)s”。"), code="moved", params={"now": now})
    return ValidationError(
        _("%(who)s已于%(at)s先行处理：%(what)s。此件现为“%(now)s”，您刚才的操作未执行。"),
        code="moved",
        params={
            "who": step.by_user or _("系统"),
            "at": timezone.localtime(step.at).strftime("%m-%d %H:%M"),
            "what": PROPOSAL_MOVES[step.move].past,
            "now": now,
        },
    )
