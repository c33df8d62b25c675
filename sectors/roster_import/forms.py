"""The upload form. What the file holds is judged by the import itself."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.day_input import DayInput
from sectors.roster_import.pages import FileForm

EARLIEST = datetime.date(1949, 9, 21)  # the first plenary session of the CPPCC
AHEAD = datetime.timedelta(days=366)


class RosterForm(FileForm):
    """A roster file with the day and the meeting of its changes."""

    file = forms.FileField(
        label=gettext_lazy("名册文件"),
        help_text=gettext_lazy(
            "Excel 工作簿（xlsx、xls）、网页表格或文本表格（csv、txt），不超过 20 MB、20000 行。"
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.xml,.csv,.txt,.tsv,.htm,.html"}),
    )
    on_date = forms.DateField(
        label=gettext_lazy("生效日期"),
        help_text=gettext_lazy("新增、变更、离任均记为这一天。"),
        widget=DayInput(),
    )
    meeting = forms.CharField(
        label=gettext_lazy("会议"),
        max_length=80,
        help_text=gettext_lazy("作出决定的会议，如六届十三次常委会会议。"),
    )
    is_partial = forms.BooleanField(
        label=gettext_lazy("部分名册：不在文件中的委员不离任"),
        help_text=gettext_lazy(
            "只新增和变更文件中写明的内容；没有写明的专委会、委员组、领导联系照旧，不结束。"
        ),
        required=False,
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        """`is_first`: the committee has no members yet, and no meeting need be named."""
        super().__init__(*args, **kwargs)
        self.fields["meeting"].required = not is_first

    def clean_on_date(self) -> datetime.date:
        day = self.cleaned_data["on_date"]
        if not EARLIEST <= day <= timezone.localdate() + AHEAD:
            raise ValidationError(_("生效日期不合常理，请核对。"))
        return day


class LeaversForm(forms.Form):
    """The second question when many leave: their number, typed."""

    leaves = forms.IntegerField(
        label=gettext_lazy("离任人数"),
        help_text=gettext_lazy("请填写上面列出的离任人数，确认这些委员离任。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, expected: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_leaves(self) -> int:
        if self.cleaned_data["leaves"] != self.expected:
            raise ValidationError(_("与名单不符：本次导入有 %d 名委员离任。") % self.expected)
        return self.expected
