"""Who may plan and manage activities, and who may read why somebody is on leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from activities.models import Activity, Enrolment
from activities.models.activities import PLANNED_BY
from committees.actors import Actor
from committees.models import Committee
from committees.permissions import is_clerk
from members.permissions import can_act_for


def can_plan_activities(actor: Actor, committee: Committee) -> bool:
    """Whoever plans something here: the office's clerks, and for the own sector, commission or
    room its convenors, its office, its keepers."""
    return actor.standing.has(committee, "clerk", *PLANNED_BY.values())


def can_plan_for(actor: Actor, committee: Committee, organisers: Mapping[str, Any]) -> bool:
    """`organisers` are rows or None by column. Clerks for everybody; all others only for what is
    theirs, and never in the committee's own name."""
    if is_clerk(actor, committee):
        return True
    named = {column: row for column, row in organisers.items() if row is not None}
    return bool(named) and all(
        row.pk in actor.standing.scopes(PLANNED_BY[column]) for column, row in named.items()
    )


def can_organise(actor: Actor, activity: Activity) -> bool:
    """Amend, publish, invite, decide on leave, note attendance: clerks, and its organisers."""
    if actor.standing.has(activity.committee_id, "clerk"):
        return True
    return any(
        getattr(activity, f"{column}_id") in actor.standing.scopes(role)
        for column, role in PLANNED_BY.items()
    )


def can_read_leave(actor: Actor, enrolment: Enrolment) -> bool:
    """Why somebody asks for leave: the person, who enters for that person, and the organiser."""
    return can_act_for(actor, enrolment.member) or can_organise(actor, enrolment.activity)
