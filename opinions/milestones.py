"""What happens beside the moves: dated facts that belong in the life of a report.

A milestone is a Step that leaves the status as it is, so that the author's timeline is one read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor, actor_columns
from opinions.models import Opinion, Step


@dataclass(frozen=True, slots=True)
class Milestone:
    """`past` tells an author what happened; the same two marks as a Move has."""

    past: Any
    is_internal: bool = False
    note_is_internal: bool = False

    def told(self, target: str) -> Any:
        return self.past


MILESTONES: dict[str, Milestone] = {
    "refer": Milestone(_("已商请有关单位办理")),
    "take_back": Milestone(_("已撤回转办")),
    "refused": Milestone(_("承办单位退办，机关另行商请"), note_is_internal=True),
    "urged": Milestone(_("机关已催办"), note_is_internal=True),
    "extended": Milestone(_("承办单位申请延期，机关已同意"), note_is_internal=True),
    "answered": Milestone(_("承办单位已答复")),
    "planned": Milestone(_("列入计划，由机关跟踪办理")),
    "settled": Milestone(_("计划解决事项已落实")),
    "evaluated": Milestone(_("反映人已作办理评价"), note_is_internal=True),
    "concluded": Milestone(_("办理工作已办结")),
    "suggest_proposal": Milestone(_("机关建议转为提案")),
    "proposed": Milestone(_("反映人已转为提案")),
    "from_proposal": Milestone(_("由未立案的提案转来")),
}


def mark(opinion: Opinion, name: str, *, by: Actor, note: str = "") -> Step:
    """Write the Step of a milestone; inside the deed's transaction. KeyError for an unknown one."""
    assert name in MILESTONES, name
    step = Step(opinion=opinion, move=name, source=opinion.status, target=opinion.status)
    step.note, step.at = note[:1000], timezone.now()
    for column, value in actor_columns(by).items():
        setattr(step, column, value)
    step.save(force_insert=True)
    return step
