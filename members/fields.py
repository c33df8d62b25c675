"""Fields of a member's particulars, the same on every page that takes them in."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Party

EARLIEST = datetime.date(1900, 1, 1)


class MonthField(forms.DateField):
    """A month of birth: `1975-03`, `1975.03`, `1975年3月`; cleans to its first day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m", "%Y.%m", "%Y年%m月", "%Y/%m"])
        kwargs.setdefault("error_messages", {"invalid": _("请填写年月，如 1975-03。")})
        widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> datetime.date | None:
        month = super().clean(value)
        if month and not EARLIEST <= month <= timezone.localdate():
            raise forms.ValidationError(_("请核对出生年月。"))
        return month and month.replace(day=1)


class PartiesField(forms.MultipleChoiceField):
    """Parties in the official order; more than one is possible."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Party.choices, widget=forms.CheckboxSelectMultiple, **kwargs)
