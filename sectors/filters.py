"""One FilterSet each of sectors, postings and supervisions: pages and API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import rows_of
from sectors.models import Commission, Posting, Sector, Supervision

STATES = list(Supervision.STATES.items())


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


class PostingFilter(django_filters.FilterSet):
    """By who was sent, to which unit; those of today unless asked."""

    q = django_filters.CharFilter(label=_("委员姓名或小组"), method="by_who")
    unit = django_filters.CharFilter(
        label=_("派驻单位"), field_name="unit__name", lookup_expr="contains"
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[("ended", _("已结束"))],
        empty_label=_("派驻中"),
        method="by_state",
    )

    class Meta:
        model = Posting
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.today()

    def by_who(self, queryset: Any, name: str, value: str) -> Any:
        words = value.strip()
        return queryset.filter(
            Q(member__name__contains=words)
            | Q(supervision_group__name__contains=words)
            | Q(supervision_group__members__name=words)
        ).distinct()

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(span__endswith__lte=timezone.localdate())


class SupervisionFilter(django_filters.FilterSet):
    """By state, result, unit and day."""

    state = django_filters.ChoiceFilter(
        label=_("状态"), empty_label=_("全部"), choices=STATES, method="by_state"
    )
    result = django_filters.ChoiceFilter(
        label=_("落实情况"), empty_label=_("全部"), choices=Supervision.Result.choices
    )
    unit = django_filters.CharFilter(
        label=_("派驻单位"), field_name="posting__unit__name", lookup_expr="contains"
    )
    since = django_filters.DateFilter(
        field_name="happened_on", lookup_expr="gte", label=_("日期起"), widget=DayInput
    )
    until = django_filters.DateFilter(
        field_name="happened_on", lookup_expr="lte", label=_("日期止"), widget=DayInput
    )

    class Meta:
        model = Supervision
        fields: list[str] = []

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_state(value)
