"""The upload form. What the file holds is judged by the import itself."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sectors.roster_import.reading import MAX_BYTES


class ContactFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("联系人名册文件"),
        help_text=gettext_lazy("Excel 工作簿（xlsx）或文本表格（csv），不超过 20 MB、20000 行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("文件超过 20 MB。请只保留名册工作表后重新上传。"))
        return file
