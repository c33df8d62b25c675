"""What became of my words: the steps of a report in plain sentences, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.templatetags.portal import moment
from opinions.milestones import MILESTONES, Milestone
from opinions.models import Opinion, Status, Step
from opinions.moves import Move
from opinions.workflow import MOVES

WAY = gettext_lazy("提交|界别初核|机关编辑|签发")
REACHED = {
    Status.DRAFT: 0,
    Status.RETURNED: 1,
    Status.WITH_CONVENOR: 1,
    Status.RECEIVED: 2,
    Status.EDITING: 3,
    Status.CHECKING: 3,
    Status.SIGNING: 3,
    Status.ISSUED: 4,
    Status.CLOSED: 4,
}
"""How far a report has come on its WAY; one that went aside has no line."""

DEEDS: dict[str, Move | Milestone] = {**MOVES, **MILESTONES}
"""Whatever a Step may be named after; each tells what happened, and whether outside too."""

CONVENORS = {"recommend", "suggest", "note"}
AUTHORS = {"submit", "resubmit", "insist", "submit_straight", "withdraw"}


@dataclass(frozen=True, slots=True)
class Event:
    """A row of components/timeline.html."""

    title: Any
    meta: str = ""
    text: str = ""


def events_of(opinion: Opinion, *, inside: bool) -> list[Event]:
    """`inside` the office everything is told; outside its own affairs and names stay its own."""
    steps = opinion.steps.select_related("by_user", "on_behalf_of")
    told = [step for step in steps if inside or not DEEDS[step.move].is_internal]
    events = [_event(group, inside=inside) for group in _grouped(told)]
    if opinion.is_composed:  # begun by the office, whose names stay inside
        return events[::-1]
    written = Event(_("开始起草"), _meta(opinion.created_at, str(opinion.created_by)))
    return [*reversed(events), written]


def _grouped(steps: list[Step]) -> list[list[Step]]:
    """Milestones of one kind that follow one another on one day are one event: three units asked,
    three answers in; each move stands by itself."""

    def alike(step: Step) -> Any:
        if step.move in MILESTONES:
            return step.move, timezone.localdate(step.at), step.by_user_id
        return step.pk

    return [list(group) for _key, group in groupby(steps, alike)]


def _event(group: list[Step], *, inside: bool) -> Event:
    step = group[-1]
    rule = DEEDS[step.move]
    notes = [one.note for one in group if one.note and (inside or not rule.note_is_internal)]
    title = rule.told(step.target)
    if len(group) > 1:
        title = _("%(what)s（%(times)s件）") % {"what": title, "times": len(group)}
    words = "；".join(dict.fromkeys(notes))
    return Event(title, _meta(step.at, _who(step, inside=inside)), words)


def _who(step: Step, *, inside: bool) -> str:
    if step.by_user is None:
        return _("系统")
    name = step.by_user.name
    if step.move in AUTHORS and step.on_behalf_of:
        return _("由%(who)s代为办理") % {"who": name}
    return name if inside or step.move in AUTHORS | CONVENORS else _("机关")


def _meta(at: Any, who: str) -> str:
    return f"{moment(at)} · {who}"
