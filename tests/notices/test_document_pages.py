"""制度文件 and 宣讲资料 as pages, and announcements in the API."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from notices.actions.announcing import withdraw_announcement
from notices.actions.keeping import repeal_rule, revise_rule
from notices.models import Acknowledgement, PackItem, PolicyPack, Rule
from tests import make
from tests.budgets import costs
from tests.make import announcing as made

DAY = datetime.timedelta(days=1)
RULES, PACKS, API = "/city/rules/", "/city/packs/", "/api/v1/announcements/"


def a_paper(name="规则.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n")


def rows(client, path):
    return [row.title for row in client.get(path).context["page"].rows]


# Rules -------------------------------------------------------------------------------------------


def test_a_rule_is_issued_revised_and_read(cast, client_of):
    category = made.rule_category(committee=cast.city)
    clerk, member = client_of("clerk"), client_of("member")
    today = timezone.localdate()
    typed = {"title": "工作规则", "category": category.pk, "effective_from": f"{today}"}
    empty = clerk.post(f"{RULES}new/", typed)
    assert "请填写正文或上传文件" in empty.content.decode()
    wrong = clerk.post(f"{RULES}new/", typed | {"category": "0", "text": "x"})
    assert "不在可用的选项中" in wrong.content.decode()
    done = clerk.post(f"{RULES}new/", typed | {"text": "第一条", "upload": a_paper()})
    rule = Rule.objects.get()
    assert done["Location"] == f"{RULES}{rule.pk}/"
    again = clerk.post(f"{RULES}new/", typed | {"text": "第一条"})
    assert "同名制度已登记" in again.content.decode()
    paper = member.get(f"{RULES}{rule.pk}/versions/1/file/")
    assert paper.status_code == 200 and b"".join(paper.streaming_content).startswith(b"%PDF")
    assert client_of("stranger_member").get(f"{RULES}{rule.pk}/").status_code == 404
    next_one = {"after": "1", "text": "第一条（新）", "effective_from": f"{today + DAY}"}
    late = clerk.post(f"{RULES}{rule.pk}/revise/", next_one | {"effective_from": f"{today}"})
    assert "施行日期应晚于上一版" in late.content.decode()
    clerk.post(f"{RULES}{rule.pk}/revise/", next_one)
    stale = clerk.post(f"{RULES}{rule.pk}/revise/", next_one)
    assert "刚刚已由他人发布" in stale.content.decode()
    shown = member.get(f"{RULES}{rule.pk}/")
    assert (shown.context["version"].number, shown.context["is_current"]) == (1, True)
    coming = member.get(f"{RULES}{rule.pk}/versions/2/").content.decode()
    assert "第一条（新）" in coming and "起施行" in coming
    assert member.get(f"{RULES}{rule.pk}/versions/9/").status_code == 302
    assert "新版" in member.get(RULES).content.decode()


def test_the_list_of_rules(cast, client_of):
    proposals = made.rule_category(committee=cast.city, name="提案")
    made.rule(committee=cast.city, title="乙规则")
    made.rule(committee=cast.city, title="甲办法", category=proposals)
    gone = made.rule(committee=cast.city, title="旧规定")
    repeal_rule(gone, by=cast.clerk, on=timezone.localdate())
    client = client_of("member")
    assert set(rows(client, RULES)) == {"乙规则", "甲办法"}
    assert rows(client, f"{RULES}?category={proposals.pk}") == ["甲办法"]
    assert rows(client, f"{RULES}?of=repealed") == ["旧规定"]
    assert rows(client, f"{RULES}?q=乙%00") == ["乙规则"]
    assert rows(client, f"{RULES}?category=x&q=无") == []
    assert "发布制度" not in client.get(RULES).content.decode()


def test_renamed_and_repealed_on_the_page(cast, client_of):
    rule, clerk = made.rule(committee=cast.city), client_of("clerk")
    other = made.rule(committee=cast.city, title="另一规则")
    here = f"{RULES}{rule.pk}/"
    same = clerk.post(f"{here}rename/", {"title": other.title, "category": rule.category_id})
    assert "同名制度已登记" in same.content.decode()
    clerk.post(f"{here}rename/", {"title": "新名", "category": rule.category_id})
    revise_rule(rule, by=cast.clerk, after=1, text="二", effective_from=timezone.localdate())
    assert "过去的版本" in client_of("member").get(f"{here}versions/1/").content.decode()
    assert clerk.post(f"{here}repeal/", {"on": "2026-02-30"}).status_code == 200
    clerk.post(f"{here}repeal/", {"on": "2026-11-30"})
    shown = clerk.get(here).content.decode()
    assert "新名" in shown and "起废止" in shown
    twice = clerk.post(f"{here}repeal/", {"on": "2026-11-30"})
    assert "该制度已废止" in twice.content.decode()
    twice = clerk.post(f"{here}rename/", {"title": "x", "category": rule.category_id})
    assert "该制度已废止" in twice.content.decode()


# Policy packs ------------------------------------------------------------------------------------


def test_a_pack_is_put_together(cast, client_of):
    clerk, member = client_of("clerk"), client_of("member")
    theme = make.theme(committee=cast.city)
    assert clerk.post(f"{PACKS}new/", {"title": "绝密"}).status_code == 200
    made_one = clerk.post(f"{PACKS}new/", {"title": "惠企政策", "theme": theme.pk})
    pack = PolicyPack.objects.get()
    here = f"{PACKS}{pack.pk}/"
    assert (made_one["Location"], pack.theme) == (f"{here}items/new/", theme)
    assert member.get(here).status_code == 404
    assert rows(clerk, f"{PACKS}?of=drafts") == ["惠企政策"]
    early = clerk.post(f"{here}publish/", follow=True)
    assert "还没有材料" in early.content.decode()
    nothing = clerk.post(f"{here}items/new/", {"title": "减税"})
    assert "请填写内容或上传文件" in nothing.content.decode()
    clerk.post(f"{here}items/new/", {"title": "减税", "upload": a_paper("明白纸.pdf")})
    item = PackItem.objects.get()
    clerk.post(f"{here}items/{item.pk}/", {"title": "减税降费", "text": "小微企业"})
    clerk.post(f"{here}publish/")
    shown = member.get(here)
    assert "小微企业" in shown.content.decode() and "明白纸.pdf" in shown.content.decode()
    assert shown.context["wechat"].startswith("【宣讲资料】惠企政策")
    assert member.get(f"{here}items/{item.pk}/file/").status_code == 200
    assert rows(member, PACKS) == ["惠企政策"]
    yesterday = timezone.localdate() - DAY
    clerk.post(f"{here}edit/", {"title": "惠企政策", "valid_until": f"{yesterday}"})
    assert "已过期或停用" in member.get(here).content.decode()
    assert (rows(member, PACKS), rows(member, f"{PACKS}?of=past")) == ([], ["惠企政策"])
    assert clerk.post(f"{here}take-down/", follow=True).status_code == 200
    for _time in range(2):
        clerk.post(f"{here}items/{item.pk}/remove/")
    assert not pack.items.exists()


def test_links_lead_there(cast, client_of):
    made.pack(committee=cast.city)
    client = client_of("member")
    for path in ("/city/", "/city/me/", "/city/contacts/visits/write/"):
        assert PACKS in client.get(path, follow=True).content.decode(), path
    for who in ("keeper", "clerk"):
        assert PACKS in client_of(who).get("/city/desk/").content.decode()


def test_texts_for_wechat_are_short(cast, client_of):
    rule = made.rule(committee=cast.city, title="长" * 100)
    pack = made.pack(committee=cast.city, valid_until=timezone.localdate())
    for path in (f"{RULES}{rule.pk}/", f"{PACKS}{pack.pk}/"):
        text = client_of("member").get(path).context["wechat"]
        assert len(text) <= 300 and text.endswith(f"http://testserver{path}")


# The API -----------------------------------------------------------------------------------------


@pytest.fixture
def sent(cast):
    return made.published(committee=cast.city, created_by=cast.clerk)


def test_the_api_reads_and_answers(cast, client_of, sent):
    made.announcement(committee=cast.city, created_by=cast.clerk)
    member = client_of("member")
    found = member.get(f"{API}?committee=city").json()["results"]
    assert [row["id"] for row in found] == [sent.pk]
    detail = member.get(f"{API}{sent.pk}/").json()
    assert [row["answer"] for row in detail["own_answers"]] == [""]
    post = {"answer": "leave", "reason": "出差", "version": 1}
    done = member.post(f"{API}{sent.pk}/acknowledge/", post)
    assert done.json()["own_answers"][0]["answer_label"] == "请假"
    stale = member.post(f"{API}{sent.pk}/acknowledge/", {"answer": "attend", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    delegate = client_of("delegate")
    mine = made.answer_of(sent, cast.member)
    assert delegate.post(f"{API}{sent.pk}/acknowledge/", {"answer": "attend"}).status_code == 404
    for_member = {"answer": "attend", "of": mine.pk}
    assert delegate.post(f"{API}{sent.pk}/acknowledge/", for_member).status_code == 200
    bad = member.post(f"{API}{sent.pk}/acknowledge/", {"answer": "x"})
    assert bad.status_code == 400
    others = {"answer": "attend", "of": made.answer_of(sent, cast.member2).pk}
    assert member.post(f"{API}{sent.pk}/acknowledge/", others).status_code == 404
    assert member.post(f"{API}999/acknowledge/", {"answer": "attend"}).status_code == 404
    withdraw_announcement(sent, by=cast.clerk, why="x")
    gone = member.post(f"{API}{sent.pk}/acknowledge/", {"answer": "attend"})
    assert gone.status_code == 409
    assert Acknowledgement.objects.filter(answered_at__isnull=False).count() == 1


@pytest.mark.parametrize("number", [3, 30])
def test_the_api_costs_the_same(cast, client_of, number):
    for n in range(number):
        row = made.published(committee=cast.city, created_by=cast.clerk, title=f"{n}")
    client = client_of("member")
    client.get(f"{API}{row.pk}/")
    with costs(4):
        client.get(API)
    with costs(5):
        client.get(f"{API}{row.pk}/")
