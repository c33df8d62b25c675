"""The form of an activity, and of a monthly series."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.actions import ORGANISERS
from activities.forms.hosts import HostsField, by_column, hosts_of, key_of, own_hosts
from activities.models import Activity, Enrolling
from activities.monthly import LONGEST, Rule
from committees.dictionaries import active_rows
from committees.models import Committee, Theme, User
from committees.permissions import is_clerk
from contacts.forms import RowField
from workrooms.models.duty_rules import NTH, WEEKDAYS

EARLIEST = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
LATEST = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
LOCAL = "%Y-%m-%dT%H:%M"
FIRST_DAY = forms.DateField(input_formats=["%Y-%m"])
COPIED = ("title", "kind", "theme", "place", "description", "enrolment", "capacity")
AMENDED = (*COPIED, "starts_at", "ends_at", "enrol_until", "sessions_held")


class Moment(forms.DateTimeField):
    """The phone's own calendar and clock, in Shanghai."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
        super().__init__(widget=widget, input_formats=[LOCAL, "%Y-%m-%d %H:%M"], **kwargs)

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment is not None and not EARLIEST <= moment < LATEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class SharedFields(forms.Form):
    """What an activity and a series have in common."""

    title = forms.CharField(label=_("活动名称"), max_length=100)
    kind = forms.ChoiceField(
        label=_("类型"), choices=Activity.Kind.choices, widget=forms.RadioSelect
    )
    organisers = HostsField(
        label=_("主办"),
        required=False,
        help_text=_("不选为本级政协主办；跨界别活动只选一个界别，其余列入协办。"),
    )
    co_hosts = HostsField(label=_("协办"), required=False)
    bodies = forms.CharField(
        label=_("协办的其他单位"),
        max_length=400,
        required=False,
        help_text=_("用顿号隔开。"),
    )
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    enrolment = forms.ChoiceField(
        label=_("报名方式"), choices=Enrolling.choices, widget=forms.RadioSelect
    )
    capacity = forms.IntegerField(
        label=_("名额"), min_value=1, max_value=10_000, required=False,
        help_text=_("不填为不限。报满后列入候补，有人取消或准假时自动递补。"),
    )  # fmt: skip
    description = forms.CharField(
        label=_("内容"), max_length=5000, required=False, widget=forms.Textarea
    )

    def __init__(self, *args: Any, actor: User, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        named = [*self.initial.get("organisers", []), *self.initial.get("co_hosts", [])]
        hosts = hosts_of(committee, keep=named)
        own = own_hosts(actor, committee, hosts)
        kept = {key: hosts[key] for key in self.initial.get("organisers", []) if key in hosts}
        fields["organisers"].offer(own | kept)
        if not is_clerk(actor, committee):
            fields["organisers"].required, fields["organisers"].help_text = True, ""
            if not self.is_bound and len(own) == 1:
                self.initial.setdefault("organisers", list(own))
        fields["co_hosts"].offer(hosts)
        self.initial.setdefault("kind", Activity.Kind.OTHER)
        self.initial.setdefault("enrolment", Enrolling.NONE)

    def clean_organisers(self) -> dict[str, Any]:
        return by_column(self.cleaned_data["organisers"])

    def clean_bodies(self) -> list[str]:
        names = self.cleaned_data["bodies"].replace(",", "、").replace("，", "、").split("、")
        if any(len(name.strip()) > 80 for name in names):
            raise forms.ValidationError(_("单位名称不超过80字。"), code="max_length")
        return [name.strip() for name in names if name.strip()]

    @property
    def hosts_beside(self) -> list[Any]:
        return [*self.cleaned_data["co_hosts"], *self.cleaned_data["bodies"]]


class ActivityForm(SharedFields):
    """One activity."""

    starts_at = Moment(label=_("开始时间"))
    ends_at = Moment(label=_("结束时间"))
    enrol_until = Moment(label=_("报名截止"), required=False)
    theme = RowField(label=_("主题（专项）"), required=False)
    sessions_held = forms.IntegerField(
        label=_("场次"), min_value=1, max_value=1000, initial=1, required=False
    )
    # No hidden input: it is saved and brought back with the words that belong to it.
    version = forms.IntegerField(required=False, widget=forms.TextInput(attrs={"hidden": True}))
    rest = forms.BooleanField(
        label=_("以后各期也这样改"),
        required=False,
        help_text=_("名称、主题和日期各期不同，不受影响；时刻、地点、内容、报名方式等一并修改。"),
    )

    def __init__(
        self, *args: Any, committee: Committee, in_series: bool = False, **kw: Any
    ) -> None:
        super().__init__(*args, committee=committee, **kw)
        themes = active_rows(Theme, committee)
        fields: Any = self.fields
        fields["theme"].offer(themes, empty=_("无"))
        if not themes:
            del self.fields["theme"]
        if not in_series:
            del self.fields["rest"]

    def clean_sessions_held(self) -> int:
        return self.cleaned_data["sessions_held"] or 1

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and ends_at < starts_at:
            self.add_error("ends_at", forms.ValidationError(_("结束时间早于开始时间。")))
        if ends_at and data.get("enrol_until") and data["enrol_until"] > ends_at:
            self.add_error(
                "enrol_until", forms.ValidationError(_("报名截止时间晚于活动结束时间。"))
            )
        return data

    @property
    def columns(self) -> dict[str, Any]:
        """What `plan_activity` and `amend_activity` call by the same names."""
        data = self.cleaned_data
        return {key: data[key] for key in AMENDED if key in data} | data["organisers"]


def initial_of(activity: Activity, columns: tuple[str, ...] = AMENDED) -> dict[str, Any]:
    """What the form shows of an activity (fetched with its organisers and co-hosts)."""
    values = {key: getattr(activity, key) for key in columns if key != "theme"}
    beside = list(activity.co_hosts.select_related("sector", "commission", "workroom"))
    rows = [row.sector or row.commission or row.workroom for row in beside]
    organisers = [getattr(activity, column) for column in ORGANISERS]
    return values | {
        "theme": activity.theme_id,
        "organisers": [key_of(row) for row in organisers if row],
        "co_hosts": [key_of(row) for row in rows if row],
        "bodies": "、".join(row.name for row in beside if row.name),
    }


class SeriesForm(SharedFields):
    """The rule of a monthly series; the days it gives are shown before anything is made."""

    first = forms.CharField(
        label=_("从哪个月开始"),
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"}),
    )
    months = forms.IntegerField(label=_("共几个月"), min_value=1, max_value=LONGEST, initial=12)
    by = forms.ChoiceField(
        label=_("日期"),
        choices=[("day", _("每月几日")), ("weekday", _("每月第几个星期几"))],
        widget=forms.RadioSelect,
        initial="day",
    )
    day = forms.IntegerField(label=_("几日"), min_value=1, max_value=31, required=False)
    nth = forms.TypedChoiceField(
        label=_("第几个"), choices=[("", "—"), *NTH], coerce=int, empty_value=None, required=False
    )
    weekday = forms.TypedChoiceField(
        label=_("星期"), choices=[("", "—"), *WEEKDAYS], coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip
    moves = forms.BooleanField(label=_("遇节假日顺延到下一个工作日"), required=False, initial=True)
    begins = forms.TimeField(label=_("开始时刻"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("结束时刻"), widget=forms.TimeInput(attrs={"type": "time"}))
    subjects = forms.CharField(
        label=_("各月主题"),
        max_length=4000,
        required=False,
        widget=forms.Textarea,
        help_text=_("一月一主题，每行一个，依次对应各月。"),
    )

    def clean_first(self) -> datetime.date:
        first = FIRST_DAY.clean(self.cleaned_data["first"])
        if not 2000 <= first.year < 2100:
            raise forms.ValidationError(_("请按“2026-11”填写月份。"), code="month")
        return first

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("by") == "day" and not data.get("day") and "day" not in self.errors:
            self.add_error("day", forms.ValidationError(_("请填写几日。")))
        if data.get("by") == "weekday" and not (
            data.get("nth") and data.get("weekday") is not None
        ):
            self.add_error("nth", forms.ValidationError(_("请选择第几个星期几。")))
        if data.get("begins") and data.get("ends") and data["ends"] < data["begins"]:
            self.add_error("ends", forms.ValidationError(_("结束时间早于开始时间。")))
        return data

    @property
    def rule(self) -> Rule:
        data = self.cleaned_data
        if data["by"] == "day":
            return Rule(day=data["day"], moves=data["moves"])
        return Rule(nth=data["nth"], weekday=data["weekday"], moves=data["moves"])

    @property
    def columns(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("title", "kind", "place", "description", "enrolment", "capacity")
        return {key: data[key] for key in names} | data["organisers"]


def next_month() -> str:
    first = timezone.localdate().replace(day=1) + datetime.timedelta(days=32)
    return f"{first:%Y-%m}"
