"""Who writes, submits and hands back the papers of the year, and who enters what leaders heard."""

from __future__ import annotations

from typing import Any

from activities.models import YearPaper
from committees.actors import Actor
from committees.models import Committee, Role
from committees.permissions import is_clerk, is_office
from sectors.models import Sector


def can_write_year(actor: Actor, subject: Any) -> bool:
    """The sector's convenors, the commission's office, and the clerks for them.

    `subject` is a Sector or a Commission.
    """
    role = "convenor" if isinstance(subject, Sector) else Role.COMMISSION
    own = subject.pk in actor.standing.scopes(role)
    return own or is_clerk(actor, subject.committee)


def can_follow_year(actor: Actor, subject: Any) -> bool:
    """Reads what the facts tick: who writes, the office, leaders, the matched commission."""
    committee = subject.committee
    if can_write_year(actor, subject) or sees_all_years(actor, committee):
        return True
    matched = getattr(subject, "commission_id", None)
    return matched is not None and matched in actor.standing.scopes(Role.COMMISSION)


def sees_all_years(actor: Actor, committee: Committee) -> bool:
    return is_office(actor, committee) or actor.standing.has(committee, Role.LEADER)


def can_write_paper(actor: Actor, paper: YearPaper) -> bool:
    return can_write_year(actor, paper.subject)


def can_return_paper(actor: Actor, paper: YearPaper) -> bool:
    """The office, which received it."""
    return is_clerk(actor, paper.committee)


def can_enter_hearing(actor: Actor, committee: Committee) -> bool:
    return is_clerk(actor, committee)


def can_keep_responsibilities(actor: Actor, committee: Committee) -> bool:
    return is_clerk(actor, committee)
