"""One activity a month by rooms, and the month's ledger of a room."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests import make
from tests.budgets import costs
from workrooms.models import DutyShift


def at(day, hour=9):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def today():
    return timezone.localdate()


def held(room, day, **over):
    return make.activity(workroom=room, starts_at=at(day), **over)


# 一月一活动 ---------------------------------------------------------------------------------------


def cells(client, room, **asked):
    page = client.get("/city/rhythm/", asked).context["page"]
    row = next(row for row in page.rows if row.pk == room.pk)
    return {cell.month: (len(cell.held), cell.is_gap, cell.themes) for cell in row.cells}


def test_a_room_by_months(cast, client_of):
    room, clerk = cast.room, cast.clerk
    room.opened_on = dt.date(2025, 3, 15)
    room.save()
    theme = make.theme(committee=cast.city, name="五聚焦")
    held(room, dt.date(2025, 4, 2), theme=theme, created_by=clerk)
    held(room, dt.date(2025, 4, 20), theme=theme, created_by=clerk)
    held(room, dt.date(2025, 12, 31), created_by=clerk)
    held(room, dt.date(2026, 1, 1), created_by=clerk)
    assert cells(client_of("member"), room, year=2025) == {
        1: (0, False, ""), 2: (0, False, ""), 3: (0, True, ""), 4: (2, False, "五聚焦"),
        **dict.fromkeys(range(5, 12), (0, True, "")), 12: (1, False, ""),
    }  # fmt: skip


def test_what_a_room_holds_with_others_counts_for_it(cast, client_of):
    day = dt.date(2025, 4, 2)
    for over in ({}, {"called_off_at": at(day)}, {"published_at": None}):
        row = make.activity(committee=cast.city, starts_at=at(day), created_by=cast.clerk, **over)
        row.co_hosts.create(workroom=cast.room)
    assert cells(client_of("clerk"), cast.room, year=2025)[4] == (1, False, "")
    response = client_of("clerk").get(f"/city/workrooms/{cast.room.pk}/ledger/?month=2025-04")
    assert len(response.context["activities"]) == 1


def test_months_ahead_are_no_gap(cast, client_of):
    found = cells(client_of("member"), cast.room)
    assert {month for month, (_n, is_gap, _t) in found.items() if is_gap} == set(
        range(1, today().month + 1)
    )


@pytest.mark.parametrize("year", ["x", "0", "99999", ""])
def test_odd_years_show_this_one(client_of, year):
    assert client_of("member").get("/city/rhythm/", {"year": year}).context["year"] == today().year


@pytest.mark.parametrize("rows", [3, 30])
def test_the_board_costs_six(cast, client_of, rows):
    for _ in range(rows):
        held(make.workroom(committee=cast.city), today(), created_by=cast.clerk)
    client = client_of("member")
    client.get("/city/rhythm/")
    with costs(6):
        client.get("/city/rhythm/")


# The ledger ---------------------------------------------------------------------------------------


def ledger(client, room, **asked):
    return client.get(f"/city/workrooms/{room.pk}/ledger/", asked)


def test_a_month_from_rows(cast, client_of):
    room, member = cast.room, cast.member_of("member")
    day = dt.date(2026, 10, 9)
    shift = {"committee": cast.city, "workroom": room, "member": member}
    for number, state in enumerate(["done", "planned", "cancelled"]):
        start = at(day + dt.timedelta(days=number))
        DutyShift.objects.create(
            **shift, day=start.date(), during=(start, start + dt.timedelta(hours=1)), state=state
        )
    inside = {"workroom": room, "received_on": day, "resident_name": "王小明"}
    make.reception(**inside, said="路灯", disposal="on_the_spot", members=[member])
    make.reception(**inside, said="噪声", disposal="unit", resulted_on=day, result="已处理")
    make.reception(**inside, said="反映某人", nature="person")
    make.reception(workroom=room, said="九月的", received_on=dt.date(2026, 9, 30))
    held(room, day, title="座谈", created_by=cast.clerk)
    held(room, day, title="读书", kind="study", created_by=cast.clerk)
    page = ledger(client_of("keeper"), room, month="2026-10")
    context, shown = page.context, page.content.decode()
    assert [row.state for row in context["shifts"]] == ["done"]
    assert [row.said for row in context["received"]] == ["路灯", "噪声"]
    assert [row.said for row in context["handled"]] == ["噪声"]
    assert [row.title for row in context["activities"]] == ["座谈"]
    assert [row.title for row in context["study"]] == ["读书"]
    assert "王**" in shown and "王小明" not in shown and "反映某人" not in shown


def test_an_empty_month_says_so_five_times(cast, client_of):
    assert ledger(client_of("clerk"), cast.room).content.decode().count("本月无。") == 5


def test_a_member_finds_the_own_receptions(cast, client_of):
    make.room_member(workroom=cast.room, member=cast.member_of("member"))
    make.reception(workroom=cast.room, said="自己的", members=[cast.member_of("member")])
    make.reception(workroom=cast.room, said="别人的")
    page = ledger(client_of("member"), cast.room)
    assert [row.said for row in page.context["received"]] == ["自己的"]
    assert "只列出您本人接待的登记" in page.content.decode()


@pytest.mark.parametrize("month", ["", "x", "2199-12", "2026-13"])
def test_odd_months_show_this_one(cast, client_of, month):
    page = ledger(client_of("clerk"), cast.room, month=month)
    assert str(page.context["month"]) == f"{today():%Y-%m}" and page.context["next_month"] is None


@pytest.mark.parametrize("rows", [3, 30])
def test_the_ledger_costs_nine(cast, client_of, rows):
    for _ in range(rows):
        make.reception(workroom=cast.room, members=[cast.member_of("member")])
        held(cast.room, today(), created_by=cast.clerk)
        make.room_member(workroom=cast.room)
    client = client_of("keeper")
    ledger(client, cast.room)
    with costs(9):  # the request's four, the room with the bell, people, shifts, rows, activities
        ledger(client, cast.room)
