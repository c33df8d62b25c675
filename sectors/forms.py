"""Forms on supervision and talks; what they take in ends in the verbs of actions/."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from sectors.models import Supervision


class PastDayField(forms.DateField):
    """A day that has been: today unless another is chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DayInput, initial=timezone.localdate, **kwargs)


class SupervisionForm(forms.Form):
    """A supervision visit: when, about what, and what was found."""

    happened_on = PastDayField(label=_("监督日期"))
    topic = forms.CharField(label=_("监督事项"), max_length=80)
    finding = forms.CharField(
        label=_("发现的问题和意见建议"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class PassForm(forms.Form):
    due_on = forms.DateField(label=_("请反馈日期"), widget=DayInput)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("单位反馈"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6})
    )
    on = PastDayField(label=_("反馈日期"))


class ConcludeForm(forms.Form):
    result = forms.ChoiceField(
        label=_("落实情况"), choices=Supervision.Result.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("落实情况说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReopenForm(forms.Form):
    """Nothing to fill in."""


class TalkForm(forms.Form):
    """That a talk took place; there is no field for what was said."""

    held_on = PastDayField(label=_("谈话日期"))
