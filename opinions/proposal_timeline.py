"""What became of a proposal: its steps in plain sentences, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.templatetags.portal import moment
from opinions.milestones import MILESTONES
from opinions.models import Proposal, ProposalStatus, ProposalStep
from opinions.proposal_workflow import PROPOSAL_MOVES
from opinions.timeline import Event

S = ProposalStatus
WAY = gettext_lazy("提交|审查立案|办理|办结")
REACHED = {S.DRAFT: 0, S.SUBMITTED: 1, S.FILED: 3, S.JOINED: 3, S.CONCLUDED: 4}
OUTSIDERS = {"submit", "ask_to_sign", "endorse", "hand_back", "withdraw", "evaluated"}
"""Moves and deeds of members, who are named to one another; the office is 机关 outside itself."""

OF_UNITS = {"answered", "planned"}


@dataclass(frozen=True, slots=True)
class Deed:
    """A dated deed beside the moves."""

    past: Any
    note_is_internal: bool = False


PROPOSAL_DEEDS = {
    "key": Deed(gettext_lazy("列为重点提案")),
    "unkey": Deed(gettext_lazy("不再列为重点提案")),
    "supervise": Deed(gettext_lazy("督办领导督办")),
    "meet": Deed(gettext_lazy("承办单位与提案人面商")),
    "disclose": Deed(gettext_lazy("公开审定")),
    "evaluated": Deed(gettext_lazy("提案人已作办理评价"), note_is_internal=True),
    "met": Deed(gettext_lazy("机关已与提案人面商")),
    "concluded": Deed(gettext_lazy("此件转办已办结")),
}
HANDLING = (
    "refer", "take_back", "refused", "urged", "extended", "answered", "planned", "late",
    "replanned", "settled", "asked_again", "consulted", "explained",
)  # fmt: skip
"""What a referral brings with it, in the words of a report's timeline."""
DEEDS: dict[str, Any] = {
    **{name: MILESTONES[name] for name in HANDLING},
    **PROPOSAL_MOVES,
    **PROPOSAL_DEEDS,
}


def proposal_events(proposal: Proposal, *, inside: bool) -> list[Event]:
    steps = proposal.steps.select_related("by_user", "on_behalf_of")
    events = [_event(step, inside=inside) for step in steps]
    when = f"{moment(proposal.created_at)} · {proposal.created_by}"
    return [*reversed(events), Event(_("开始起草"), when)]


def _event(step: ProposalStep, *, inside: bool) -> Event:
    rule = DEEDS[step.move]
    note = step.note if inside or not rule.note_is_internal else ""
    return Event(rule.past, f"{moment(step.at)} · {_who(step, inside=inside)}", note)


def _who(step: ProposalStep, *, inside: bool) -> str:
    if step.move in OF_UNITS and not inside:
        return _("承办单位")
    if step.by_user is None:
        return _("系统")
    name = step.by_user.name
    if step.move in OUTSIDERS and step.on_behalf_of:
        return _("由%(who)s代为办理") % {"who": name}
    return name if inside or step.move in OUTSIDERS else _("机关")
