"""The form of a visit, and of its follow-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from contacts.actions import VISIT_COLUMNS
from contacts.forms.fields import RowField, RowsField
from contacts.models import Contact
from contacts.permissions import can_read_name, shown_name
from contacts.visit_choices import VisitChoices
from members.models import Member


class VisitForm(forms.Form):
    """One visit. What hardly anybody fills in folds away: see FOLDED and the template."""

    FOLDED = ("others", "names", "theme", "promised", "follow_up_on")

    who = RowField(label=_("走访委员"), widget=forms.RadioSelect)
    channel = RowField(label=_("联系渠道"), widget=forms.RadioSelect)
    contacts = RowsField(label=_("联系对象"), required=False)
    said = forms.CharField(
        label=_("群众反映的情况"), max_length=5000, required=False, widget=forms.Textarea
    )
    occasion = RowField(label=_("必访情形"), required=False, widget=forms.RadioSelect)
    happened_on = forms.DateField(label=_("日期"), widget=DayInput)
    people_count = forms.IntegerField(
        label=_("联系人数"), min_value=1, max_value=100_000, required=False
    )
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    others = RowsField(label=_("一同走访的本界别委员"), required=False)
    names = forms.CharField(label=_("一同走访的其他委员"), max_length=300, required=False)
    theme = RowField(label=_("主题（专项）"), required=False)
    promised = forms.CharField(label=_("答应的事项"), max_length=300, required=False)
    follow_up_on = forms.DateField(label=_("跟进日期"), required=False, widget=DayInput)
    then_opinion = forms.BooleanField(label=_("保存后起草社情民意"), required=False)
    # No hidden input: it is saved and brought back with the words that belong to it.
    version = forms.IntegerField(required=False, widget=forms.TextInput(attrs={"hidden": True}))

    def __init__(self, *args: Any, choices: VisitChoices, is_new: bool = True, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.offered = choices
        self._offer_people(choices)
        fields: Any = self.fields
        fields["channel"].offer(choices.channels)
        fields["occasion"].offer(choices.occasions, empty=_("无"))
        fields["theme"].offer(choices.themes, empty=_("无"))
        for name, rows in (("occasion", choices.occasions), ("theme", choices.themes)):
            if not rows:
                del self.fields[name]
        own = choices.actor.standing.scopes("member", "delegate")
        if not is_new or not any(row.pk in own for row in choices.principals):
            del self.fields["then_opinion"]
        if is_new:
            del self.fields["version"]
        today = timezone.localdate().isoformat()
        fields["happened_on"].widget.attrs["max"] = today
        fields["people_count"].widget.attrs |= {
            "inputmode": "numeric",
            "placeholder": _("按联系对象计"),
        }
        fields["said"].widget.attrs |= {"rows": 4, "placeholder": _("谁、什么事、希望怎么解决")}
        fields["place"].widget.attrs["placeholder"] = _("如：新华社区党群服务中心")
        fields["names"].widget.attrs |= {
            "placeholder": _("姓名或拼音首字母，如：王伟、lh"),
            "autocomplete": "off",
        }

    def _offer_people(self, choices: VisitChoices) -> None:
        fields: Any = self.fields
        actor = choices.actor
        fields["who"].offer(choices.principals)
        if choices.principals and choices.principals[0].user_id == actor.pk:
            fields["who"].initial = choices.principals[0].pk
        if len(choices.principals) < 2 or self.initial.get("is_amended"):
            del self.fields["who"]
        if not choices.principals:
            fields["names"].required, fields["names"].label = True, _("走访委员")
        if choices.colleagues:
            fields["others"].offer(choices.colleagues, str, lambda row: row.pinyin)
        else:
            del self.fields["others"]
        if not choices.contacts:
            del self.fields["contacts"]
            return
        fields["contacts"].offer(
            choices.contacts,
            self._called(choices),
            # The reading of a masked name would give it away.
            lambda row: row.pinyin if can_read_name(actor, row) else "",
            recent=choices.latest,
        )

    @staticmethod
    def _called(choices: VisitChoices) -> Callable[[Contact], str]:
        """李建国; with the community where names are masked, the same, or searched in a list."""
        rows, actor = choices.contacts, choices.actor
        names = [shown_name(actor, row) for row in rows]
        is_plain = len(set(names)) == len(names) <= RowsField.FEW and "*" not in "".join(names)

        def called(row: Contact) -> str:
            name = shown_name(actor, row)
            return name if is_plain or not row.place else f"{name}（{row.place}）"

        return called

    def clean_names(self) -> list[Member]:
        return self.offered.found(self.cleaned_data["names"])

    @property
    def members(self) -> list[Member]:
        """Everybody present, whom it is entered for first."""
        data = self.cleaned_data
        authors = self.offered.principals
        if data.get("who"):
            authors = [data["who"]]
        return list(dict.fromkeys([*authors, *data.get("others", []), *data["names"]]))

    @property
    def columns(self) -> dict[str, Any]:
        """What `log_visit` and `amend_visit` call by the same names."""
        return {name: self.cleaned_data[name] for name in VISIT_COLUMNS & self.cleaned_data.keys()}

    def compared(self, version: int) -> list[tuple[Any, str]]:
        """Label and present value of each field that differs from what was typed.

        `initial` is the visit as it now is; what is in the form follows `version` from here on.
        """
        data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, which has one
        data["version"] = str(version)
        self.data = data
        differing = [name for name in self.changed_data if name != "version"]
        return [(self.fields[name].label, self._in_words(name)) for name in differing]

    def _in_words(self, name: str) -> str:
        value = self.initial.get(name)
        labels = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        rows = value if isinstance(value, list) else [value] if value else []
        return "、".join(labels.get(str(row), str(row)) for row in rows) or "—"

    @property
    def folded(self) -> list[Any]:
        return [self[name] for name in self.FOLDED if name in self.fields]

    @property
    def is_unfolded(self) -> bool:
        """Open where somebody has filled something in, or must."""
        return any(field.value() or field.errors for field in self.folded)


class FollowUpForm(forms.Form):
    follow_up_on = forms.DateField(label=_("跟进日期"), widget=DayInput)
