"""Forms of seconding and of the category; they end in the verbs of actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import rows_of
from committees.models import Category, Committee
from members.models import Member


class SecondForm(forms.Form):
    """`members` are those in whose name this person may second; asked only where several are."""

    member = forms.ChoiceField(label=_("附议委员"))
    words = forms.CharField(
        label=_("附议意见"), widget=forms.Textarea, required=False, max_length=300
    )

    def __init__(self, *args: Any, members: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in members}
        if len(members) > 1:
            self.fields["member"].choices = [(pk, row.name) for pk, row in self.rows.items()]
        else:
            del self.fields["member"]

    @property
    def chosen(self) -> Member:
        asked = self.cleaned_data.get("member")
        return self.rows[asked] if asked else next(iter(self.rows.values()))


class CategoryForm(forms.Form):
    """The committee's own categories; the one that is set stays on offer when it was closed."""

    category = forms.ChoiceField(label=_("类别"), required=False)

    def __init__(
        self, *args: Any, committee: Committee, kept: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [r for r in rows_of(Category, committee) if r.is_active or r.pk == kept]
        self.rows = {str(row.pk): row for row in offered}
        choices = [(pk, row.name) for pk, row in self.rows.items()]
        self.fields["category"].choices = [("", _("请选择")), *choices]

    @property
    def chosen(self) -> Category | None:
        return self.rows.get(self.cleaned_data["category"])
