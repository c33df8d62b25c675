"""Reports are found by the words of their current texts, by the list and by the index alike."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from committees.bigrams import phrases_of
from opinions import actions, search
from opinions.models import Adoption, Manuscript, Opinion, Status
from opinions.texts import Texts
from tests import make
from tests.make import handling

S = Status
LIST = "/city/opinions/"


def rows_of(client, query, path=LIST):
    answer = client.get(path, query)
    assert answer.status_code == 200
    return [row.pk for row in answer.context["page"].rows]


def report(cast, situation, *, status=S.RECEIVED, who="member", **over):
    over = {"title": "题目", "analysis": "", "suggestion": ""} | over
    author, sector = cast.member_of(who), cast.education
    return make.opinion(author=author, sector=sector, status=status, situation=situation, **over)


@pytest.fixture(params=["walk", "index"])
def way(request, monkeypatch):
    """Both ways to the same rows: nothing is looked at along the list in the second."""
    if request.param == "index":
        monkeypatch.setattr(search, "WALK", 0)


@pytest.fixture
def texts(cast):
    return {
        "lamp": report(cast, "小区路灯损坏，影响夜间出行。"),
        "pole": report(
            cast, "灯杆倾斜，路面不平。", analysis="5G基站与路灯杆共建", suggestion="灯"
        ),
        "wifi": report(
            cast, "建议覆盖\uff37\uff49\uff26\uff49，方便群众。", title="关于网络的建议"
        ),
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("灯", {"lamp", "pole"}),
        ("路灯", {"lamp", "pole"}),
        ("路灯杆", {"pole"}),
        ("灯损", {"lamp"}),
        ("路灯损坏", {"lamp"}),
        ("路灯损害", set()),
        ("杆倾", {"pole"}),
        ("灯路", set()),
        ("5g", {"pole"}),
        ("5G基站", {"pole"}),
        ("G基站", set()),
        ("wifi", {"wifi"}),
        ("wi", set()),
        ("网络", {"wifi"}),
        ("路灯 夜间", {"lamp"}),
        ("路灯 群众", set()),
        ("损坏，影响", {"lamp"}),
        ("损坏影响", set()),
        ("，", set()),
        ("%", set()),
        ("_", set()),
        ("'", set()),
    ],
)
def test_words_of_one_two_and_more_signs(way, texts, client_of, asked, found):
    client = client_of("clerk")
    assert set(rows_of(client, {"q": asked})) == {texts[name].pk for name in found}
    # Whatever is not walked takes the index: exports and the plain QuerySet.
    exported = Opinion.objects.filter(pk__in=[row.pk for row in texts.values()])
    narrowed = search.Search(phrases_of(asked), []).narrow(exported)
    assert set(narrowed.values_list("pk", flat=True)) == {texts[name].pk for name in found}


def test_only_the_current_version_is_found(way, cast, client_of):
    row = report(cast, "旧词在此", status=S.DRAFT)
    actions.write(row, Texts("新题", "新词在此"), by=cast.member, version=1)
    client = client_of("member")
    assert rows_of(client, {"q": "新词"}) == [row.pk]
    assert rows_of(client, {"q": "旧词"}) == []


def test_the_edited_text_is_found_by_the_office_and_once_issued_by_all(way, cast, client_of):
    row = report(cast, "原稿的话", status=S.EDITING, title="原题")
    actions.edit(row, Texts("改题", "编辑的话"), by=cast.editor, version=1)
    for who, found in (("clerk", [row.pk]), ("member", []), ("convenor", [])):
        client = client_of(who)
        assert rows_of(client, {"q": "编辑的话", "of": "sector"}) == found
        assert rows_of(client, {"q": "改题", "of": "sector"}) == found
        assert rows_of(client, {"q": "原稿的话", "of": "sector"}) == [row.pk]
    Opinion.objects.filter(pk=row.pk).update(status=S.ISSUED)
    for who in ("clerk", "member", "convenor", "leader"):
        assert rows_of(client_of(who), {"q": "编辑的话", "of": "sector"}) == [row.pk]


def test_an_office_of_elsewhere_reads_no_edited_text_here(way, cast, client_of):
    """A county's clerk who sits in the city: the office there, an author here."""
    both = cast.member_of("member").user
    make.appointment(user=both, committee=cast.county, role="clerk")
    row = report(cast, "原稿的话", status=S.EDITING)
    actions.edit(row, Texts("改题", "编辑的话"), by=cast.editor, version=1)
    client = client_of(both)
    assert rows_of(client, {"q": "原稿的话"}) == [row.pk]
    assert rows_of(client, {"q": "编辑的话"}) == []
    assert [one["id"] for one in client.get("/api/v1/opinions/?q=编辑的话").json()["results"]] == []
    assert len(client.get("/api/v1/opinions/?q=原稿的话").json()["results"]) == 1


def test_what_went_offline_is_found_by_nothing(way, cast, client_of):
    row = report(cast, "不宜留存的话")
    actions.move(row, "go_offline", by=cast.clerk, note="转线下")
    assert rows_of(client_of("clerk"), {"q": "不宜留存"}) == []
    assert not Manuscript.objects.filter(opinion=row).exists()


