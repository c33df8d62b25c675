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
    "composed": Milestone(_("机关编写综合稿"), note_is_internal=True),
    "joined": Milestone(_("编入一件"), is_internal=True),
    "parted": Milestone(_("撤出一件"), is_internal=True),
    "composed_issued": Milestone(_("综合稿已签发")),
    "refer": Milestone(_("已商请有关单位办理")),
    "take_back": Milestone(_("已撤回转办")),
    "refused": Milestone(_("承办单位退办，机关另行商请"), note_is_internal=True),
    "urged": Milestone(_("机关已催办"), note_is_internal=True),
    "extended": Milestone(_("承办单位申请延期，机关已同意"), note_is_internal=True),
    "answered": Milestone(_("承办单位已答复")),
    "planned": Milestone(_("列入计划，由机关跟踪办理")),
    "late": Milestone(_("计划时间已过，尚未落实，机关继续跟踪办理")),
    "replanned": Milestone(_("计划解决事项的计划时间已调整")),
    "settled": Milestone(_("计划解决事项已落实")),
    "evaluated": Milestone(_("反映人已作办理评价"), note_is_internal=True),
    "asked_again": Milestone(_("机关再次商请承办单位办理")),
    "met": Milestone(_("已与反映人面商")),
    "consulted": Milestone(_("机关组织协商议事")),
    "explained": Milestone(_("机关就办理结果说明情况")),
    "concluded": Milestone(_("办理工作已办结")),
    "adopted": Milestone(_("已被采用")),
    "instructed": Milestone(_("获得批示")),
    "sent_on": Milestone(_("已报送上级政协")),
    "recalled": Milestone(_("已撤回向上级政协的报送")),
    "arrived": Milestone(_("收到下级政协报送件")),
    "adopted_above": Milestone(_("已被上级政协采用")),
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
