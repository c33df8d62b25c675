"""One FilterSet of announcements for the pages and the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from notices.models import Announcement, Answering


class AnnouncementFilter(django_filters.FilterSet):
    """By words of the title or the activity, and by what is asked for."""

    q = django_filters.CharFilter(label=_("标题或活动名称"), method="by_words", max_length=100)
    answering = django_filters.ChoiceFilter(
        label=_("回执"), choices=Answering.choices, empty_label=_("全部")
    )

    class Meta:
        model = Announcement
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.found_by(value)
