"""Who may say what came of a resolution."""

from __future__ import annotations

from activities.models import Resolution
from activities.permissions.organising import organises
from committees.actors import Actor
from committees.models import Role


def can_report_result(actor: Actor, resolution: Resolution) -> bool:
    """Whoever organised the consultation, and whoever is responsible: the unit's handler, the
    room's keeper, the member or who serves the member."""
    standing = actor.standing
    if organises(actor, resolution.activity):
        return True
    return (
        resolution.unit_id in standing.scopes(Role.HANDLER)
        or resolution.workroom_id in standing.scopes("keeper")
        or resolution.member_id in standing.scopes("member", "delegate")
    )
