"""Forms on referrals; what they take in ends in opinions/actions/referrals.py."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import active_rows
from committees.models import Committee, Unit
from opinions.actions.referrals import LONGEST_TEXT
from opinions.models import Urging

BETWEEN = re.compile(r"[、，,;；\n]+")


class ReferForm(forms.Form):
    """Units are typed by name, with the committee's own units offered; there may be hundreds."""

    title = forms.CharField(label=_("标题"), max_length=100)
    text = forms.CharField(
        label=_("转办内容"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("承办单位看到的就是这里的文字，不带群众姓名和电话。"),
    )
    request = forms.CharField(
        label=_("商请事项"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    lead = forms.CharField(
        label=_("主办单位"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "units"}),
    )
    joints = forms.CharField(
        label=_("会办单位"),
        max_length=500,
        required=False,
        help_text=_("多个单位用顿号分开。"),
    )
    via = forms.ChoiceField(label=_("经转单位"), required=False)
    due_on = forms.DateField(
        label=_("办理期限"),
        required=False,
        widget=DayInput,
        help_text=_("不填则按后台设定的办理时限计算。"),
    )

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.name: unit for unit in active_rows(Unit, committee)}
        relaying = [(str(unit.pk), unit.name) for unit in self.units.values() if unit.is_relaying]
        self.fields["via"].choices = [("", _("不经转")), *relaying]
        if not relaying:
            del self.fields["via"]

    @property
    def names(self) -> list[str]:
        """Of the units that answer, for the browser's own list."""
        return [name for name, unit in self.units.items() if not unit.is_relaying]

    def clean_lead(self) -> Unit | None:
        return self._found(self.cleaned_data["lead"])[0] if self.cleaned_data["lead"] else None

    def clean_joints(self) -> list[Unit]:
        return self._found(self.cleaned_data["joints"])

    def clean_via(self) -> Unit | None:
        asked = self.cleaned_data["via"]
        return next((unit for unit in self.units.values() if str(unit.pk) == asked), None)

    def _found(self, typed: str) -> list[Unit]:
        names = [name.strip() for name in BETWEEN.split(typed) if name.strip()]
        unknown = [name for name in names if name not in self.units]
        if unknown:
            raise forms.ValidationError(
                _("没有登记该单位：%(names)s。请先在后台登记，或改用已登记的名称。"),
                params={"names": "、".join(unknown)},
            )
        return [self.units[name] for name in names]


class DecisionForm(forms.Form):
    """The office's answer to a request of the unit; the button says which."""

    is_granted = forms.TypedChoiceField(
        label=_("答复"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("意见"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class RefusalForm(DecisionForm):
    is_granted = forms.TypedChoiceField(
        label=_("答复"),
        choices=[("yes", _("同意退办")), ("no", _("请继续办理"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class UrgeForm(forms.Form):
    kind = forms.ChoiceField(label=_("方式"), widget=forms.RadioSelect, initial=Urging.Kind.URGE)
    words = forms.CharField(
        label=_("催办意见"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000)

    def __init__(self, *args: Any, for_proposal: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            choice
            for choice in Urging.Kind.choices
            if for_proposal or choice[0] != Urging.Kind.SUPERVISE
        ]


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label=_("撤回原因"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
