import datetime
import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from committees.models import AuditEntry, Draft
from contacts.models import Contact, Reveal, Visit, VisitPhoto
from tests import make
from tests.addresses import prove
from tests.budgets import costs

WRITE = "/city/contacts/visits/write/"
VISITS = "/city/contacts/visits/"
CONTACTS = "/city/contacts/"


@pytest.fixture(autouse=True)
def channel(cast):
    cache.clear()
    make.occasion(committee=cast.city)
    return make.channel(committee=cast.city, name="走访座谈")


def answers(channel, **over):
    today = timezone.localdate().isoformat()
    return {"channel": channel.pk, "happened_on": today, "said": "路灯不亮。"} | over


def text_of(response):
    return response.content.decode()


def offered(response, name):
    """Values of the choices that a page offers under a field's name."""
    html = text_of(response)
    boxes = re.findall(rf'<input type="(?:checkbox|radio)" name="{name}" value="(\d+)"', html)
    select = re.search(rf'<select name="{name}".*?</select>', html, re.DOTALL)
    return set(map(int, boxes + re.findall(r'value="(\d+)"', select[0] if select else "")))


# Writing ----------------------------------------------------------------------------------------


def test_a_member_logs_a_visit_and_is_offered_what_comes_next(cast, client_of, channel):
    contact = make.contact(member=cast.member_of("member"), name="李建国")
    client = client_of("member")
    page = client.get(WRITE)
    assert offered(page, "contacts") == {contact.pk}
    done = client.post(WRITE, answers(channel, contacts=[contact.pk], place="新华社区"))
    visit = Visit.objects.get()
    assert done.url == f"{VISITS}{visit.pk}/"
    assert (visit.created_by, visit.on_behalf_of, visit.people_count) == (cast.member, None, 1)
    assert list(visit.members.all()) == [cast.member_of("member")]
    saved = client.get(done.url)
    assert "走访联系记录已保存" in text_of(saved)
    for link in (
        f"/city/opinions/write/?visit={visit.pk}",
        f"{WRITE}?again={visit.pk}",
        "#follow-up",
    ):
        assert link in text_of(saved)


def test_ticked_the_saved_visit_leads_straight_to_the_report(cast, client_of, channel):
    done = client_of("member").post(WRITE, answers(channel, then_opinion="on"))
    assert done.url == f"/city/opinions/write/?visit={Visit.objects.get().pk}"


def test_a_joint_visit_credits_colleagues_and_members_named_from_elsewhere(
    cast, client_of, channel
):
    other = cast.member_of("member2")
    client = client_of("member")
    colleague = cast.member_of("convenor")
    assert offered(client.get(WRITE), "others") == {colleague.pk}
    client.post(WRITE, answers(channel, others=[colleague.pk], names=other.name))
    parts = {part.member: part.sector for part in Visit.objects.get().parts.all()}
    assert parts == {
        cast.member_of("member"): cast.education,
        colleague: cast.education,
        other: cast.business,
    }


def test_namesakes_are_told_apart_and_strangers_are_not_found(cast, client_of, channel):
    one = make.member(sector=cast.education, name="张伟")
    two = make.member(sector=cast.business, name="张伟")
    client = client_of("member")
    for typed, sentence in (
        ("张伟", "有2位委员叫“张伟”"),
        ("张三丰", "没有找到委员“张三丰”"),
        (cast.member_of("stranger_member").name, "没有找到委员"),
        (cast.member_of("countymember").name, "没有找到委员"),
    ):
        refused = client.post(WRITE, answers(channel, names=typed))
        assert refused.status_code == 422 and sentence in text_of(refused)
    client.post(WRITE, answers(channel, names="张伟（工商联界）"))
    assert set(Visit.objects.get().members.all()) == {cast.member_of("member"), two} != {one}


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"happened_on": "2099-01-01"}, "日期不能晚于今天"),
        ({"channel": ""}, "该字段是必填项"),
        ({"said": "绝密"}, "非涉密互联网平台"),
        ({"people_count": "0"}, "大于或等于1"),
        ({"contacts": ["999999"]}, "999999"),
    ],
)
def test_what_is_refused_stands_on_the_form(cast, client_of, channel, over, sentence):
    make.contact(member=cast.member_of("member"))
    page = client_of("member").post(WRITE, answers(channel, place="新华社区") | over)
    assert page.status_code == 422
    assert sentence in text_of(page) and 'value="新华社区"' in text_of(page)
    assert Visit.objects.count() == 0


