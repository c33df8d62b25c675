"""The office's pages of referrals: what they show, what they take, what they cost."""

import datetime
import io

import docx
import pytest
from django.utils import timezone

from opinions.actions import referrals as actions
from opinions.models import Referral, ReferralExtension, Status, Urging
from tests import make
from tests.budgets import cost_of
from tests.make import handling

BASE = "/city/referrals/"


@pytest.fixture
def issued(cast):
    return make.opinion(
        author=cast.member_of("member"),
        sector=cast.education,
        status=Status.ISSUED,
        title="关于校门口的建议",
        situation="早晚高峰拥堵。",
        suggestion="增设左转车道。",
    )


@pytest.fixture
def asked(cast, issued):
    return handling.referral(opinion=issued, unit=cast.unit, referred_by=cast.clerk)


def typed(**over):
    given = {"title": "题", "text": "内容", "request": "", "lead": "", "joints": "", "due_on": ""}
    return given | over


def test_nothing_is_typed_twice(cast, client_of, issued):
    page = client_of("editor").get(f"{BASE}new/?opinion={issued.pk}").content.decode()
    assert "关于校门口的建议" in page
    assert "早晚高峰拥堵。" in page and "增设左转车道。" in page
    assert f"{BASE}new/?opinion={issued.pk}" in (
        client_of("editor").get(f"/city/opinions/{issued.pk}/").content.decode()
    )
    assert (
        f"{BASE}new/"
        not in client_of("member").get(f"/city/opinions/{issued.pk}/").content.decode()
    )


def test_a_report_goes_to_a_lead_and_a_joint_unit(cast, client_of, issued):
    second = make.unit(committee=cast.city)
    answer = client_of("editor").post(
        f"{BASE}new/?opinion={issued.pk}", typed(lead=cast.unit.name, joints=second.name)
    )
    made = list(Referral.objects.order_by("number"))
    assert answer.url == f"{BASE}{made[0].pk}/"
    assert [row.unit for row in made] == [cast.unit, second]
    page = client_of("editor").get(answer.url).content.decode()
    assert second.name in page and "待签收" in page


