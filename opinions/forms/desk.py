"""Forms of the review desk: several reports at once, one into another, and who does what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.models import Committee, User
from opinions.models import DeskDuty, Opinion
from opinions.moves import NOTE_LENGTH
from opinions.texts import LONGEST_TITLE
from opinions.workflow import MOVES


class BatchForm(forms.Form):
    """Which of the moves possible for all ticked rows, and one reason for all."""

    move = forms.ChoiceField(
        label=_("处理方式"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择处理方式。")},
    )
    note = forms.CharField(
        label=_("意见"), widget=forms.Textarea, required=False, max_length=NOTE_LENGTH
    )

    def __init__(self, *args: Any, possible: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["move"].choices = [(name, MOVES[name].label) for name in possible]
        if len(possible) == 1:
            self.initial["move"] = possible[0]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        rule = MOVES.get(given.get("move", ""))
        if rule and rule.needs_note and not given.get("note", "").strip():
            self.add_error("note", _("请写明意见。"))
        return given


class ComposeForm(forms.Form):
    """A new composed report of the ticked ones, or all into one of them."""

    into = forms.ChoiceField(label=_("合并方式"), widget=forms.RadioSelect, required=False)
    title = forms.CharField(label=_("标题"), max_length=LONGEST_TITLE, required=False)

    def __init__(self, *args: Any, rows: list[Opinion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        kept = [(pk, _into(row)) for pk, row in self.rows.items()]
        self.fields["into"].choices = [("", _("编写综合稿（新的一件）")), *kept]
        self.fields["title"].help_text = _("编写综合稿时填写；不填则先用第一件的标题。")

    @property
    def target(self) -> Opinion | None:
        return self.rows.get(self.cleaned_data["into"])


def _into(row: Opinion) -> str:
    words = _("并入 %(label)s《%(title)s》（%(count)s 字）")
    length = getattr(row, "length", 0)
    return str(words) % {"label": row.label, "title": row.title, "count": length}


class EditorForm(forms.Form):
    editor = forms.ChoiceField(label=_("编辑人"), error_messages={"required": _("请选择编辑人。")})

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        chosen = [(pk, person.name) for pk, person in self.people.items()]
        self.fields["editor"].choices = [("", _("请选择")), *chosen]

    @property
    def person(self) -> User:
        return self.people[self.cleaned_data["editor"]]


class DutiesForm(forms.Form):
    """A table of checkboxes: for each kind of report and each task the people named for it."""

    def __init__(
        self, *args: Any, committee: Committee, people: dict[str, list[User]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named: dict[tuple[str, str], list[str]] = {}
        for row in DeskDuty.objects.in_committee(committee):
            named.setdefault((row.kind, row.task), []).append(str(row.user_id))
        for kind, task in self.cells():
            self.fields[f"{kind}-{task}"] = forms.MultipleChoiceField(
                label=f"{DeskDuty.Kind(kind).label} · {DeskDuty.Task(task).label}",
                choices=[(str(person.pk), person.name) for person in people[task]],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=named.get((kind, task), []),
            )

    @staticmethod
    def cells() -> list[tuple[str, str]]:
        return [(kind.value, task.value) for kind in DeskDuty.Kind for task in DeskDuty.Task]

    @property
    def chosen(self) -> dict[tuple[str, str], set[int]]:
        given = self.cleaned_data
        return {
            (kind, task): {int(pk) for pk in given[f"{kind}-{task}"]} for kind, task in self.cells()
        }

    def table(self) -> list[tuple[Any, list[Any]]]:
        """Rows for the page: the kind's label, and its three fields."""
        return [
            (kind.label, [self[f"{kind.value}-{task.value}"] for task in DeskDuty.Task])
            for kind in DeskDuty.Kind
        ]