def test_the_form_speaks_english_too(client_of):
    page = client_of("member").get(WRITE, headers={"accept-language": "en"})
    assert page.status_code == 200 and '<html lang="en"' in text_of(page)


def test_a_delegate_enters_on_behalf_and_the_page_says_so(cast, client_of, channel):
    client = client_of("delegate")
    assert "委员填报" in text_of(client.get(WRITE))
    client.post(WRITE, answers(channel))
    visit = Visit.objects.get()
    assert (visit.created_by, visit.on_behalf_of) == (cast.delegate, cast.member_of("member"))


def test_a_delegate_of_two_chooses_for_whom(cast, client_of, channel):
    one, two = cast.member_of("member"), cast.member_of("member2")
    make.delegate(member=two, user=cast.delegate)
    client = client_of("delegate")
    assert offered(client.get(WRITE), "who") == {one.pk, two.pk}
    client.post(WRITE, answers(channel, who=two.pk))
    visit = Visit.objects.get()
    assert (visit.on_behalf_of, list(visit.members.all())) == (two, [two])


def test_the_office_names_the_member_or_comes_from_the_members_page(cast, client_of, channel):
    member = cast.member_of("member")
    contact = make.contact(member=member, name="李建国", place="新华社区")
    client = client_of("clerk")
    assert offered(client.get(WRITE), "contacts") == set()
    assert client.post(WRITE, answers(channel)).status_code == 422
    client.post(WRITE, answers(channel, names=member.name))
    page = client.get(f"{WRITE}?member={member.pk}")
    assert "李**（新华社区）" in text_of(page)
    assert "李建国" not in text_of(page) and "lijianguo" not in text_of(page)
    client.post(f"{WRITE}?member={member.pk}", answers(channel, contacts=[contact.pk]))
    rows = Visit.objects.order_by("id")
    assert [row.on_behalf_of for row in rows] == [member, member]
    assert [row.contacts.count() for row in rows] == [0, 1]


def test_who_logs_for_nobody_has_no_form(cast, client_of):
    for who in ("leader", "commission", "keeper", "handler", "auditor", "liaison"):
        assert client_of(who).get(WRITE).status_code == 403
    member = cast.member_of("member2")
    assert client_of("member").get(f"{WRITE}?member={member.pk}").status_code == 403
    assert client_of("stranger_member").get(WRITE).status_code == 404


def test_what_was_typed_comes_back_and_is_dropped_once_taken(cast, client_of, channel):
    content = {
        "said": "写到一半",
        "names": cast.member_of("member2").name,
        "channel": str(channel.pk),
    }
    Draft.objects.create(
        user=cast.member, committee=cast.city, form="contacts.visit", content=content
    )
    client = client_of("member")
    page = text_of(client.get(WRITE))
    assert "写到一半" in page and 'data-draft-key="contacts.visit"' in page and "已恢复" in page
    assert "写到一半" not in text_of(client_of("convenor").get(WRITE))
    done = client.post(WRITE, answers(channel), follow=True)
    assert Draft.objects.count() == 0
    assert 'data-tags="draft-done:contacts.visit"' in text_of(done)


def test_the_next_visit_begins_with_the_same_people_and_place(cast, client_of, channel):
    contact = make.contact(member=cast.member_of("member"))
    visit = make.visit(member=cast.member_of("member"), contacts=[contact], channel=channel,
                       place="老地方", said="金丝雀")  # fmt: skip
    page = text_of(client_of("member").get(f"{WRITE}?again={visit.pk}"))
    assert 'value="老地方"' in page and "金丝雀" not in page
    assert re.search(rf'name="contacts" value="{contact.pk}"[^>]* checked', page)
    assert client_of("member2").get(f"{WRITE}?again={visit.pk}").status_code == 404


