"""The pages of the daily changes: the forms, what they refuse, history and undo."""

import datetime

import pytest
from django.utils import timezone

from members.models import Change, Delegate, Member, Position
from sectors.changes.actions import make_change
from sectors.models import Convenorship, LeaderContact, Seat
from tests import make
from tests.addresses import text_of
from tests.budgets import cost_of, costs

DAY = datetime.date(2026, 3, 10)
KINDS = ["move", "position", "convenor", "commission", "street", "leader", "delegate", "leave"]


@pytest.fixture
def member(cast):
    return cast.member_of("member")


def address(member, rest=""):
    return f"/city/members/{member.pk}/changes/{rest}"


def test_the_member_page_leads_to_every_change_for_clerks_alone(cast, member, client_of):
    shown = text_of(client_of("clerk").get(f"/city/members/{member.pk}/"))
    assert all(address(member, f"{kind}/") in shown for kind in KINDS)
    editor = text_of(client_of("editor").get(f"/city/members/{member.pk}/"))
    assert address(member) in editor and address(member, "move/") not in editor
    assert address(member) not in text_of(client_of("member2").get(f"/city/members/{member.pk}/"))
    make_change(member, "leave", on=DAY, by=cast.clerk, how="resigned")
    shown = text_of(client_of("clerk").get(f"/city/members/{member.pk}/"))
    assert address(member, "reenter/") in shown and address(member, "move/") not in shown


def test_a_change_its_history_and_its_undo(cast, member, client_of):
    client = client_of("clerk")
    answer = client.get(address(member, "move/"))
    assert str(timezone.localdate()) in text_of(answer)
    given = {"sector": cast.business.pk, "on": "2026-03-10", "meeting": "六届十三次常委会会议"}
    assert client.post(address(member, "move/"), given).url == address(member)
    assert Seat.objects.on(DAY).get(membership__member=member).sector == cast.business
    page = client.get(address(member))
    shown = text_of(page)
    assert "调整界别：教育界 → 工商联界" in shown and "六届十三次常委会会议" in shown
    newest = page.context["life"][0]
    assert newest["title"] == "工商联界" and cast.clerk.name in newest["meta"]
    assert "调整界别" in text_of(client.get("/city/members/changes/"))
    undo = address(member, f"{Change.objects.get().pk}/undo/")
    assert undo in shown and undo not in text_of(client_of("editor").get(address(member)))
    assert "已撤销" in text_of(client.post(undo, follow=True))
    assert Seat.objects.on(DAY).get(membership__member=member).sector == cast.education
    assert "该变动已撤销" in text_of(client.post(undo, follow=True))
    assert "<s>调整界别" in text_of(client.get(address(member)))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_typed_stays_beside_the_error(cast, member, client_of, kind):
    client = client_of("clerk")
    for day in ("", "昨天", "\x00", "0001-01-01", "9999-12-31", "2021-01-01", "2026-02-30"):
        answer = client.post(address(member, f"{kind}/"), {"on": day, "meeting": "主席会议"})
        form = answer.context["form"]
        assert answer.status_code == 422 and form.errors
        if day not in ("2021-01-01", "9999-12-31"):
            assert "on" in form.errors
        assert "meeting" not in form.fields or "主席会议" in text_of(answer)
    for wrong in ("9" * 40, "x", "\x00", "-1"):
        names = client.get(address(member, f"{kind}/")).context["form"].fields
        answer = client.post(address(member, f"{kind}/"), dict.fromkeys(names, wrong))
        assert answer.status_code == 422
    assert not Change.objects.exists()


def test_the_refusals_of_the_roster_stand_on_the_form(cast, member, client_of):
    client = client_of("clerk")
    before = {"sector": cast.business.pk, "on": "2021-12-31"}
    answer = client.post(address(member, "move/"), before)
    assert answer.status_code == 422 and "当日不在任" in text_of(answer)
    same = {"sector": cast.education.pk, "on": "2026-03-10"}
    assert "已在此界别" in text_of(client.post(address(member, "move/"), same))
    foreign = {"sector": cast.stranger_sector.pk, "on": "2026-03-10"}
    assert client.post(address(member, "move/"), foreign).status_code == 422
    assert client.get(address(member, "unknown/")).status_code == 404
    assert client.get(address(member, "enter/")).status_code == 404


