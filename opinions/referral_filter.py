"""The filter of referrals: one for the page and the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opinions.models import Matter, State


class ReferralFilter(django_filters.FilterSet):
    """By words of title, unit, number or printed code; by state, matter, what the office owes.

    Open ones unless a state is asked for.
    """

    q = django_filters.CharFilter(label=_("标题、单位或函件编码"), method="by_words")
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=State.choices, empty_label=_("在办"), method="by_state"
    )
    matter = django_filters.ChoiceFilter(
        label=_("事项类型"), choices=Matter.choices, empty_label=_("全部"), method="by_matter"
    )
    attention = django_filters.ChoiceFilter(
        label=_("需处理"),
        choices=[("overdue", _("已超期")), ("asked", _("退办、延期申请"))],
        empty_label=_("全部"),
        method="by_attention",
    )

    class Meta:
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        return found if asked.get("state") or asked.get("q") else found.open()

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        words = value.strip()
        found = Q(title__contains=words) | Q(unit__name__contains=words)
        found |= Q(via__name__contains=words) | Q(code=words.upper())
        if words.isdecimal() and len(words) < 10:
            found |= Q(number=int(words))
        return queryset.filter(found)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(state=value)

    def by_matter(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(**{f"{value}__isnull": False})

    def by_attention(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.asking() if value == "asked" else queryset.overdue(timezone.localdate())
