"""One FilterSet of members for the pages and the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import rows_of
from members.models import Member, Party

WHO = [("former", _("已离任")), ("all", _("全部"))]


class MemberFilter(django_filters.FilterSet):
    """By name or pinyin initials, sector, party and commission; serving members unless asked.

    The choices of sector and commission are those of `request.committee`, read through the cache.
    """

    q = django_filters.CharFilter(label=_("姓名或拼音首字母"), method="by_name")
    sector = django_filters.ChoiceFilter(label=_("界别"), empty_label=_("全部"), method="by_sector")
    party = django_filters.ChoiceFilter(
        label=_("党派"), choices=Party.choices, empty_label=_("全部"), method="by_party"
    )
    commission = django_filters.ChoiceFilter(
        label=_("专门委员会"), empty_label=_("全部"), method="by_commission"
    )
    who = django_filters.ChoiceFilter(
        label=_("任职情况"), choices=WHO, empty_label=_("在任"), method="by_service"
    )

    class Meta:
        model = Member
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        for name, related in (("sector", "sectors"), ("commission", "commissions")):
            # The lists stand above this app; the committee's related names lead to them.
            rows = rows_of(getattr(committee, related).model, committee) if committee else []
            self.filters[name].extra["choices"] = [(str(row.pk), row.name) for row in rows]

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("who") else found.serving()

    def by_name(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.named(value)

    def by_sector(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.seated_in(value)

    def by_party(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(parties__contains=[value])

    def by_commission(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_commission(value)

    def by_service(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.former() if value == "former" else queryset