def test_a_committee_without_channels_is_told_so(client_of, channel):
    channel.delete()
    cache.clear()
    assert "机关还没有设置联系渠道" in text_of(client_of("member").get(WRITE))
    assert "去设置" in text_of(client_of("clerk").get(WRITE))


def test_many_contacts_are_searched_by_initials(cast, client_of):
    member = cast.member_of("member")
    rows = [make.contact(member=member) for _ in range(9)]
    page = client_of("member").get(WRITE)
    assert offered(page, "contacts") == {row.pk for row in rows}
    assert text_of(page).count("data-initials") == 9 and "data-picker" in text_of(page)


# Reading ----------------------------------------------------------------------------------------


@pytest.fixture
def canaries(cast, channel):
    """One visit in each sector and committee, with a word that must not leak."""
    rows = {}
    for who in ("member", "member2", "shielded", "countymember", "stranger_member"):
        member = cast.member_of(who)
        contact = make.contact(member=member, name=f"鸟{who}", place=f"巢{who}")
        rows[who] = make.visit(
            member=member, contacts=[contact], said=f"金丝雀{who}", place=f"地{who}。",
            channel=channel if member.committee == cast.city else None,
        )  # fmt: skip
    return rows


@pytest.mark.parametrize(
    ("who", "query", "expected"),
    [
        ("member", "", {"member"}),
        ("delegate", "", {"member"}),
        ("member2", "", {"member2"}),
        ("shielded", "", {"shielded"}),
        ("convenor", "?scope=sector", {"member"}),
        ("convenor", "", set()),
        ("convenor2", "?scope=sector", {"member2"}),
        ("shielded_convenor", "?scope=sector", {"shielded"}),
        ("clerk", "", {"member", "member2", "shielded"}),
        ("leader", "", {"member", "member2", "shielded"}),
        ("commission", "", {"member", "member2", "shielded"}),
        ("keeper", "", set()),
        ("auditor", "", set()),
    ],
)
def test_everybody_lists_exactly_the_visits_that_are_theirs(
    canaries, client_of, who, query, expected
):
    page = text_of(client_of(who).get(VISITS + query))
    assert {name for name, row in canaries.items() if f"地{name}。" in page} == expected
    client = client_of(who)
    opened = {
        name
        for name, row in canaries.items()
        if client.get(f"{VISITS}{row.pk}/").status_code == 200
    }
    assert opened == expected | ({"member"} if who == "convenor" else set())


def test_contacts_of_a_shielded_sector_appear_to_their_office_alone(canaries, client_of):
    row = canaries["shielded"]
    for who in ("shielded", "shielded_convenor", "leader", "commission"):
        client = client_of(who)
        for path in (VISITS, f"{VISITS}?scope=sector", f"{VISITS}{row.pk}/", CONTACTS):
            assert "鸟" not in text_of(client.get(path))
    assert client_of("shielded").get(WRITE).status_code == 200
    assert offered(client_of("shielded").get(WRITE), "contacts") == set()
    assert "鸟*******" in text_of(client_of("clerk").get(f"{VISITS}{row.pk}/"))


def test_names_are_plain_to_the_member_and_masked_to_everybody_else(canaries, client_of):
    row = canaries["member"]
    assert "鸟member" in text_of(client_of("member").get(f"{VISITS}{row.pk}/"))
    for who in ("clerk", "convenor"):
        page = text_of(client_of(who).get(f"{VISITS}{row.pk}/"))
        assert "鸟member" not in page and "鸟******" in page
    assert "鸟" not in text_of(client_of("leader").get(f"{VISITS}{row.pk}/"))


