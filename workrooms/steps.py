"""What a receipt may show: the five steps of domain.md section 5, and nothing of the inside."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workrooms.models import Reception

LABELS = (_("已收到"), _("委员已阅"), _("正在协调"), _("已通过政协渠道反映"), _("已有结果"))


@dataclass(frozen=True, slots=True)
class ReceiptStep:
    """`day` is empty where the step is not reached, or was passed over."""

    label: Any
    day: datetime.date | None
    is_reached: bool

    @property
    def is_skipped(self) -> bool:
        """A later step was reached and this one was not: it never happened, so it is not told."""
        return self.is_reached and self.day is None


def receipt_steps(reception: Reception) -> list[ReceiptStep]:
    """The five steps in their order. One may be passed over; none that was reached goes back.

    The fourth is read from the reports that began here (one statement): the day the first of them,
    or of what they were merged into, was issued, never its number, title or fate.
    """
    days = [
        timezone.localdate(reception.created_at),
        _day(reception.read_at),
        _day(reception.passed_at),
        _told_on(reception),
        _day(reception.gist_at),
    ]
    last = max(place for place, day in enumerate(days) if day)
    return [
        ReceiptStep(label, day, is_reached=place <= last)
        for place, (label, day) in enumerate(zip(LABELS, days, strict=True))
    ]


def _told_on(reception: Reception) -> datetime.date | None:
    """Through the related name that opinions declare: read, never written.

    `with_steps()` has read it with the entry.
    """
    if "reported_on" in reception.__dict__:
        return reception.__dict__["reported_on"]
    found: Any = Reception.objects.filter(pk=reception.pk).with_steps()
    return found.values_list("reported_on", flat=True).first()


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return timezone.localdate(moment) if moment else None
