"""FilterSets of outcomes and of resolutions: one for pages and API."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import Outcome
from committees.dictionaries import active_rows, rows_of
from committees.models import Unit
from sectors.models import Sector

ALL = _("全部")
FIRST_YEAR = 2020


def _years() -> list[tuple[str, str]]:
    return [(str(y), str(y)) for y in range(timezone.localdate().year, FIRST_YEAR - 1, -1)]


class OutcomeFilter(django_filters.FilterSet):
    """By words of the title, kind, year, sector, author and what the office said of it.

    Withdrawn ones only where they are asked for.
    """

    q = django_filters.CharFilter(label=_("成果名称"), field_name="title", lookup_expr="contains")
    kind = django_filters.ChoiceFilter(
        label=_("成果类型"), choices=Outcome.Kind.choices, empty_label=ALL
    )
    year = django_filters.ChoiceFilter(
        label=_("年度"), choices=_years, empty_label=ALL, field_name="done_on__year"
    )
    sector = django_filters.ChoiceFilter(label=_("界别"), empty_label=ALL)
    author = django_filters.CharFilter(label=_("完成人或单位"), method="by_author")
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[
            ("waiting", _("待确认")),
            ("confirmed", _("已确认")),
            ("returned", _("已退回修改")),
            ("withdrawn", _("已撤回")),
        ],
        empty_label=ALL,
        method="by_state",
    )
    # From a member's and an activity's page.
    person = django_filters.NumberFilter(
        widget=forms.HiddenInput, max_value=2**62, decimal_places=0, method="by_person"
    )
    activity = django_filters.NumberFilter(
        widget=forms.HiddenInput, max_value=2**62, decimal_places=0, field_name="activity_id"
    )

    class Meta:
        model = Outcome
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        rows = rows_of(Sector, committee) if committee else []
        self.filters["sector"].extra["choices"] = [(str(row.pk), row.name) for row in rows]

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(withdrawn_at=None)

    def by_author(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.by_author(value)

    def by_person(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.of_member(int(value))

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "waiting":
            return queryset.waiting()
        if value == "confirmed":
            return queryset.counted()
        if value == "returned":
            return queryset.filter(returned_at__isnull=False, withdrawn_at=None)
        return queryset.filter(withdrawn_at__isnull=False)


class ResolutionFilter(django_filters.FilterSet):
    """Open ones, the first due first, unless a state is asked for."""

    q = django_filters.CharFilter(label=_("议定事项"), field_name="what", lookup_expr="contains")
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[
            ("open", _("办理中")),
            ("overdue", _("已超期")),
            ("unjudged", _("待评价")),
            ("judged", _("已评价")),
            ("all", _("全部")),
        ],
        empty_label=_("未落实"),
        method="by_state",
    )
    unit = django_filters.ChoiceFilter(label=_("责任单位"), empty_label=ALL)

    class Meta:
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        rows = active_rows(Unit, committee)[:50] if committee else []
        self.filters["unit"].extra["choices"] = [(str(row.pk), row.name) for row in rows]

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.open()

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "overdue":
            return queryset.overdue(timezone.localdate())
        if value == "unjudged":
            return queryset.awaiting_evaluation()
        if value == "judged":
            return queryset.concluded()
        return (
            queryset.open().filter(due_on__gte=timezone.localdate())
            if value == "open"
            else (queryset)
        )