def test_visits_are_found_by_day_channel_sector_member_and_follow_up(cast, client_of, channel):
    today = timezone.localdate()
    early, late = today - datetime.timedelta(days=40), today
    one = make.visit(member=cast.member_of("member"), happened_on=early, place="甲地",
                     channel=channel, follow_up_on=late)  # fmt: skip
    two = make.visit(member=cast.member_of("member2"), happened_on=late, place="乙地")
    cache.clear()
    client = client_of("clerk")
    member = cast.member_of("member")
    for query, expected in (
        ("", {one, two}),
        (f"?since={late}", {two}),
        (f"?until={early}", {one}),
        (f"?channel={channel.pk}", {one}),
        (f"?sector={cast.business.pk}", {two}),
        (f"?member={member.name}", {one}),
        (f"?member={member.pinyin.split()[0]}&sector={cast.business.pk}", set()),
        ("?follow_up=open", {one}),
        ("?follow_up=done", set()),
        ("?since=昨天", {one, two}),
        ("?sector=999999&channel=x", {one, two}),
    ):
        page = text_of(client.get(VISITS + query))
        assert {row for row in (one, two) if row.place in page} == expected, query


def test_an_empty_list_says_what_to_do(client_of):
    assert "还没有走访联系记录" in text_of(client_of("member").get(VISITS))
    filtered = text_of(client_of("member").get(f"{VISITS}?since=2020-01-01"))
    assert "没有符合条件的走访联系记录" in filtered and "清除筛选" in filtered


# Amending and following up ----------------------------------------------------------------------


def test_amending_begins_from_what_is_there_and_is_on_the_trail(cast, client_of, channel):
    member, other = cast.member_of("member"), cast.member_of("member2")
    contact = make.contact(member=member)
    visit = make.visit(members=[member, other], contacts=[contact], channel=channel, said="原话")
    path = f"{VISITS}{visit.pk}/edit/"
    client = client_of("member")
    page = text_of(client.get(path))
    assert "原话" in page and f"{other.name}（工商联）" in page and "保存后起草" not in page
    done = client.post(
        path,
        answers(channel, said="改过", contacts=[contact.pk], names=f"{other.name}（工商联）"),
    )
    assert done.url == f"{VISITS}{visit.pk}/"
    visit.refresh_from_db()
    assert (visit.said, set(visit.members.all())) == ("改过", {member, other})
    entry = AuditEntry.objects.get(action="visit.amend")
    assert "said" in entry.detail["fields"] and "改过" not in str(entry.detail)
    assert client_of("member2").get(path).status_code == 403
    assert client_of("convenor").get(path).status_code == 403
    assert client_of("member2").post(path, answers(channel)).status_code == 403
    assert client_of("stranger_clerk").get(path).status_code == 404


def test_a_channel_the_office_retired_stays_on_the_visits_that_have_it(cast, client_of, channel):
    visit = make.visit(member=cast.member_of("member"), channel=channel)
    channel.is_active = False
    channel.save()
    cache.clear()
    client = client_of("member")
    assert offered(client.get(WRITE), "channel") == set()
    assert offered(client.get(f"{VISITS}{visit.pk}/edit/"), "channel") == {channel.pk}


def test_a_follow_up_is_set_by_one_tap_and_finished_by_another(cast, client_of):
    visit = make.visit(member=cast.member_of("member"))
    path, client = f"{VISITS}{visit.pk}/follow-up/", client_of("member")
    week = (timezone.localdate() + datetime.timedelta(days=7)).isoformat()
    assert f'value="{week}"' in text_of(client.get(f"{VISITS}{visit.pk}/"))
    client.post(path, {"follow_up_on": week})
    visit.refresh_from_db()
    assert visit.follow_up_on.isoformat() == week
    assert "待跟进" in text_of(client.get(VISITS))
    done = client.post(path, follow=True)
    assert "已标记为跟进完成" in text_of(done) and "已跟进" in text_of(done)
    assert "没有待跟进的事项" in text_of(client.post(path, follow=True))
    assert "请填写跟进日期" in text_of(client.post(path, {"follow_up_on": "x"}, follow=True))
    assert client_of("convenor").post(path).status_code == 403
    assert client.get(path).status_code == 405


