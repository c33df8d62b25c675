"""What is typed into an announcement, its correction, its withdrawal and an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.models import Committee, User
from committees.permissions import is_clerk
from notices.actions.announcing import MOST_FILES, WORDS
from notices.audiences import AUDIENCES, entries_for, entries_named, long_kinds, words_of
from notices.models import Announcement
from notices.permissions import can_make_public

YEARS = (2000, 2100)
COLUMNS = (*WORDS, "answering", "signature", "dated_on", "is_public")


class MomentField(forms.DateTimeField):
    """`<input type="datetime-local">` in Shanghai, to the minute; years within YEARS."""

    def __init__(self, **kwargs: Any) -> None:
        picker = {"type": "datetime-local"}
        kwargs.setdefault("widget", forms.DateTimeInput(attrs=picker, format="%Y-%m-%dT%H:%M"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            moment = super().to_python(value)
        except OverflowError:
            raise ValidationError(_("请填写正确的日期和时间。"), code="invalid") from None
        if moment is not None and not YEARS[0] <= moment.year < YEARS[1]:
            raise ValidationError(_("请填写正确的日期和时间。"), code="invalid")
        return moment


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files at once, none among them empty."""

    widget = FilesInput(attrs={"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data or []) if file]
        if len(files) > MOST_FILES:
            raise ValidationError(_("每份通知最多 %(most)s 个附件。"), params={"most": MOST_FILES})
        return [super(FilesField, self).clean(file, initial) for file in files]


class WordsForm(forms.ModelForm):
    """The words, with moments the phone's own calendar picks."""

    event_at = MomentField(label=_("活动时间"), required=False)
    answer_until = MomentField(label=_("回执截止"), required=False)

    class Meta:
        model = Announcement
        fields: tuple[str, ...] = WORDS
        widgets: dict[str, Any] = {"body": forms.Textarea(attrs={"rows": 10})}


class AnnouncementForm(WordsForm):
    """A draft. A field of boxes for each kind of audience, `to_sector` and so on.

    Of long kinds the names are typed, a line each. A convenor and a commission's office see their
    own bodies only, and cannot make public.
    """

    files = FilesField(  # type: ignore[assignment]  # the form's own `files` are the uploads
        label=_("附件"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta(WordsForm.Meta):
        fields: tuple[str, ...] = COLUMNS
        widgets: dict[str, Any] = WordsForm.Meta.widgets | {
            "answering": forms.RadioSelect,
            "dated_on": DayInput,
        }

    def __init__(self, *args: Any, by: User, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.committee = by, committee
        self.entries = entries_for(by, committee)
        self.long = long_kinds(by, committee)
        chosen = list(self.instance.audience or [])
        for kind, rows in self.entries.items():
            self.fields[f"to_{kind}"] = forms.MultipleChoiceField(
                label=AUDIENCES[kind].label,
                choices=rows,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[entry for entry in chosen if entry in dict(rows)],
            )
        for audience in self.long:
            named = [one for one in chosen if one.startswith(f"{audience.kind}:")]
            self.fields[f"to_{audience.kind}"] = forms.CharField(
                label=audience.label,
                required=False,
                max_length=8000,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("发给这些工作室的委员，填全称，每行一个。"),
                initial="\n".join(words_of(named, committee)) if named else "",
            )
        if not can_make_public(by, committee):
            del self.fields["is_public"]
        if not self.instance.pk:
            self.initial.setdefault("dated_on", timezone.localdate())
            self.initial.setdefault("signature", self._signature())

    @property
    def audience_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("to_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = [entry for kind in self.entries for entry in data.get(f"to_{kind}") or []]
        for audience in self.long:
            name = f"to_{audience.kind}"
            try:
                chosen += entries_named(audience, self.committee, data.get(name) or "")
            except ValidationError as error:
                self.add_error(name, error)
        data["audience"] = chosen
        if not chosen and not self.errors:
            self.add_error(None, _("请选择发送范围。"))
        return data

    def _post_clean(self) -> None:
        """The action checks the row: the form leaves its instance alone."""

    def particulars(self) -> dict[str, Any]:
        """What the action takes. Who is not of the office writes for the own body."""
        data = {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}
        data["audience"] = self.cleaned_data["audience"]
        if not self.instance.pk:
            data["issuer"] = "" if is_clerk(self.by, self.committee) else data["audience"][0]
        return data

    def _signature(self) -> str:
        if is_clerk(self.by, self.committee):
            return self.committee.office_name
        own = [label for rows in self.entries.values() for _entry, label in rows]
        return own[0] if own else self.committee.short_name


class CorrectionForm(WordsForm):
    """The words as they read now, and what was put right."""

    note = forms.CharField(
        label=_("更正说明"),
        max_length=200,
        help_text=_("会告诉每位收到通知的委员，如：活动时间由14:00改为15:00。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_answered:
            self.fields["answer_until"].required = True
        else:
            del self.fields["answer_until"]

    def _post_clean(self) -> None:
        """The action checks the row: the form leaves its instance alone."""

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WORDS if name in self.cleaned_data}
