"""One FilterSet of proposals for the pages and the API."""

from __future__ import annotations

import re
from typing import Any

import django_filters
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import SECONDS, rows_of
from committees.models import Session, Unit
from opinions.models import Proposal, ProposalKind, ProposalStatus

NUMBER = re.compile(r"第?\s*(\d{1,6})\s*号?")


class ProposalFilter(django_filters.FilterSet):
    """By words of the title or the number, session, status, kind, key ones, and the unit asked."""

    q = django_filters.CharFilter(label=_("案由或编号"), method="by_words", max_length=100)
    session = django_filters.ChoiceFilter(label=_("次会议"), empty_label=_("全部"))
    status = django_filters.ChoiceFilter(
        label=_("状态"), choices=ProposalStatus.choices, empty_label=_("全部")
    )
    kind = django_filters.ChoiceFilter(
        label=_("提案类别"), choices=ProposalKind.choices, empty_label=_("全部")
    )
    key = django_filters.ChoiceFilter(
        field_name="is_key", label=_("重点提案"), choices=[("True", _("是"))], empty_label=_("全部")
    )
    unit = django_filters.ChoiceFilter(label=_("承办单位"), method="by_unit", empty_label=_("全部"))

    class Meta:
        model = Proposal
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        units: list[Any] = rows_of(Unit, committee) if committee else []
        self.filters["unit"].extra["choices"] = [(str(row.pk), row.name) for row in units]
        self.filters["session"].extra["choices"] = lambda: (
            [(str(row.pk), str(row)) for row in sessions_of(committee)] if committee else []
        )

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        if number := NUMBER.fullmatch(value.strip()):
            return queryset.filter(number=int(number[1]))
        return queryset.filter(title__contains=value.strip())

    def by_unit(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(
            pk__in=Proposal.objects.filter(referrals__unit=int(value)).values("pk")
        )


def sessions_of(committee: Any) -> list[Session]:
    """The plenary sessions of a committee, the latest first; read once a minute as dictionaries."""
    key = f"sessions:{committee.pk}"
    kept = cache.get(key)
    if kept is None:
        rows = Session.objects.filter(term__committee=committee, kind=Session.Kind.PLENARY)
        kept = list(rows.select_related("term__committee")[:40])
        cache.set(key, kept, SECONDS)
    return kept
