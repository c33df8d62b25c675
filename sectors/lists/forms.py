"""What a list is asked for, and which columns it shows."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from sectors.lists.columns import Column
from sectors.lists.figures import FIGURES
from sectors.lists.reading import Line

UNSEATED = "none"


class SectorField(forms.ChoiceField):
    """Offers the sectors in the cache, and takes any number: an unknown one has no members."""

    def valid_value(self, value: Any) -> bool:
        text = str(value)
        is_number = text.isascii() and text.isdecimal() and len(text) < 19
        return is_number or super().valid_value(value)


class ListForm(forms.Form):
    """Of which day and of whom; nothing given is everybody of today. `figures` may be none."""

    on = forms.DateField(label=_("日期（默认今天）"), required=False, widget=DayInput)
    sector = SectorField(label=_("界别"), required=False)
    figure = forms.ChoiceField(label=_("统计项目"), required=False)

    def __init__(self, *args: Any, sectors: Any, figures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything: list[tuple[str, Any]] = [("", _("全部"))]
        seated = [(str(s.pk), s.title) for s in sectors]
        self._choose("sector", [*everything, *seated, (UNSEATED, _("未编入界别"))])
        if figures:
            told = [(f.key, f.label) for f in figures if f.key != "all"]
            self._choose("figure", [*everything, *told])
        else:
            del self.fields["figure"]

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def day(self) -> datetime.date:
        return self.cleaned_data.get("on") or timezone.localdate()

    def is_in_sector(self, line: Line) -> bool:
        """Whether the line sits in the sector that is asked for, or in none where that is asked."""
        asked = self.cleaned_data["sector"]
        return asked == (str(line.sector.pk) if line.sector else UNSEATED)


class ColumnsForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_("显示的栏目"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, offered: list[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["columns"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(column.key, column.label) for column in offered]


def figures_for(*, is_inside: bool) -> list[Any]:
    """What may be asked for: figures told by birth months are the office's."""
    return [figure for figure in FIGURES.values() if is_inside or not figure.office_only]
