"""What a coverage board is asked for: which period, and which sector of those followed."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.periods import Every, Period
from sectors.models import Sector

SHOWN = {Every.MONTH: 13, Every.QUARTER: 9, Every.YEAR: 6}
"""How many periods back the list offers; the arrows beside it lead further."""


class BoardForm(forms.Form):
    """Always valid in the end: what cannot be read is the present quarter of everything."""

    scope = forms.CharField(required=False, widget=forms.HiddenInput)
    period = forms.ChoiceField(label=_("时段"), required=False)
    sector = forms.ChoiceField(label=_("界别"), required=False)

    def __init__(self, *args: Any, period: Period, today: datetime.date, **kwargs: Any) -> None:
        self.offered: list[Sector] = kwargs.pop("sectors")
        super().__init__(*args, **kwargs)
        choices = periods_back(period, today)
        self.fields["period"].choices = choices  # type: ignore[attr-defined]
        rows = [("", _("全部")), *((str(row.pk), row.name) for row in self.offered)]
        if self.offered:
            self.fields["sector"].choices = rows  # type: ignore[attr-defined]
        else:
            del self.fields["sector"]


def periods_back(period: Period, today: datetime.date) -> list[tuple[str, str]]:
    """The latest periods of that length, newest first, and the one asked for in any case."""
    one = Period.of(period.every, today)
    found = []
    for _number in range(SHOWN[period.every]):
        found.append(one)
        one = one.previous
    if period not in found:
        found.append(period)
    return [(str(row), row.label) for row in found]
