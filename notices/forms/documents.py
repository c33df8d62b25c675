"""What is typed into rules, their versions, policy packs and their materials."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import active_rows
from committees.models import Committee, Theme
from notices.models import PackItem, PolicyPack, Rule, RuleCategory, RuleVersion

UPLOAD_HELP = _("PDF、Word（docx）、Excel（xlsx）、PPT（pptx）或照片。")


def _of_rows(model: Any, committee: Committee, held: Any = None) -> dict[str, Any]:
    """The active rows of a dictionary by key, and the one that is set already."""
    rows = active_rows(model, committee)
    if held is not None and held not in rows:
        rows = [*rows, held]
    return {str(row.pk): row for row in rows}


class RowChoice(forms.ChoiceField):
    """One row of a short list; cleaned to the row. Give it `rows` first."""

    rows: dict[str, Any]

    def offer(self, rows: dict[str, Any], nothing: Any) -> None:
        self.rows = rows
        self.choices = [("", nothing), *((key, str(row)) for key, row in rows.items())]

    def clean(self, value: Any) -> Any:
        return self.rows.get(super().clean(value))


class VersionForm(forms.ModelForm):
    """One version of a rule: its words, its paper, or both. `after` is the version it follows."""

    upload = forms.FileField(label=_("文件"), required=False, help_text=UPLOAD_HELP)
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = RuleVersion
        fields = ("paper_number", "effective_from", "text", "note")
        widgets = {"text": forms.Textarea(attrs={"rows": 12}), "effective_from": DayInput}

    def _post_clean(self) -> None:
        """The action checks the row."""

    def particulars(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "upload")}


class RuleForm(VersionForm):
    """A new rule with its first version."""

    title = forms.CharField(label=_("制度名称"), max_length=100)
    category = RowChoice(label=_("制度类别"))
    field_order = ("title", "category")

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].offer(_of_rows(RuleCategory, committee), _("请选择"))
        self.initial.setdefault("effective_from", timezone.localdate())
        del self.fields["note"], self.fields["after"]

    def particulars(self) -> dict[str, Any]:
        names = ("title", "category", "paper_number", "effective_from", "text", "upload")
        return {name: self.cleaned_data[name] for name in names}


class RenameForm(forms.ModelForm):
    category = RowChoice(label=_("制度类别"))

    class Meta:
        model = Rule
        fields = ("title",)

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = _of_rows(RuleCategory, committee, self.instance.category)
        self.fields["category"].offer(rows, _("请选择"))
        self.initial["category"] = self.instance.category_id

    def _post_clean(self) -> None:
        """The action checks the row."""


class RepealForm(forms.Form):
    on = forms.DateField(label=_("废止日期"), widget=DayInput)


class PackForm(forms.ModelForm):
    theme = RowChoice(label=_("主题（专项）"), required=False)

    class Meta:
        model = PolicyPack
        fields = ("title", "about", "valid_until")
        widgets = {"about": forms.Textarea(attrs={"rows": 4}), "valid_until": DayInput}

    field_order = ("title", "theme", "about", "valid_until")

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].offer(_of_rows(Theme, committee, self.instance.theme), _("不选"))
        self.initial["theme"] = self.instance.theme_id

    def _post_clean(self) -> None:
        """The action checks the row."""


class ItemForm(forms.ModelForm):
    upload = forms.FileField(label=_("文件"), required=False, help_text=UPLOAD_HELP)

    class Meta:
        model = PackItem
        fields = ("title", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}

    def _post_clean(self) -> None:
        """The action checks the row."""