# Contacts ---------------------------------------------------------------------------------------


def contact_answers(**over):
    today = timezone.localdate().isoformat()
    return {"kind": "person", "name": "李建国", "phone": "13912345678", "place": "新华社区",
            "consented_on": today} | over  # fmt: skip


def test_a_member_registers_amends_and_retires_a_contact(cast, client_of):
    client = client_of("member")
    done = client.post(f"{CONTACTS}add/", contact_answers())
    contact = Contact.objects.get()
    assert (done.url, contact.member) == (CONTACTS, cast.member_of("member"))
    page = text_of(client.get(CONTACTS))
    assert "李建国" in page and "139****5678" in page and "13912345678" not in page
    client.post(f"{CONTACTS}{contact.pk}/edit/", contact_answers(name="李国建", phone=""))
    contact.refresh_from_db()
    assert (contact.name, contact.phone) == ("李国建", "13912345678")
    for _tap in "ab":
        client.post(f"{CONTACTS}{contact.pk}/retire/", {"deed": "retire"})
    assert "李国建" not in text_of(client.get(CONTACTS))
    assert "李国建" in text_of(client.get(f"{CONTACTS}?state=retired"))
    client.post(f"{CONTACTS}{contact.pk}/retire/", {"deed": "restore"})
    assert "李国建" in text_of(client.get(CONTACTS))


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"consented_on": ""}, "须先征得本人同意"),
        ({"consented_on": "2099-01-01"}, "日期不能晚于今天"),
        ({"phone": "没有"}, "联系电话只填数字"),
        ({"name": ""}, "该字段是必填项"),
    ],
)
def test_a_contact_that_is_refused_keeps_what_was_typed(client_of, over, sentence):
    page = client_of("member").post(f"{CONTACTS}add/", contact_answers() | over)
    assert page.status_code == 422
    assert sentence in text_of(page) and 'value="新华社区"' in text_of(page)


def test_the_office_registers_for_a_member_and_edits_without_reading(cast, client_of):
    member = cast.member_of("shielded")
    client = client_of("clerk")
    assert client.get(f"{CONTACTS}add/").status_code == 302  # whose? from the member's page
    client.post(f"{CONTACTS}add/?member={member.pk}", contact_answers())
    contact = Contact.objects.get()
    assert (contact.member, contact.sector) == (member, cast.minorities)
    path = f"{CONTACTS}{contact.pk}/edit/"
    page = text_of(client.get(path))
    assert "李建国" not in page and "13912345678" not in page
    client.post(path, contact_answers(name="", phone="", place="别处"))
    contact.refresh_from_db()
    assert (contact.name, contact.phone, contact.place) == ("李建国", "13912345678", "别处")


def test_a_shielded_sectors_member_is_told_who_keeps_its_contacts(client_of):
    page = client_of("shielded").get(f"{CONTACTS}add/", follow=True)
    assert "由机关登记和查看" in text_of(page)
    for who in ("leader", "keeper", "auditor"):
        assert client_of(who).get(f"{CONTACTS}add/").status_code == 403


def test_after_registering_one_returns_to_where_one_came_from(client_of):
    client = client_of("member")
    done = client.post(f"{CONTACTS}add/?next={WRITE}", contact_answers())
    assert done.url == WRITE
    away = client.post(f"{CONTACTS}add/?next=https://example.org/", contact_answers(phone=""))
    assert away.url == CONTACTS


def test_contacts_are_found_by_name_only_where_it_may_be_read(cast, client_of):
    make.contact(member=cast.member_of("member"), name="欧阳建国", place="新华社区")
    make.contact(member=cast.member_of("convenor"), name="赵四", place="东塔社区")
    cache.clear()
    for who, query, expected in (
        ("member", "?q=oyjg", {"新华社区"}),
        ("member", "?q=东塔", set()),
        ("clerk", "?q=欧阳", {"新华社区"}),
        ("convenor", "?q=欧阳", set()),
        ("convenor", "?q=oyjg", set()),
        ("convenor", "?q=新华", {"新华社区"}),
        ("convenor", f"?sector={cast.education.pk}", {"新华社区", "东塔社区"}),
        ("clerk", f"?sector={cast.business.pk}", set()),
    ):
        page = text_of(client_of(who).get(CONTACTS + query))
        assert {place for place in ("新华社区", "东塔社区") if place in page} == expected


