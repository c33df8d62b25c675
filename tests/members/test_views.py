"""The roster's pages: who is listed, in which order, found how, and what a member's page tells."""

import datetime

import pytest
from django.utils import timezone

from committees.models import Role
from members.models import Party, Position
from sectors.models import CommissionSeat
from tests import make
from tests.budgets import costs

LIST = "/city/members/"


def page(row, slug="city"):
    return f"/{slug}/members/{row.pk}/"


def listed(client, query=""):
    return [row.name for row in client.get(LIST + query).context["page"].rows]


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def roster(cast):
    """Four members beside the cast's own, by name; those are moved out of the way."""
    people = {}
    for name, sector in (("丁一", cast.business), ("马明", cast.education)):
        people[name] = make.member(name=name, sector=sector)
    people["王伟"] = make.member(
        name="王伟", sector=cast.education, sex="female", ethnicity="回族", parties=[Party.CDL]
    )
    people["旧人"] = make.member(
        name="旧人", sector=cast.education, until=timezone.localdate() - datetime.timedelta(days=9)
    )
    return people


def of_roster(names, roster):
    return [name for name in names if name in roster]


def test_the_list_is_in_stroke_order_and_leaves_out_who_left(cast, roster, client_of):
    client = client_of("member2")
    assert of_roster(listed(client), roster) == ["丁一", "马明", "王伟"]
    assert listed(client, "?who=former") == ["旧人"]
    assert of_roster(listed(client, "?who=all"), roster) == ["丁一", "马明", "王伟", "旧人"]


def test_only_the_own_committees_members_are_listed(cast, client_of):
    names = {"member", "member2", "convenor", "convenor2", "shielded", "shielded_convenor"}
    assert set(listed(client_of("clerk"))) == {cast[name].name for name in names}
    assert client_of("stranger_member").get(LIST).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=mm", ["马明"]),
        ("?q=MaM", ["马明"]),
        ("?q=王 伟", ["王伟"]),
        ("?q=伟", ["王伟"]),
        ("?party=cdl", ["王伟"]),
        ("?party=cpc", []),
        ("?sector={education}&q=伟", ["王伟"]),
        ("?sector={business}&q=伟", []),
        ("?q=旧人", []),
        ("?q=jr&who=former", ["旧人"]),
    ],
)
def test_found_by_name_initials_sector_and_party(cast, roster, client_of, query, found):
    query = query.format(education=cast.education.pk, business=cast.business.pk)
    assert listed(client_of("clerk"), query) == found


def test_found_by_commission(cast, roster, client_of):
    make.commission_seat(member=roster["马明"], commission=cast.learning)
    client = client_of("clerk")
    assert listed(client, f"?commission={cast.learning.pk}") == ["马明"]
    other = make.commission(committee=cast.stranger)
    assert of_roster(listed(client, f"?commission={other.pk}"), roster) == ["丁一", "马明", "王伟"]


def test_a_sector_left_finds_nobody_any_more(cast, roster, client_of):
    held = roster["马明"].memberships.get().seats.get()
    held.span = make.span_from(make.BEGAN_ON, timezone.localdate())
    held.save()
    assert listed(client_of("clerk"), f"?sector={cast.education.pk}&q=马明") == []


def test_names_are_set_as_rosters_print_them(cast, roster, client_of):
    shown = text(client_of("member"), LIST + "?q=ww")
    assert "王\u3000伟</a>（女，回族）" in shown
    assert "民盟盟员" in shown and "教育界" in shown


def test_empty_and_nothing_found(cast, client_of):
    assert "没有符合条件的委员" in text(client_of("member"), LIST + "?q=查无此人")
    committee = make.committee(slug="bare")
    clerk = make.officer(Role.CLERK, committee)
    shown = text(client_of(clerk), "/bare/members/")
    assert "还没有委员" in shown and "/bare/sectors/import/" in shown
    leader = make.officer(Role.LEADER, committee)
    assert "/bare/sectors/import/" not in text(client_of(leader), "/bare/members/")


def test_pages_go_on_from_the_last_name(cast, client_of):
    rows = [make.member(committee=cast.city) for _ in range(40)]
    client = client_of("clerk")
    first = client.get(LIST).context["page"]
    second = client.get(f"{LIST}?after={first.next_cursor}").context["page"]
    assert (len(first.rows), len(second.rows)) == (30, len(rows) + 6 - 30)
    keys = [row.name_key for row in first.rows + second.rows]
    assert keys == sorted(keys)


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, client_of, number):
    for _ in range(number):
        row = make.member(sector=cast.education)
        make.visit(member=row)
        make.opinion(author=row, sector=cast.education, status="received")
    clerk, colleague = client_of("clerk"), client_of("member2")
    for client, one in ((clerk, 9), (colleague, 7)):
        client.get(LIST), client.get(page(row))
        with costs(6):
            client.get(f"{LIST}?q=a&sector={cast.education.pk}")
        with costs(one):
            client.get(page(row))


# One member -------------------------------------------------------------------------------------


