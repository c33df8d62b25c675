"""Rows of a handover from one term to the next (换届)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from committees.models import Term
from sectors.models import Handover, Transfer
from tests import make

NOTHING: dict[str, Any] = {"errors": [], "figures": {}, "sectors": [], "leaves": []}


def handover(**over: Any) -> Handover:
    """In preparation, for the day after tomorrow; `leaves=[member]` are who leaves."""
    belongs = over.get("committee") or make.committee()
    old = Term.objects.filter(committee=belongs).first() or make.term(committee=belongs)
    leaves = [one.pk for one in over.pop("leaves", ())]
    values = {
        "committee": belongs,
        "ordinal": old.ordinal + 1,
        "on_date": timezone.localdate() + datetime.timedelta(days=2),
        "meeting": "六届二十次常委会会议",
        "old_term": old,
        "report": NOTHING | {"leaves": leaves},
        "leavers": leaves,
    }
    if "prepared_by" not in over:
        values["prepared_by"] = make.officer("clerk", belongs)
    return Handover.objects.create(**values | over)


def transfer(**over: Any) -> Transfer:
    """A contact that the office was to see to; `handover=` and `member=` as given or new."""
    of = over.pop("handover", None) or handover()
    person = over.pop("member", None) or make.member(committee=of.committee)
    values = {"kind": "report", "ref": person.pk, "to": "office", "on_date": of.on_date}
    values |= {"committee": of.committee, "by": of.prepared_by}
    return Transfer.objects.create(**values | over, handover=of, member=person)
