"""Forms of the papers of the year; what they take in ends in the verbs of actions/yearly.py."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import YearPaper
from committees.day_input import DayInput


class PaperForm(forms.Form):
    """The text of a plan or summary, and the version it was read in (0 where there was none)."""

    text = forms.CharField(
        label=_("正文"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 22}),
        help_text=_("以“一、”“（一）”开头的一行，打印时排为标题。"),
        error_messages={"required": _("请填写正文。")},
    )
    version = forms.IntegerField(
        min_value=0, max_value=2**31, required=False, widget=forms.HiddenInput
    )

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0


class ReturnForm(forms.Form):
    """Why a submitted paper goes back to its writers."""

    note = forms.CharField(
        label=_("修改意见"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请填写修改意见。")},
    )


class HearingForm(forms.Form):
    """When and where leaders heard the report, and the paper it was given from."""

    heard_on = forms.DateField(label=_("听取日期"), widget=DayInput, initial=timezone.localdate)
    occasion = forms.CharField(
        label=_("会议或场合"),
        max_length=60,
        help_text=_("如：六届三十次主席会议。"),
        error_messages={"required": _("请填写会议或场合。")},
    )
    paper = forms.ChoiceField(label=_("汇报材料"), required=False)

    def __init__(self, *args: Any, papers: list[YearPaper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.papers = {str(row.pk): row for row in papers}
        choices = [("", _("无")), *((pk, row.title) for pk, row in self.papers.items())]
        self.fields["paper"].choices = choices

    def clean_paper(self) -> YearPaper | None:
        return self.papers.get(self.cleaned_data["paper"])
