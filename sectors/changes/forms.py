"""The forms of the changes; what they take in ends in `make_change` or `enter_member`."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import active_rows
from committees.models import Appointment, Committee, Role, User
from committees.spans import in_words, span_from
from members.fields import MonthField, PartiesField
from members.models import Change, Delegate, Member, Membership, Position, Sex
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    LeaderContact,
    Seat,
    Sector,
    StreetGroup,
    StreetSeat,
)

Kind = Change.Kind
FIRST_DAY = datetime.date(1949, 1, 1)  # a typing error, not a day of any term
LEAVINGS = ("resigned", "revoked", "transferred", "died")


class RowField(forms.TypedChoiceField):
    """One of the committee's own rows out of its cached dictionary; cleans to the row."""

    def __init__(self, model: Any, **kwargs: Any) -> None:
        self.model = model
        super().__init__(empty_value=None, **kwargs)

    def offer(self, committee: Committee) -> None:
        self.rows = {str(row.pk): row for row in active_rows(self.model, committee)}
        self.coerce = self.rows.__getitem__
        named = [(pk, getattr(row, "title", row.name)) for pk, row in self.rows.items()]
        self.choices = [("", "—"), *named]


class HeldField(forms.ModelChoiceField):
    """A dated row that the member still holds, told with its days."""

    def __init__(self, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(queryset=Member.objects.none(), empty_label=None, **kwargs)

    def label_from_instance(self, row: Any) -> str:
        return f"{_held_name(row)}（{in_words(row.span)}）"


def _held_name(row: Any) -> str:
    if isinstance(row, Position):
        return str(row.get_kind_display())
    for name in ("sector", "commission", "street_group", "leader", "user"):
        if name in row._meta._forward_fields_map and (held := getattr(row, name)):
            return str(getattr(held, "title", "") or getattr(held, "name", held))
    return str(row)


def held_rows(of: str, member: Member, today: datetime.date) -> QuerySet:
    """Rows of one book that the member holds today or from a later day."""
    model, path, beside = {
        "position": (Position, "membership__member", ()),
        "convenor": (Convenorship, "seat__membership__member", ("sector",)),
        "commission": (CommissionSeat, "membership__member", ("commission",)),
        "street": (StreetSeat, "membership__member", ("street_group",)),
        "leader": (LeaderContact, "member", ("leader",)),
        "delegate": (Delegate, "member", ("user",)),
    }[of]
    rows = model._default_manager.filter(**{path: member}, span__overlap=span_from(today))  # type: ignore[attr-defined]
    return rows.select_related(*beside).order_by("id")


class DatedForm(forms.Form):
    """The day from which the change is true, and the meeting that decided it."""

    on = forms.DateField(label=_("生效日期"), initial=timezone.localdate, widget=DayInput)
    meeting = forms.CharField(
        label=_("会议"),
        max_length=80,
        required=False,
        help_text=_("如：六届十三次常委会会议"),
    )

    def __init__(self, *args: Any, committee: Committee, member: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, RowField):
                field.offer(committee)
            elif isinstance(field, HeldField) and member is not None:
                field.queryset = held_rows(field.of, member, timezone.localdate())
        self.order_fields([name for name in self.fields if name not in ("on", "meeting")])

    def clean_on(self) -> datetime.date:
        if self.cleaned_data["on"] < FIRST_DAY:
            raise forms.ValidationError(_("请核对日期。"))
        return self.cleaned_data["on"]


class MoveForm(DatedForm):
    sector = RowField(Sector, label=_("调入界别"))


class ReenterForm(DatedForm):
    sector = RowField(Sector, label=_("界别"))


class LeaveForm(DatedForm):
    how = forms.ChoiceField(
        label=_("离任方式"),
        choices=[choice for choice in Membership.Leaving.choices if choice[0] in LEAVINGS],
        widget=forms.RadioSelect,
    )


class PositionForm(DatedForm):
    position = forms.ChoiceField(
        label=_("职务"),
        choices=Position.Kind.choices,
        initial=Position.Kind.STANDING,
        widget=forms.RadioSelect,
    )
    rank = forms.IntegerField(
        label=_("排位"),
        min_value=0,
        max_value=999,
        required=False,
        help_text=_("主席会议成员、常务委员名单的排列次序，可不填。"),
    )

    def clean_rank(self) -> int:
        return self.cleaned_data["rank"] or 0


class ConvenorForm(DatedForm):
    place = forms.TypedChoiceField(
        label=_("序位"),
        choices=[("", _("第一个空位")), (1, "1"), (2, "2"), (3, "3")],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("每个界别设召集人一至三名。"),
    )


class CommissionForm(DatedForm):
    commission = RowField(Commission, label=_("专门委员会"))
    duty = forms.ChoiceField(
        label=_("职务"),
        choices=CommissionSeat.Duty.choices,
        initial=CommissionSeat.Duty.MEMBER,
        widget=forms.RadioSelect,
    )


class StreetForm(DatedForm):
    street_group = RowField(StreetGroup, label=_("街道（乡镇）委员组"))
    is_head = forms.BooleanField(label=_("任组长"), required=False)


class LeaderForm(DatedForm):
    leader = forms.ModelChoiceField(label=_("领导"), queryset=User.objects.none(), empty_label="—")

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, committee=committee, **kwargs)
        held = Appointment.objects.in_committee(committee).today().filter(role=Role.LEADER)
        leaders = User.objects.filter(pk__in=held.values("user")).order_by("name", "id")
        self.fields["leader"].queryset = leaders  # type: ignore[attr-defined]
        self.fields["leader"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]


