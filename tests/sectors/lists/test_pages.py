"""The lists' pages: who sees which column, what is said of bad input, what a page costs."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from committees.models import Role
from committees.spans import span_from
from members.models import Party
from sectors.lists.actions import choose_columns
from sectors.lists.columns import COLUMNS
from sectors.models import ListColumns
from tests import make
from tests.budgets import costs

LISTS = "/city/sectors/lists/"
KINDS = ("sector", "strokes", "unit", "positions", "commission", "street")
OFFICES_OWN = {"birth", "number", "phone", "note"}
CANARIES = {"birth": "1961.07", "number": "委证0001", "phone": "138****4321", "note": "病休中"}


def text(client, path=LISTS, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def choose(client, *columns, query="", kind="sector"):
    data = {"columns": columns, "kind": kind}
    return client.post(f"{LISTS}columns/{query}", data)


def shown(answer):
    return [column.key for column in answer.context["asked"].columns]


def sections(answer):
    return [
        (s["title"], [row["member"].name for row in s["rows"]]) for s in answer.context["sections"]
    ]


@pytest.fixture
def known(cast):
    """A member of the education sector of whom everything is on record."""
    user = make.user(name="丁一", phone="13812344321")
    return make.member(
        user=user,
        sector=cast.education,
        sex="female",
        ethnicity="回族",
        birth_month=datetime.date(1961, 7, 1),
        number="委证0001",
        note="病休中",
        work="第一中学教师",
        parties=[Party.CAPD, Party.CPC],
    )


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_reads_every_list(cast, client_of, known, kind):
    make.position(member=known)
    for who in ("clerk", "member", "leader", "handler", "delegate"):
        page = text(client_of(who), f"{LISTS}{kind}/")
        assert "丁\u3000一</a>（女，回族）" in page
        assert "中共党员、民进会员" in page and "第一中学教师" in page
    assert text(client_of("stranger_clerk"), f"{LISTS}{kind}/", 404)
    assert client_of("clerk").get("/stranger/sectors/lists/").status_code == 404


def test_phones_birth_months_numbers_and_notes_are_the_offices(cast, client_of, known):
    for who, is_inside in (("clerk", True), ("editor", True), ("member", False), ("leader", False)):
        client = client_of(who)
        # A choice kept from better days: the row names columns that are no longer offered.
        ListColumns.objects.create(committee=cast.city, user=cast[who], columns=list(COLUMNS))
        answer = client.get(f"{LISTS}strokes/")
        expected = [key for key in COLUMNS if is_inside or key not in OFFICES_OWN]
        assert shown(answer) == expected
        page = answer.content.decode()
        assert {key for key, word in CANARIES.items() if word in page} == (
            OFFICES_OWN if is_inside else set()
        )
        assert "13812344321" not in page
        offered = {key for key, _label in answer.context["columns_form"].fields["columns"].choices}
        assert offered == set(expected)
        told = text(client, f"{LISTS}statistics/")
        assert ("平均年龄" in told) is ("出生年月未登记" in told) is is_inside
        assert (client.get(f"{LISTS}?figure=age_unknown").context["asked"] is not None) is is_inside


def test_columns_are_remembered_for_the_person(cast, client_of, known):
    clerk = client_of("clerk")
    assert shown(clerk.get(LISTS)) == ["parties", "work"]
    answer = choose(clerk, "work", "sector", query="?on=2024-05-01", kind="strokes")
    assert answer.headers["Location"] == f"{LISTS}strokes/?on=2024-05-01"
    assert shown(clerk.get(f"{LISTS}strokes/")) == ["sector", "work"]
    assert shown(clerk.get(LISTS)) == ["work"]  # by sector the heading says it
    assert shown(client_of("editor").get(LISTS)) == ["parties", "work"]
    choose(clerk)
    assert shown(clerk.get(LISTS)) == []
    assert ListColumns.objects.get().columns == []
    assert "list-names" in text(clerk)


def test_a_column_that_is_not_offered_is_not_taken(cast, client_of, known):
    member = client_of("member")
    for wrong in ("phone", "nonsense", "\x00", "x" * 5000):
        answer = member.post(f"{LISTS}columns/", {"columns": [wrong]}, follow=True)
        assert "没有这个栏目" in answer.content.decode()
    with pytest.raises(ValidationError):
        choose_columns(["phone"], committee=cast.city, by=cast.member)
    with pytest.raises(PermissionDenied):
        choose_columns([], committee=cast.stranger, by=cast.member)
    assert ListColumns.objects.count() == 0
    assert choose(member, "sex", kind="nonsense").headers["Location"] == LISTS


@pytest.mark.django_db(transaction=True)
def test_two_choices_at_once_leave_one_row():
    committee = make.committee()
    clerk = make.officer(Role.CLERK, committee)
    start, failed = threading.Barrier(2), []

    def choosing(column):
        try:
            start.wait(timeout=10)
            choose_columns([column], committee=committee, by=clerk)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=choosing, args=[c]) for c in ("sex", "work")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert ListColumns.objects.get().columns in (["sex"], ["work"])


def test_a_column_of_its_own_is_not_annotated_as_well(cast, client_of, known):
    clerk = client_of("clerk")
    for columns, expected in (
        (["sex"], "丁\u3000一</a>（回族）<"),
        (["ethnicity"], "丁\u3000一</a>（女）<"),
        (["sex", "ethnicity"], "丁\u3000一</a><"),
        (["work"], "丁\u3000一</a>（女，回族）<"),
    ):
        choose(clerk, *columns)
        assert expected in text(clerk)


def test_the_order_of_each_list(cast, client_of):
    committee = make.committee(slug="order")
    second = make.sector(committee=committee, name="教育", position=2)
    first = make.sector(committee=committee, name="文艺界", position=1)
    wei = make.member(name="魏征明", sector=second, work="市教育局局长")
    ding = make.member(name="丁一", sector=second, work="市教育局副局长")
    wang = make.member(name="王伟", sector=first, work="剧团演员")
    make.member(name="马丽", committee=committee, work="")
    make.convenor(sector=second, member=wei)
    make.position(member=wei, kind="vice_chair", rank=1)
    make.position(member=ding, kind="vice_chair", rank=2)
    make.position(member=wang, kind="standing", rank=0)
    make.position(member=ding, kind="standing", rank=0)
    client = client_of(make.officer(Role.CLERK, committee))
    told = {k: sections(client.get(f"/order/sectors/lists/{k}/")) for k in KINDS}
    assert told == {
        "sector": [("文艺界", ["王伟"]), ("教育界", ["丁一", "魏征明"]), ("未编入界别", ["马丽"])],
        "strokes": [("", ["丁一", "马丽", "王伟", "魏征明"])],
        "unit": [
            ("市教育局", ["丁一", "魏征明"]),
            ("剧团", ["王伟"]),
            ("未登记工作单位", ["马丽"]),
        ],
        "positions": [("副主席", ["魏征明", "丁一"]), ("常务委员", ["王伟"])],
        "commission": [("未参加专门委员会", ["丁一", "马丽", "王伟", "魏征明"])],
        "street": [("未编入委员组", ["丁一", "马丽", "王伟", "魏征明"])],
    }
    assert client.get("/order/sectors/lists/positions/").context["asked"].people == 3
    page = client.get("/order/sectors/lists/").content.decode()
    assert "文艺界（1名）：王伟\n教育界（2名）：丁一、魏征明\n未编入界别（1名）：马丽" in page
    assert "教育界（2名）\n丁一\n魏征明" in page


@pytest.fixture
def seated(cast):
    """Four members in commissions and street groups: one in two, one in none."""
    committee = make.committee(slug="seated")
    sector = make.sector(committee=committee, name="教育")
    economy = make.commission(committee=committee, name="经济委员会", position=2)
    proposals = make.commission(committee=committee, name="提案委员会", position=1)
    east = make.street_group(committee=committee, name="东街道委员组")
    names = ("丁一", "马丽", "王伟", "魏征明")
    ding, ma, wang, wei = (make.member(name=name, sector=sector) for name in names)
    make.commission_seat(member=wei, commission=economy, duty="head")
    make.commission_seat(member=ding, commission=economy)
    make.commission_seat(member=wang, commission=economy, duty="deputy")
    make.commission_seat(member=wei, commission=proposals)
    make.street_seat(member=wang, street_group=east, is_head=True)
    make.street_seat(member=ding, street_group=east)
    return committee, economy, east, (ding, ma, wang, wei)


def rows_of(answer):
    """Names with their cells by label, section by section."""
    return {
        s["title"]: [(row["member"].name, dict(row["cells"])) for row in s["rows"]]
        for s in answer.context["sections"]
    }


def test_commissions_and_street_groups_begin_with_who_leads_them(seated, client_of):
    committee, _economy, _east, _people = seated
    client = client_of(make.officer(Role.CLERK, committee))
    lists = "/seated/sectors/lists/"
    client.post(f"{lists}columns/", {"columns": ["commissions", "street"], "kind": "strokes"})
    told = rows_of(client.get(f"{lists}commission/"))
    duties = {
        title: [(name, cells["专委会职务"]) for name, cells in rows] for title, rows in told.items()
    }
    assert duties == {
        "提案委员会": [("魏征明", "")],
        "经济委员会": [("魏征明", "主任"), ("王伟", "副主任"), ("丁一", "")],
        "未参加专门委员会": [("马丽", "")],
    }
    assert list(told) == list(duties)  # in the committee's order
    assert told["提案委员会"][0][1] == {"专委会职务": "", "街道（乡镇）委员组": ""}
    street = client.get(f"{lists}street/")
    assert {
        title: [(name, cells["委员组职务"]) for name, cells in rows]
        for title, rows in rows_of(street).items()
    } == {
        "东街道委员组": [("王伟", "组长"), ("丁一", "")],
        "未编入委员组": [("马丽", ""), ("魏征明", "")],
    }
    assert street.context["asked"].people == 4
    # Whole numbers leave with the duty as well.
    assert client.get(f"{lists}commission/").context["asked"].people == 4
    page = client.get(f"{lists}commission/").content.decode()
    assert "经济委员会（3名）：魏征明、王伟、丁一" in page


def test_one_commission_or_group_alone(seated, client_of):
    committee, economy, east, _people = seated
    client = client_of(make.officer(Role.CLERK, committee))
    lists = "/seated/sectors/lists/"
    alone = client.get(f"{lists}commission/?commission={economy.pk}")
    assert list(rows_of(alone)) == ["经济委员会"]  # 魏征明 sits in the other one too
    assert "（经济委员会，截至" in alone.content.decode()
    strokes = client.get(f"{lists}strokes/?commission={economy.pk}&street={east.pk}")
    assert sections(strokes) == [("", ["丁一", "王伟"])]
    assert sections(client.get(f"{lists}strokes/?commission=none")) == [("", ["马丽"])]
    nobody = client.get(f"{lists}street/?street=none")
    assert sections(nobody) == [("未编入委员组", ["马丽", "魏征明"])]
    assert client.get(f"{lists}commission/?commission=999999").context["asked"].sections == []


def test_seats_of_another_day_do_not_count(seated, client_of):
    committee, economy, _east, people = seated
    day, ding = timezone.localdate(), people[0]
    gone = ding.memberships.get().commission_seats.get()
    gone.span = span_from(gone.span.lower, day)
    gone.save()
    client = client_of(make.officer(Role.CLERK, committee))
    lists = f"/seated/sectors/lists/commission/?commission={economy.pk}"
    assert sections(client.get(lists)) == [("经济委员会", ["魏征明", "王伟"])]
    eve = day - datetime.timedelta(days=1)
    assert sections(client.get(f"{lists}&on={eve}")) == [("经济委员会", ["魏征明", "王伟", "丁一"])]


def test_a_day_of_an_earlier_term(cast, client_of, known):
    old = make.term(
        committee=cast.city,
        ordinal=5,
        span=span_from(datetime.date(2017, 1, 10), datetime.date(2022, 1, 1)),
    )
    make.member(name="丁二", committee=cast.city, is_serving=False)
    gone = make.member(name="王三", committee=cast.city, is_serving=False)
    for member in (gone, known):
        make.membership(member=member, term=old, span=old.span)
    client = client_of("member")
    answer = client.get(f"{LISTS}strokes/?on=2021-12-31")
    assert sections(answer) == [("", ["丁一", "王三"])]
    assert "（截至2021年12月31日，共2名）" in answer.content.decode()
    today = client.get(f"{LISTS}strokes/")
    links = [(term["label"], term["url"]) for term in today.context["terms"]]
    day = timezone.localdate()
    assert links == [
        ("六届", f"{LISTS}strokes/?on={day}"),
        ("五届", f"{LISTS}strokes/?on=2021-12-31"),
    ]
    assert "这一天没有符合条件的委员" in text(client, f"{LISTS}?on=1999-01-01")
    # Who was a member in the term before stays; all others are new.
    staying = client.get(f"{LISTS}strokes/?figure=staying")
    assert sections(staying) == [("", ["丁一"])]
    assert "（连任，截至" in staying.content.decode()
    assert len(sections(client.get(f"{LISTS}strokes/?figure=new"))[0][1]) == 6


BAD = [
    "?on=2026-02-30",
    "?on=昨天",
    "?on=99999999999999-01-01",
    "?on=%00",
    "?figure=best",
    "?figure=%00",
    "?sector=x",
    "?sector=%00",
    "?sector=99999999999999999999999",
    "?commission=x",
    "?street=%00",
]


@pytest.mark.parametrize("query", BAD)
def test_bad_input_is_told_beside_its_field(cast, client_of, known, query):
    client = client_of("clerk")
    for page in (LISTS, f"{LISTS}unit/"):
        answer = client.get(page + query)
        assert answer.status_code == 200
        assert answer.context["form"].errors and answer.context["asked"] is None
        assert 'class="error"' in answer.content.decode()
    if "figure" not in query:
        assert 'class="error"' in text(client, f"{LISTS}statistics/{query}")
    for file in ("word", "xlsx"):
        assert client.get(f"{LISTS}unit/{file}/{query}").status_code == 302
    assert choose(client, "sex", query=query).status_code == 302


def test_unknown_lists_and_sectors(cast, client_of, known):
    client = client_of("clerk")
    for path in ("nonsense/", "nonsense/word/", "nonsense/xlsx/", "nonsense/phones/"):
        text(client, LISTS + path, 404)
    for day in ("0001-01-01", "9999-12-31"):
        text(client, f"{LISTS}?on={day}")
        text(client, f"{LISTS}statistics/?on={day}")
    # A sector of elsewhere has no members here.
    answer = client.get(f"{LISTS}?sector={cast.stranger_sector.pk}")
    assert answer.context["asked"].sections == []


def test_lists_are_reached_from_where_people_are(cast, client_of):
    for page in ("/city/members/", "/city/sectors/"):
        assert "/city/sectors/lists/" in text(client_of("member"), page)
    for who in ("clerk", "editor", "leader", "commission"):
        assert "/city/sectors/lists/" in text(client_of(who), "/city/desk/")
    assert "/city/sectors/lists/statistics/" in text(client_of("clerk"), "/city/desk/")


@pytest.mark.parametrize("rows", [3, 30])
def test_a_list_costs_the_same_for_3_and_30(cast, client_of, rows):
    for n in range(rows):
        member = make.member(sector=cast.education, birth_month=datetime.date(1970, 1, 1))
        if n % 2:
            make.position(member=member, kind="standing")
            make.commission_seat(member=member, commission=cast.learning)
            make.street_seat(member=member, street_group=cast.street)
    client = client_of("clerk")
    choose(client, *COLUMNS)
    text(client)  # dictionaries come from the cache
    for kind in KINDS:
        with costs(6):
            client.get(f"{LISTS}{kind}/")
    with costs(6):
        client.get(f"{LISTS}statistics/")
    for file in ("word", "xlsx"):
        with costs(5):
            client.get(f"{LISTS}sector/{file}/")
    with costs(5):
        choose(client, "sex", "work")
