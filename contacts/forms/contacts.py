"""Forms on contacts: the contact itself, sending it back, a reveal, a batch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from contacts.actions import LONGEST_NOTE, LONGEST_REASON
from contacts.forms.fields import RowField
from contacts.models import Area, Contact
from members.models import Member


class ContactForm(forms.Form):
    """A contact. Who may not read the name and number leaves them empty to keep them."""

    member = forms.ChoiceField(label=_("联系委员"))
    kind = forms.ChoiceField(
        label=_("类型"), choices=Contact.Kind.choices, widget=forms.RadioSelect, initial="person"
    )
    name = forms.CharField(label=_("姓名或单位名称"), max_length=60)
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    place = forms.CharField(label=_("所在社区（单位）"), max_length=60, required=False)
    area = RowField(label=_("界别责任区"), required=False)
    consented_on = forms.DateField(
        label=_("本人同意日期"),
        required=False,
        widget=DayInput,
        help_text=_("登记个人须先征得本人同意；只记联系方式，不记观点、信仰、健康和家庭情况。"),
    )

    def __init__(
        self, *args: Any, members: list[Member], areas: list[Area],
        contact: Contact | None = None, reads_name: bool = True, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.contact = contact
        self.members = {str(row.pk): row for row in members}
        fields["member"].choices = [(pk, row.name) for pk, row in self.members.items()]
        if len(members) < 2:
            del self.fields["member"]
        fields["area"].offer(areas, empty=_("不在责任区内"))
        if not areas:
            del self.fields["area"]
        fields["consented_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        keep = _("不改则留空")
        if contact is not None:
            fields["phone"].widget.attrs["placeholder"] = f"{contact.masked_phone} {keep}".strip()
            if not reads_name:
                fields["name"].required = False
                fields["name"].widget.attrs["placeholder"] = f"{contact.masked_name} {keep}"

    @property
    def columns(self) -> dict[str, Any]:
        data = {key: value for key, value in self.cleaned_data.items() if key != "member"}
        if self.contact is not None:
            for name in ("name", "phone"):
                if not data[name]:
                    del data[name]
        return data

    @property
    def chosen_member(self) -> Member:
        return self.members[self.cleaned_data.get("member") or next(iter(self.members))]


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("查看事由"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"placeholder": _("如：电话回访反映的问题")}),
        help_text=_("事由和查看人记入操作日志；十分钟后重新隐去。"),
    )


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=_("退回原因"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("如：请补充联系电话")}),
    )


class BatchForm(forms.Form):
    """One deed on the ticked contacts; `to` is asked for when they are handed over."""

    deed = forms.CharField(widget=forms.HiddenInput)
    to = forms.CharField(
        label=_("移交给"),
        max_length=80,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": _("委员姓名或拼音首字母"), "autocomplete": "off"}
        ),
    )
