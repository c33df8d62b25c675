"""One FilterSet of the roster as of a day, for the lists, the statistics and the API."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ChoiceField

from committees.day_input import DayInput
from committees.dictionaries import rows_of
from committees.permissions import is_office
from committees.row_ids import row_id
from members.models import Membership
from sectors.lists.figures import FIGURES
from sectors.lists.reading import with_holdings
from sectors.models import Commission, CommissionSeat, Seat, Sector, StreetGroup, StreetSeat

NONE = "none"


class GroupField(ChoiceField):
    """Offers the groups in the cache, and takes any number: an unknown one has no members."""

    def valid_value(self, value: Any) -> bool:
        return row_id(str(value)) is not None or super().valid_value(value)


class GroupFilter(django_filters.ChoiceFilter):
    field_class = GroupField


class RosterFilter(django_filters.FilterSet):
    """Memberships true on `on` (today unless asked), with what is held that day.

    By sector, commission and street group of that day, `none` being those without one. The choices
    are those of `request.committee`, read through the cache.
    """

    on = django_filters.DateFilter(label=_("日期（默认今天）"), widget=DayInput, method="by_day")
    sector = GroupFilter(label=_("界别"), empty_label=_("全部"), method="by_group")
    commission = GroupFilter(label=_("专门委员会"), empty_label=_("全部"), method="by_group")
    street = GroupFilter(label=_("街道（乡镇）委员组"), empty_label=_("全部"), method="by_group")

    class Meta:
        model = Membership
        fields: list[str] = []

    # Its seats, the column that names the group, and what is said of those without one.
    GROUPS: ClassVar[dict[str, tuple[Any, Any, str, Any]]] = {
        "sector": (Sector, Seat, "sector", _("未编入界别")),
        "commission": (Commission, CommissionSeat, "commission", _("未参加专门委员会")),
        "street": (StreetGroup, StreetSeat, "street_group", _("未编入委员组")),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        for name, (model, _seats, _column, nobody) in self.GROUPS.items():
            rows: list[Any] = rows_of(model, committee) if committee else []
            named = [(str(row.pk), getattr(row, "title", row.name)) for row in rows]
            self.filters[name].extra["choices"] = [*named, (NONE, nobody)]

    @property
    def day(self) -> datetime.date:
        """To be asked of a filter that is valid."""
        return self.form.cleaned_data.get("on") or timezone.localdate()

    def filter_queryset(self, queryset: Any) -> Any:
        return with_holdings(super().filter_queryset(queryset).on(self.day), self.day)

    def by_day(self, queryset: Any, name: str, value: datetime.date) -> Any:
        return queryset  # all others need the day as well, and take today for none

    def by_group(self, queryset: Any, name: str, value: str) -> Any:
        _model, seats, column, _nobody = self.GROUPS[name]
        held = seats.objects.filter(membership=OuterRef("pk"), span__contains=self.day)
        if value == NONE:
            return queryset.exclude(Exists(held))
        return queryset.filter(Exists(held.filter(**{column: value})))


class ListFilter(RosterFilter):
    """With the figure whose members are asked for; it is told of lines, not of rows."""

    figure = django_filters.ChoiceFilter(
        label=_("统计项目"), empty_label=_("全部"), method="by_figure"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_inside = is_office(self.request.user, self.request.committee)
        self.filters["figure"].extra["choices"] = [
            (figure.key, figure.label)
            for figure in FIGURES.values()
            # What is told by birth months is the office's.
            if figure.key != "all" and (is_inside or not figure.office_only)
        ]

    def by_figure(self, queryset: Any, name: str, value: str) -> Any:
        return queryset