def test_each_ending_offers_what_is_held(cast, member, client_of):
    client = client_of("clerk")
    for kind in ("position", "convenor", "commission", "street", "leader"):
        assert "现在没有此项任职" in text_of(client.get(address(member, f"{kind}-end/")))
    row = make.position(member=member)
    stranger = make.position(member=cast.member_of("convenor"))
    page = client.get(address(member))
    assert address(member, f"position-end/?row={row.pk}") in text_of(page)
    shown = text_of(client.get(address(member, f"position-end/?row={row.pk}")))
    assert f'value="{row.pk}"' in shown and "checked" in shown
    ending = address(member, "position-end/")
    assert client.post(ending, {"row": stranger.pk, "on": "2026-03-10"}).status_code == 422
    client.post(ending, {"row": row.pk, "on": "2026-03-10", "meeting": "六届五次会议"})
    assert not Position.objects.on(DAY).filter(pk=row.pk).exists()
    held = Delegate.objects.get(member=member)
    client.post(address(member, "delegate-end/"), {"row": held.pk, "on": "2026-03-10"})
    assert [c.title for c in Change.objects.all()] == [
        f"终止代办：{cast.delegate.name}",
        "免去职务：常务委员",
    ]


def test_every_kind_by_its_form(cast, member, client_of):
    client, group = client_of("clerk"), make.street_group(committee=cast.city)
    for kind, given in (
        ("position", {"position": "standing", "rank": ""}),
        ("convenor", {"place": "3"}),
        ("commission", {"commission": cast.learning.pk, "duty": "head"}),
        ("street", {"street_group": group.pk, "is_head": "on"}),
        ("leader", {"leader": cast.leader.pk}),
        ("delegate", {"name": "李 秘书", "phone": "13900000041"}),
        ("leave", {"how": "died"}),
    ):
        day = DAY if kind != "leave" else DAY + datetime.timedelta(days=1)
        answer = client.post(address(member, f"{kind}/"), given | {"on": day})
        assert (kind, answer.status_code) == (kind, 302)
    assert (
        client.post(
            address(member, "reenter/"), {"on": "2026-04-01", "sector": cast.business.pk}
        ).status_code
        == 302
    )
    titles = list(Change.objects.order_by("id").values_list("what", flat=True))
    assert titles == [
        "常务委员", "教育界，第3位", "教科卫体委员会（主任）", f"{group.name}（组长）",
        cast.leader.name, "李秘书", "去世", "工商联界",
    ]  # fmt: skip


def test_a_new_member_enters_from_the_list_and_from_the_sector(cast, client_of):
    client = client_of("clerk")
    assert "/city/members/enter/" in text_of(client.get("/city/members/"))
    link = f"/city/members/enter/?sector={cast.education.pk}"
    assert link in text_of(client.get(f"/city/sectors/{cast.education.pk}/"))
    assert "selected" in text_of(client.get(link))
    given = {
        "name": "赵新", "sex": "female", "sector": cast.education.pk, "on": "2026-03-10",
        "meeting": "六届十三次常委会会议", "ethnicity": "汉族", "birth_month": "1975-03",
        "parties": ["cdl"], "phone": "13900000051", "work": "市第一医院", "number": "",
    }  # fmt: skip
    wrong = client.post("/city/members/enter/", given | {"phone": "12"})
    assert wrong.status_code == 422 and "市第一医院" in text_of(wrong)
    assert "phone" in wrong.context["form"].errors
    nobody = client.post(
        "/city/members/enter/", given | {"phone": "", "birth_month": "", "number": ""}
    )
    assert nobody.status_code == 422 and set(nobody.context["form"].errors) == {"phone"}
    assert "至少填写一项" in text_of(nobody) and not Member.objects.filter(name="赵新").exists()
    answer = client.post("/city/members/enter/", given)
    row = Member.objects.get(name="赵新")
    assert answer.url == f"/city/members/{row.pk}/"
    again = client.post("/city/members/enter/", given)
    assert again.status_code == 422 and "已有同名委员" in text_of(again)
    made = Change.objects.get()
    answer = client.post(address(row, f"{made.pk}/undo/"))
    assert answer.url == "/city/members/" and not Member.objects.filter(pk=row.pk).exists()


