"""One FilterSet of activities for the pages and the API."""

from __future__ import annotations

import datetime
import re
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Enrolling
from committees.dictionaries import rows_of
from sectors.models import Commission, Sector

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
ALL = _("全部")


class MonthField(forms.CharField):
    """`2026-11`; read as the first day of the month."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"})

    def clean(self, value: Any) -> datetime.date | None:
        text = super().clean(value)
        if not text:
            return None
        found = MONTH.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("请按“2026-11”填写月份。"), code="month")
        return datetime.date(int(found[1]), int(found[2]), 1)


class MonthFilter(django_filters.Filter):
    field_class = MonthField


class ActivityFilter(django_filters.FilterSet):
    """By words of the title or place, kind, organiser and the month in which it begins.

    The choices of sector and commission are those of `request.committee`, through the cache.
    """

    q = django_filters.CharFilter(label=_("活动名称或地点"), method="by_words")
    kind = django_filters.ChoiceFilter(
        label=_("类型"), choices=Activity.Kind.choices, empty_label=ALL
    )
    sector = django_filters.ChoiceFilter(
        label=_("主办或协办的界别"), empty_label=ALL, method="by_sector"
    )
    commission = django_filters.ChoiceFilter(
        label=_("主办或协办的专委会"), empty_label=ALL, method="by_commission"
    )
    month = MonthFilter(label=_("月份"), method="by_month")
    enrolment = django_filters.ChoiceFilter(
        label=_("报名方式"), choices=Enrolling.choices, empty_label=ALL
    )
    # Kept while a tab is filtered.
    of = django_filters.CharFilter(widget=forms.HiddenInput, method="by_tab")
    # From a room's own page.
    workroom = django_filters.NumberFilter(
        widget=forms.HiddenInput, max_value=2**62, decimal_places=0, method="by_workroom"
    )

    # From a theme's page.
    theme = django_filters.NumberFilter(
        widget=forms.HiddenInput, max_value=2**62, decimal_places=0, field_name="theme_id"
    )

    class Meta:
        model = Activity
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        for name, model in (("sector", Sector), ("commission", Commission)):
            rows: list[Any] = rows_of(model, committee) if committee else []
            self.filters[name].extra["choices"] = [(str(row.pk), row.name) for row in rows]

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.found_by(value)

    def by_tab(self, queryset: Any, name: str, value: str) -> Any:
        return queryset  # which rows a tab has, the page knows

    def by_month(self, queryset: Any, name: str, value: datetime.date) -> Any:
        return queryset.between(value, (value + datetime.timedelta(days=31)).replace(day=1))

    def by_workroom(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.held_by_room(int(value))

    def by_sector(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.held_by_sector(int(value))

    def by_commission(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.held_by_commission(int(value))
