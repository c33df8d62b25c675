"""One FilterSet for the pages and the API."""

from __future__ import annotations

import re
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import rows_of
from committees.models import Category
from opinions.models import Opinion, Status
from sectors.models import Sector

NUMBER = re.compile(r"第?\s*(\d{4})\s*-\s*(\d{1,6})\s*号?")


class OpinionFilter(django_filters.FilterSet):
    """By words of the title or the number, status, category, sector and date of receipt.

    The choices of category and sector are those of `request.committee`, read through the cache.
    """

    q = django_filters.CharFilter(label=_("标题或编号"), method="by_words")
    status = django_filters.ChoiceFilter(
        label=_("状态"), choices=Status.choices, empty_label=_("全部")
    )
    category = django_filters.ChoiceFilter(label=_("类别"), empty_label=_("全部"))
    sector = django_filters.ChoiceFilter(label=_("界别"), empty_label=_("全部"))
    received_after = django_filters.DateFilter(
        field_name="received_on", lookup_expr="gte", label=_("收到日期起")
    )
    received_before = django_filters.DateFilter(
        field_name="received_on", lookup_expr="lte", label=_("收到日期止")
    )
    # From a member's page: the figure there and the list behind it are one set.
    person = django_filters.NumberFilter(
        method="by_person", widget=forms.HiddenInput, max_value=2**62, decimal_places=0
    )

    class Meta:
        model = Opinion
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        for name, model in (("category", Category), ("sector", Sector)):
            rows: list[Any] = rows_of(model, committee) if committee else []
            self.filters[name].extra["choices"] = [(str(row.pk), row.name) for row in rows]
        for name in ("received_after", "received_before"):
            self.filters[name].extra["widget"] = DayInput()

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        if number := NUMBER.fullmatch(value.strip()):
            return queryset.filter(year=int(number[1]), number=int(number[2]))
        return queryset.filter(title__contains=value.strip())

    def by_person(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.of_members([int(value)])
