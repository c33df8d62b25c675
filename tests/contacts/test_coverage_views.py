"""The boards: who opens which, figures that open their rows, offers, and what a page costs."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from committees.spans import span_from
from contacts.models import Area, AreaMember, Contact, HelpOffer, Measure, Target
from contacts.periods import Every, Period
from members.models import Member
from notices.models import Notice
from tests import make
from tests.budgets import costs
from tests.world import CANARY

BOARD = "/city/coverage/"
ROWS = "/city/coverage/rows/"
LONG_AGO = datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def today():
    return timezone.localdate()


def contact(member, **over):
    return make.contact(member=member, confirmed_at=LONG_AGO, **over)


def figures(html):
    """Label → number, address of each figure on a board."""
    found = re.findall(r'<a class="figure" href="([^"]+)"><b>(\d+)</b><span>([^<]+)</span>', html)
    return {label: (int(number), url.replace("&amp;", "&")) for url, number, label in found}


def titles(html):
    return re.findall(r'<a class="grow" href="[^"]*"><span class="t">([^<]*)</span>', html)


@pytest.fixture
def laid(cast):
    """Two contacts of the member, one met this month; one each of business and the shielded."""
    member, member2 = cast.member_of("member"), cast.member_of("member2")
    area = Area.objects.create(committee=cast.city, name="望川一区")
    AreaMember.objects.create(
        committee=cast.city, area=area, member=member, span=span_from(make.BEGAN_ON)
    )
    met = contact(member, name="已见面", area=area)
    rows = {
        "left": contact(member, name="未见面", place="新华社区", area=area),
        "business": contact(member2, name="工商人", place=CANARY["b"]),
        "shielded": contact(cast.member_of("shielded"), name="民宗人", place=CANARY["m"]),
    }
    used = make.occasion(committee=cast.city, name="政策宣讲")
    make.occasion(committee=cast.city, name="节日慰问")
    make.visit(member=member, contacts=[met], occasion=used)
    make.target(committee=cast.city, measure=Measure.VISITS, every="quarter", number=2)
    cache.clear()
    return rows


@pytest.mark.parametrize(
    ("who", "scope", "expected"),
    [
        ("member", "", (1, 0, 1, None)),
        ("delegate", "mine", (1, 0, 1, None)),
        ("convenor", "sector", (1, 0, 1, 0)),
        ("convenor", "mine", (0, 0, 2, None)),
        ("convenor2", "sector", (1, 0, 2, 1)),
        ("shielded", "mine", (0, 0, 2, None)),
        ("shielded_convenor", "sector", (0, 0, 2, 1)),
        ("commission", "", (1, 0, 1, 0)),
        ("clerk", "", (3, 0, 1, 2)),
        ("clerk", "sector", (3, 0, 1, 2)),  # not a scope of the clerk's: the first one
    ],
)
def test_each_sees_the_gaps_of_what_is_theirs(laid, client_of, who, scope, expected):
    html = text_of(client_of(who).get(f"{BOARD}?scope={scope}"))
    labels = ("尚未联系到的联系人", "尚未走到的界别责任区", "尚未涉及的必访情形", "尚无走访的界别")
    found = figures(html)
    assert tuple(found.get(label, (None,))[0] for label in labels) == expected


def test_every_figure_opens_as_many_rows(laid, client_of):
    for who in ("member", "convenor", "commission", "leader", "clerk"):
        client = client_of(who)
        for label, (number, url) in figures(text_of(client.get(BOARD))).items():
            rows = titles(text_of(client.get(url)))
            assert len(rows) == number, (who, label)


def test_a_leader_follows_what_is_assigned(cast, laid, client_of):
    client = client_of("leader")
    nothing = figures(text_of(client.get(BOARD)))
    assert [number for number, _url in nothing.values()] == [0, 0, 2, 0]
    make.leader_contact(leader=cast.leader, commission=cast.learning)
    make.leader_contact(leader=cast.leader, member=cast.member_of("member2"))
    make.leader_contact(leader=cast.leader, member=cast.member_of("shielded"))
    found = figures(text_of(client.get(BOARD)))
    assert [number for number, _url in found.values()] == [2, 0, 1, 0]
    page = text_of(client.get(found["尚未联系到的联系人"][1]))
    names = {name.replace("\u3000", "") for name in titles(page)}
    assert names == {cast.member.name, cast.member2.name}
    assert "提供协助</button>" not in page


def test_single_contacts_are_named_to_whom_they_belong_and_masked_to_others(laid, client_of):
    own = text_of(client_of("member").get(f"{ROWS}?what=contacts"))
    assert titles(own) == ["未见面"] and f"?with={laid['left'].pk}" in own
    for who, query in (("convenor", "&scope=sector"), ("clerk", "")):
        page = text_of(client_of(who).get(f"{ROWS}?what=contacts{query}"))
        assert "未**" in titles(page) and "未见面" not in page
    for who in ("commission", "leader"):
        assert client_of(who).get(f"{ROWS}?what=contacts").status_code == 404
        assert "新华社区" not in text_of(client_of(who).get(f"{ROWS}?what=members"))


@pytest.mark.crawl
def test_a_shielded_sectors_contacts_are_the_offices_to_count(cast, laid, client_of):
    office = text_of(client_of("clerk").get(f"{ROWS}?what=contacts"))
    assert CANARY["m"] in office
    make.leader_contact(leader=cast.leader, sector=cast.minorities)
    for who in ("shielded", "shielded_convenor", "leader", "commission", "convenor", "member"):
        client = client_of(who)
        for scope in ("mine", "sector", "commission", "leader", "all"):
            for path in (BOARD, ROWS, f"{ROWS}?what=members&"):
                page = client.get(f"{path}{'' if '?' in path else '?'}scope={scope}").content
                assert CANARY["m"] not in page.decode() and "民**" not in page.decode()


def test_the_office_narrows_to_a_sector(cast, laid, client_of):
    client = client_of("clerk")
    html = text_of(client.get(f"{BOARD}?sector={cast.business.pk}"))
    found = figures(html)
    assert found["尚未联系到的联系人"][0] == 1 and "工商联界" in html
    page = text_of(client.get(found["尚未联系到的联系人"][1]))
    assert titles(page) == ["工**"]
    theirs = figures(text_of(client_of("commission").get(f"{BOARD}?sector={cast.business.pk}")))
    assert [number for number, _url in theirs.values()] == [0, 0, 2, 0]


def test_any_past_period_is_chosen_and_the_future_is_not(cast, laid, client_of):
    client, now = client_of("member"), Period.of(Every.QUARTER, today())
    early = text_of(client.get(f"{BOARD}?period={now.previous}"))
    assert now.previous.label in early and figures(early)["尚未联系到的联系人"][0] == 2
    for asked in ("", "x", "2024-Q9", str(now.next), "9999"):
        assert f"{now.label}</div>" in text_of(client.get(f"{BOARD}?period={asked}"))
    month = text_of(client.get(f"{BOARD}?period={Period.of(Every.MONTH, today()).next}"))
    assert f"{Period.of(Every.MONTH, today()).label}</div>" in month
    assert figures(text_of(client.get(f"{BOARD}?period=2022")))["尚未联系到的联系人"][0] == 0


def test_targets_are_told_without_red_and_without_order(cast, laid, client_of):
    html = text_of(client_of("member").get(BOARD))
    assert "目标 2，已有 1" in html and "还差 1" in html
    assert 'data-tone="late"' not in html
    group = text_of(client_of("convenor").get(f"{BOARD}?scope=sector"))
    assert "每季度走访次数不少于 2" in group and "尚未达到的委员 2 位" in group
    url = re.search(r'href="([^"]+what=short[^"]+)"', group)[1].replace("&amp;", "&")
    page = text_of(client_of("convenor").get(url))
    rows = Member.objects.filter(Q(user=cast.member) | Q(user=cast.convenor)).in_stroke_order()
    assert [name.replace("\u3000", "") for name in titles(page)] == [row.name for row in rows]
    assert "目标 2，已有 0" in page and 'data-tone="late"' not in page


def test_a_target_of_another_sector_is_not_told(cast, laid, client_of):
    make.target(
        committee=cast.city, measure=Measure.OCCASIONS, every="quarter", sector=cast.business
    )
    make.target(committee=cast.city, sector=cast.education, number=7)
    cache.clear()
    office, query = client_of("clerk"), f"?sector={cast.education.pk}"
    whole, one = text_of(office.get(BOARD)), text_of(office.get(f"{BOARD}{query}"))
    assert (
        "每季度必访情形不少于 2（部分界别）" in whole
        and "每年走访次数不少于 7（部分界别）" in whole
    )
    assert "必访情形不少于" not in one and "每年走访次数不少于 7 " not in one
    assert "每年走访次数不少于 7<" in one
    assert "每年走访次数不少于 7<" in text_of(client_of("convenor").get(f"{BOARD}?scope=sector"))
    nobody = text_of(office.get(f"{BOARD}?sector={cast.minorities.pk}"))
    assert "每季度走访次数不少于 2<" in nobody and "每年走访次数" not in nobody


def test_what_is_not_there_is_404(client_of):
    for query in (
        "what=x",
        "what=sectors&scope=mine",
        "what=short&scope=mine",
        "what=short&line=x",
    ):
        assert client_of("member").get(f"{ROWS}?{query}").status_code == 404


def test_an_empty_board_says_so(cast, client_of):
    html = text_of(client_of("clerk").get(BOARD))
    assert "机关还没有设定联系目标" in html and "设定联系目标" in html
    assert "联系人都已联系到" in text_of(client_of("clerk").get(f"{ROWS}?what=contacts"))


# Offers -----------------------------------------------------------------------------------------


def test_one_tap_offers_help_and_the_next_reads_who_did(cast, laid, client_of):
    client, member = client_of("convenor"), cast.member_of("member")
    here = f"{ROWS}?what=members&scope=sector"
    page = text_of(client.get(here))
    assert f"/city/coverage/offer/{member.pk}/" in page
    done = client.post(f"{BOARD}offer/{member.pk}/", {"next": here}, follow=True)
    assert done.redirect_chain == [(here, 302)]
    assert "您愿提供协助" in text_of(done) and "offer/" not in text_of(done)
    for who in ("commission", "clerk"):
        seen = text_of(client_of(who).get(f"{ROWS}?what=members"))
        assert f"{cast.convenor.name} " in seen and "已提供协助" in seen
        again = client_of(who).post(f"{BOARD}offer/{member.pk}/", follow=True)
        assert "本月已有人向该委员提供协助" in text_of(again)
    assert HelpOffer.objects.count() == Notice.objects.filter(recipient=cast.member).count() == 1
    inbox = text_of(client_of("member").get("/city/notices/"))
    assert "愿为您联系界别群众提供协助" in inbox


def test_nobody_offers_to_oneself_or_beyond_the_own_sectors(cast, laid, client_of):
    contact(cast.member_of("convenor"), name="自己的")
    page = text_of(client_of("convenor").get(f"{ROWS}?what=members&scope=sector"))
    offered = set(map(int, re.findall(r"/offer/(\d+)/", page)))
    assert offered == {cast.member_of("member").pk}
    path = f"{BOARD}offer/{cast.member_of('member2').pk}/"
    assert client_of("convenor").post(path).status_code == 403
    away = client_of("clerk").post(path, {"next": "https://example.org/"})
    assert away.url == BOARD
    theirs = cast.member_of("countymember").pk
    assert client_of("clerk").post(f"{BOARD}offer/{theirs}/").status_code == 404


# Ways in ----------------------------------------------------------------------------------------


def test_a_member_reads_a_quiet_line_at_home(cast, laid, client_of):
    client = client_of("member")
    line = "本季度还有 1 位联系人未联系"
    assert line in text_of(client.get("/city/")) and line in text_of(client.get("/city/me/"))
    assert line in text_of(client_of("delegate").get("/city/"))
    assert "位联系人未联系" not in text_of(client_of("convenor").get("/city/"))
    assert "位联系人未联系" not in text_of(client_of("shielded").get("/city/"))
    make.visit(member=cast.member_of("convenor"), contacts=[laid["left"]])
    assert "位联系人未联系" not in text_of(client.get("/city/"))


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("clerk", "/city/desk/"),
        ("leader", "/city/desk/"),
        ("commission", "/city/desk/"),
        ("member", "/city/me/"),
        ("convenor", "/city/contacts/visits/"),
    ],
)
def test_boards_are_led_to(client_of, who, path):
    assert f'href="{BOARD}"' in text_of(client_of(who).get(path))


def test_a_sectors_page_leads_to_its_board(cast, client_of):
    for who, scope in (("clerk", "all"), ("convenor", "sector"), ("commission", "commission")):
        page = text_of(client_of(who).get(f"/city/sectors/{cast.education.pk}/"))
        assert f"{BOARD}?scope={scope}&amp;sector={cast.education.pk}" in page
    assert BOARD not in text_of(client_of("member").get(f"/city/sectors/{cast.education.pk}/"))


# Budgets ----------------------------------------------------------------------------------------


def many(cast, count):
    """So many members, contacts, areas, occasions, sectors and targets with gaps."""
    for number in range(count):
        sector = make.sector(committee=cast.city, commission=cast.learning)
        area = Area.objects.create(committee=cast.city, name=f"{number}区")
        for place in (sector, cast.education):
            member = make.member(sector=place)
            row = contact(member, area=area)
            make.visit(member=member, contacts=[row], happened_on="2024-01-01")
        contact(cast.member_of("member"))
        make.occasion(committee=cast.city)
        make.target(committee=cast.city, sector=sector)
    cast_member = cast.member_of("member")
    make.help_offer(member=cast_member, by=cast.clerk)
    make.leader_contact(leader=cast.leader, sector=cast.education)
    for measure in (Measure.CONTACTS, Measure.REACHED):
        make.target(committee=cast.city, measure=measure, every="quarter")
    cache.clear()


@pytest.mark.parametrize("count", [3, 30])
def test_boards_and_rows_cost_the_same_with_3_and_with_30(cast, client_of, count):
    many(cast, count)
    for who, scope, board in (
        ("member", "mine", 6),
        ("convenor", "sector", 5),
        ("commission", "commission", 5),
        ("leader", "leader", 5),
        ("clerk", "all", 5),
    ):
        client = client_of(who)
        client.get(BOARD)  # the dictionaries are read once a minute
        with costs(board):
            assert client.get(f"{BOARD}?scope={scope}").status_code == 200
        whats = ["areas", "occasions", "members"]
        whats += ["contacts"] if who not in ("commission", "leader") else []
        whats += ["sectors", "short&line=reached.quarter"] if scope != "mine" else []
        for what in whats:
            with costs(6):
                assert client.get(f"{ROWS}?scope={scope}&what={what}").status_code == 200


def test_an_offer_costs_little(cast, laid, client_of):
    client, path = client_of("convenor"), f"{BOARD}offer/{cast.member_of('member').pk}/"
    client.get(BOARD)
    with costs(10):
        assert client.post(path).status_code == 302


def test_rows_are_walked_page_by_page(cast, client_of):
    many(cast, 30)
    client, seen, url = client_of("clerk"), [], f"{ROWS}?what=members"
    while url:
        page = text_of(client.get(url))
        seen += titles(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = f"{ROWS}{found[1]}".replace("&amp;", "&") if found else ""
    held = Contact.objects.values("member").distinct()
    names = [m.name for m in Member.objects.filter(pk__in=held).in_stroke_order()]
    assert [name.replace("\u3000", "") for name in seen] == names


def test_targets_are_read_by_the_api(cast, client_of):
    row = make.target(committee=cast.city, sector=cast.education)
    make.target(committee=cast.stranger)
    found = client_of("member").get("/api/v1/targets/?committee=city").json()["results"]
    assert found == [
        {
            "id": row.pk, "committee": "city", "sector": cast.education.pk, "commission": None,
            "measure": "visits", "number": 2, "every": "year", "begins_on": "2022-01-01",
            "ends_on": None, "is_sample": False,
        }
    ]  # fmt: skip
    assert client_of("member").get("/api/v1/targets/?measure=reached").json()["results"] == []
    client = client_of("member")
    for day, expected in (("2021-12-31", 0), ("2022-01-01", 1)):
        assert len(client.get(f"/api/v1/targets/?on={day}").json()["results"]) == expected


def test_the_office_sets_a_target_in_the_admin(cast, client_of):
    client, path = client_of("clerk"), "/admin/contacts/target/add/"
    page = text_of(client.get(path))
    assert "界别和专门委员会都不填" in page
    answers = {"measure": "visits", "every": "quarter", "number": "2", "sector": "",
               "commission": "", "begins_on": "2026-01-01", "last_day": ""}  # fmt: skip
    assert client.post(path, answers).status_code == 302
    refused = client.post(path, answers)
    assert "同一范围在这段时间已有" in text_of(refused)
    html = text_of(client_of("member").get(BOARD))
    assert "走访次数" in html
    row = Target.objects.get()
    assert row.span == span_from(datetime.date(2026, 1, 1))
    path = f"/admin/contacts/target/{row.pk}/change/"
    assert 'value="2026/01/01"' in text_of(client.get(path))
    wrong = client.post(path, answers | {"last_day": "2025-12-31"})
    assert "最后一天早于开始日期" in text_of(wrong)
    assert client.post(path, answers | {"last_day": "2026-12-31"}).status_code == 302
    row.refresh_from_db()
    assert row.span == span_from(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
