"""Who may write, confirm and read outcomes."""

from __future__ import annotations

from collections.abc import Iterable

from activities.models import Outcome, OutcomeAuthor
from committees.actors import Actor
from committees.models import Committee, Role
from committees.permissions import is_clerk, is_office


def can_write_outcomes(actor: Actor, committee: Committee) -> bool:
    """Members and who serves them, convenors, a commission's office, and the office."""
    roles = ("member", "delegate", "convenor", Role.COMMISSION)
    return is_office(actor, committee) or actor.standing.has(committee, *roles)


def may_author(actor: Actor, committee: Committee, parts: Iterable[OutcomeAuthor]) -> bool:
    """The office for all; others where they, whom they serve, or their body is among the
    authors."""
    if is_office(actor, committee):
        return True
    return _is_theirs(actor, [(p.member_id, p.sector_id, p.commission_id) for p in parts])


def is_author(actor: Actor, outcome: Outcome) -> bool:
    """Of a row read `for_list`."""
    rows = outcome.author_rows  # type: ignore[attr-defined]
    return _is_theirs(actor, [(row["member"], row["sector"], row["commission"]) for row in rows])


def _is_theirs(actor: Actor, parts: list[tuple[int | None, int | None, int | None]]) -> bool:
    standing = actor.standing
    members = standing.scopes("member", "delegate")
    sectors, commissions = standing.scopes("convenor"), standing.scopes(Role.COMMISSION)
    return any(m in members or s in sectors or c in commissions for m, s, c in parts)


def can_read_text(actor: Actor, outcome: Outcome) -> bool:
    return is_office(actor, outcome.committee) or is_author(actor, outcome)


def can_amend_outcome(actor: Actor, outcome: Outcome) -> bool:
    """Whose it is until it is confirmed; the clerk also afterwards. Nobody once withdrawn."""
    if outcome.withdrawn_at:
        return False
    if is_clerk(actor, outcome.committee):
        return True
    is_open = outcome.confirmed_at is None
    return is_open and (is_author(actor, outcome) or is_office(actor, outcome.committee))


def can_confirm_outcome(actor: Actor, outcome: Outcome) -> bool:
    """确认, 退回修改 and adoption are the clerk's."""
    return is_clerk(actor, outcome.committee)
