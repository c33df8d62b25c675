"""Forms on a consultation: agenda, participants, resolutions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import AgendaItem, Participant, Resolution
from committees.day_input import DayInput
from committees.dictionaries import active_rows
from committees.models import Committee, Unit
from committees.templatetags.portal import day
from members.models import Member, Membership
from workrooms.models import Workroom

UNITS = {"list": "units", "autocomplete": "off"}


class ItemForm(forms.Form):
    words = forms.CharField(
        label=_("议题"),
        max_length=200,
        help_text=_("参会各方都能看到，不写群众姓名电话，不写社情民意信息的标题。"),
    )


class WithUnits(forms.Form):
    """Units are typed by name, with the committee's own offered; there may be hundreds."""

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.committee = committee
        self.units = {unit.name: unit for unit in active_rows(Unit, committee)}

    @property
    def names(self) -> list[str]:
        return list(self.units)


class ParticipantForm(WithUnits):
    kind = forms.ChoiceField(label=_("参加方"), choices=Participant.Kind.choices)
    name = forms.CharField(
        label=_("单位名称或情况说明"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs=UNITS),
        help_text=_("群众代表只填人数和大致情况，不填姓名。"),
    )
    count = forms.IntegerField(
        label=_("人数"),
        min_value=1,
        max_value=9999,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    @property
    def given(self) -> dict[str, Any]:
        """As the action takes it: a unit by its row where it is one."""
        given = dict(self.cleaned_data)
        is_unit = given["kind"] == Participant.Kind.UNIT
        unit = self.units.get(given["name"].strip()) if is_unit else None
        return given | {"unit": unit, "name": "" if unit else given["name"]}


class ResolutionForm(WithUnits):
    what = forms.CharField(
        label=_("议定事项"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    item = forms.ChoiceField(label=_("对应议题"), required=False)
    who = forms.CharField(
        label=_("责任方"),
        max_length=80,
        widget=forms.TextInput(attrs=UNITS),
        help_text=_("填写单位、委员工作室或委员姓名；未登记的按所填记录。"),
    )
    due_on = forms.DateField(label=_("完成时限"), widget=DayInput)

    def __init__(self, *args: Any, items: list[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = {str(item.pk): item for item in items}
        fields: Any = self.fields
        fields["item"].choices = [
            ("", _("不对应议题")),
            *((pk, item.words) for pk, item in self.items.items()),
        ]

    @classmethod
    def said_of(cls, row: Resolution) -> dict[str, Any]:
        """What the form shows of a row."""
        who, item = row.responsible, str(row.item_id or "")
        return {"what": row.what, "item": item, "who": who, "due_on": row.due_on}

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        given = {"what": data["what"], "due_on": data["due_on"]}
        return given | {"item": self.items.get(data["item"])} | self._responsible(data["who"])

    def _responsible(self, typed: str) -> dict[str, Any]:
        """A unit, a room, a serving member of that name where there is just one, or as typed."""
        if unit := self.units.get(typed):
            return {"unit": unit}
        rooms = Workroom.objects.in_committee(self.committee)
        if room := rooms.filter(name=typed).first():
            return {"workroom": room}
        serving = Membership.objects.today().values("member")
        people = Member.objects.in_committee(self.committee).filter(name=typed, pk__in=serving)
        found = list(people[:2])
        return {"member": found[0]} if len(found) == 1 else {"other": typed}


class ResultForm(forms.Form):
    result = forms.CharField(
        label=_("落实结果"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    on = forms.DateField(label=_("落实日期"), required=False, widget=DayInput)


class GradeForm(forms.Form):
    grade = forms.ChoiceField(
        label=_("评价"), choices=Resolution.Grade.choices, widget=forms.RadioSelect
    )
    judge = forms.ChoiceField(
        label=_("评价方"), choices=Resolution.Judge.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("评价意见"), max_length=300, required=False)


class GoOnForm(forms.Form):
    due_on = forms.DateField(label=_("新的完成时限"), widget=DayInput)


class ReferResolutionForm(WithUnits):
    """转办 of the matter behind the item; what the unit reads is looked through here."""

    unit = forms.CharField(label=_("主办单位"), max_length=80, widget=forms.TextInput(attrs=UNITS))
    title = forms.CharField(label=_("标题"), max_length=100)
    text = forms.CharField(
        label=_("转办内容"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8})
    )

    def clean_unit(self) -> Unit:
        unit = self.units.get(self.cleaned_data["unit"])
        if unit is None:
            raise forms.ValidationError(_("没有登记该单位，请先在后台登记。"), code="no_unit")
        return unit


class ConsultForm(forms.Form):
    """列入协商议事: into one that is to come, or a new one where this person may plan it."""

    words = forms.CharField(
        label=_("议题"),
        max_length=200,
        help_text=_("参会各方都能看到，不写群众姓名电话，不写社情民意信息的标题。"),
    )
    into = forms.ChoiceField(label=_("列入"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("协商议事名称"), max_length=100, required=False)
    day = forms.DateField(label=_("日期"), required=False, widget=DayInput)
    place = forms.CharField(label=_("地点"), max_length=80, required=False)

    def __init__(self, *args: Any, ahead: list[Any], may_plan: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ahead = {str(row.pk): row for row in ahead}
        choices = [(pk, f"{row} · {day(row.starts_at)}") for pk, row in self.ahead.items()]
        fields: Any = self.fields
        if may_plan:
            choices.append(("new", _("新安排一次")))
        else:
            for name in ("title", "day", "place"):
                del self.fields[name]
        fields["into"].choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("into") == "new":
            for name, sentence in (("title", _("请填写名称。")), ("day", _("请填写日期。"))):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, forms.ValidationError(sentence, code="required"))
        return data
