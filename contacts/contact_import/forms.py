"""The upload form. What the file holds is judged by the import itself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from sectors.roster_import.pages import FileForm


class ContactFileForm(FileForm):
    file = forms.FileField(
        label=gettext_lazy("联系人名册文件"),
        help_text=gettext_lazy("Excel 工作簿（xlsx）或文本表格（csv），不超过 20 MB、20000 行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )
