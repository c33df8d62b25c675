"""Forms on opinion reports; what they take in ends in the verbs of actions.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import rows_of
from committees.models import Category, Committee, Theme, User
from contacts.visit_choices import members_named
from members.models import Member
from opinions.bodies import Body
from opinions.moves import NOTE_LENGTH, Move
from opinions.texts import LONGEST_TITLE, Texts

ACCEPTED = "image/*,.pdf,.docx,.xlsx,.pptx"
MOST_DIGITS = 9  # of a version
PARTS = ("title", "situation", "analysis", "suggestion")


class TextsForm(forms.Form):
    """The four parts of a report, and the version that the writer began from.

    The version is a text input out of sight and no hidden one: it is saved and brought back with
    the words that belong to it.
    """

    title = forms.CharField(label=_("标题"), max_length=LONGEST_TITLE)
    situation = forms.CharField(label=_("情况反映"), widget=forms.Textarea)
    analysis = forms.CharField(label=_("原因分析"), widget=forms.Textarea, required=False)
    suggestion = forms.CharField(label=_("意见建议"), widget=forms.Textarea, required=False)
    version = forms.IntegerField(
        min_value=0, initial=0, required=False, widget=forms.TextInput(attrs={"hidden": True})
    )

    @property
    def texts(self) -> Texts:
        return Texts(*(self.cleaned_data[part] for part in PARTS))

    @property
    def based_on(self) -> int:
        """The version that what is in the form began from."""
        value = str((self.data if self.is_bound else self.initial).get("version") or "")
        return int(value) if value.isdecimal() and len(value) <= MOST_DIGITS else 0

    def renew(self, version: int) -> None:
        """What is in the form now follows another version, which its writer has been shown."""
        if self.is_bound:
            data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            data["version"] = str(version)
            self.data = data
        else:
            self.initial["version"] = version


class FilesInput(forms.FileInput):
    """Several files at once; a form that comes back asks for them again."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.Field):
    """A list of uploads; what is in them is looked at by `actions.add_files`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = FilesInput(attrs={"multiple": True, "accept": ACCEPTED})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> list[Any]:
        return list(value or [])


class OpinionForm(TextsForm):
    """What an author writes. `written_for` are the members in whose name this may be, `bodies`
    those for which this person files, `files` what is attached already (ticked ones go).
    """

    author = forms.ChoiceField(label=_("反映人"))
    category = forms.ChoiceField(label=_("类别"), required=False)
    theme = forms.ChoiceField(label=_("主题（专项）"), required=False)
    is_urgent = forms.BooleanField(label=_("急件"), required=False)
    body = forms.ChoiceField(label=_("反映单位"), required=False)
    names = forms.CharField(
        label=_("联名反映人"),
        max_length=300,
        required=False,
        help_text=_("提交或保存后请对方确认，确认前不署名。"),
    )
    files = FilesField(  # type: ignore[assignment]  # the form's own `files` are the uploads
        label=_("附件"),
        help_text=_("PDF、Word（docx）、Excel（xlsx）、PPT（pptx）或照片，最多 9 个。"),
    )
    drop = forms.MultipleChoiceField(
        label=_("移除附件"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        committee: Committee,
        written_for: list[Member],
        actor: User,
        bodies: Sequence[Body] = (),
        files: Sequence[Any] = (),
        may_ask: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.committee = actor, committee
        self._offer_submitters(bodies, has_author=bool(written_for), may_ask=may_ask)
        if files:
            self.fields["drop"].choices = [(str(row["pk"]), row["name"]) for row in files]
        else:
            del self.fields["drop"]
        self.members = {str(member.pk): member for member in written_for}
        if len(written_for) > 1:
            self.fields["author"].choices = [(pk, row.name) for pk, row in self.members.items()]
        else:
            del self.fields["author"]
        self.rows = {}
        for name, model in (("category", Category), ("theme", Theme)):
            kept = str(self.initial.get(name))
            offered = [r for r in rows_of(model, committee) if r.is_active or str(r.pk) == kept]
            self.rows[name] = {str(row.pk): row for row in offered}
            choices = [(pk, row.name) for pk, row in self.rows[name].items()]
            self.fields[name].choices = [("", _("请选择")), *choices]
        if not self.rows["theme"]:
            del self.fields["theme"]
        self.fields["title"].widget.attrs["placeholder"] = _("关于……的建议")
        if self.is_bound and "next" not in self.data:
            for part in PARTS:  # what is only kept as a draft may lack anything
                self.fields[part].required = False

    def _offer_submitters(self, bodies: Sequence[Body], *, has_author: bool, may_ask: bool) -> None:
        self.bodies = {body.key: body for body in bodies}
        if bodies:
            own = [("", _("以个人名义"))] if has_author else []
            self.fields["body"].choices = [*own, *((key, b.name) for key, b in self.bodies.items())]
            self.fields["body"].required = not has_author
        else:
            del self.fields["body"]
        if not may_ask:
            del self.fields["names"]
            return
        self.fields["names"].widget.attrs |= {
            "placeholder": _("姓名或拼音首字母，如：王伟、lh"),
            "autocomplete": "off",
        }

    def clean_names(self) -> list[Member]:
        return members_named(self.actor, self.committee, self.cleaned_data["names"])

    def clean(self) -> dict[str, Any]:
        """An error of its own only for a sheet that is blank."""
        super().clean()
        written = self.cleaned_data
        if not self.errors and not any(written[part] for part in PARTS):
            raise forms.ValidationError(_("还没有填写内容。"), code="empty")
        return written

    @property
    def chosen_author(self) -> Member | None:
        chosen = self.cleaned_data.get("author")
        return self.members[chosen] if chosen else next(iter(self.members.values()), None)

    @property
    def chosen_body(self) -> Body | None:
        return self.bodies.get(self.cleaned_data.get("body", ""))

    @property
    def dropped(self) -> list[int]:
        """Ids of attachments that were ticked to go."""
        return [int(pk) for pk in self.cleaned_data.get("drop", [])]

    @property
    def beside(self) -> dict[str, Any]:
        """Co-authors and files, as `actions.start_with` takes them."""
        chosen = self.cleaned_data
        return {"add": chosen.get("names", []), "uploads": chosen["files"]}

    @property
    def marks(self) -> dict[str, Any]:
        """What is said beside the texts, as `actions.start` and `actions.write` take it."""
        chosen = self.cleaned_data
        return {
            "category": self.rows["category"].get(chosen["category"]),
            "theme": self.rows["theme"].get(chosen.get("theme", "")),
            "is_urgent": chosen["is_urgent"],
        }


class MoveForm(forms.Form):
    """The note that goes with a move. Whether it is needed is for the workflow to say.

    `asks_about_visit`: what shall become of the words of the visit that the report started from;
    `asks_into`: which report it is merged into, by number.
    """

    note = forms.CharField(
        label=_("意见"), widget=forms.Textarea, required=False, max_length=NOTE_LENGTH
    )

    visit = forms.ChoiceField(
        label=_("走访联系记录"),
        choices=[
            ("blank", _("一并删除走访联系记录中的“群众反映的情况”和“答应的事项”")),
            ("keep", _("保留走访联系记录中的内容")),
        ],
        initial="blank",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择走访联系记录中的内容是否一并删除。")},
    )

    into = forms.CharField(
        label=_("合并到（编号）"),
        max_length=20,
        help_text=_("填写另一件正在办理的信息的编号，如 2026-0318。"),
        error_messages={"required": _("请填写合并到哪一件的编号。")},
    )

    def __init__(
        self,
        *args: Any,
        rule: Move,
        asks_about_visit: bool = False,
        asks_into: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not asks_into:
            del self.fields["into"]
        if not asks_about_visit:
            del self.fields["visit"]
        if not (rule.takes_note or rule.needs_note):
            del self.fields["note"]
        elif rule.needs_note:
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = _("请写明意见。")