def test_who_left_within_the_term_leaves_a_list_of_what_others_must_take_on(
    cast, member, client_of
):
    client, heading = client_of("clerk"), "离任后待交接事项"
    contact = make.contact(member=member, kind="organisation", name="钱家商店")
    own = f"/city/contacts/{contact.pk}/"
    assert heading not in text_of(client.get(address(member)))
    make_change(member, "leave", on=DAY, by=cast.clerk, how="resigned")
    page = client.get(address(member))
    assert heading in text_of(page) and own in text_of(page) and "钱家商店" in text_of(page)
    contact.member = cast.member_of("member2")
    contact.save()
    assert own not in text_of(client.get(address(member)))


def test_the_sector_page_sets_convenors_and_leaders(cast, member, client_of):
    client, page = client_of("clerk"), f"/city/sectors/{cast.education.pk}/changes/"
    assert page in text_of(client.get(f"/city/sectors/{cast.education.pk}/"))
    empty = client.post(page, {"deed": "convene"})
    assert empty.status_code == 422 and "请选择委员" in text_of(empty)
    given = {"deed": "convene", "convene-member": member.pk, "convene-on": "2026-03-10"}
    taken = client.post(page, given | {"convene-place": "1"})
    assert taken.status_code == 422 and "已有召集人" in text_of(taken)
    client.post(page, given | {"convene-place": "2"})
    assert Convenorship.objects.get(seat__membership__member=member).place == 2
    lead = {"deed": "lead", "lead-leader": cast.leader.pk, "lead-on": "2026-03-10"}
    client.post(page, lead)
    row = LeaderContact.objects.get(sector=cast.education)
    assert (row.leader, row.span.lower) == (cast.leader, DAY)
    assert "已安排该领导联系" in text_of(client.post(page, lead))
    assert client.post(page, {"deed": "nothing"}).status_code == 422


def leader_group(cast, of):
    """The sector or the commission, and its page."""
    if of == "sector":
        return cast.education, f"/city/sectors/{cast.education.pk}/changes/"
    return cast.learning, f"/city/sectors/commissions/{cast.learning.pk}/changes/"


@pytest.mark.parametrize("of", ["sector", "commission"])
def test_a_groups_leader_by_date_and_meeting_with_history_and_undo(cast, client_of, of):
    client, (group, page) = client_of("clerk"), leader_group(cast, of)
    assert page in text_of(client.get("/city/sectors/leaders/"))
    assert "还没有安排领导联系" in text_of(client.get(page))
    wrong = client.post(page, {"deed": "lead", "lead-on": "", "lead-meeting": "主席会议"})
    assert wrong.status_code == 422 and "主席会议" in text_of(wrong)
    lead = {"deed": "lead", "lead-leader": cast.leader.pk, "lead-on": "2026-03-10"}
    client.post(page, lead | {"lead-meeting": "六届四十次主席会议"})
    row = LeaderContact.objects.get(**{of: group})
    assert (row.span.lower, row.meeting) == (DAY, "六届四十次主席会议")
    shown = text_of(client.get(page))
    ending = f"/city/sectors/leaders/{row.pk}/end/"
    assert "六届四十次主席会议" in shown and ending in shown
    early = client.post(ending, {"on": "2026-03-10", "meeting": "主席会议"})
    assert early.status_code == 422 and "须晚于开始日期" in text_of(early)
    assert "主席会议" in text_of(early)
    answer = client.post(ending, {"on": "2026-06-01", "meeting": "六届四十一次主席会议"})
    row.refresh_from_db()
    assert (answer.url, row.span.upper) == (page, datetime.date(2026, 6, 1))
    assert row.ending_meeting == "六届四十一次主席会议"
    made, ended = Change.objects.order_by("id")
    name = group.title if of == "sector" else group.name
    assert [one.whose for one in (made, ended)] == [name, name]
    assert ended.title == f"终止领导联系：{cast.leader.name}"
    assert name in text_of(client.get("/city/members/changes/"))
    undo = f"/city/sectors/changes/{ended.pk}/undo/"
    assert undo in text_of(client.get(page))
    early = client.post(f"/city/sectors/changes/{made.pk}/undo/", follow=True)
    assert "请先撤销最近一次变动" in text_of(early)
    assert client_of("editor").post(undo).status_code == 403
    assert "已撤销" in text_of(client.post(undo, follow=True))
    row.refresh_from_db()
    assert (row.span.upper, row.ending_meeting) == (None, "")
    client.post(f"/city/sectors/changes/{made.pk}/undo/")
    assert not LeaderContact.objects.filter(pk=row.pk).exists()
    again = client.post(f"/city/sectors/changes/{made.pk}/undo/", follow=True)
    assert "该变动已撤销" in text_of(again)


