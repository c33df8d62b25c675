"""What a unit may do with what was put to it: one table for buttons, pages, API and tests."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.models import Committee, Role
from opinions.models import Referral, State

Units = Collection[int]
W, H, X, R = State.WAITING, State.HANDLING, State.EXTENDING, State.REFUSING
GIVEN = (State.ANSWERED, State.EVALUATING, State.FOLLOWING, State.CLOSED)


def is_answering(units: Units, referral: Referral) -> bool:
    """The unit itself, or the relaying office while no unit is assigned."""
    return (referral.unit_id or referral.via_id) in units


def is_unassigned(units: Units, referral: Referral) -> bool:
    """The relaying office, which has not said yet which unit answers."""
    return referral.unit_id is None and referral.via_id in units


def is_relayed(units: Units, referral: Referral) -> bool:
    """The relaying office of a unit that answers."""
    return referral.unit_id is not None and referral.via_id in units


@dataclass(frozen=True, slots=True)
class UnitVerb:
    """`allowed` tells whose it is; `states` when it may be done."""

    label: Any
    states: frozenset[State]
    allowed: Callable[[Units, Referral], bool] = is_answering
    is_main: bool = False


VERBS: dict[str, UnitVerb] = {
    "sign_for": UnitVerb(_("签收"), frozenset({W}), is_main=True),
    "assign_unit": UnitVerb(_("分办"), frozenset({W, H}), is_unassigned, is_main=True),
    "draft": UnitVerb(_("起草答复"), frozenset({H, X}), is_main=True),
    "approve": UnitVerb(_("审定答复"), frozenset({H, X}), is_main=True),
    "answer": UnitVerb(_("提交答复"), frozenset({H, X}), is_main=True),
    "assign": UnitVerb(_("内部分派"), frozenset({H, X, State.FOLLOWING})),
    "ask_extension": UnitVerb(_("申请延期"), frozenset({H})),
    "ask_refusal": UnitVerb(_("申请退办"), frozenset({W, H})),
    "withdraw_refusal": UnitVerb(_("撤回退办申请"), frozenset({R})),
    "decide_refusal": UnitVerb(_("答复退办申请"), frozenset({R}), is_relayed, is_main=True),
    "attach": UnitVerb(_("补传盖章复函"), frozenset(GIVEN)),
}


def may_still_refuse(referral: Referral, on: datetime.date) -> bool:
    """Within the window, and not answered with 请继续办理 before."""
    return on <= referral.refuse_until and referral.refusal_decided_at is None


def open_verbs(referral: Referral, units: Units, on: datetime.date) -> list[str]:
    """Names of VERBS that may be done now to a row fetched `with_state()`."""
    state = State(referral.state)  # type: ignore[attr-defined]
    names = [
        name
        for name, verb in VERBS.items()
        if state in verb.states and verb.allowed(units, referral)
    ]
    if not may_still_refuse(referral, on):
        names = [name for name in names if name != "ask_refusal"]
    return names


def can_enter_replies(actor: Actor, committee: Committee) -> bool:
    """Enters what came on paper and gives units their links."""
    return actor.standing.has(committee, Role.CLERK, Role.EDITOR)
