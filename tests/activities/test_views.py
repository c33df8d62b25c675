"""The activities' pages: what is to come first, then what was; one activity to send on."""

import datetime
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from committees.models import Role
from committees.templatetags.portal import WEEKDAYS
from tests import make
from tests.budgets import costs

LIST = "/city/activities/"
DAY = datetime.timedelta(days=1)


def page(row, slug="city"):
    return f"/{slug}/activities/{row.pk}/"


def this_year(rest):
    return datetime.datetime.fromisoformat(f"{timezone.localdate().year}-{rest}:00+08:00")


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client, query=""):
    """Titles of the two parts of the page."""
    context = client.get(LIST + query).context
    return [[row.title for row in context[part].rows] for part in ("ahead", "held")]


def activity(cast, title, days, **over):
    starts_at = timezone.now() + days * DAY
    return make.activity(committee=cast.city, title=title, starts_at=starts_at, **over)


@pytest.fixture
def diary(cast):
    activity(cast, "后天", 2, kind="study", sector=cast.education)
    activity(cast, "明天", 1, kind="meeting", commission=cast.learning)
    activity(cast, "昨天", -1, kind="study", workroom=cast.room)
    activity(cast, "上周", -7, sector=cast.business, place="河滨社区")
    make.activity(committee=cast.stranger, title="外地的")


def test_upcoming_first_then_past(cast, diary, client_of):
    client = client_of("member")
    assert listed(client) == [["明天", "后天"], ["昨天", "上周"]]
    shown = text(client, LIST)
    places = [shown.index(f">{title}<") for title in ("明天", "后天", "昨天", "上周")]
    assert places == sorted(places) and "外地的" not in shown


def test_what_goes_on_now_is_marked(cast, client_of):
    activity(cast, "正在开", -1 / 24)
    assert "进行中" in text(client_of("member"), LIST)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=study", [["后天"], ["昨天"]]),
        ("sector={education}", [["后天"], []]),
        ("commission={learning}", [["明天"], []]),
        ("workroom={room}", [[], ["昨天"]]),
        ("q=河滨", [[], ["上周"]]),
        ("q=查无", [[], []]),
        ("month=没有", [["明天", "后天"], ["昨天", "上周"]]),
    ],
)
def test_found_by_kind_organiser_and_words(cast, diary, client_of, query, found):
    pks = {"education": cast.education.pk, "learning": cast.learning.pk, "room": cast.room.pk}
    assert listed(client_of("member"), "?" + query.format(**pks)) == found


def test_found_by_month_in_shanghai(cast, client_of):
    """The last second of October and the first of November, there."""
    for title, day in (("十月末", "2025-10-31T23:59:59"), ("十一月初", "2025-11-01T00:00:00")):
        starts_at = datetime.datetime.fromisoformat(f"{day}+08:00")
        make.activity(committee=cast.city, title=title, starts_at=starts_at)
    client = client_of("member")
    assert listed(client, "?month=2025-10") == [[], ["十月末"]]
    assert listed(client, "?month=2025-11") == [[], ["十一月初"]]
    assert "请按“2026-11”填写月份。" in text(client, LIST + "?month=2025-13")


def test_many_are_walked_page_by_page(cast, client_of):
    for number in range(1, 26):
        activity(cast, f"前{number}", number)
        activity(cast, f"后{number}", -number)
    client = client_of("member")
    context = client.get(LIST).context
    assert len(context["ahead"].rows) == 10 and context["has_more_ahead"]
    held = context["held"]
    later = listed(client, "?" + urlencode({"after": held.next_cursor}))
    assert [row.title for row in held.rows] + later[1] == [f"后{n}" for n in range(1, 26)]
    assert later[0] == []
    ahead = client.get(f"{LIST}?when=upcoming").context["ahead"]
    later = listed(client, f"?when=upcoming&after={ahead.next_cursor}")
    assert [row.title for row in ahead.rows] + later[0] == [f"前{n}" for n in range(1, 26)]


def test_one_activity_and_its_words_for_wechat(cast, client_of):
    starts_at = this_year("06-15T14:30")
    row = make.activity(
        committee=cast.city, title="书香政协读书会", place="市图书馆", starts_at=starts_at,
        sector=cast.education, description="内部准备事项", theme=make.theme(committee=cast.city),
    )  # fmt: skip
    answer = client_of("member2").get(page(row))
    shown = answer.content.decode()
    for words in (
        f"6月15日 {WEEKDAYS[starts_at.weekday()]} 14:30—16:30",
        "市图书馆",
        "教育界",
        "内部准备事项",
        row.theme.name,
    ):
        assert words in shown
    assert answer.context["wechat"] == (
        "书香政协读书会\n时间：6月15日 14:30—16:30\n地点：市图书馆\n主办：教育界\n"
        f"http://testserver{page(row)}"
    )
    assert "/admin/" not in shown
    assert f"{page(row)}edit/" in text(client_of("clerk"), page(row)) and "edit/" not in shown


def test_words_for_wechat_never_exceed_300_characters(cast, client_of):
    sector = make.sector(committee=cast.city, name="名" * 60)
    room = make.workroom(committee=cast.city, name="室" * 60)
    row = activity(cast, "长" * 100, 1, place="远" * 80, sector=sector, workroom=room)
    words = client_of("member").get(page(row)).context["wechat"]
    assert len(words) == 300 and words.endswith(page(row))


def test_over_several_days_both_are_named(cast, client_of):
    starts_at = this_year("06-15T09:00")
    row = make.activity(committee=cast.city, starts_at=starts_at, ends_at=starts_at + 2 * DAY)
    assert "6月15日 09:00—6月17日 09:00" in text(client_of("member"), page(row))


def test_another_committees_activity_is_not_found(cast, client_of):
    row = make.activity(committee=cast.stranger)
    assert client_of("clerk").get(page(row)).status_code == 404
    assert client_of("stranger_member").get(LIST).status_code == 404


def test_empty_and_nothing_found(cast, client_of):
    assert "没有符合条件的活动" in text(client_of("member"), LIST + "?q=查无")
    shown = text(client_of("member"), LIST)
    assert "还没有活动" in shown and "/new/" not in shown
    clerk = make.officer(Role.CLERK, cast.city)
    assert "/city/activities/new/" in text(client_of(clerk), LIST)


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, client_of, number):
    for days in range(1, number + 1):
        activity(cast, "前", days, sector=cast.education)
        row = activity(cast, "后", -days, workroom=cast.room)
    client = client_of("clerk")
    client.get(LIST), client.get(page(row))
    for query in ("", "?when=upcoming", f"?sector={cast.education.pk}&month=2026-11"):
        with costs(6):
            client.get(LIST + query)
    with costs(7):
        client.get(page(row))


def test_both_pages_speak_english(cast, diary, client_of):
    client = client_of("clerk")
    client.cookies["django_language"] = "en"
    for path in (LIST, page(make.activity(committee=cast.city))):
        assert '<html lang="en"' in text(client, path)
