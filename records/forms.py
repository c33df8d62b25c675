"""The office's words under each heading, the period to draft, and the cases that are chosen."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contacts.periods import Every, Period
from records.actions import LONGEST
from records.cases import Case
from records.models import MonthlySummary
from records.paper import Section, sections
from records.periods import PATTERN

PAPER = "zh-Hans"  # the summary is a Chinese paper, whoever writes in whatever language


class WordsForm(forms.Form):
    """One field per heading, and the version the writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, summary: MonthlySummary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in sections(summary):
            self.fields[section.key] = forms.CharField(
                label=_label(section),
                required=False,
                max_length=LONGEST,
                initial=section.text,
                widget=forms.Textarea(attrs={"rows": _height(section.text), "lang": PAPER}),
                help_text=_made(section) if section.is_own else "",
            )
        self.fields["version"].initial = summary.version

    def words(self) -> dict[str, str]:
        return {key: text for key, text in self.cleaned_data.items() if key != "version"}


def _label(section: Section) -> str:
    """一、总体情况; the numerals of the paper say nothing in another language."""
    if get_language() == settings.LANGUAGE_CODE:
        return f"{section.numeral}、{section.heading}"
    return str(section.heading)


def _made(section: Section) -> str:
    made = format_html('<span lang="{}">{}</span>', PAPER, section.made)
    return format_html(str(_("按数据生成：{text}")), text=made)


def _height(text: str) -> int:
    """Lines a phone needs to show the text whole, within reason."""
    return min(12, max(2, sum(1 + len(line) // 20 for line in text.splitlines())))


NAMES = {Every.MONTH: _("月报"), Every.QUARTER: _("季报"), Every.YEAR: _("年报")}
SHOWN = {Every.MONTH: 24, Every.QUARTER: 8, Every.YEAR: 3}


def _back(every: Every, today: datetime.date) -> list[tuple[str, str]]:
    """The period that runs and those before it, the latest first."""
    periods = [Period.of(every, today)]
    while len(periods) < SHOWN[every]:
        periods.append(periods[-1].previous)
    return [(str(period), period.label) for period in periods]


class MonthForm(forms.Form):
    """The period to draft: a month, a quarter or a year, by its words; sent as Period writes it."""

    month = forms.CharField(
        label=_("期间"),
        max_length=12,
        widget=forms.Select,
        help_text=_("已有草稿的，重新汇总数据，保留机关所写文字。"),
    )
    is_for_all = forms.BooleanField(
        label=_("同时生成各界别、专委会和委员工作室的报告"), required=False
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget: Any = self.fields["month"].widget
        widget.choices = [(NAMES[every], _back(every, today)) for every in NAMES]

    def clean_month(self) -> Period:
        text = self.cleaned_data["month"]
        try:
            if not re.fullmatch(PATTERN, text):
                raise ValueError(text)
            return Period.parse(text)
        except ValueError as error:
            raise ValidationError(_("请选择期间。"), code="month") from error


class CasesForm(forms.Form):
    """Which of the proposed deeds are told as cases."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    cases = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, proposed: list[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = {it.key: it for it in proposed}
        self.fields["cases"].choices = [(key, it.title) for key, it in self.proposed.items()]

    def chosen(self) -> list[Case]:
        return [self.proposed[key] for key in self.cleaned_data["cases"]]
