"""Instructions (批示情况): recorded, corrected, removed. No word of what was said is taken in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.broken_rules import rules_told
from committees.models import User
from opinions.actions.adoptions import REASONS, check_day, hold, refuse_gone
from opinions.actions.writing import record_deed
from opinions.milestones import mark
from opinions.models import Instruction, Opinion
from opinions.notices import outcomes as notices

FIELDS = ("level", "body", "rank", "instructed_on", "is_acted_on")


def record_instruction(opinion: Opinion, *, by: User, **given: Any) -> Instruction:
    """`given`: FIELDS. ValidationError `instruction_once`, `future`, `too_early`, `not_issued`."""
    with rules_told(), transaction.atomic():
        hold(opinion, by)
        check_day(opinion, given["instructed_on"], "instructed_on")
        row = Instruction(committee=opinion.committee, opinion=opinion, recorded_by=by)
        for name in FIELDS:
            setattr(row, name, given[name])
        row.save(force_insert=True)
        mark(opinion, "instructed", by=by)
        record_deed("opinion.instruct", opinion, by=by, instruction=row.pk, level=row.level)
        notices.instructed(row)
    return row


def correct_instruction(row: Instruction, *, by: User, **given: Any) -> Instruction:
    """Other particulars, or that it has been acted on."""
    opinion = row.opinion
    with rules_told(), transaction.atomic():
        hold(opinion, by)
        refuse_gone(row)
        check_day(opinion, given["instructed_on"], "instructed_on")
        for name in FIELDS:
            setattr(row, name, given[name])
        row.save(update_fields=FIELDS)
        record_deed("opinion.instruction_correct", opinion, by=by, instruction=row.pk)
    return row


def remove_instruction(row: Instruction, *, by: User, reason: str) -> None:
    opinion = row.opinion
    with transaction.atomic():
        hold(opinion, by)
        refuse_gone(row)
        if reason not in REASONS:
            raise ValidationError(_("请选择原因。"), code="reason_needed")
        detail = {"instruction": row.pk, "level": row.level, "reason": reason}
        row.delete()
        record_deed("opinion.instruction_remove", opinion, by=by, **detail)
