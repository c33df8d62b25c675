"""What must hold for a move beyond status and person; opinions/workflow.py holds the table."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from opinions.models import OUT, DeskDuty, Opinion, Status
from opinions.moves import Condition


def skips_convenor(opinion: Opinion) -> bool:
    """A body's report, 直报机关, the step switched off, no sector, no convenor but the authors."""
    if opinion.body_kind or opinion.is_direct or not opinion.committee.has_convenor_step:
        return True
    return opinion.review_sector_id is None or not opinion.reviewers


def returns_to_office(opinion: Opinion) -> bool:
    return opinion.returned_from != Status.WITH_CONVENOR or skips_convenor(opinion)


def was_advised(opinion: Opinion) -> bool:
    return opinion.status == Status.DRAFT or opinion.returned_from == Status.WITH_CONVENOR


def may_go_on(opinion: Opinion) -> bool:
    """A report begun from an entry that turned out to be against a person goes no further, nor one
    that such a report was merged into."""
    if opinion.reception is not None and opinion.reception.is_closed_to_others:
        return False
    return not opinion.has_confided_parts


def has_no_check(opinion: Opinion) -> bool:
    return not opinion.committee.has_check_step


def is_written(opinion: Opinion) -> bool:
    return bool(opinion.title.strip() and (opinion.situation or "").strip())


def needs_second_check(opinion: Opinion) -> bool:
    """复核 is settled for reports of its kind, and this was the first check."""
    return bool(opinion.named_for(DeskDuty.Task.RECHECK)) and opinion.first_checker_id is None


def is_from_the_office(opinion: Opinion) -> bool:
    return opinion.is_composed


def may_be_parted(opinion: Opinion) -> bool:
    return opinion.merged_into is None or opinion.merged_into.status not in OUT


def is_free_of_others(opinion: Opinion) -> bool:
    """Where it went into another report its words are there too, until that is offline as well."""
    return opinion.merged_into is None or opinion.merged_into.status == Status.OFFLINE


WRITTEN = Condition(is_written, _("请先填写标题和情况反映，再报送。"), "not_written")
NOT_CONFIDED = Condition(
    may_go_on, _("来源登记已转专管人员，此件不能继续报送，请撤回或转线下办理。"), "confided"
)
ADVISED = Condition(was_advised, _("此件由机关退回，请修改后再报送机关。"), "not_advised")
NOT_SUGGESTED = Condition(
    lambda opinion: not opinion.was_suggested,
    _("界别初核建议修改以一次为限，请推荐报送，或写明初核意见。"),
    "suggested_already",
)
OWN = Condition(
    lambda opinion: opinion.source_id is None,
    _("此件由下级政协报送，不能退回修改，请编辑采用或留存备查。"),
    "sent_on",
)
NOTHING_OPEN = Condition(
    lambda opinion: not opinion.has_open_matters,
    _("还有转办、计划解决事项或办理评价没有了结，暂不能办结。"),
    "open_matters",
)
UNCOMPOSED = Condition(
    lambda opinion: not (opinion.is_composed or opinion.part_count),
    _("此件已编入其他信息，不能再合并到另一件；请先撤销合并。"),
    "composed_already",
)
HOLDS_NONE = Condition(
    lambda opinion: not (opinion.is_composed or opinion.part_count),
    _("此件已与其他信息合并办理，请先由机关撤销合并。"),
    "holds_parts",
)
PARTABLE = Condition(may_be_parted, _("综合稿已签发，不能再撤销合并。"), "issued_already")
NOT_LOCKED_IN = Condition(
    is_free_of_others, _("此件已编入综合稿，请先撤销合并，或将综合稿转线下办理。"), "merged_in"
)
COMPOSED = Condition(is_from_the_office, _("此件不是综合稿。"), "not_composed")
