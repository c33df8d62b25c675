"""One FilterSet for the pages and the API."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.actors import NOBODY
from committees.bigrams import phrases_of
from committees.day_input import DayInput
from committees.dictionaries import rows_of
from committees.keyset import Page, page_of
from committees.models import Category, Role, Theme
from committees.scoping import OFFICE
from members.models import Member
from opinions.models import Adoption, Authorship, Opinion, Referral, Reply, ReplyClass, Status
from opinions.search import Search
from sectors.models import Sector

NUMBER = re.compile(r"第?\s*(\d{4})\s*-\s*(\d{1,6})\s*号?")
ALL = _("全部")
LATEST_FIRST = ("-waiting_since", "-id")
DICTIONARIES = (("category", Category), ("sector", Sector), ("theme", Theme))
# Asked of nobody who reads no reports but the own ones.
OF_MANY = ("author", "unit", "reply_class", "overdue")
DATES = ("received_after", "received_before")


class OpinionFilter(django_filters.FilterSet):
    """By words or the number, status, category, sector, theme, author, date of receipt, urgency; by
    adoption; by the units asked, their answers and whether one is overdue.

    The choices are those of `request.committee`, read through the cache. Lists take `page`, which
    finds common words along the list; `qs` has all rows.
    """

    q = django_filters.CharFilter(label=_("标题、内容或编号"), method="by_words", max_length=100)
    status = django_filters.ChoiceFilter(label=_("状态"), choices=Status.choices, empty_label=ALL)
    category = django_filters.ChoiceFilter(label=_("类别"), empty_label=ALL)
    sector = django_filters.ChoiceFilter(label=_("界别"), empty_label=ALL)
    theme = django_filters.ChoiceFilter(label=_("主题（专项）"), empty_label=ALL)
    author = django_filters.CharFilter(
        label=_("反映人姓名或拼音"), method="by_author", max_length=40
    )
    received_after = django_filters.DateFilter(
        field_name="received_on", lookup_expr="gte", label=_("收到日期起")
    )
    received_before = django_filters.DateFilter(
        field_name="received_on", lookup_expr="lte", label=_("收到日期止")
    )
    level = django_filters.ChoiceFilter(
        label=_("采用情况"), choices=Adoption.Level.choices, empty_label=ALL, method="by_level"
    )
    unit = django_filters.CharFilter(
        label=_("承办（经转）单位名称"), method="by_unit", max_length=80
    )
    reply_class = django_filters.ChoiceFilter(
        label=_("办理结果分类"), empty_label=ALL, method="by_reply_class"
    )
    overdue = django_filters.ChoiceFilter(
        label=_("转办"),
        choices=[("1", _("超过办理期限未答复"))],
        empty_label=ALL,
        method="by_overdue",
    )
    urgent = django_filters.ChoiceFilter(
        label=_("缓急"), choices=[("1", _("急件"))], empty_label=ALL, method="by_urgent"
    )
    # From a member's page: the figure there and the list behind it are one set.
    person = django_filters.NumberFilter(
        method="by_person", widget=forms.HiddenInput, max_value=2**62, decimal_places=0
    )

    class Meta:
        model = Opinion
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.search: Search | None = None
        self.is_walked = False
        committee = getattr(self.request, "committee", None)
        for name, model in DICTIONARIES:
            rows: list[Any] = rows_of(model, committee) if committee else []
            self.filters[name].extra["choices"] = [(str(row.pk), row.name) for row in rows]
        classes = rows_of(ReplyClass, committee) if committee else []
        self.filters["reply_class"].extra["choices"] = [(str(row.pk), str(row)) for row in classes]
        if not self.filters["theme"].extra["choices"]:
            del self.filters["theme"]
        for name in DATES:
            self.filters[name].extra["widget"] = DayInput()
        if not self._standing.committees(*OFFICE, Role.LEADER, Role.COMMISSION, "convenor"):
            for name in OF_MANY:
                del self.filters[name]

    def page(self, request: HttpRequest, *, order: Sequence[str] = LATEST_FIRST) -> Page:
        """The page that the request asks for; instead of `qs`, not beside it."""
        self.is_walked = True
        rows = self.qs
        sieve = self.search.sieve if self.search else None
        return page_of(rows, request, order=order, sieve=sieve)

    @property
    def _standing(self) -> Any:
        actor = getattr(self.request, "user", None)
        return actor.standing if actor is not None else NOBODY

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        if number := NUMBER.fullmatch(value.strip()):
            return queryset.filter(year=int(number[1]), number=int(number[2]))
        search = Search(phrases_of(value), sorted(self._standing.committees(*OFFICE)))
        if not self.is_walked:
            return search.narrow(queryset)
        self.search = search
        return queryset

    def by_person(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.of_members([int(value)])

    def by_author(self, queryset: Any, name: str, value: str) -> Any:
        found = Member.objects.visible_to(self.request.user).named(value)
        parts = Authorship.objects.confirmed().filter(member__in=found)
        return queryset.filter(pk__in=parts.values("opinion"))

    def by_level(self, queryset: Any, name: str, value: str) -> Any:
        seen = Adoption.objects.visible_to(self.request.user).filter(level=value)
        return queryset.filter(pk__in=seen.values("opinion"))

    def by_unit(self, queryset: Any, name: str, value: str) -> Any:
        words = value.strip()
        return queryset.filter(
            self._referred(Q(unit__name__contains=words) | Q(via__name__contains=words))
        )

    def by_reply_class(self, queryset: Any, name: str, value: str) -> Any:
        given = Reply.objects.given().filter(referral=OuterRef("pk"), reply_class=int(value))
        return queryset.filter(self._referred(Exists(given)))

    def by_overdue(self, queryset: Any, name: str, value: str) -> Any:
        late = Referral.objects.overdue(timezone.localdate())
        return queryset.filter(Exists(late.filter(opinion=OuterRef("pk"))))

    def by_urgent(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_urgent=True)

    def _referred(self, *tests: Any) -> Exists:
        """Of those not given or taken back; whoever sees the report sees its referrals."""
        asked = Referral.objects.filter(*tests, opinion=OuterRef("pk"))
        return Exists(asked.exclude(ended_at__isnull=False))
