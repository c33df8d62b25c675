"""Forms on areas: the area, who answers for it, its grids."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from contacts.models import Grid

PHONE = re.compile(r"[+\d][\d\- ]{4,18}\d")
MOST_GRIDS = 500


class AreaForm(forms.Form):
    name = forms.CharField(label=_("界别责任区"), max_length=60)
    place = forms.CharField(
        label=_("所在街道（社区）"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("如：望川街道")}),
    )
    position = forms.IntegerField(
        label=_("次序"), min_value=0, max_value=32_000, required=False, initial=0
    )
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["is_active"]

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0


class AssignForm(forms.Form):
    """The members who answer for an area from a day on, by name or initials."""

    names = forms.CharField(
        label=_("责任委员"),
        max_length=600,
        widget=forms.TextInput(
            attrs={"placeholder": _("姓名或拼音首字母，可填多名"), "autocomplete": "off"}
        ),
    )
    on = forms.DateField(label=_("起始日期"), widget=DayInput)


class GridsForm(forms.Form):
    """A pasted list: one grid a line, its worker and the worker's phone behind it."""

    lines = forms.CharField(
        label=_("网格名单"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 10, "placeholder": _("第一网格 王小明 13900000001")}),
        help_text=_(
            "一行一个网格：网格名称、网格员、电话，用空格、逗号或表格分列；可从表格粘贴。"
            "已有的网格改为新填的网格员。"
        ),
    )

    def clean_lines(self) -> list[tuple[str, str, str]]:
        rows = [_parts(line) for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(rows) > MOST_GRIDS:
            raise ValidationError(gettext("一次最多%(most)s个网格。") % {"most": MOST_GRIDS})
        return rows


def _parts(line: str) -> tuple[str, str, str]:
    """`第一网格 王小明 139 0000 0001` → its three parts; what is missing is empty."""
    found = PHONE.search(line)
    phone = found[0] if found else ""
    rest = line.replace(phone, " ", 1) if phone else line
    parts = [part for part in re.split(r"[\s,，;；、]+", rest) if part]
    worker = parts.pop() if len(parts) > 1 else ""
    return "".join(parts), worker, re.sub(r"\s", "", phone)


class GridForm(forms.Form):
    """One grid; the worker and the phone stay when left empty, and go when ticked away."""

    name = forms.CharField(label=_("网格"), max_length=40)
    worker = forms.CharField(label=_("网格员"), max_length=30, required=False)
    worker_phone = forms.CharField(
        label=_("联系电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    is_vacant = forms.BooleanField(label=_("暂无网格员"), required=False)

    def __init__(self, *args: Any, grid: Grid, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep = _("不改则留空")
        for name, masked in (("worker", grid.masked_worker), ("worker_phone", grid.masked_phone)):
            self.fields[name].widget.attrs["placeholder"] = f"{masked} {keep}".strip()

    @property
    def columns(self) -> dict[str, str]:
        data = dict(self.cleaned_data)
        if data.pop("is_vacant"):
            return {"name": data["name"], "worker": "", "worker_phone": ""}
        return {key: value for key, value in data.items() if value}
