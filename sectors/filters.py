"""One FilterSet of sectors for the pages and the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import rows_of
from sectors.models import Commission, Sector


class SectorFilter(django_filters.FilterSet):
    """By name and by the commission matched to the sector; sectors in use unless asked.

    The commissions are those of `request.committee`, read through the cache.
    """

    q = django_filters.CharFilter(label=_("名称"), field_name="name", lookup_expr="contains")
    commission = django_filters.ChoiceFilter(label=_("对口联系专委会"), empty_label=_("全部"))
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[("ended", _("已停用"))],
        empty_label=_("使用中"),
        method="by_state",
    )

    class Meta:
        model = Sector
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        rows = rows_of(Commission, committee) if committee else []
        self.filters["commission"].extra["choices"] = [(str(row.pk), row.name) for row in rows]

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.active()

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_active=False)
