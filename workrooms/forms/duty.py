"""Forms of duty; what they take in ends in the verbs on rules, rosters, shifts and requests."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.spans import span_from
from contacts.forms import RowField, RowsField
from members.models import Member
from workrooms.models import DutyLeave, DutyRule, DutyShift, DutySwap, DutyWish
from workrooms.models.duty_rules import EVERY_MONTHS, NTH, WEEKDAYS

ONE_DAY = datetime.timedelta(days=1)


class ClockInput(forms.TimeInput):
    """The phone's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class LastDay(forms.DateField):
    """The last day of a span, which is kept as the day after it: there has to be one."""

    widget = DayInput

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day == datetime.date.max:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class DaysOfMonth(forms.CharField):
    """`10、20` as numbers; any sign between them will do."""

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        if any(not 1 <= number <= 31 for number in numbers):
            raise forms.ValidationError(_("请填写1至31之间的日期。"))
        return sorted(set(numbers))


class DutyRuleForm(forms.Form):
    """A rule. The columns that the chosen kind of day does not ask for are ignored."""

    title = forms.CharField(label=_("名称"), max_length=30, initial=_("委员值班"))
    recurrence = forms.ChoiceField(
        label=_("值班日"), choices=DutyRule.Recurrence.choices, widget=forms.RadioSelect
    )
    nth = forms.TypedChoiceField(
        label=_("第几个"),
        choices=[("", "—"), *NTH],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("第二周的周三按当月第二个星期三理解。"),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("星期"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    month_days = DaysOfMonth(
        label=_("日期"),
        required=False,
        max_length=60,
        help_text=_("用于“每月固定日期”，如 10、20。没有31日的月份按最后一天。"),
    )
    every_months = forms.TypedChoiceField(
        label=_("周期"),
        choices=EVERY_MONTHS,
        coerce=int,
        empty_value=None,
        required=False,
    )
    starts_at = forms.TimeField(label=_("开始时间"), widget=ClockInput())
    ends_at = forms.TimeField(label=_("结束时间"), widget=ClockInput())
    places = forms.IntegerField(label=_("每次人数"), min_value=1, max_value=6)
    mixes_sectors = forms.BooleanField(label=_("同班委员来自不同界别"), required=False)
    on_holiday = forms.ChoiceField(
        label=_("遇节假日"), choices=DutyRule.OnHoliday.choices, widget=forms.RadioSelect
    )
    members = RowsField(
        label=_("轮值委员"), required=False, help_text=_("不选则由本工作室全体委员轮值。")
    )
    first = forms.DateField(label=_("开始日期"), widget=DayInput)
    last = LastDay(label=_("结束日期"), required=False)

    def __init__(self, *args: Any, people: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members: Any = self.fields["members"]
        people = list(people)
        members.offer(people, str, lambda member: member.pinyin)
        if not people:
            del self.fields["members"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("结束日期早于开始日期。"))
        return data

    @property
    def columns(self) -> dict[str, Any]:
        """As `add_duty_rule` takes them."""
        data = dict(self.cleaned_data)
        first, last = data.pop("first"), data.pop("last")
        members = data.pop("members", [])
        data["every_months"] = data["every_months"] or 1
        span = span_from(first, last + ONE_DAY if last else None)
        return {**data, "span": span, "members": members}


def as_it_is(rule: DutyRule) -> dict[str, Any]:
    """A rule as the form's initial values."""
    names = ("title", "recurrence", "nth", "weekdays", "every_months", "starts_at", "ends_at")
    last = rule.span.upper - ONE_DAY if rule.span.upper else None
    return {
        **{name: getattr(rule, name) for name in names},
        "places": rule.places,
        "mixes_sectors": rule.mixes_sectors,
        "on_holiday": rule.on_holiday,
        "month_days": "、".join(str(day) for day in rule.month_days),
        "members": [member.pk for member in rule.members.all()],
        "first": rule.span.lower,
        "last": last,
    }


def a_new_rule() -> dict[str, Any]:
    """What the form begins with."""
    blank = DutyRule()
    names = ("title", "recurrence", "starts_at", "ends_at", "places", "on_holiday")
    values = {name: getattr(blank, name) for name in names}
    return values | {"every_months": 1, "first": timezone.localdate()}


class PlanForm(forms.Form):
    until = forms.DateField(label=_("排到"), widget=DayInput)
    with_published = forms.BooleanField(label=_("已公布未确认的也重新安排"), required=False)


class PlaceForm(forms.Form):
    """A member put on duty by hand."""

    member = RowField(label=_("值班委员"))
    day = forms.DateField(label=_("值班日期"), widget=DayInput)
    starts_at = forms.TimeField(label=_("开始时间"), widget=ClockInput())
    ends_at = forms.TimeField(label=_("结束时间"), widget=ClockInput())

    def __init__(self, *args: Any, people: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["member"]
        member.offer(people, empty=_("请选择"))


class ReliefForm(forms.Form):
    """调班, 替班 or 请假: of whom, and for which of the colleague's shifts."""

    kind = forms.ChoiceField(
        label=_("方式"), choices=DutySwap.Kind.choices, widget=forms.RadioSelect
    )
    colleague = RowField(label=_("请哪位委员"), required=False)
    in_return = RowField(
        label=_("换哪一次值班"),
        required=False,
        help_text=_("只用于调班；不选则由对方选择。"),
    )

    def __init__(
        self,
        *args: Any,
        people: Iterable[Member],
        shifts: Iterable[DutyShift],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["colleague"].offer(people, empty=_("本工作室各位委员"))
        offer_shifts(fields["in_return"], shifts, named=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") != DutySwap.Kind.SWAP:
            data["in_return"] = None
        if data.get("kind") == DutySwap.Kind.LEAVE:
            data["colleague"] = None
        return data


class AcceptForm(forms.Form):
    """Who takes it, and for a swap which of the own shifts goes in return."""

    member = RowField(label=_("委员"), required=False)
    in_return = RowField(label=_("我用哪一次调换"), required=False)

    def __init__(
        self,
        *args: Any,
        people: Iterable[Member],
        shifts: Iterable[DutyShift],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["member"].offer(people, empty="")
        offer_shifts(fields["in_return"], shifts, named=False)


def offer_shifts(field: Any, shifts: Iterable[DutyShift], *, named: bool) -> None:
    """Shifts as choices, by day and hours, with the member's name where it matters."""
    field.rows = {str(shift.pk): shift for shift in shifts}
    labels = [
        (pk, f"{shift.day:%m-%d} {shift.hours}" + (f" {shift.member}" if named else ""))
        for pk, shift in field.rows.items()
    ]
    field.choices = [("", _("由对方选择") if named else _("请选择")), *labels]


class TakeOverForm(forms.Form):
    """The keeper hands a shift to somebody, or receives in person."""

    member = RowField(label=_("接替的委员"), required=False)

    def __init__(self, *args: Any, people: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["member"]
        member.offer(people, empty=_("由工作室负责人接待"))


class LeaveForm(forms.Form):
    """Leave or exemption; reasons are not asked."""

    member = RowField(label=_("委员"))
    kind = forms.ChoiceField(label=_("类型"), choices=DutyLeave.Kind.choices)
    first = forms.DateField(label=_("开始日期"), widget=DayInput)
    last = LastDay(label=_("结束日期"))

    def __init__(
        self, *args: Any, people: Iterable[Member], may_exempt: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer_or_hide(self, people)
        if not may_exempt:
            self.fields["kind"] = forms.CharField(
                initial=DutyLeave.Kind.LEAVE, widget=forms.HiddenInput, required=False
            )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or DutyLeave.Kind.LEAVE


class WishForm(forms.Form):
    """A day or a weekday."""

    member = RowField(label=_("委员"))
    kind = forms.ChoiceField(label=_("意愿"), choices=DutyWish.Kind.choices)
    day = forms.DateField(label=_("日期"), required=False, widget=DayInput)
    weekday = forms.TypedChoiceField(
        label=_("或星期"),
        choices=[("", "—"), *WEEKDAYS],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, people: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_or_hide(self, people)


def _offer_or_hide(form: Any, people: Iterable[Member]) -> None:
    """One person needs no choice."""
    rows = list(people)
    form.fields["member"].offer(rows)
    if len(rows) == 1:
        form.fields["member"].widget = forms.HiddenInput()
        form.fields["member"].initial = str(rows[0].pk)
