"""Forms on what stays of an activity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from activities.actions.aftermath import LONGEST_TEXT
from committees.day_input import DayInput


def tell(form: forms.Form, error: ValidationError) -> None:
    """The sentence beside its field, or above the form where the field is not in it."""
    for field, errors in getattr(error, "error_dict", {None: error}).items():
        form.add_error(field if field in form.fields else None, errors)


class TextForm(forms.Form):
    """Minutes or write-up; `seen` is the version the writer has before the eyes."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("正文"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 14})
    )


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("照片"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
        help_text=_("选填项，没有照片也不影响统计。拍摄位置和时间会自动去掉。"),
    )
    caption = forms.CharField(label=_("照片说明"), max_length=60, required=False)
    has_consent = forms.BooleanField(
        label=_("已征得照片中人员同意"),
        error_messages={"required": _("请先征得照片中人员同意。")},
    )


class FollowUpForm(forms.Form):
    what = forms.CharField(label=_("后续事项"), max_length=300)
    who = forms.CharField(label=_("责任人"), max_length=60, required=False)
    due_on = forms.DateField(label=_("完成时限"), required=False, widget=DayInput)


class DoneForm(forms.Form):
    done_on = forms.DateField(label=_("完成日期"), required=False, widget=DayInput)

    def said(self) -> Any:
        return self.cleaned_data["done_on"]
