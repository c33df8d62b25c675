"""Which summaries a list shows: whose, of which kind of period, in which state."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from records.models import Every, MonthlySummary, Of

STATES = [("draft", _("草稿")), ("approved", _("已审定")), ("broken", _("定稿不符"))]


class SummaryFilter(django_filters.FilterSet):
    of = django_filters.ChoiceFilter(
        label=_("统计对象"), choices=Of.choices, method="whose", widget=forms.HiddenInput
    )
    every = django_filters.ChoiceFilter(
        label=_("期间"), choices=Every.choices, empty_label=_("全部")
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=STATES, method="in_state", empty_label=_("全部")
    )
    name = django_filters.CharFilter(label=_("名称"), method="named", max_length=60)

    class Meta:
        model = MonthlySummary
        fields = ("of", "every", "state", "name")

    def whose(self, rows: Any, name: str, value: str) -> Any:
        return rows.of(value)

    def in_state(self, rows: Any, name: str, value: str) -> Any:
        if value == "broken":
            return rows.broken()
        return rows.filter(approved_at__isnull=value == "draft")

    def named(self, rows: Any, name: str, value: str) -> Any:
        return rows.named(value)
