"""Instructions and reports sent on, for tests."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from opinions.models import Instruction, Opinion, Status
from tests import make


def instruction(**over: Any) -> Instruction:
    """Of the city's government, today, unless said otherwise."""
    row = over.pop("opinion", None) or make.opinion(status=Status.ISSUED)
    values = {
        "committee": row.committee,
        "level": "city",
        "body": Instruction.Body.GOVERNMENT,
        "rank": Instruction.Rank.PRINCIPAL,
        "instructed_on": timezone.localdate(),
        "recorded_by": row.created_by,
    }
    return Instruction.objects.create(opinion=row, **values | over)


def sent(source: Opinion, **over: Any) -> Opinion:
    """The parent's row of a report that was sent on, received there."""
    status = over.pop("status", Status.RECEIVED)
    author = make.member(committee=source.committee.parent)
    row = make.opinion(author=author, status=status, title=source.title, sector=None, **over)
    row.authorships.all().delete()
    row.source, row.sent_by = source, source.committee.name
    row.sent_names = "、".join(source.author_names)
    row.save()
    return Opinion.objects.for_moves().get(pk=row.pk)