def test_an_entry_of_the_book_is_referred_too(cast, client_of):
    entry = make.reception(committee=cast.city, workroom=cast.room, said="路灯不亮")
    page = client_of("clerk").get(f"/city/workrooms/receptions/{entry.pk}/").content.decode()
    assert f"{BASE}new/?reception={entry.pk}" in page
    answer = client_of("clerk").post(
        f"{BASE}new/?reception={entry.pk}", typed(lead=cast.unit.name, text="路灯不亮")
    )
    assert answer.status_code == 302
    entry.refresh_from_db()
    assert (entry.disposal, entry.unit) == ("unit", cast.unit)


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({}, "请填写主办单位，或选择经转单位。"),
        ({"lead": "无此局"}, "没有登记该单位：无此局。请先在后台登记，或改用已登记的名称。"),
        ({"lead": "无\x00局"}, "空字符"),
        ({"due_on": "2020-01-01"}, "办理期限须晚于今天。"),
        ({"due_on": "明天"}, "输入一个有效的日期"),
        ({"text": ""}, "该字段是必填项"),
        ({"via": "999"}, "选择一个有效的选项"),
    ],
)
def test_what_was_typed_stays_on_the_page(cast, client_of, issued, over, sentence):
    make.unit(committee=cast.city, is_relaying=True)
    sent = typed(title="改过的标题", **over)
    if "due_on" in over or "via" in over:
        sent["lead"] = cast.unit.name
    answer = client_of("editor").post(f"{BASE}new/?opinion={issued.pk}", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page and "改过的标题" in page
    assert not Referral.objects.exists()


@pytest.mark.parametrize("asked_for", ["", "?opinion=", "?opinion=x", "?opinion=999999999999999999",
                                       "?reception=99999999999999999999", "?unit=1"])  # fmt: skip
def test_of_nothing_there_is_nothing_to_refer(cast, client_of, asked_for):
    assert client_of("editor").get(f"{BASE}new/{asked_for}").status_code == 404


def test_who_may_not_refer_is_told_so(cast, client_of, issued):
    for who, status in [("member", 403), ("checker", 403), ("handler", 404), ("member2", 404)]:
        assert client_of(who).get(f"{BASE}new/?opinion={issued.pk}").status_code == status


def test_the_list_shows_what_is_open_the_first_due_first(cast, client_of, asked):
    today = timezone.localdate()
    late = handling.referral(opinion=None, committee=cast.city, title="已超期的事项",
                             due_on=today - datetime.timedelta(days=1))  # fmt: skip
    ended = handling.referral(opinion=None, committee=cast.city, title="已撤回的事项",
                              ended_at=timezone.now())  # fmt: skip
    handling.referral(opinion=None, committee=cast.county, title="县里的事项")

    def titles(query=""):
        rows = client_of("clerk").get(f"{BASE}{query}").context["page"].rows
        return [row.title for row in rows]

    assert titles() == [late.title, asked.title]
    assert titles("?attention=overdue") == [late.title]
    assert titles("?state=taken_back") == [ended.title]
    assert titles("?matter=opinion") == [asked.title]
    assert titles(f"?q={ended.code}") == [ended.title]
    assert titles(f"?q={cast.unit.name}") == [asked.title]
    assert asked.title in titles(f"?q={asked.number}")
    assert "已超期" in client_of("clerk").get(BASE).content.decode()
    assert titles("?q=没有的") == []
    assert "没有符合条件的转办" in client_of("clerk").get(f"{BASE}?q=没有的").content.decode()


def test_an_empty_list_says_so(cast, client_of):
    assert "没有正在办理的转办" in client_of("clerk").get(BASE).content.decode()


def test_the_office_answers_what_the_unit_asks(cast, client_of, asked):
    asked.refusal_asked_at, asked.refusal_cause = timezone.now(), "不属本单位职责"
    asked.save()
    ReferralExtension.objects.create(
        referral=asked, until=asked.due_on + datetime.timedelta(days=9), reason="需论证",
        asked_at=timezone.now(),
    )  # fmt: skip
    client = client_of("clerk")
    page = client.get(f"{BASE}{asked.pk}/").content.decode()
    assert "不属本单位职责" in page and "需论证" in page
    empty = client.post(f"{BASE}{asked.pk}/refusal/", {"is_granted": "no", "answer": ""})
    assert (empty.status_code, "请写明意见。" in empty.content.decode()) == (422, True)
    client.post(f"{BASE}{asked.pk}/refusal/", {"is_granted": "no", "answer": "请继续"})
    client.post(f"{BASE}{asked.pk}/extension/", {"is_granted": "yes", "answer": ""})
    again = client.post(f"{BASE}{asked.pk}/extension/", {"is_granted": "yes"}, follow=True)
    assert "该申请已由他人答复" in again.content.decode()
    before = asked.due_on
    asked.refresh_from_db()
    assert asked.is_refusal_granted is False
    assert asked.due_on == before + datetime.timedelta(days=9)


def test_urging_and_taking_back(cast, client_of, asked):
    client = client_of("clerk")
    client.post(f"{BASE}{asked.pk}/urge/", {"kind": "urge", "words": "请尽快", "seen": 0})
    twice = client.post(f"{BASE}{asked.pk}/urge/", {"kind": "urge", "seen": 0}, follow=True)
    assert "刚才已有人催办" in twice.content.decode()
    assert (
        client.post(f"{BASE}{asked.pk}/urge/", {"kind": "supervise", "seen": 1}).status_code == 422
    )
    assert client.post(f"{BASE}{asked.pk}/urge/", {"kind": "urge", "seen": "x"}).status_code == 422
    assert Urging.objects.count() == 1
    client.post(f"{BASE}{asked.pk}/take-back/", {"reason": "转错单位"})
    asked.refresh_from_db()
    assert asked.ended_at
    assert client.post(f"{BASE}{asked.pk}/nothing/").status_code == 404


def test_the_papers_name_unit_day_and_code(cast, client_of, asked):
    client = client_of("clerk")
    client.post(f"{BASE}{asked.pk}/urge/", {"kind": "urge", "words": "汛期将至。", "seen": 0})
    client.post(f"{BASE}{asked.pk}/urge/", {"kind": "remind", "words": "", "seen": 1})
    letter, reminder = asked.urgings.order_by("id")
    page = client.get(f"{BASE}{asked.pk}/").content.decode()
    assert f"{BASE}{asked.pk}/urgings/{letter.pk}/" in page and f"{BASE}{asked.pk}/order/" in page
    for address, words in [
        ("order/", ["商请贵单位研究办理", "路口早晚高峰拥堵。"]),
        (f"urgings/{letter.pk}/", ["关于催办", "汛期将至。", "催办〔"]),
    ]:
        answer = client.get(f"{BASE}{asked.pk}/{address}")
        paper = docx.Document(io.BytesIO(answer.content))
        text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
        assert all(word in text for word in [*words, cast.unit.name]), text
    assert client.get(f"{BASE}{asked.pk}/urgings/{reminder.pk}/").status_code == 404


@pytest.mark.parametrize("number", [3, 30])
def test_what_pages_cost(cast, client_of, issued, number):
    for place in range(number):
        row = handling.referral(opinion=None, committee=cast.city, title=f"事项{place}")
    for _place in range(number):
        Urging.objects.create(referral=row, at=timezone.now(), by_user=cast.clerk)
    handling.reply(referral=row)
    client = client_of("clerk")
    places = [BASE, f"{BASE}{row.pk}/", f"{BASE}new/?opinion={issued.pk}"]
    for place in places:
        client.get(place)
    assert [cost_of(client.get, place) for place in places] == [6, 10, 8]
    cost = cost_of(client.post, f"{BASE}new/?opinion={issued.pk}", typed(lead=cast.unit.name))
    # One deed of eight rows: number, referral, two logs, milestone, two notices (decision 0020).
    assert cost == 19


def test_referring_costs_by_the_unit(cast, issued):
    units = [make.unit(committee=cast.city) for _ in range(3)]
    given = {"by": cast.editor, "title": "题", "text": "内容"}
    actions.refer(issued, lead=units[0], joints=units[1:], **given)
    assert Referral.objects.count() == 3
