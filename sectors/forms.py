"""Forms on supervision and talks; what they take in ends in the verbs of actions/."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from members.models import Member
from sectors.models import Convenorship, Supervision


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


class LeaveForm(forms.Form):
    """A convenor's absence; `stand_in` by name, among the sector's members."""

    convenorship = forms.ChoiceField(
        label=_("界别召集人"), error_messages={"required": _("请选择召集人。")}
    )
    first = forms.DateField(label=_("开始日期"), widget=DayInput, initial=timezone.localdate)
    last = forms.DateField(label=_("最后一天"), widget=DayInput)
    stand_in = forms.CharField(
        label=_("代行初核人"),
        max_length=60,
        required=False,
        help_text=_("本界别全部召集人都请假时，由代行人初核；不指定的，直接送机关。"),
    )

    def __init__(
        self, *args: Any, chairs: list[Convenorship], members: list[Member], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.chairs = {str(row.pk): row for row in chairs}
        chosen = [(pk, row.seat.membership.member.name) for pk, row in self.chairs.items()]
        self.fields["convenorship"].choices = [*([("", "—")] if len(chosen) > 1 else []), *chosen]
        self.members = members

    def clean_stand_in(self) -> Member | None:
        name = "".join(self.cleaned_data["stand_in"].split())
        if not name:
            return None
        found = [member for member in self.members if "".join(member.name.split()) == name]
        if not found:
            raise forms.ValidationError(_("本界别没有这位委员。"))
        if len(found) > 1:
            raise forms.ValidationError(_("本界别有同名委员，请由机关工作人员登记。"))
        return found[0]

    @property
    def chair(self) -> Convenorship:
        return self.chairs[self.cleaned_data["convenorship"]]


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
