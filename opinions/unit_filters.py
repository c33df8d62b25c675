"""The unit's list: one FilterSet for the desk and the API."""

from __future__ import annotations

import unicodedata
from typing import Any

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from opinions.models import Referral, State

UNANSWERED = (State.WAITING, State.HANDLING, State.REFUSING, State.EXTENDING)
TABS: dict[str, tuple[Any, tuple[State, ...]]] = {
    "open": (_("待办"), UNANSWERED),
    "waiting": (State.WAITING.label, (State.WAITING,)),
    "handling": (State.HANDLING.label, (State.HANDLING, State.REFUSING, State.EXTENDING)),
    "answered": (State.ANSWERED.label, (State.ANSWERED, State.EVALUATING)),
    "following": (State.FOLLOWING.label, (State.FOLLOWING,)),
    "closed": (State.CLOSED.label, (State.CLOSED, State.RETURNED, State.TAKEN_BACK)),
}


class UnitItemFilter(django_filters.FilterSet):
    """By state (a tab) and by words of the title, the number or the printed code."""

    q = django_filters.CharFilter(label=_("标题、编号或函件编码"), method="by_words")
    tab = django_filters.ChoiceFilter(
        label=_("状态"),
        method="by_tab",
        choices=[(key, label) for key, (label, _s) in TABS.items()],
    )

    class Meta:
        model = Referral
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        words = unicodedata.normalize("NFKC", value.strip())
        found = models.Q(title__icontains=value.strip()) | models.Q(code__iexact=words)
        digits = words.removesuffix("号").rsplit("〕", 1)[-1]
        if digits.isascii() and digits.isdigit() and len(digits) <= 9:
            found |= models.Q(number=int(digits))
        return queryset.filter(found)

    def by_tab(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(state__in=TABS[value][1])
