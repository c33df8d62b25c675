"""Finding a room or a member without an account: by place, sector, name, kind, day of duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import rows_of
from committees.models import Committee
from members.models import Member
from sectors.models import Sector
from workrooms.models import DutyShift, RoomMember, Workroom

CALENDAR = DayInput()


class PublicFilter(django_filters.FilterSet):
    """`q`, `sector` and `on` of both lists; sectors are those of the page's committee."""

    q = django_filters.CharFilter(method="by_words")
    sector = django_filters.ChoiceFilter(label=_("界别"), empty_label=_("全部"), method="by_sector")
    on = django_filters.DateFilter(label=_("值班日期"), widget=CALENDAR, method="by_day")
    of = ""  # the shift's column that leads to the row

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = rows_of(Sector, self.request.committee)
        self.filters["sector"].extra["choices"] = [(str(row.pk), row.title) for row in rows]

    def by_day(self, queryset: Any, name: str, value: Any) -> Any:
        shifts = DutyShift.objects.expected_on(value)
        return queryset.filter(Exists(shifts.filter(**{self.of: OuterRef("pk")})))


class PublicRoomFilter(PublicFilter):
    q = django_filters.CharFilter(label=_("地点或名称"), method="by_words")
    kind = django_filters.ChoiceFilter(
        label=_("类型"), choices=Workroom.Kind.choices, empty_label=_("全部")
    )
    of = "workroom"

    class Meta:
        model = Workroom
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.found_by(value)

    def by_sector(self, queryset: Any, name: str, value: str) -> Any:
        """Rooms of the sector, and rooms where one of its members is today."""
        here = RoomMember.objects.public().filter(workroom=OuterRef("pk"))
        seated = Member.objects.public().seated_in(value).values("pk")
        there = Exists(here.filter(member__in=seated))
        return queryset.filter(there) | queryset.filter(sector=value)


class PublicMemberFilter(PublicFilter):
    q = django_filters.CharFilter(label=_("姓名"), method="by_words")
    of = "member"

    class Meta:
        model = Member
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.named(value)

    def by_sector(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.seated_in(value)


def with_next_duty(rooms: Iterable[Workroom]) -> None:
    """Sets `duty` on each room: the published shifts of its next day, in one statement."""
    rooms = list(rooms)
    by_room = _next("workroom", rooms)
    for room in rooms:
        room.duty = by_room[room.pk]  # type: ignore[attr-defined]


def with_rooms_and_duty(members: Iterable[Member], committee: Committee) -> None:
    """Sets `rooms`, `duty` and `sector_title` on each member, in two statements."""
    members = list(members)
    titles = {row.pk: row.title for row in rows_of(Sector, committee)}
    by_member, rooms = _next("member", members), defaultdict(list)
    here = RoomMember.objects.public().filter(member__in=members).select_related("workroom")
    for row in here.order_by("workroom__plate_number", "id"):
        rooms[row.member_id].append(row.workroom)
    for member in members:
        member.rooms, member.duty = rooms[member.pk], by_member[member.pk]  # type: ignore[attr-defined]
        member.sector_title = titles.get(member.sector_id, "")  # type: ignore[attr-defined]


def _next(of: str, rows: list[Any]) -> dict[int, list[DutyShift]]:
    shifts: dict[int, list[DutyShift]] = defaultdict(list)
    if rows:
        for shift in DutyShift.objects.filter(**{f"{of}__in": rows}).next_days(of):
            shifts[getattr(shift, f"{of}_id")].append(shift)
    return shifts
