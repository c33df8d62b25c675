"""One FilterSet of workrooms for the pages and the API."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import rows_of
from committees.models import Category
from sectors.models import Sector
from workrooms.models import Reception, Workroom


class WorkroomFilter(django_filters.FilterSet):
    """By name, address or plate number, kind and sector; rooms that are open unless asked.

    The sectors are those of `request.committee`, read through the cache.
    """

    q = django_filters.CharFilter(label=_("名称、地址或牌号"), method="by_words")
    kind = django_filters.ChoiceFilter(
        label=_("类型"), choices=Workroom.Kind.choices, empty_label=_("全部")
    )
    sector = django_filters.ChoiceFilter(label=_("界别"), empty_label=_("全部"))
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[("closed", _("已撤销"))],
        empty_label=_("使用中"),
        method="by_state",
    )

    class Meta:
        model = Workroom
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        rows = rows_of(Sector, committee) if committee else []
        self.filters["sector"].extra["choices"] = [(str(row.pk), row.name) for row in rows]

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.open()

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.found_by(value)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.closed()


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
            self.filters[name].extra["widget"] = forms.DateInput(attrs={"type": "date"})
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