@pytest.fixture
def veteran(cast):
    """A member with a past: two sectors, a convenorship, a position, a commission, a group."""
    row = make.member(committee=cast.city, name="王伟", work="某大学教授", note="常驻外地")
    term = row.memberships.get()
    moved = datetime.date(2025, 3, 10)
    old = make.seat(
        membership=term, sector=cast.business, span=make.span_from(make.BEGAN_ON, moved)
    )
    make.convenor(seat=old, span=old.span, meeting="六届一次会议")
    make.seat(membership=term, sector=cast.education, span=make.span_from(moved))
    make.position(membership=term, kind=Position.Kind.STANDING)
    duty = CommissionSeat.Duty.DEPUTY
    make.commission_seat(membership=term, commission=cast.learning, duty=duty)
    make.street_seat(membership=term, street_group=cast.street)
    return row


def test_the_dated_life_is_told_the_latest_first(cast, veteran, client_of):
    life = client_of("member2").get(page(veteran)).context["life"]
    assert [(event.title, event.meta) for event in life] == [
        ("教育界", "2025-03-10 起"),
        ("六届委员（提名）", "2022-01-01 起"),
        ("常务委员", "2022-01-01 起"),
        ("工商联界", "2022-01-01 至 2025-03-09"),
        ("工商联界召集人", "2022-01-01 至 2025-03-09 · 六届一次会议"),
        ("教科卫体委员会（副主任）", "2022-01-01 起"),
        ("望川街道委员组", "2022-01-01 起"),
    ]


def test_the_head_names_what_is_true_today(cast, veteran, client_of):
    context = client_of("member2").get(page(veteran)).context
    assert context["sector_title"] == "教育界"
    assert context["duties"] == ["常务委员", "教科卫体委员会（副主任）", "望川街道委员组"]


def test_who_left_is_shown_as_such(cast, client_of):
    left = timezone.localdate() - datetime.timedelta(days=3)
    row = make.member(sector=cast.education, until=left)
    row.memberships.update(leaving="resigned", leaving_meeting="六届十三次常委会会议")
    answer = client_of("member2").get(page(row))
    assert "已离任" in answer.content.decode()
    assert answer.context["life"][0].meta.endswith("辞去 · 六届十三次常委会会议")


@pytest.mark.parametrize(
    ("who", "phone", "note", "figures", "admin"),
    [
        ("clerk", True, True, True, True),
        ("editor", True, True, True, False),
        ("member", True, False, True, False),
        ("delegate", True, False, True, False),
        ("convenor", False, False, True, False),
        ("leader", False, False, True, False),
        ("convenor2", False, False, False, False),
        ("member2", False, False, False, False),
        ("keeper", False, False, False, False),
        ("auditor", False, False, False, False),
    ],
)
def test_who_sees_what(cast, client_of, who, phone, note, figures, admin):
    row = cast.member_of("member")
    row.user.phone, row.note = "13987654321", "秘而不宣"
    row.user.save(), row.save()
    shown = text(client_of(who), page(row))
    assert "13987654321" not in shown
    assert ("139****4321" in shown) is phone
    assert ("秘而不宣" in shown) is note
    assert ("走访联系</span>" in shown) is figures
    assert ("/admin/members/member/" in shown) is admin
    assert (f"/city/slips/?q={row.name}" in shown or "打印登录凭条" in shown) is admin


def test_figures_open_the_rows_they_count(cast, client_of):
    row = cast.member_of("member")
    make.visit(members=[row, cast.member_of("member2")])
    make.visit(member=row), make.visit(member=cast.member_of("convenor"))
    make.opinion(author=row, sector=cast.education, status="received")
    make.opinion(author=row, sector=cast.education, status="received", is_direct=True)
    make.opinion(author=cast.member_of("convenor"), sector=cast.education, status="received")
    for who, counted in (("clerk", ("2", "2")), ("member", ("2", "2")), ("convenor", ("2", "1"))):
        client = client_of(who)
        figures = client.get(page(row)).context["figures"]
        assert (who, figures["visits"], figures["opinions"]) == (who, *counted)
        for path, query, number in (
            ("contacts/visits/", figures["visits_query"], counted[0]),
            ("opinions/", figures["opinions_query"], counted[1]),
        ):
            rows = client.get(f"/city/{path}{query}").context["page"].rows
            assert (who, path, len(rows)) == (who, path, int(number))


def test_another_committees_member_is_not_found(cast, client_of):
    stranger = cast.member_of("stranger_member")
    assert client_of("clerk").get(page(stranger)).status_code == 404
    assert client_of("clerk").get(page(stranger, "stranger")).status_code == 404


def test_an_unknown_character_is_told_to_the_office_alone(cast, client_of):
    row = make.member(committee=cast.city, name="王𫖯")
    assert "字序表" in text(client_of("clerk"), page(row))
    assert "字序表" not in text(client_of("member2"), page(row))


def test_both_pages_speak_english(cast, veteran, client_of):
    client = client_of("clerk")
    client.cookies["django_language"] = "en"
    for path in (LIST, page(veteran)):
        assert '<html lang="en"' in text(client, path)
