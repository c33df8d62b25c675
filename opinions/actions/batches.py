"""One move on several ticked reports (批量处理): each by itself, so that one failing stops none."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from committees.actors import Actor
from opinions.actions.moving import move
from opinions.models import Opinion
from opinions.workflow import MOVES, available_moves

MOST_IN_BATCH = 100
BATCHED = (
    "recommend",
    "suggest",
    "note",
    "take_up",
    "send_to_check",
    "checked",
    "send_back",
    "hand_back",
    "shelve",
    "reopen",
    "unmerge",
    "close",
)
"""What a batch may do: nothing that needs a look at each, as signing or going offline do."""
INVERSES = {"shelve": "reopen"}
"""The batch that takes a batch back."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: `done`, `first` (somebody was), `refused` or `failed`, in words."""

    opinion: Opinion
    state: str
    told: Any


def possible_for_all(rows: Iterable[Opinion], actor: Actor) -> list[str]:
    """The batched moves that this person may make on every one of these rows now."""
    offered = [set(available_moves(row, actor)) for row in rows]
    common = set.intersection(*offered) if offered else set()
    return [name for name in BATCHED if name in common]


def move_all(
    rows: Iterable[Opinion],
    name: str,
    *,
    by: Actor,
    note: str = "",
    seen: Mapping[int, datetime.datetime | None],
) -> list[Outcome]:
    """Make the move on each row, in a transaction of its own. `seen` is by id, as of `move`."""
    if name not in BATCHED:
        raise PermissionDenied
    return [_one(row, name, by=by, note=note, seen=seen.get(row.pk)) for row in rows]


def _one(
    row: Opinion, name: str, *, by: Actor, note: str, seen: datetime.datetime | None
) -> Outcome:
    try:
        move(row, name, by=by, note=note, seen=seen)
    except PermissionDenied:
        return Outcome(row, "refused", _("此件这一步不由您办理。"))
    except ValidationError as error:
        is_late = getattr(error, "code", "") == "moved"
        return Outcome(row, "first" if is_late else "failed", " ".join(error.messages))
    return Outcome(row, "done", MOVES[name].told(row.status))
