"""What a member proposes to correct, and the office's answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.fields import MonthField, PartiesField
from members.models import Member
from members.models.proposals import PROPOSABLE


class ProposalForm(forms.Form):
    """The particulars as the roster has them, to be written over; the phone if it changes."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(
        label=_("新手机号码"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    work = forms.CharField(label=_("工作单位及职务"), max_length=120, required=False)
    parties = PartiesField(label=_("党派"), required=False)
    ethnicity = forms.CharField(label=_("民族"), max_length=20)
    birth_month = MonthField(label=_("出生年月"), required=False)
    remark = forms.CharField(
        label=_("说明"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        known = {name: getattr(member, name) for name in PROPOSABLE}
        super().__init__(*args, initial=known, **kwargs)
        phone = member.user.masked_phone or _("未登记")
        self.fields["phone"].help_text = _("现为 %(phone)s；不更改请留空。") % {"phone": phone}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("查看事由"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=_("退回原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请填写退回原因。")},
    )
