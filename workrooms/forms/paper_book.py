"""The paper book's page: a day, who received, and lines that grow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from contacts.forms import RowsField
from workrooms.actions.paper_book import MOST_ROWS, PaperRow
from workrooms.models import Reception
from workrooms.reception_choices import ReceptionChoices

FIRST_ROWS, MORE_ROWS = 10, 5


class PaperBookForm(forms.Form):
    """What holds for all lines: the day where a line has none, and who received."""

    day = forms.DateField(label=_("接待日期"), widget=DayInput)
    members = RowsField(label=_("接待委员"), required=False)

    def __init__(self, *args: Any, choices: ReceptionChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if choices.members:
            fields["members"].offer(choices.members, choices.label, lambda row: row.pinyin)
        else:
            del self.fields["members"]


class PaperLineForm(forms.Form):
    """One line; the matter is enough."""

    received_on = forms.DateField(label=_("日期"), required=False, widget=DayInput)
    said = forms.CharField(label=_("反映事项"), required=False, max_length=5000)
    way = forms.ChoiceField(
        label=_("接待方式"), required=False, choices=[("", _("来访")), *Reception.Way.choices[1:]]
    )
    resident_name = forms.CharField(label=_("群众姓名"), required=False, max_length=40)
    resident_phone = forms.CharField(label=_("联系电话"), required=False, max_length=20)
    community = forms.CharField(label=_("所在社区（单位）"), required=False, max_length=60)
    disposal = forms.ChoiceField(
        label=_("办理方式"),
        required=False,
        choices=[("", _("待办理")), *Reception.Disposal.choices],
    )
    detail = forms.CharField(label=_("答复或去向"), required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The heading of the table names the column; on a phone the label stands above it.
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-label": str(field.label)}
            if name == "resident_phone":
                field.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    @property
    def is_blank(self) -> bool:
        return not any((self.data.get(self.add_prefix(name)) or "").strip() for name in self.fields)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("said") and "said" not in self.errors and not self.is_blank:
            self.add_error("said", _("请填写反映事项。"))
        return given

    def row(self, day: Any, members: Any) -> PaperRow:
        given = self.cleaned_data
        return PaperRow(
            received_on=given["received_on"] or day,
            said=given["said"],
            way=given["way"] or Reception.Way.IN_PERSON,
            members=members,
            disposal=given["disposal"],
            detail=given["detail"],
            facts={name: given[name] for name in ("resident_name", "resident_phone", "community")},
        )


class PasteForm(forms.Form):
    pasted = forms.CharField(
        label=_("从表格粘贴"), required=False, max_length=50_000, widget=forms.Textarea,
        help_text=_("列的次序：日期、反映事项、接待方式、姓名、电话、社区、办理方式、答复或去向；有表头的按表头对应。"),
    )  # fmt: skip


def lines_of(data: Any, how_many: int) -> list[PaperLineForm]:
    """The lines as they were sent, at most MOST_ROWS of them."""
    return [PaperLineForm(data, prefix=f"row-{n}") for n in range(min(how_many, MOST_ROWS))]


def new_lines(rows: list[dict[str, str]], how_many: int) -> list[PaperLineForm]:
    """Lines with what was pasted, and blank ones up to `how_many`."""
    given = rows[:MOST_ROWS] + [{}] * max(0, min(how_many, MOST_ROWS) - len(rows))
    return [PaperLineForm(initial=row, prefix=f"row-{n}") for n, row in enumerate(given)]
