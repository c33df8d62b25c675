"""One FilterSet each for visits and contacts: pages and API."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from committees.actors import NOBODY
from committees.day_input import DayInput
from committees.dictionaries import rows_of
from committees.models import Role, Theme
from committees.scoping import OFFICE
from contacts.models import (
    Area,
    AreaMember,
    Channel,
    Contact,
    Measure,
    Occasion,
    Target,
    Visit,
    VisitMember,
)
from contacts.periods import Every
from members.models import Member
from sectors.models import Sector

ALL = _("全部")
DICTIONARIES = (
    *(("channel", Channel), ("occasion", Occasion)),
    *(("sector", Sector), ("theme", Theme)),
)


def _drop_for_own_books(found: Any) -> None:
    """Who sees nobody's rows but the own ones is not asked for a member or a sector."""
    actor = getattr(found.request, "user", None)
    standing = actor.standing if actor is not None else NOBODY
    if not standing.committees(*OFFICE, Role.LEADER, Role.COMMISSION, "convenor"):
        for name in ("sector", "member"):
            found.filters.pop(name, None)


class VisitFilter(django_filters.FilterSet):
    """By day, channel, occasion, sector of that day, member, and what is still to follow up.

    `scope` is mine (visits I took part in) or sector (of the sectors I convene); without it,
    everything visible. Choices are those of `request.committee`, through the cache.
    """

    scope = django_filters.ChoiceFilter(
        choices=[("mine", _("我的走访")), ("sector", _("本界别")), ("all", ALL)],
        method="by_scope",
        widget=forms.HiddenInput,
    )
    since = django_filters.DateFilter(
        field_name="happened_on", lookup_expr="gte", label=_("日期起"), widget=DayInput
    )
    until = django_filters.DateFilter(
        field_name="happened_on", lookup_expr="lte", label=_("日期止"), widget=DayInput
    )
    channel = django_filters.ChoiceFilter(label=_("联系渠道"), empty_label=ALL)
    occasion = django_filters.ChoiceFilter(label=_("必访情形"), empty_label=ALL)
    sector = django_filters.ChoiceFilter(label=_("界别"), empty_label=ALL, method="by_sector")
    member = django_filters.CharFilter(label=_("委员姓名或拼音"), method="by_member")
    follow_up = django_filters.ChoiceFilter(
        label=_("跟进"),
        choices=[("open", _("待跟进")), ("done", _("已跟进"))],
        empty_label=ALL,
        method="by_follow_up",
    )
    theme = django_filters.ChoiceFilter(label=_("主题（专项）"), empty_label=ALL)
    # From an area's page.
    area = django_filters.NumberFilter(
        method="by_area", widget=HiddenInput, max_value=2**62, decimal_places=0
    )
    # From a member's page: the figure there and the list behind it are one set.
    person = django_filters.NumberFilter(
        method="by_person", widget=HiddenInput, max_value=2**62, decimal_places=0
    )

    class Meta:
        model = Visit
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        for name, model in DICTIONARIES:
            rows: list[Any] = rows_of(model, committee) if committee else []
            self.filters[name].extra["choices"] = [(str(row.pk), row.name) for row in rows]
        if not self.filters["theme"].extra["choices"]:
            del self.filters["theme"]
        _drop_for_own_books(self)

    def by_scope(self, queryset: Any, name: str, value: str) -> Any:
        standing = self.request.user.standing
        if value == "mine":
            return queryset.by_members(standing.scopes("member", "delegate"))
        return queryset.of_sectors(standing.scopes("convenor")) if value == "sector" else queryset

    def by_sector(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.of_sectors([int(value)])

    def by_member(self, queryset: Any, name: str, value: str) -> Any:
        found = Member.objects.visible_to(self.request.user).named(value)
        return queryset.filter(pk__in=VisitMember.objects.filter(member__in=found).values("visit"))

    def by_person(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.by_members([int(value)])

    def by_area(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.in_area(int(value), self.request.user)

    def by_follow_up(self, queryset: Any, name: str, value: str) -> Any:
        if value == "open":
            return queryset.awaiting_follow_up()
        return queryset.filter(followed_up_at__isnull=False)


class ContactFilter(django_filters.FilterSet):
    """By name or place, sector, kind, area, and how far its confirmation is."""

    q = django_filters.CharFilter(label=_("姓名、社区或责任区"), method="by_words")
    sector = django_filters.ChoiceFilter(label=_("界别"), empty_label=ALL)
    member = django_filters.CharFilter(label=_("联系委员"), method="by_member")
    kind = django_filters.ChoiceFilter(
        label=_("类型"), choices=Contact.Kind.choices, empty_label=ALL
    )
    # The tabs above the list.
    state = django_filters.ChoiceFilter(
        choices=[*Contact.State.choices, ("retired", _("已停用"))],
        method="by_state",
        widget=HiddenInput,
    )
    # From an area's page.
    area = django_filters.NumberFilter(widget=HiddenInput, max_value=2**62, decimal_places=0)

    class Meta:
        model = Contact
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = getattr(self.request, "committee", None)
        rows = rows_of(Sector, committee) if committee else []
        self.filters["sector"].extra["choices"] = [(str(row.pk), row.name) for row in rows]
        _drop_for_own_books(self)

    def filter_queryset(self, queryset: Any) -> Any:
        """Retired contacts are out of sight unless asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.active()

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        """A masked name is not searched for: finding by it would tell it."""
        words, standing = "".join(value.split()), self.request.user.standing
        readable = Q(member__in=standing.scopes("member", "delegate"))
        readable |= Q(committee__in=standing.committees(*OFFICE)) | Q(kind="organisation")
        named = Q(name__contains=words) | Q(pinyin__contains=words.lower())
        placed = Q(place__contains=words) | Q(area__name__contains=words)
        return queryset.filter(placed | (readable & named))

    def by_member(self, queryset: Any, name: str, value: str) -> Any:
        found = Member.objects.visible_to(self.request.user).named(value)
        return queryset.filter(member__in=found)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "retired":
            return queryset.filter(is_active=False)
        return getattr(queryset.active(), value)()


class AreaFilter(django_filters.FilterSet):
    """By name, community, street or grid, and by the member who answers for it."""

    q = django_filters.CharFilter(label=_("责任区、社区或网格"), method="by_words")
    member = django_filters.CharFilter(label=_("责任委员姓名或拼音"), method="by_member")
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[("vacant", _("暂无责任委员")), ("retired", _("已停用"))],
        empty_label=_("使用中"),
        method="by_state",
    )

    class Meta:
        model = Area
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """Areas that are no more are out of sight unless asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") == "retired" else rows.active()

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.found_by(value)

    def by_member(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.of_members(Member.objects.visible_to(self.request.user).named(value))

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "retired":
            return queryset.filter(is_active=False)
        here = AreaMember.objects.today().filter(area=OuterRef("pk"))
        return queryset.filter(~Exists(here))


class TargetFilter(django_filters.FilterSet):
    """By measure and by how often; `on` keeps those in force on that day."""

    measure = django_filters.ChoiceFilter(choices=Measure.choices)
    every = django_filters.ChoiceFilter(choices=Every.choices)
    on = django_filters.DateFilter(field_name="span", lookup_expr="contains")

    class Meta:
        model = Target
        fields: list[str] = []
