"""A day's paper book entered in a batch: all lines or none, in a handful of statements."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions import take_number
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import User
from committees.workdays import Calendar, calendar_of
from members.models import Member
from workrooms.actions.handling import Disposal, check_disposal, settle
from workrooms.actions.receptions import check, set_facts
from workrooms.models import Reception, Workroom
from workrooms.permissions import can_receive_in

MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line; the day and the matter are enough.

    `detail` says what was answered, or whereto it was passed, as the disposal has it. `facts` are
    those of `receive`, but the nature: a petition or a report against a person is entered alone.
    """

    received_on: datetime.date
    said: str
    way: str = Reception.Way.IN_PERSON
    members: Sequence[Member] = ()
    disposal: str = ""
    detail: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class PaperBookWrong(ValidationError):
    """`by_row` tells for each line (from 0) what is wrong, by field: `{2: {"said": [...]}}`."""

    def __init__(self, by_row: dict[int, dict[str, list[str]]]) -> None:
        super().__init__(_("有几行还需要改，全部改好后再保存，目前没有写入。"), code="rows")
        self.by_row = by_row


def receive_paper_book(room: Workroom, rows: Sequence[PaperRow], *, by: User) -> list[Reception]:
    """Register every line, or none: PaperBookWrong with all that is wrong in any.

    Tells nobody: what stood on paper was heard long ago.
    """
    if not can_receive_in(by, room):
        raise PermissionDenied
    if not rows:
        raise ValidationError(_("请至少填写一行。"), code="no_rows")
    if len(rows) > MOST_ROWS:
        raise ValidationError(
            _("一次最多 %(most)s 行，请分次录入。"), code="too_many", params={"most": MOST_ROWS}
        )
    calendar = calendar_of(room.committee)
    made, wrong = [], dict[int, dict[str, list[str]]]()
    for place, row in enumerate(rows):
        try:
            made.append(_entry(room, row, calendar, by=by))
        except ValidationError as error:
            is_named = hasattr(error, "error_dict")
            wrong[place] = error.message_dict if is_named else {"said": error.messages}
    if wrong:
        raise PaperBookWrong(wrong)
    with rules_told(), transaction.atomic():
        _number(room, made)
        Reception.objects.bulk_create(made)
        through = Reception.members.through
        through.objects.bulk_create(
            through(reception=reception, member=member)
            for reception, row in zip(made, rows, strict=True)
            for member in dict.fromkeys(row.members)
        )
        detail: dict[str, Any] = {"receptions": [reception.pk for reception in made]}
        record("paper_book.enter", by=by, committee=room.committee, about=room, **detail)
    return made


def _entry(room: Workroom, row: PaperRow, calendar: Calendar, *, by: User) -> Reception:
    reception = Reception(committee=room.committee, workroom=room, is_from_paper=True)
    reception.year, reception.created_by = row.received_on.year, by
    facts = {"received_on": row.received_on, "way": row.way, "said": row.said} | row.facts
    set_facts(reception, **facts)
    check(reception, row.members)
    if row.disposal:
        is_own = row.disposal == Disposal.ON_THE_SPOT
        answer, passed_to = (row.detail, "") if is_own else ("", row.detail)
        refuse_marked(row.detail)
        check_disposal(reception, row.disposal, passed_to=passed_to)
        on = row.received_on if is_own else timezone.localdate()
        settle(reception, row.disposal, by, calendar, on, passed_to=passed_to, answer=answer)
    return reception


def _number(room: Workroom, made: list[Reception]) -> None:
    """The next numbers of each year, in the order of the lines."""
    for year, count in sorted(Counter(reception.year for reception in made).items()):
        last = take_number(room.committee, "reception", year, how_many=count)
        of_year = [reception for reception in made if reception.year == year]
        for number, reception in enumerate(of_year, start=last - count + 1):
            reception.number = number
