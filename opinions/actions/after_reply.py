"""What follows when a unit has answered."""

from __future__ import annotations

from committees.actors import Actor
from opinions import notices
from opinions.models import Reply


def reply_given(reply: Reply, *, by: Actor) -> None:
    """In the transaction of the answer: the office is told."""
    notices.unit_answered(reply, by=by)
