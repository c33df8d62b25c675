"""Forms on proposals; what they take in ends in the verbs of actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import rows_of
from committees.models import Category, Committee, Session, Unit, User
from members.models import Member
from opinions.models import Disclosure, ProposalKind
from opinions.moves import NOTE_LENGTH
from opinions.proposal_workflow import ProposalMove
from opinions.texts import LONGEST_TITLE, Texts

PARTS = ("title", "situation", "suggestion")


class ProposalForm(forms.Form):
    """What a proposer writes. `written_for` are the members in whose name this may be; none where
    the office enters a body's paper.

    The version is a text input out of sight: it is saved and brought back with the words.
    """

    author = forms.ChoiceField(label=_("第一提案人"))
    session = forms.ChoiceField(label=_("次会议"))
    kind = forms.ChoiceField(label=_("提案类别"), choices=ProposalKind.choices)
    body = forms.CharField(
        label=_("提出单位"),
        max_length=60,
        required=False,
        help_text=_("党派、团体、专委会提案填写，并附盖章扫描件。"),
    )
    discussed_on = forms.DateField(
        label=_("集体讨论日期"),
        required=False,
        widget=DayInput(),
        help_text=_("界别提案、小组提案填写，须在全体会议期间。"),
    )
    title = forms.CharField(label=_("案由"), max_length=LONGEST_TITLE)
    category = forms.ChoiceField(label=_("类别"), required=False)
    situation = forms.CharField(label=_("情况分析"), widget=forms.Textarea)
    suggestion = forms.CharField(label=_("具体建议"), widget=forms.Textarea)
    version = forms.IntegerField(
        min_value=0,
        max_value=30_000,
        initial=0,
        required=False,
        widget=forms.TextInput(attrs={"hidden": True}),
    )

    def __init__(
        self,
        *args: Any,
        committee: Committee,
        sessions: list[Session],
        written_for: list[Member],
        is_office: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(member.pk): member for member in written_for}
        self.sessions = {str(row.pk): row for row in sessions}
        if len(written_for) > 1:
            self.fields["author"].choices = [(pk, row.name) for pk, row in self.members.items()]
        else:
            del self.fields["author"]
        if is_office:
            body = ProposalKind.BODY
            self.fields["kind"].choices = [(body.value, body.label)]
        self.fields["session"].choices = [(pk, str(row)) for pk, row in self.sessions.items()]
        kept = str(self.initial.get("category"))
        offered = [r for r in rows_of(Category, committee) if r.is_active or str(r.pk) == kept]
        self.categories = {str(row.pk): row for row in offered}
        choices = [(pk, row.name) for pk, row in self.categories.items()]
        self.fields["category"].choices = [("", _("请选择")), *choices]
        self.fields["title"].widget.attrs["placeholder"] = _("关于……的提案")
        if self.is_bound and "next" not in self.data:
            for part in PARTS:  # what is only kept as a draft may lack anything
                self.fields[part].required = False

    def clean(self) -> dict[str, Any]:
        super().clean()
        written = self.cleaned_data
        if not self.errors and not any(written[part] for part in PARTS):
            raise forms.ValidationError(_("还没有填写内容。"), code="empty")
        return written

    @property
    def texts(self) -> Texts:
        given = self.cleaned_data
        return Texts(given["title"], given["situation"], "", given["suggestion"])

    @property
    def chosen_author(self) -> Member | None:
        chosen = self.cleaned_data.get("author")
        return self.members[chosen] if chosen else next(iter(self.members.values()), None)

    @property
    def particulars(self) -> dict[str, Any]:
        """What is said beside the texts, as `start_proposal` and `write_proposal` take it."""
        given = self.cleaned_data
        return {
            "session": self.sessions[given["session"]],
            "kind": given["kind"],
            "body": given["body"],
            "discussed_on": given["discussed_on"],
            "category": self.categories.get(given["category"]),
        }

    @property
    def based_on(self) -> int:
        value = (self.data if self.is_bound else self.initial).get("version")
        return int(value) if str(value or "").isdecimal() and len(str(value)) < 6 else 0

    def renew(self, version: int) -> None:
        """What is in the form now follows another version, which its writer has been shown."""
        if self.is_bound:
            self.data = {**self.data.dict(), "version": str(version)}
        else:
            self.initial["version"] = version


class ProposalMoveForm(forms.Form):
    """The note that goes with a move, and the main proposal that one is joined into."""

    main = forms.IntegerField(
        label=_("并入的主提案编号"),
        min_value=1,
        max_value=999_999,
        error_messages={"required": _("请填写主提案的编号。")},
        help_text=_("同一次会议已立案提案的编号，只填数字。"),
    )
    note = forms.CharField(
        label=_("意见"), widget=forms.Textarea, required=False, max_length=NOTE_LENGTH
    )

    def __init__(self, *args: Any, name: str, rule: ProposalMove, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if name != "join":
            del self.fields["main"]
        if not (rule.takes_note or rule.needs_note):
            del self.fields["note"]
        elif rule.needs_note:
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = _("请写明意见。")


class KeyForm(forms.Form):
    """重点提案 with its leader; none chosen means it is no key proposal any more."""

    leader = forms.ChoiceField(label=_("督办领导"), required=False)

    def __init__(self, *args: Any, leaders: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(person.pk): person for person in leaders}
        choices = [(pk, person.name) for pk, person in self.rows.items()]
        self.fields["leader"].choices = [("", _("不列为重点提案")), *choices]

    @property
    def chosen(self) -> User | None:
        return self.rows.get(self.cleaned_data["leader"])


class SupervisionForm(forms.Form):
    held_on = forms.DateField(label=_("督办日期"), widget=DayInput())
    words = forms.CharField(label=_("督办情况"), widget=forms.Textarea, max_length=1000)


class MeetingForm(forms.Form):
    met_on = forms.DateField(label=_("面商日期"), widget=DayInput())
    unit = forms.ChoiceField(label=_("承办单位"))
    members = forms.MultipleChoiceField(
        label=_("参加委员"), required=False, widget=forms.CheckboxSelectMultiple
    )
    gist = forms.CharField(label=_("面商情况"), widget=forms.Textarea, max_length=1000)

    def __init__(self, *args: Any, units: list[Unit], signers: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(row.pk): row for row in units}
        self.signers = {str(row.pk): row for row in signers}
        choices = [(pk, row.name) for pk, row in self.units.items()]
        self.fields["unit"].choices = [("", _("请选择")), *choices]
        self.fields["members"].choices = [(pk, row.name) for pk, row in self.signers.items()]
        if not self.signers:
            del self.fields["members"]

    @property
    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "met_on": given["met_on"],
            "unit": self.units[given["unit"]],
            "members": [self.signers[pk] for pk in given.get("members", [])],
            "gist": given["gist"],
        }


class DisclosureForm(forms.Form):
    """公开审定 of a proposal; of a reply the same."""

    choice = forms.ChoiceField(
        label=_("公开审定"), choices=Disclosure.choices, widget=forms.RadioSelect
    )
    summary = forms.CharField(
        label=_("公开摘要"),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
        help_text=_("摘要公开的填写，公众只看到摘要。"),
    )
    reason = forms.CharField(label=_("不公开理由"), max_length=300, required=False)


class UnitDisclosureForm(forms.Form):
    unit_choice = forms.ChoiceField(
        label=_("承办单位意见"), choices=Disclosure.choices, widget=forms.RadioSelect
    )
    unit_reason = forms.CharField(label=_("承办单位理由"), max_length=300, required=False)
