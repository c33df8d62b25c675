"""Forms on what became of a report, and on the issue it appears in."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from opinions.models import Adoption, BriefingSetting, Instruction, Issue

REASONS = [("wrong", _("登记有误")), ("double", _("重复登记")), ("void", _("原件已作废"))]
MOST_COPIES = 2000
FORM_FIELDS = ("level", "form", "body", "publication", "adopted_on", "evidence")


class AdoptionForm(forms.ModelForm):
    """One adoption; the file is what proves it."""

    upload = forms.FileField(
        label=_("依据文件"),
        required=False,
        help_text=_("采用刊物的扫描件或照片。本系统为非涉密互联网平台，严禁上传涉密文件。"),
    )

    class Meta:
        model = Adoption
        fields = FORM_FIELDS
        widgets = {"adopted_on": DayInput()}

    @property
    def given(self) -> dict[str, Any]:
        """As the actions take it."""
        return {name: self.cleaned_data[name] for name in FORM_FIELDS} | {
            "upload": self.cleaned_data["upload"]
        }

    def _post_clean(self) -> None:
        """The row is the action's to build and to save."""


class InstructionForm(forms.ModelForm):
    """No name, no scan, no gist: there is no field that takes words."""

    class Meta:
        model = Instruction
        fields = ("level", "body", "rank", "instructed_on", "is_acted_on")
        widgets = {"instructed_on": DayInput()}

    def _post_clean(self) -> None:
        """The row is the action's to build and to save."""


class RemoveForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("删除原因"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择原因。")},
    )


class FootForm(forms.ModelForm):
    """Lists and copies of one issue."""

    class Meta:
        model = Issue
        fields = ("report_to", "send_to", "copy_to", "copies")
        widgets = dict.fromkeys(
            ("report_to", "send_to", "copy_to"), forms.Textarea(attrs={"rows": 2})
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copies"] = forms.IntegerField(
            label=_("共印份数"),
            min_value=0,
            max_value=MOST_COPIES,
            help_text=_("填 0 则不印份数。"),
        )

    def _post_clean(self) -> None:
        """The row is the action's to change."""


class BriefingForm(FootForm):
    """What every issue of the committee carries."""

    class Meta:
        model = BriefingSetting
        fields = ("masthead", "editor", "report_to", "send_to", "copy_to", "copies")
        widgets = FootForm.Meta.widgets


class YearForm(forms.Form):
    """Which year, and month, a register shows; what cannot be read is the present year."""

    year = forms.IntegerField(min_value=2000, max_value=2100, required=False)
    month = forms.IntegerField(min_value=1, max_value=12, required=False)


class SignTogetherForm(forms.Form):
    """Which of the waiting reports go into one issue, and into which.

    A box carries the report and since when it waits, so that what changed meanwhile is noticed.
    """

    reports = forms.MultipleChoiceField(
        label=_("待签发的信息"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请勾选要签发的信息。")},
    )
    issue = forms.ChoiceField(label=_("编入"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, waiting: list[Any], issues: list[Issue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = {str(row.pk): row for row in waiting}
        self.issues = {str(row.pk): row for row in issues}
        fields: Any = self.fields
        fields["reports"].choices = [(pk, str(row)) for pk, row in self.waiting.items()]
        fields["issue"].choices = issue_choices(issues)
        if not issues:
            del self.fields["issue"]

    @property
    def seen(self) -> dict[int, Any]:
        chosen = self.cleaned_data["reports"]
        return {int(pk): self.waiting[pk].waiting_since for pk in chosen}

    @property
    def chosen_issue(self) -> Issue | None:
        return self.issues.get(self.cleaned_data.get("issue", ""))


def issue_choices(issues: list[Issue]) -> list[tuple[str, Any]]:
    """单独成期, or one of today's that is not printed yet."""
    words = _("编入第%(number)s期（今日签发）")
    joined = [(str(row.pk), words % {"number": row.number}) for row in issues]
    return [("", _("单独成期")), *joined]


def period_asked(data: Any, today: datetime.date) -> tuple[int, int]:
    """The year and month asked for: `(2026, 0)` is the whole year."""
    form = YearForm(data)
    form.is_valid()
    year = form.cleaned_data.get("year") or today.year
    return year, form.cleaned_data.get("month") or 0
