"""Forms on who submits: co-authors and their shares, and what came on paper from a body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import rows_of
from committees.models import Committee, User
from contacts.visit_choices import members_named
from members.models import Member
from opinions.bodies import LONGEST_NAME, ROWS, Body, body_named
from opinions.forms.reports import OpinionForm
from opinions.models import Authorship, BodyKind

NAMES = {"placeholder": _("姓名或拼音首字母，如：王伟、lh"), "autocomplete": "off"}


class AuthorsForm(forms.Form):
    """Who is on a report, with a share and a box to let go for each, and names to ask."""

    names = forms.CharField(
        label=_("联名反映人"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=NAMES),
    )

    def __init__(
        self, *args: Any, parts: Sequence[Authorship], actor: User, committee: Committee, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.parts, self.actor, self.committee = parts, actor, committee
        for part in parts:
            self.fields[f"share_{part.pk}"] = forms.IntegerField(
                label=_("份额（%）"),
                min_value=1,
                max_value=100,
                required=False,
                initial=part.share,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
            if part.place > 1 or part.role == Authorship.Role.DRAFTER:
                self.fields[f"remove_{part.pk}"] = forms.BooleanField(
                    label=_("移除"), required=False
                )

    def clean_names(self) -> list[Member]:
        return members_named(self.actor, self.committee, self.cleaned_data["names"])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each part with its two controls, for the template."""
        return [
            {
                "part": part,
                "share": self[f"share_{part.pk}"],
                "remove": self[name] if (name := f"remove_{part.pk}") in self.fields else None,
            }
            for part in self.parts
        ]

    @property
    def changes(self) -> dict[str, Any]:
        """As `actions.change_authors` takes them; shares only of people who stay the same."""
        given = self.cleaned_data
        return {
            "add": given["names"],
            "remove": {part.pk for part in self.parts if given.get(f"remove_{part.pk}")},
            "shares": {part.pk: given[f"share_{part.pk}"] for part in self.parts},
        }


class RegisterForm(OpinionForm):
    """来稿登记: what came on paper from a body, with whoever drafted it."""

    kind = forms.ChoiceField(label=_("反映单位类别"), choices=BodyKind.choices)
    body_name = forms.CharField(
        label=_("反映单位"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"list": "bodies", "autocomplete": "off"}),
    )
    drafter_names = forms.CharField(label=_("其他执笔人"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in ("title", "situation"):
            self.fields[part].required = True
        self.fields["names"].label, self.fields["names"].help_text = _("委员执笔人"), ""
        self.fields["drafter_names"].help_text = _("不是委员的执笔人，如单位干部、特邀信息员。")
        self.fields["kind"].choices = [("", _("请选择")), *BodyKind.choices]

    @property
    def known_bodies(self) -> list[str]:
        """Names offered while typing: the committee's own groups."""
        groups = (row for _c, model in ROWS.values() for row in rows_of(model, self.committee))
        return [Body.of(row).name for row in groups]

    def clean(self) -> dict[str, Any]:
        written = super().clean()
        if written.get("kind") and written.get("body_name"):
            try:
                written["found"] = body_named(self.committee, written["kind"], written["body_name"])
            except ValidationError as error:
                self.add_error("body_name", error)
        return written
