"""The filter of the delivery record."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from notices.models import Channel, Delivery, Topic


class DeliveryFilter(django_filters.FilterSet):
    """By state, channel, topic and day; never by what somebody read."""

    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=Delivery.State, empty_label=_("全部")
    )
    channel = django_filters.ChoiceFilter(
        label=_("接收方式"), choices=Channel, empty_label=_("全部")
    )
    topic = django_filters.ChoiceFilter(label=_("事项"), choices=Topic, empty_label=_("全部"))
    day = django_filters.DateFilter(label=_("日期"), field_name="created_at__date", widget=DayInput)

    class Meta:
        model = Delivery
        fields: list[str] = []
