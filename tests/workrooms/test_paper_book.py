"""The paper book's page: rows that grow, a pasted table, all errors beside their fields."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.budgets import costs
from workrooms.models import Reception
from workrooms.paper_table import rows_in

DAY = datetime.date(2026, 11, 2)


@pytest.fixture
def page(cast):
    return reverse("workrooms:paper_book", args=["city", cast.room.pk])


def sent(*rows, **over):
    data = {"day": timezone.localdate().isoformat(), "rows": "10"}
    for number, row in enumerate(rows):
        data |= {f"row-{number}-{name}": value for name, value in row.items()}
    return data | over


def test_ten_lines_wait_for_the_day_of_today(client_of, page):
    context = client_of("keeper").get(page).context
    assert (len(context["lines"]), context["form"]["day"].value()) == (10, timezone.localdate())


def test_date_and_matter_are_enough_and_blank_lines_are_none(cast, client_of, page):
    member = cast.member_of("member")
    make.room_member(workroom=cast.room, member=member)
    rows = [
        {"said": "路灯"},
        {},
        {"said": "噪声", "received_on": "2026-11-02", "way": "phone"},
        {"said": "积水", "disposal": "on_the_spot", "detail": "已清淤", "resident_name": "王小明"},
    ]
    answer = client_of("keeper").post(page, sent(*rows, members=[member.pk]), follow=True)
    assert "已登记 3 件。" in answer.content.decode()
    found = Reception.objects.order_by("id")
    assert [(r.said, r.received_on, r.way, r.disposal, r.gist) for r in found] == [
        ("路灯", timezone.localdate(), "in_person", "", ""),
        ("噪声", DAY, "phone", "", ""),
        ("积水", timezone.localdate(), "in_person", "on_the_spot", "已清淤"),
    ]
    assert [list(row.members.all()) for row in found] == [[member]] * 3


def test_all_errors_stand_beside_their_fields_and_nothing_is_written(client_of, page):
    rows = [
        {"said": "路灯"},
        {"resident_name": "王小明"},
        {"said": "噪声", "received_on": "昨天"},
        {"said": "噪声", "way": "letter"},
    ]
    answer = client_of("keeper").post(page, sent(*rows))
    lines = answer.context["lines"]
    assert answer.status_code == 422 and Reception.objects.count() == 0
    assert [list(line.errors) if line.is_bound and not line.is_blank else [] for line in lines] == [
        [], ["said"], ["received_on"], ["way"], [], [], [], [], [], [],
    ]  # fmt: skip
    assert "王小明" in answer.content.decode()


def test_what_the_rules_refuse_stands_beside_its_line(client_of, page):
    later = (timezone.localdate() + datetime.timedelta(days=2)).isoformat()
    rows = [
        {"said": "路灯"},
        {"said": "机密"},
        {"said": "明天", "received_on": later},
        {"said": "停车", "resident_name": "王小明", "disposal": "unit", "detail": "告知王小明"},
    ]
    answer = client_of("keeper").post(page, sent(*rows))
    assert [list(line.errors) for line in answer.context["lines"][:4]] == [
        [], ["said"], ["received_on"], ["detail"],
    ]  # fmt: skip
    assert Reception.objects.count() == 0


def test_an_empty_sheet_is_told_so(client_of, page):
    answer = client_of("keeper").post(page, sent())
    assert answer.status_code == 422 and "请至少填写一行" in answer.content.decode()


@pytest.mark.parametrize("rows", ["", "x", "-1", "9" * 9, "²"])
def test_odd_numbers_of_rows_are_no_error(client_of, page, rows):
    assert client_of("keeper").post(page, sent({"said": "灯"}, rows=rows)).status_code == 302


def test_more_lines_keep_what_was_typed(client_of, page):
    answer = client_of("keeper").post(page, sent({"said": "路灯"}, more="1"))
    lines = answer.context["lines"]
    assert (len(lines), lines[0]["said"].value()) == (15, "路灯")
    assert Reception.objects.count() == 0


def test_a_pasted_table_is_laid_out_first(client_of, page):
    pasted = "日期\t反映事项\t电话\t办理方式\n11月2日\t路灯\t13900000001\t转社区\n\n2026.11.3\t噪声"
    answer = client_of("keeper").post(page, sent({"said": "先写的"}, paste="1", pasted=pasted))
    lines = answer.context["lines"]
    year = timezone.localdate().year
    assert [line["said"].value() for line in lines[:4]] == ["先写的", "路灯", "噪声", None]
    assert [line["received_on"].value() for line in lines[1:3]] == [f"{year}-11-02", "2026-11-03"]
    assert (lines[1]["disposal"].value(), Reception.objects.count()) == ("community", 0)


@pytest.mark.parametrize(("lines", "is_told"), [(49, False), (50, True), (5000, True)])
def test_a_pasted_table_that_is_too_long_says_so(client_of, page, lines, is_told):
    pasted = "\n".join(f"2026-11-02\t第{n}件" for n in range(lines))
    answer = client_of("keeper").post(page, sent({"said": "先写的"}, paste="1", pasted=pasted))
    assert ("一次最多 50 行，请分次录入。" in answer.content.decode()) is is_told
    assert answer.context["lines"][0]["said"].value() == "先写的"


@pytest.mark.parametrize("people", [3, 30])
def test_the_page_costs_the_same(cast, client_of, page, people):
    for _ in range(people):
        make.room_member(workroom=cast.room, member=make.member(committee=cast.city))
    client = client_of("keeper")
    client.get(page)
    with costs(6):  # the request's four, the room with the bell, members
        client.get(page)


@pytest.mark.parametrize("rows", [3, 30])
def test_saving_costs_the_same(client_of, page, rows):
    client = client_of("keeper")
    client.get(page)
    with costs(11):  # six, calendar, numbers, entries, trail 2
        client.post(page, sent(*[{"said": "灯"}] * rows, rows=str(rows)))


def test_lines_without_headings_are_read_in_order():
    text = "11.2\t路灯\t来电\t王某\t139\t新华社区\t当场答复\t已修\n32月1日\t噪声\t写信"
    assert rows_in(text, year=2026) == [
        {
            "received_on": "2026-11-02", "said": "路灯", "way": "phone", "resident_name": "王某",
            "resident_phone": "139", "community": "新华社区", "disposal": "on_the_spot",
            "detail": "已修",
        },
        {"received_on": "32月1日", "said": "噪声", "way": "写信", "disposal": ""},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-2", "2026-11-02"), ("2026/11/02", "2026-11-02"), ("2026年11月2日", "2026-11-02"),
        ("11月2日", "2025-11-02"), ("2月30日", "2月30日"), ("", ""),
    ],
)  # fmt: skip
def test_days_are_read(text, day):
    assert rows_in(f"{text}\t事", year=2025)[0]["received_on"] == day
