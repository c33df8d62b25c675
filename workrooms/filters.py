"""One FilterSet of workrooms for the pages and the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import rows_of
from sectors.models import Sector
from workrooms.models import Workroom


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