def test_a_reveal_asks_a_reason_lasts_ten_minutes_and_is_on_the_trail(cast, client_of):
    contact = make.contact(member=cast.member_of("member"), name="李建国", phone="13912345678")
    path = f"{CONTACTS}{contact.pk}/reveal/"
    client = client_of("clerk")
    for method in (client.get, client.post):  # the password again, or a slip, comes first
        asked = method(path, {"reason": "电话回访"})
        assert asked.status_code == 302 and asked.url.startswith("/accounts/reauthenticate/")
    assert Reveal.objects.count() == 0
    asked = text_of(prove(client).get(path))
    assert "李**" in asked and "139****5678" in asked and "13912345678" not in asked
    assert client.post(path, {"reason": " "}).status_code == 422
    assert AuditEntry.objects.filter(action="contact.reveal").count() == 0
    pages = (path, CONTACTS, f"{CONTACTS}{contact.pk}/")
    client.post(path, {"reason": "电话回访"})
    for page in pages:  # ten minutes for this person, on every page of this contact
        shown = client.get(page)
        assert "李建国" in text_of(shown) and "13912345678" in text_of(shown)
        assert "no-store" in shown["Cache-Control"]
        for who in ("editor", "member"):  # and for nobody else
            assert "13912345678" not in text_of(prove(client_of(who)).get(page))
    reveal = Reveal.objects.get()
    assert 595 < (reveal.until - timezone.now()).total_seconds() <= 600
    Reveal.objects.update(until=timezone.now())
    for page in pages:
        assert "13912345678" not in text_of(client.get(page))
    assert AuditEntry.objects.get(action="contact.reveal").detail == {"reason": "电话回访"}
    assert client_of("convenor").get(path).status_code == 403
    assert client_of("convenor").post(path, {"reason": "好奇"}).status_code == 403
    for who in ("member2", "leader", "shielded_convenor"):
        assert client_of(who).get(path).status_code == 404


def test_the_password_given_again_leads_back_to_the_reveal(cast, client_of):
    contact = make.contact(member=cast.member_of("member"))
    path = f"{CONTACTS}{contact.pk}/reveal/"
    cast.clerk.set_password(make.PASSWORD)
    cast.clerk.save()
    for ask in ("get", "post"):  # what was posted before the password is asked for once more
        client = client_of("clerk")
        asked = getattr(client, ask)(path, {"reason": "电话回访"} if ask == "post" else None)
        assert client.post(asked.url, {"password": make.PASSWORD})["Location"] == path
        assert client.get(path).status_code == 200
    assert Reveal.objects.count() == 0


