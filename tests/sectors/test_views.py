"""The sectors' pages: the list, one sector's roster, and where they lead whom."""

import datetime

import pytest
from django.utils import timezone

from committees.models import Role
from members.models import Party
from tests import make
from tests.budgets import costs

LIST = "/city/sectors/"


def page(row, slug="city"):
    return f"/{slug}/sectors/{row.pk}/"


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_counts_members_and_names_convenors(cast, client_of):
    left = timezone.localdate() - datetime.timedelta(days=1)
    make.member(sector=cast.education, until=left)
    second = make.convenor(sector=cast.education).seat.membership.member
    cast.education.position, cast.business.position, cast.minorities.position = 2, 1, 3
    for row in (cast.education, cast.business, cast.minorities):
        row.save()
    rows = client_of("member").get(LIST).context["page"].rows
    shown = [(r.name, r.member_count, r.convenor_names, str(r.commission), r.is_own) for r in rows]
    names = {name: cast[name].name for name in ("convenor", "convenor2", "shielded_convenor")}
    assert shown == [
        ("工商联", 2, [names["convenor2"]], "None", False),
        ("教育", 3, [names["convenor"], second.name], "教科卫体委员会", True),
        ("民族宗教", 2, [names["shielded_convenor"]], "None", False),
    ]


def test_a_sector_without_convenor_is_a_warning_for_the_office_alone(cast, client_of):
    bare = make.sector(committee=cast.city, name="体育")
    make.member(sector=bare)
    for who, is_told in (("clerk", True), ("editor", True), ("member", False), ("leader", False)):
        client = client_of(who)
        assert ("未定召集人" in text(client, LIST)) is is_told
        assert ("还没有召集人" in text(client, page(bare))) is is_told
    assert "还没有召集人" not in text(client_of("clerk"), page(cast.education))


def test_sectors_out_of_use_are_listed_when_asked(cast, client_of):
    make.sector(committee=cast.city, name="旧界别", is_active=False)
    client = client_of("member")
    assert "旧界别" not in text(client, LIST)
    assert [r.name for r in client.get(f"{LIST}?state=ended").context["page"].rows] == ["旧界别"]
    matched = client.get(f"{LIST}?commission={cast.learning.pk}").context["page"].rows
    assert [row.name for row in matched] == ["教育"]
    assert "没有符合条件的界别" in text(client, f"{LIST}?q=查无")


def test_the_roster_is_in_pure_stroke_order_with_convenors_named_first(cast, client_of):
    sector = make.sector(committee=cast.city, name="文艺")
    make.convenor(sector=sector, member=make.member(name="魏征明", sector=sector))
    make.member(name="王伟", sector=sector, sex="female", ethnicity="回族", work="市歌舞团演员")
    make.member(name="丁一", sector=sector, parties=[Party.CAPD, Party.CPC])
    answer = client_of("member").get(page(sector))
    roster = [seat.membership.member.name for seat in answer.context["roster"]]
    assert roster == ["丁一", "王伟", "魏征明"]
    assert [member.name for member in answer.context["convenors"]] == ["魏征明"]
    shown = answer.content.decode()
    assert "王\u3000伟</a>（女，回族）" in shown
    assert "中共党员、民进会员" in shown and "市歌舞团演员" in shown
    assert shown.index("界别召集人") < shown.index("<thead>")
    assert "丁一、王伟、魏征明</textarea>" in shown
    assert "丁一\n王伟\n魏征明</textarea>" in shown


def test_who_left_or_moved_is_not_in_the_roster(cast, client_of):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    sector = make.sector(committee=cast.city)
    make.member(name="离任人", sector=sector, until=yesterday)
    assert "离任人" not in text(client_of("member"), page(sector))
    assert "本界别还没有委员" in text(client_of("member"), page(sector))


@pytest.mark.parametrize(
    ("who", "books", "keeps"),
    [
        ("clerk", {"all"}, True),
        ("leader", {"all"}, False),
        ("commission", {"all"}, False),
        ("convenor", {"sector"}, False),
        ("convenor2", set(), False),
        ("member", set(), False),
        ("keeper", set(), False),
    ],
)
def test_where_the_page_leads_whom(cast, client_of, who, books, keeps):
    client, pk = client_of(who), cast.education.pk
    shown = text(client, page(cast.education)).replace("&amp;", "&")
    for scope in ("all", "sector"):
        links = [f"/city/contacts/visits/?scope={scope}&sector={pk}"]
        links += [f"/city/opinions/?of={scope}&sector={pk}"]
        for link in links:
            assert (link in shown) is (scope in books)
            if scope in books:
                assert client.get(link).status_code == 200
    for link in (f"/city/activities/?sector={pk}", f"/city/workrooms/?sector={pk}"):
        assert link in shown and client.get(link).status_code == 200
    assert (f"/admin/sectors/sector/{pk}/change/" in shown) is keeps
    assert ("/city/sectors/import/" in shown) is keeps


def test_another_committees_sector_is_not_found(cast, client_of):
    assert client_of("clerk").get(page(cast.stranger_sector)).status_code == 404
    assert client_of("stranger_member").get(LIST).status_code == 404
    names = [
        row.name
        for row in client_of("stranger_member").get("/stranger/sectors/").context["page"].rows
    ]
    assert names == ["教育"]


def test_an_empty_committee_is_led_to_the_import(client_of, db):
    committee = make.committee(slug="bare")
    clerk, leader = make.officer(Role.CLERK, committee), make.officer(Role.LEADER, committee)
    shown = text(client_of(clerk), "/bare/sectors/")
    assert "还没有界别" in shown and "/bare/sectors/import/" in shown
    assert "/bare/sectors/import/" not in text(client_of(leader), "/bare/sectors/")


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, client_of, number):
    for _ in range(number):
        make.convenor(sector=make.sector(committee=cast.city))
        make.member(sector=cast.education)
    client = client_of("clerk")
    client.get(LIST), client.get(page(cast.education))
    with costs(6):
        client.get(LIST)
    with costs(7):
        client.get(page(cast.education))


def test_both_pages_speak_english(cast, client_of):
    client = client_of("clerk")
    client.cookies["django_language"] = "en"
    for path in (LIST, page(cast.education)):
        assert '<html lang="en"' in text(client, path)
