"""Forms on promises and evaluations; what they take in ends in the verbs of actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from opinions.models import Evaluation, Precision, PromiseReport

LONGEST = 1000  # characters, as the columns of all of them
Grade, Choice = Evaluation.Grade, Evaluation.Choice


def _words(label: Any, *, needed: bool = False, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": 3, **attrs}),
        required=needed,
        max_length=LONGEST,
    )


def _chips(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择。")},
    )


class ReportForm(forms.Form):
    """How far a promise is. `seen` is the last report that stood on the page."""

    result = _chips(_("落实情况"), PromiseReport.Result.choices)
    words = _words(_("说明"))
    file = forms.FileField(label=_("落实依据（附件）"), required=False)
    by_name = forms.CharField(label=_("填报人"), max_length=40, required=False)
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if side != PromiseReport.Side.UNIT:
            del self.fields["by_name"]
        if side == PromiseReport.Side.AUTHOR:
            del self.fields["file"]
        else:
            self.fields["words"].help_text = _("已落实的，请写明依据（文字或网址），或上传文件。")

    @property
    def taken(self) -> dict[str, Any]:
        """As `report_promise` takes it."""
        given = self.cleaned_data
        return {
            "result": given["result"],
            "words_said": given["words"],
            "file": given.get("file"),
            "by_name": given.get("by_name", ""),
            "seen": given["seen"],
        }


class SettleForm(forms.Form):
    evidence = _words(_("落实依据"))
    on = forms.DateField(label=_("落实日期"), required=False, widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].help_text = _("不填的，以承办单位最近一次“已落实”的反馈为依据。")


class ExtendForm(forms.Form):
    until = forms.DateField(label=_("新的计划时间"), widget=DayInput)
    precision = _chips(_("精确到"), Precision.choices)
    reason = _words(_("调整理由"), needed=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = _("精确到月、季度或年的，选其中任何一天即可。")
        self.fields["precision"].initial = Precision.DAY


class EvaluateForm(forms.Form):
    """Three taps: handling, result, and send."""

    handling = _chips(_("对办理过程"), Grade.choices)
    result = _chips(_("对办理结果"), Grade.choices)
    said = _words(_("意见"))


class DecideForm(forms.Form):
    """What the office does with 不满意; each choice asks for what belongs to it."""

    choice = _chips(_("处理方式"), Choice.choices)
    note = _words(_("处理说明"))
    on = forms.DateField(
        label=_("面商或协商日期"),
        required=False,
        widget=DayInput(attrs={"data-shown-with": "choice:meet consult"}),
    )
    place = forms.CharField(
        label=_("地点"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"data-shown-with": "choice:meet consult"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _(
            "再次商请：写给承办单位的要求。面商：写明结果。说明情况：反映人将看到这段话。"
        )