def test_pages_of_a_search_have_each_row_once(cast, client_of, monkeypatch):
    """Forwards and backwards, where a page is filled along the list and where it is not."""
    for number in range(60):
        row = report(cast, "路灯" if number % 2 else "路口")
        age = datetime.timedelta(hours=number)
        Opinion.objects.filter(pk=row.pk).update(waiting_since=timezone.now() - age)
    wanted = list(
        Opinion.objects.filter(manuscripts__situation="路灯").values_list("pk", flat=True)
    )
    client = client_of("clerk")
    for walk in (0, 5, 40, 2000):
        monkeypatch.setattr(search, "WALK", walk)
        first = client.get(LIST, {"q": "路灯"}).context["page"]
        second = client.get(LIST, {"q": "路灯", "after": first.next_cursor}).context["page"]
        assert [row.pk for row in [*first.rows, *second.rows]] == wanted
        assert second.next_cursor == ""
        back = client.get(LIST, {"q": "路灯", "before": second.previous_cursor}).context["page"]
        assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


def test_a_common_word_asks_no_index_and_a_search_is_one_statement(cast, client_of):
    for _ in range(25):
        report(cast, "路灯")
    client = client_of("clerk")
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST, {"q": "路灯"})
    (asked,) = [query["sql"] for query in captured.captured_queries if "LIKE" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS off, TIMING off) {asked}")
        plan = [line for (line,) in cursor.fetchall()]
    at = next(place for place, line in enumerate(plan) if "vector @@" in line)
    assert "never executed" in plan[at - 1]


def test_the_review_desk_is_searched_too(way, cast, client_of):
    row = report(cast, "待审的路灯")
    report(cast, "待审的路口")
    assert rows_of(client_of("clerk"), {"q": "路灯", "queue": "received"}, f"{LIST}review/") == [
        row.pk
    ]


def test_index_opinions_writes_what_is_missing_and_may_run_twice(cast, client_of, capsys):
    row, other = report(cast, "路灯损坏"), report(cast, "路口")
    Manuscript.objects.filter(opinion=row).update(vector=None, plain="")
    assert rows_of(client_of("clerk"), {"q": "路灯"}) == []
    call_command("index_opinions")
    call_command("index_opinions")
    call_command("index_opinions", "--all")
    assert capsys.readouterr().out.split() == ["1", "0", "2"]
    assert rows_of(client_of("clerk"), {"q": "路灯"}) == [row.pk]
    assert rows_of(client_of("clerk"), {"q": "路口"}) == [other.pk]


def test_what_searching_needs_is_not_read_with_the_texts(cast):
    row = report(cast, "路灯")
    with CaptureQueriesContext(connection) as captured:
        list(row.manuscripts.current())
    assert "vector" not in captured.captured_queries[0]["sql"]


# Filters --------------------------------------------------------------------------------------


def test_filters_of_outcome_and_handling(cast, client_of):
    theme = make.theme(committee=cast.city)
    unit, relay = make.unit(committee=cast.city, name="市城管局"), make.unit(committee=cast.city)
    plain = report(cast, "甲", is_urgent=True, theme=theme)
    answered, late, ended = (report(cast, "乙", status=S.ISSUED) for _ in range(3))
    reply = handling.reply(referral=handling.referral(opinion=answered, unit=unit, via=relay))
    yesterday = timezone.localdate() - datetime.timedelta(1)
    handling.referral(opinion=late, unit=relay, due_on=yesterday)
    handling.referral(opinion=ended, unit=unit, due_on=yesterday, ended_at=timezone.now())
    make.adoption(opinion=late, level=Adoption.Level.NATION)
    theirs = make.opinion(author=cast.member_of("member2"), sector=cast.business, status=S.RECEIVED)
    client = client_of("clerk")
    asked = {
        "urgent=1": {plain.pk},
        f"theme={theme.pk}": {plain.pk},
        "level=nation": {late.pk},
        "level=city": {answered.pk, late.pk, ended.pk},
        "unit=城管": {answered.pk},
        f"unit={relay.name}": {answered.pk, late.pk},
        f"reply_class={reply.reply_class.pk}": {answered.pk},
        "overdue=1": {late.pk},
        f"author={cast.member_of('member2').name}": {theirs.pk},
        "author=没有": set(),
    }
    found = {query: set(rows_of(client, _parsed(query))) for query in asked}
    assert found == asked


def _parsed(query):
    name, _, value = query.partition("=")
    return {name: value}


def test_a_member_is_not_asked_what_is_for_many(cast, client_of):
    report(cast, "甲")
    text = client_of("member").get(LIST).content.decode()
    assert {
        name for name in ("unit", "author", "overdue", "level") if f'name="{name}"' in text
    } == {"level"}
    assert rows_of(client_of("member"), {"overdue": "1"}) != []


@pytest.mark.parametrize(
    "query",
    ["q=" + "长" * 101, "q=%00", "unit=%00", "author=%00", "reply_class=99999", "overdue=2",
     "level=x", "theme=x", "urgent=x", "person=1e400"],
)  # fmt: skip
def test_strange_conditions_are_no_error(cast, client_of, query):
    make.theme(committee=cast.city)
    assert client_of("clerk").get(f"{LIST}?{query}").status_code == 200
    assert client_of("clerk").get(f"/api/v1/opinions/?{query}").status_code in (200, 400)