def test_an_export_asks_for_the_password_and_leads_back_to_the_list(cast, client_of):
    cast.member.set_password(make.PASSWORD)
    cast.member.save()
    client, path = client_of("member"), f"{CONTACTS}export/?q=a"
    asked = client.post(path)
    assert asked.url.startswith("/accounts/reauthenticate/")
    assert client.post(asked.url, {"password": make.PASSWORD})["Location"] == path
    shown = client.get(path, follow=True)
    assert shown.redirect_chain == [(f"{CONTACTS}?q=a", 302)]
    assert "请再点一次“导出”" in text_of(shown)
    assert client.post(path)["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.filter(action="contact.export").count() == 1


def test_numbers_no_row_has_and_signs_no_text_has_find_nothing(client_of):
    """Whatever stands in an address or a form: an empty answer, never a broken page."""
    clerk, huge = client_of("clerk"), "9" * 20
    for path in (
        f"{CONTACTS}people/?q=%00",
        f"{CONTACTS}add/?member={huge}",
        "/city/workrooms/codes/?q=%00",
        f"/city/sectors/postings/letters/?posting={huge}",
        "/city/public/?q=%00",
        "/city/public/members/?q=%00",
        f"/city/coverage/?scope=all&sector={'9' * 5000}",
        "/city/workrooms/receptions/?of=all&q=%00",
        f"/city/workrooms/plates/?room={huge}",
    ):
        assert clerk.get(path).status_code in (200, 302), path[:60]
    for picked in (huge, "9" * 5000):
        assert clerk.post(f"{CONTACTS}batch/", {"picked": picked}).status_code == 200
    typed = client_of("member").post(WRITE, {"names": "欧阳\0若兰"})
    assert typed.status_code == 422


# People, contacts of a visit, photos -------------------------------------------------------------


def test_members_are_looked_up_by_name_or_initials_by_those_who_enter_visits(cast, client_of):
    make.member(sector=cast.business, name="欧阳若兰")
    make.member(sector=cast.business, name="欧阳已离", until=timezone.localdate())
    for words in ("欧阳", "oyrl"):
        found = text_of(client_of("member").get(f"{CONTACTS}people/?q={words}"))
        assert 'data-name="欧阳若兰（工商联）"' in found and "已离" not in found
    for who, words in (
        ("member", ""), ("member", "%"), ("member", "\0"), ("handler", "欧阳"), ("leader", "欧阳"),
    ):  # fmt: skip
        page = client_of(who).get(f"{CONTACTS}people/", {"q": words})
        assert "欧阳" not in text_of(page)


def test_colleagues_are_named_by_initials_too(cast, client_of, channel):
    one = make.member(sector=cast.business, name="欧阳若兰")
    client = client_of("member")
    client.post(WRITE, answers(channel, names="oyrl"))
    assert set(Visit.objects.get().members.all()) == {cast.member_of("member"), one}
    make.member(sector=cast.education, name="欧阳瑞林")
    refused = client.post(WRITE, answers(channel, names="oyrl"))
    assert refused.status_code == 422
    assert "欧阳若兰（工商联）" in text_of(refused) and "欧阳瑞林（教育）" in text_of(refused)
    assert 'value="oyrl"' in text_of(refused)


def test_a_visit_begins_from_a_contact_and_with_oneself(cast, client_of):
    contact = make.contact(member=cast.member_of("member"))
    client = client_of("member")
    assert f"{WRITE}?with={contact.pk}" in text_of(client.get(f"{CONTACTS}{contact.pk}/"))
    page = client.get(f"{WRITE}?with={contact.pk}")
    assert page.context["form"]["contacts"].value() == [contact.pk]
    make.delegate(member=cast.member_of("member2"), user=cast.member)
    form = client_of("member").get(WRITE).context["form"]
    assert form["who"].value() == cast.member_of("member").pk


def test_contacts_met_last_stand_a_tap_away(cast, client_of):
    member = cast.member_of("member")
    contacts = [make.contact(member=member) for _ in range(10)]
    make.visit(member=member, contacts=contacts[3:4])
    html = text_of(client_of("member").get(WRITE))
    tagged = re.findall(r'<option value="(\d+)"[^>]*data-recent', html)
    assert tagged == [str(contacts[3].pk)]


def test_photos_are_optional_and_served_below_the_visit_alone(cast, client_of):
    visit = make.visit(member=cast.member_of("member"))
    path = f"{VISITS}{visit.pk}/"
    client = client_of("member")
    told = client.post(f"{path}photos/", follow=True)
    assert "请先选择照片" in text_of(told)
    bad = SimpleUploadedFile("说明.jpg", b"%PDF-1.7", "image/jpeg")
    told = client.post(f"{path}photos/", {"photos": [make.picture(), bad]}, follow=True)
    assert "只能上传" in text_of(told)
    photo = VisitPhoto.objects.get()
    shown = client.get(f"{path}photos/{photo.pk}/")
    assert shown["Content-Type"] == "image/jpeg"
    assert f"{path}photos/{photo.pk}/" in text_of(client.get(path))
    other = make.visit(member=cast.member_of("member"))
    assert client.get(f"{VISITS}{other.pk}/photos/{photo.pk}/").status_code == 404
    assert client_of("member2").get(f"{path}photos/{photo.pk}/").status_code == 404
    assert client_of("leader").get(f"{path}photos/{photo.pk}/").status_code == 200
    for deed, sent in (("", {"photos": make.picture()}), (f"{photo.pk}/remove/", {})):
        assert client_of("leader").post(f"{path}photos/{deed}", sent).status_code == 403
    for _ in range(6):
        client.post(f"{path}photos/", {"photos": make.picture()})
    assert visit.photos.count() == 6
    client.post(f"{path}photos/{photo.pk}/remove/")
    assert visit.photos.count() == 5


# Budgets ----------------------------------------------------------------------------------------


def many(cast, count, channel):
    """So many visits of one member with two contacts each, and a joint one among them."""
    member, colleague = cast.member_of("member"), cast.member_of("convenor")
    for _number in range(count):
        contacts = [make.contact(member=member) for _ in "ab"]
        visit = make.visit(members=[member, colleague], contacts=contacts, channel=channel,
                           occasion=make.occasion(committee=cast.city))  # fmt: skip
    return visit


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize("who", ["member", "convenor", "clerk"])
def test_pages_cost_the_same_with_3_and_with_30_rows(cast, client_of, channel, who, count):
    visit = many(cast, count, channel)
    client = client_of(who)
    client.get(VISITS)  # the dictionaries are read once a minute
    for path, expected in {
        VISITS: 6,
        f"{VISITS}?scope=sector": 6,
        CONTACTS: 6,
        f"{VISITS}{visit.pk}/": 9,
    }.items():
        with costs(expected):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize("count", [3, 30])
def test_forms_and_saving_stay_within_their_budgets(cast, client_of, channel, count):
    visit = many(cast, count, channel)
    client = client_of("member")
    client.get(WRITE)
    for path, expected in {
        WRITE: 8,
        f"{WRITE}?again={visit.pk}": 8,
        f"{VISITS}{visit.pk}/edit/": 9,
        f"{CONTACTS}add/": 7,
    }.items():
        with costs(expected):
            assert client.get(path).status_code == 200
    colleague = cast.member_of("convenor")
    met = list(visit.contacts.values_list("pk", flat=True))
    full = answers(channel, others=[colleague.pk], contacts=met, promised="回访")
    with costs(12):
        assert client.post(WRITE, full).status_code == 302
    with costs(11):
        assert client.post(f"{CONTACTS}add/", contact_answers()).status_code == 302


def test_a_refused_amendment_changes_nothing(cast, client_of, channel):
    visit = make.visit(member=cast.member_of("member"), channel=channel, said="原话")
    contact = make.contact(member=cast.member_of("member"), name="李建国")
    client = client_of("member")
    page = client.post(f"{VISITS}{visit.pk}/edit/", answers(channel, said="绝密", place="新处"))
    assert page.status_code == 422 and 'value="新处"' in text_of(page)
    page = client.post(f"{CONTACTS}{contact.pk}/edit/", contact_answers(consented_on=""))
    assert page.status_code == 422 and "须先征得本人同意" in text_of(page)
    assert Visit.objects.get().said == "原话"
    assert client_of("convenor").get(f"{CONTACTS}{contact.pk}/edit/").status_code == 403
    assert AuditEntry.objects.filter(action__endswith=".amend").count() == 0


def test_contacts_are_found_by_the_member_who_keeps_them(cast, client_of):
    member, other = cast.member_of("member"), cast.member_of("member2")
    for person, place in ((member, "新华社区"), (other, "东塔社区")):
        make.contact(member=person, place=place)
    page = text_of(client_of("clerk").get(f"{CONTACTS}?member={other.name}"))
    assert "东塔社区" in page and "新华社区" not in page


def test_names_that_no_column_can_hold_are_not_found(client_of):
    answer = client_of("member").post("/city/contacts/visits/write/", {"names": "王\0"})
    assert answer.status_code == 422