def test_a_sector_without_members_has_a_page(cast, client_of):
    empty = make.sector(committee=cast.city)
    shown = text_of(client_of("clerk").get(f"/city/sectors/{empty.pk}/changes/"))
    assert "还没有召集人" in shown


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, member, client_of, number):
    for place in range(number):
        row = make.member(sector=cast.education)
        day = DAY + datetime.timedelta(days=place)
        make_change(row, "position", on=day, by=cast.clerk, position="standing")
        made = make_change(member, "move", on=day, by=cast.clerk, sector=cast.business)
        if place < number - 1:
            following = day + datetime.timedelta(days=1)
            make_change(member, "move", on=following, by=cast.clerk, sector=cast.education)
    client = client_of("clerk")
    client.get(address(member)), client.get("/city/members/")
    with costs(10):
        client.get(address(member))
    with costs(6):
        client.get("/city/members/changes/")
    with costs(7):
        client.get(address(member, "move/"))
    with costs(10):
        client.get(f"/city/sectors/{cast.education.pk}/changes/")
    with costs(6):
        client.get("/city/members/enter/")
    given = {"position": "standing", "on": "2026-11-01"}
    assert cost_of(client.post, address(member, "position/"), given) == 12
    made = Change.objects.filter(member=member).first()
    assert cost_of(client.post, address(member, f"{made.pk}/undo/")) == 12


COSTS = {  # the change, and taking it back
    "position": (12, 12),
    "convenor": (13, 13),
    "commission": (12, 12),
    "street": (12, 12),
    "leader": (14, 12),
    "delegate": (15, 13),
    "move": (17, 14),
    "leave": (20, 14),
}


def test_what_each_change_costs(cast, member, client_of):
    """Leaving cuts eight books short, a statement each; the rest is at the budget or near it."""
    client, group = client_of("clerk"), make.street_group(committee=cast.city)
    for kind in ("move", "commission", "street"):  # the dictionaries of the forms
        client.get(address(member, f"{kind}/"))
    given = {
        "position": {"position": "standing"},
        "convenor": {"place": "3"},
        "commission": {"commission": cast.learning.pk, "duty": "head"},
        "street": {"street_group": group.pk},
        "leader": {"leader": cast.leader.pk},
        "delegate": {"name": "李秘书", "phone": "13900000041"},
        "move": {"sector": cast.business.pk},
        "leave": {"how": "died"},
    }
    found = {}
    for kind, details in given.items():
        dated = details | {"on": "2026-11-02"}
        made = cost_of(client.post, address(member, f"{kind}/"), dated)
        undo = address(member, f"{Change.objects.first().pk}/undo/")
        found[kind] = (made, cost_of(client.post, undo))
    assert found == COSTS and not Change.objects.standing().exists()
