"""Fields for days and for rows at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Picker(forms.SelectMultiple):
    """A list searched by name or pinyin initials (static/js/picker.js); plain without script."""

    initials: dict[str, str]
    recent: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if found := self.initials.get(str(value)):
            option["attrs"]["data-initials"] = found
        if str(value) in self.recent:
            option["attrs"]["data-recent"] = ""
        return option


class RowField(forms.ChoiceField):
    """One of the rows at hand, as an object; no statement."""

    def offer(self, rows: Iterable[Any], empty: Any = None) -> None:
        self.rows = {str(row.pk): row for row in rows}
        choices = [(pk, str(row)) for pk, row in self.rows.items()]
        self.choices = [("", empty), *choices] if empty is not None else choices

    def clean(self, value: Any) -> Any:
        return self.rows.get(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")


class RowsField(forms.MultipleChoiceField):
    """Some of the rows at hand, as objects; no statement. A few are chips, many are searched."""

    FEW = 8
    widget: Any = Picker

    def offer(
        self,
        rows: Iterable[Any],
        label: Callable[[Any], str],
        initials: Callable[[Any], str],
        recent: Iterable[Any] = (),
    ) -> None:
        """`recent` rows of a long list are one tap away, above the search."""
        self.rows = {str(row.pk): row for row in rows}
        choices = [(pk, label(row)) for pk, row in self.rows.items()]
        if len(choices) <= self.FEW:
            self.widget = forms.CheckboxSelectMultiple()
            self.choices = choices
            return
        self.choices = choices
        self.widget.recent = frozenset(str(row.pk) for row in recent)
        self.widget.initials = {pk: initials(row) for pk, row in self.rows.items()}
        self.widget.attrs |= {"data-picker": "", "data-placeholder": _("姓名或拼音首字母")}

    def clean(self, value: Any) -> list[Any]:
        return [self.rows[pk] for pk in super().clean(value)]
