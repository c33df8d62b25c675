"""Who organises one activity."""

from __future__ import annotations

from activities.models import Activity
from committees.actors import Actor
from committees.models import Role
from workrooms.models import Reception
from workrooms.permissions import can_handle


def organises(actor: Actor, activity: Activity) -> bool:
    """The committee's clerks, the convenors of its sector, its commission's office and its room's
    keepers."""
    standing = actor.standing
    if standing.has(activity.committee_id, Role.CLERK):
        return True
    return (
        activity.sector_id in standing.scopes("convenor")
        or activity.commission_id in standing.scopes(Role.COMMISSION)
        or activity.workroom_id in standing.scopes("keeper")
    )


def can_put_on_agenda(actor: Actor, activity: Activity, reception: Reception | None) -> bool:
    """Who organises the consultation; an entry of the reception book also whoever handles it."""
    if reception is not None:
        return can_handle(actor, reception)
    return organises(actor, activity)
