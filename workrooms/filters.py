"""One FilterSet each of workrooms, receptions and duty shifts: pages, map, exports and API."""

from __future__ import annotations

import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import rows_of
from committees.models import Category
from members.models import Member
from sectors.models import Seat, Sector, StreetGroup
from workrooms.models import DutyShift, Reception, Workroom

STANDARDS = [("missing", _("标准未齐")), ("waiting", _("有材料待确认")), ("whole", _("标准已齐"))]


class WorkroomFilter(django_filters.FilterSet):
    """By name, address or plate number, kind, sector, street, standards; open rooms unless asked.

    `box` is a part of the map, west,south,east,north. The sectors and streets are those of
    `request.committee`, read through the cache.
    """

    q = django_filters.CharFilter(label=_("名称、地址或牌号"), method="by_words")
    kind = django_filters.ChoiceFilter(
        label=_("类型"), choices=Workroom.Kind.choices, empty_label=_("全部")
    )
    sector = django_filters.ChoiceFilter(label=_("界别"), empty_label=_("全部"))
    street_group = django_filters.ChoiceFilter(label=_("街道（乡镇）"), empty_label=_("全部"))
    standards = django_filters.ChoiceFilter(
        label=_("建设标准"), choices=STANDARDS, empty_label=_("全部"), method="by_standards"
    )
    duty = django_filters.ChoiceFilter(
        label=_("值班"),
        choices=[("next_week", _("下周有值班"))],
        empty_label=_("全部"),
        method="by_duty",
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[("closed", _("已撤销"))],
        empty_label=_("使用中"),
        method="by_state",
    )
    box = django_filters.CharFilter(widget=forms.HiddenInput, method="by_box")

    class Meta:
        model = Workroom
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        for name, model in (("sector", Sector), ("street_group", StreetGroup)):
            rows: list[Any] = rows_of(model, committee) if committee else []
            self.filters[name].extra["choices"] = [(str(row.pk), row.name) for row in rows]

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.open()

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.found_by(value)

    def by_standards(self, queryset: Any, name: str, value: str) -> Any:
        if value == "waiting":
            return queryset.awaiting_confirmation()
        return queryset.lacking_standards() if value == "missing" else queryset.meeting_standards()

    def by_duty(self, queryset: Any, name: str, value: str) -> Any:
        today = timezone.localdate()
        monday = today + datetime.timedelta(days=7 - today.weekday())
        return queryset.on_duty_between(monday, monday + datetime.timedelta(days=6))

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.closed()

    def by_box(self, queryset: Any, name: str, value: str) -> Any:
        """A part of the map that cannot be read finds nothing: it never opens more than asked."""
        try:
            edges = [Decimal(edge) for edge in value.split(",")]
        except InvalidOperation:
            return queryset.none()
        if len(edges) != 4 or not all(edge.is_finite() and abs(edge) < 1000 for edge in edges):
            return queryset.none()
        return queryset.within((edges[0], edges[1], edges[2], edges[3]))


class ReceptionFilter(django_filters.FilterSet):
    """By number, words or community, progress, way, disposal, category, room and day."""

    STATES: ClassVar[dict[str, Any]] = {
        "waiting": _("待办理"),
        "open": _("办理中"),
        "overdue": _("已超期"),
        "to_tell": _("待告知"),
        "done": _("已办结"),
    }

    q = django_filters.CharFilter(label=_("编号、事项或社区"), method="by_words")
    state = django_filters.ChoiceFilter(
        label=_("办理情况"), choices=list(STATES.items()), empty_label=_("全部"), method="by_state"
    )
    way = django_filters.ChoiceFilter(
        label=_("接待方式"), choices=Reception.Way.choices, empty_label=_("全部")
    )
    disposal = django_filters.ChoiceFilter(
        label=_("办理方式"), choices=Reception.Disposal.choices, empty_label=_("全部")
    )
    category = django_filters.ChoiceFilter(label=_("类别"), empty_label=_("全部"))
    room = django_filters.CharFilter(label=_("工作室或联络组"), method="by_room")
    since = django_filters.DateFilter(
        field_name="received_on", lookup_expr="gte", label=_("接待日期起")
    )
    until = django_filters.DateFilter(
        field_name="received_on", lookup_expr="lte", label=_("接待日期止")
    )

    class Meta:
        model = Reception
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, is_of_room: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        rows = rows_of(Category, committee) if committee else []
        self.filters["category"].extra["choices"] = [(str(row.pk), row.name) for row in rows]
        for name in ("since", "until"):
            self.filters[name].extra["widget"] = DayInput()
        if is_of_room:
            del self.filters["room"]

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.found_by(value)

    def by_room(self, queryset: Any, name: str, value: str) -> Any:
        words = value.strip()
        named = Q(workroom__name__contains=words) | Q(liaison_group__name__contains=words)
        return queryset.filter(named)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        narrowed = {
            "waiting": queryset.awaiting_disposal,
            "open": queryset.open_matters,
            "overdue": queryset.overdue,
            "to_tell": queryset.to_be_told,
            "done": queryset.finished,
        }
        return narrowed[value]()


class DutyFilter(django_filters.FilterSet):
    """Shifts by room, member, sector of that day and days; from today on unless days are asked."""

    room = django_filters.CharFilter(label=_("工作室名称或牌号"), method="by_room")
    member = django_filters.CharFilter(label=_("委员姓名"), method="by_member")
    sector = django_filters.ChoiceFilter(label=_("界别"), empty_label=_("全部"), method="by_sector")
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=DutyShift.State.choices, empty_label=_("全部")
    )
    first = django_filters.DateFilter(
        label=_("从"), field_name="day", lookup_expr="gte", widget=DayInput
    )
    last = django_filters.DateFilter(
        label=_("到"), field_name="day", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = DutyShift
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        rows = rows_of(Sector, committee) if committee else []
        self.filters["sector"].extra["choices"] = [(str(row.pk), row.name) for row in rows]

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        data = self.form.cleaned_data
        return found if data.get("first") or data.get("last") else found.from_today()

    def by_room(self, queryset: Any, name: str, value: str) -> Any:
        rooms = Workroom.objects.in_committee(self.request.committee).found_by(value)
        return queryset.filter(workroom__in=rooms)

    def by_member(self, queryset: Any, name: str, value: str) -> Any:
        members = Member.objects.in_committee(self.request.committee).named(value)
        return queryset.filter(member__in=members)

    def by_sector(self, queryset: Any, name: str, value: str) -> Any:
        seats = Seat.objects.filter(
            membership__member=OuterRef("member"), sector_id=value, span__contains=OuterRef("day")
        )
        return queryset.filter(Exists(seats))
