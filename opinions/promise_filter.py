"""Narrowing the list of planned matters, on its page and in its sheet."""

from __future__ import annotations

import datetime
from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import rows_of
from committees.models import Unit
from opinions.models import Promise

SOON = datetime.timedelta(days=31)
STATES = [
    ("late", _("已逾期")),
    ("soon", _("一个月内到期")),
    ("undated", _("暂无明确时间")),
    ("settled", _("已落实")),
    ("all", _("全部")),
]


class PromiseFilter(django_filters.FilterSet):
    """By unit and by how a promise stands; without a state those that are still followed."""

    unit = django_filters.ChoiceFilter(label=_("承办单位"), method="by_unit", empty_label=_("全部"))
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=STATES, method="by_state", empty_label=_("跟踪中")
    )

    class Meta:
        model = Promise
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        rows: list[Any] = rows_of(Unit, committee) if committee else []
        self.filters["unit"].extra["choices"] = [(str(row.pk), row.name) for row in rows]

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.open()

    def by_unit(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.of_units([int(value)])

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        today = timezone.localdate()
        if value == "late":
            return queryset.late(today)
        if value == "soon":
            return queryset.open().filter(planned_on__range=(today, today + SOON))
        if value == "undated":
            return queryset.open().filter(planned_on=None)
        return queryset.settled() if value == "settled" else queryset