class DelegateForm(DatedForm):
    name = forms.CharField(label=_("代办人姓名"), max_length=60)
    phone = forms.CharField(
        label=_("手机号码"),
        max_length=20,
        help_text=_("已有账号的，按手机号码认出；没有的，新建账号，请打印登录凭条。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        return _without_blanks(self.cleaned_data["name"])


def _ending(of: str, label: Any) -> type[DatedForm]:
    field = HeldField(of, label=label, widget=forms.RadioSelect)
    return type("EndForm", (DatedForm,), {"row": field})


FORMS: dict[str, type[DatedForm]] = {
    Kind.REENTER: ReenterForm,
    Kind.LEAVE: LeaveForm,
    Kind.MOVE: MoveForm,
    Kind.POSITION: PositionForm,
    Kind.POSITION_END: _ending("position", _("职务")),
    Kind.CONVENOR: ConvenorForm,
    Kind.CONVENOR_END: _ending("convenor", _("界别召集人")),
    Kind.COMMISSION: CommissionForm,
    Kind.COMMISSION_END: _ending("commission", _("专门委员会")),
    Kind.STREET: StreetForm,
    Kind.STREET_END: _ending("street", _("街道（乡镇）委员组")),
    Kind.LEADER: LeaderForm,
    Kind.LEADER_END: _ending("leader", _("领导")),
    Kind.DELEGATE: DelegateForm,
    Kind.DELEGATE_END: _ending("delegate", _("代办人")),
}


class EnterForm(DatedForm):
    """增补: who, from which day, by which meeting, into which sector."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    is_other_person = forms.BooleanField(
        label=_("同名的另一人"),
        required=False,
        help_text=_("名册中已有同名委员，而这是另一个人时勾选。"),
    )
    sex = forms.ChoiceField(label=_("性别"), choices=Sex.choices, widget=forms.RadioSelect)
    sector = RowField(Sector, label=_("界别"))
    phone = forms.CharField(
        label=_("手机号码"),
        max_length=20,
        required=False,
        help_text=_("手机号码、出生年月和委员证号至少填写一项。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    birth_month = MonthField(label=_("出生年月"), required=False)
    number = forms.CharField(label=_("委员证号"), max_length=30, required=False)
    work = forms.CharField(label=_("工作单位及职务"), max_length=120, required=False)
    parties = PartiesField(label=_("党派"), required=False)
    ethnicity = forms.CharField(
        label=_("民族"), max_length=20, initial=Member._meta.get_field("ethnicity").get_default()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "is_other_person", "sex", "sector", "on", "meeting"])

    def clean_name(self) -> str:
        return _without_blanks(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """Without any of the three a later roster could not tell who it means."""
        asked = ("phone", "birth_month", "number")
        if not any(self.cleaned_data.get(name) or name in self.errors for name in asked):
            words = _("手机号码、出生年月和委员证号至少填写一项，导入名册时以此确认本人。")
            self.add_error("phone", words)
        return self.cleaned_data


class ConvenorOfSectorForm(ConvenorForm):
    """A member of the sector's roster becomes its convenor."""

    member = forms.TypedChoiceField(label=_("委员"), error_messages={"required": _("请选择委员。")})

    def __init__(self, *args: Any, seats: list[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(s.membership.member_id): s.membership.member for s in seats}
        field: Any = self.fields["member"]
        self.order_fields(["member", "place"])
        field.choices = [("", "—"), *((pk, row.name) for pk, row in self.members.items())]

    def clean_member(self) -> Member:
        return self.members[self.cleaned_data["member"]]


def _without_blanks(name: str) -> str:
    return name.strip() if name.isascii() else "".join(name.split())
