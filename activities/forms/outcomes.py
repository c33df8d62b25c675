"""Forms on outcomes."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Outcome
from activities.outcome_authors import parts_of
from committees.day_input import DayInput
from committees.dictionaries import active_rows, rows_of
from committees.models import Committee, Session, Theme, User
from committees.permissions import is_office
from committees.row_ids import row_ids
from contacts.visit_choices import members_named
from opinions.bodies import Body, bodies_of
from sectors.models import Commission, Sector

NAMES = {"placeholder": _("按署名顺序填写，如：王伟、李红（工商联）"), "autocomplete": "off"}
SHARES = re.compile(r"[、，,;；\s]+")
MOST_CHOICES = 49


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        rows = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(row, initial) for row in rows]


class OutcomeForm(forms.Form):
    """What was done, by whom, for whom. The rows offered are the committee's own."""

    kind = forms.ChoiceField(label=_("成果类型"), choices=Outcome.Kind.choices)
    title = forms.CharField(label=_("成果名称"), max_length=100)
    done_on = forms.DateField(label=_("完成日期"), widget=DayInput)
    body = forms.ChoiceField(label=_("完成单位"), required=False)
    other_body = forms.CharField(
        label=_("其他完成单位"),
        max_length=80,
        required=False,
        help_text=_("民主党派、人民团体等，填写单位名称。"),
    )
    names = forms.CharField(
        label=_("完成人（委员）"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=NAMES),
    )
    shares = forms.CharField(
        label=_("份额（%）"),
        max_length=100,
        required=False,
        help_text=_("与完成人一一对应，合计 100，如：60、40；不填视为均等。"),
    )
    form = forms.ChoiceField(
        label=_("发言形式"),
        choices=[("", _("不是发言")), *Outcome.Form.choices],
        required=False,
        help_text=_("大会（常委会）发言请选择。"),
    )
    session = forms.ChoiceField(label=_("会议"), required=False)
    activity = forms.ChoiceField(label=_("相关活动"), required=False)
    theme = forms.ChoiceField(label=_("主题（专项）"), required=False)
    addressee = forms.CharField(label=_("报送对象"), max_length=80, required=False)
    text = forms.CharField(
        label=_("成果内容"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("正文和附件只有完成人和机关能看到。"),
    )
    files = FilesField(  # type: ignore[assignment] # the class keeps fields apart from the upload
        label=_("附件"),
        required=False,
        help_text=_("PDF、Word（docx）、Excel（xlsx）、PPT（pptx）或照片，最多 9 个。"),
    )
    seen = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, actor: User, committee: Committee, outcome: Any = None, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.actor, self.committee = actor, committee
        self.bodies = {body.key: body for body in self._bodies(outcome)}
        sessions = Session.objects.filter(term__committee=committee)
        self.rows: dict[str, dict[str, Any]] = {
            "session": _keyed(sessions.select_related("term__committee")[:MOST_CHOICES]),
            "activity": _keyed(self._activities(outcome)),
            "theme": _keyed(active_rows(Theme, committee)),
        }
        for name, rows in self.rows.items():
            choices = [("", _("不选")), *((pk, str(row)) for pk, row in rows.items())]
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        choices = [("", _("没有，由委员个人完成"))]
        choices += [(key, body.name) for key, body in self.bodies.items()]
        self.fields["body"].choices = choices  # type: ignore[attr-defined]
        if not self.bodies:
            del self.fields["body"]
        if not (is_office(actor, committee) or self._body_of(outcome).get("name")):
            del self.fields["other_body"]

    def _body_of(self, outcome: Any) -> dict[str, Any]:
        """The author of an outcome that is no member."""
        parts = outcome.author_rows if outcome else []
        return next((part for part in parts if not part["member"]), {})

    def _bodies(self, outcome: Any) -> list[Body]:
        """The office any of the committee's, others those they file for, and the one it has."""
        groups = [*rows_of(Sector, self.committee), *rows_of(Commission, self.committee)]
        if is_office(self.actor, self.committee):
            return [Body.of(row) for row in groups if getattr(row, "is_active", True)]
        has = self._body_of(outcome)
        kept = {(Sector, has.get("sector")), (Commission, has.get("commission"))}
        own = bodies_of(self.actor, self.committee)
        known = {body.key for body in own}
        more = [Body.of(row) for row in groups if (type(row), row.pk) in kept]
        return own + [body for body in more if body.key not in known]

    def _activities(self, outcome: Any) -> Any:
        """The latest, and the one it has."""
        seen = Activity.objects.in_committee(self.committee).visible_to(self.actor)
        latest = seen.past().values("pk")[:MOST_CHOICES]
        wanted = [outcome.activity_id] if outcome and outcome.activity_id else []
        wanted += row_ids([str(self.initial.get("activity") or "")])
        found = Activity.objects.filter(Q(pk__in=latest) | Q(pk__in=seen.filter(pk__in=wanted)))
        return found.order_by("-starts_at", "-id")

    def clean_shares(self) -> list[int]:
        typed = [part for part in SHARES.split(self.cleaned_data["shares"].strip()) if part]
        if not all(part.isdecimal() and len(part) <= 3 for part in typed):
            raise ValidationError(_("份额请填 1 到 100 的整数。"), code="shares")
        return [int(part) for part in typed]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, rows in self.rows.items():
            data[name] = rows.get(data.get(name) or "")
        data["parts"] = []
        if not self.errors.keys() & {"names", "shares", "body"}:
            try:
                members = members_named(self.actor, self.committee, data.get("names", ""))
                body = self.bodies.get(data.get("body") or "")
                if body is None and (name := " ".join((data.get("other_body") or "").split())):
                    body = Body("other", name)
                data["parts"] = parts_of(members, body, data.get("shares") or ())
            except ValidationError as error:
                self.add_error(None if hasattr(error, "error_dict") else "names", error)
        return data

    @property
    def given(self) -> dict[str, Any]:
        """As the actions take it."""
        data = dict(self.cleaned_data)
        for name in ("body", "other_body", "names", "shares", "seen"):
            data.pop(name, None)
        return data | {"uploads": data.pop("files")}

    @classmethod
    def said_of(cls, outcome: Any) -> dict[str, Any]:
        """What the form shows of a row read `for_list`."""
        parts = outcome.author_rows
        body = next((part for part in parts if not part["member"]), None)
        key = ""
        if body and (body["sector"] or body["commission"]):
            kind = "sector" if body["sector"] else "commission"
            key = f"{kind}-{body['sector'] or body['commission']}"
        said: dict[str, Any] = {
            name: getattr(outcome, name)
            for name in ("kind", "title", "done_on", "form", "addressee", "text")
        }
        for name in ("session", "activity", "theme"):
            said[name] = str(getattr(outcome, f"{name}_id") or "")
        said["other_body"] = body["name"] if body and not key else ""
        shares = [str(part["share"]) for part in parts if part["share"]]
        said |= {"body": key, "shares": "、".join(shares), "seen": outcome.version}
        said["names"] = "、".join(part["name"] for part in parts if part["member"])
        return said


def _keyed(rows: Any) -> dict[str, Any]:
    return {str(row.pk): row for row in rows}


class WhyForm(forms.Form):
    why = forms.CharField(label=_("说明"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AdoptionForm(forms.Form):
    adopted_by = forms.CharField(label=_("采用单位"), max_length=80)
    adopted_on = forms.DateField(label=_("采用日期"), widget=DayInput)
    note = forms.CharField(
        label=_("采用（转化）情况"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("依据是什么、转化为什么措施。"),
    )
