"""通知公告 as pages: written, counted and sent, answered, gathered, sent on."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from docx import Document
from python_calamine import load_workbook

from committees.models import AuditEntry
from notices.actions.announcing import publish_announcement, withdraw_announcement
from notices.models import Acknowledgement, Announcement, Notice
from tests import make
from tests.addresses import prove
from tests.budgets import costs
from tests.make import announcing as made

DAY = datetime.timedelta(days=1)
LIST = "/city/announcements/"


def page(row, rest=""):
    return f"{LIST}{row.pk}/{rest}"


def local(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def typed(**over):
    return {
        "title": "座谈会通知",
        "body": "请参加。",
        "to_everyone": ["everyone"],
        "answering": "attend",
        "answer_until": local(timezone.now() + DAY),
        "signature": "市政协办公室",
        "dated_on": "2026-11-28",
        "version": "0",
    } | over


@pytest.fixture
def given(cast):
    return {"committee": cast.city, "created_by": cast.clerk}


def titles(client, query=""):
    return [row.title for row in client.get(LIST + query).context["page"].rows]


# The list ----------------------------------------------------------------------------------------


def test_lists_by_tab(cast, given, client_of):
    made.announcement(title="草稿", **given)
    made.published(title="全体", **given)
    made.published(title="教育", audience=[f"sector:{cast.education.pk}"], **given)
    gone = made.published(title="撤回", **given)
    withdraw_announcement(gone, by=cast.clerk, why="x")
    late = made.published(title="到期", **given)
    Announcement.objects.filter(pk=late.pk).update(answer_until=timezone.now() - DAY)
    clerk, member, other = client_of("clerk"), client_of("member"), client_of("member2")
    assert titles(clerk) == ["到期", "撤回", "教育", "全体"]
    assert titles(clerk, "?of=drafts") == ["草稿"]
    assert titles(clerk, "?of=late") == ["到期"]
    assert titles(clerk, "?of=waiting") == []
    assert titles(clerk, "?q=教") == ["教育"]
    assert titles(clerk, "?answering=read") == []
    assert titles(member) == ["到期", "教育", "全体"]
    assert titles(member, "?of=drafts") == ["到期", "教育", "全体"]
    assert titles(member, "?of=waiting") == ["教育", "全体"]
    assert titles(other) == ["到期", "全体"]
    assert titles(client_of("delegate"), "?of=waiting") == ["教育", "全体"]
    assert titles(client_of("handler")) == []


@pytest.mark.parametrize("number", [3, 30])
def test_lists_cost_the_same(cast, given, client_of, number):
    for n in range(number):
        made.published(title=f"第{n}号", **given)
        made.rule(committee=cast.city, title=f"第{n}规则")
        made.pack(committee=cast.city)
    made.announcement(title="草稿", **given)
    for who in ("clerk", "member"):
        client = client_of(who)
        client.get(LIST), client.get("/city/rules/")
        for path in (LIST, f"{LIST}?of=waiting", f"{LIST}?of=drafts", f"{LIST}?of=late"):
            with costs(6):
                client.get(path)
        for path in ("/city/rules/", "/city/rules/?of=repealed", "/city/packs/"):
            with costs(6):
                client.get(path)
    home = client_of("member")
    home.get("/city/")
    with costs(6):
        home.get("/city/")
    desk = client_of("clerk")
    desk.get("/city/desk/")
    with costs(6):
        desk.get("/city/desk/")


@pytest.mark.parametrize("number", [3, 30])
def test_pages_cost_the_same(cast, given, client_of, number):
    for _n in range(number):
        make.member(sector=cast.education)
    row, draft = made.published(**given), made.announcement(**given)
    rule, pack = made.rule(committee=cast.city), made.pack(committee=cast.city)
    clerk, member = client_of("clerk"), client_of("member")
    clerk.get(page(row)), member.get(page(row))
    for client, path, cost in (
        (clerk, page(row), 9),
        (member, page(row), 9),
        (clerk, page(row, "answers/"), 7),
        (clerk, page(row, "correct/"), 6),
        (clerk, page(draft, "publish/"), 8),
        (member, f"/city/rules/{rule.pk}/", 7),
        (member, f"/city/packs/{pack.pk}/", 7),
    ):
        with costs(cost):
            client.get(path)
    with costs(12):
        clerk.post(page(draft, "publish/"))
    mine = {"of": made.answer_of(row, cast.member).pk, "answer": "attend"}
    with costs(11):
        member.post(page(row, "answer/"), mine)
    delegate = client_of("delegate")
    delegate.get(page(row))
    with costs(12):
        delegate.post(page(row, "answer/"), mine | {"answer": "leave", "reason": "出差"})


# Writing -----------------------------------------------------------------------------------------


def test_written_counted_and_sent(cast, client_of):
    clerk = client_of("clerk")
    shown = clerk.get(f"{LIST}new/").content.decode()
    assert "政协云川市委员会办公室" in shown and "教育界" in shown
    upload = SimpleUploadedFile("议程.pdf", b"%PDF-1.4\n%%EOF\n")
    answer = clerk.post(f"{LIST}new/", typed(files=[upload]))
    row = Announcement.objects.get()
    assert answer["Location"] == page(row, "publish/")
    shown = clerk.get(page(row, "publish/"))
    assert "将发送给 6 人" in shown.content.decode()
    assert shown.context["groups"] == {"工商联界": 2, "教育界": 2, "民族宗教界": 2}
    stale = clerk.post(page(row, "publish/"), {"counted": "5"}, follow=True)
    assert "发送人数已由 5 人变为 6 人" in stale.content.decode()
    sent = clerk.post(page(row, "publish/"), {"counted": "6"}, follow=True)
    assert "已发送给 6 人" in sent.content.decode()
    twice = clerk.post(page(row, "publish/"), {"counted": "6"}, follow=True)
    assert "没有重复发送" in twice.content.decode()
    assert Notice.objects.filter(kind="announcement_published").count() == 6
    assert clerk.get(page(row, "publish/")).status_code == 302
    assert clerk.get(page(row, "edit/"))["Location"] == page(row, "correct/")
    file = row.files.get()
    assert client_of("member").get(page(row, f"files/{file.pk}/")).status_code == 200
    assert client_of("handler").get(page(row, f"files/{file.pk}/")).status_code == 404
    assert clerk.get(page(row, "files/0/")).status_code == 404


def test_a_draft_stays_and_is_amended(cast, client_of):
    clerk = client_of("clerk")
    upload = SimpleUploadedFile("议程.pdf", b"%PDF-1.4\n%%EOF\n")
    answer = clerk.post(f"{LIST}new/", typed(stay="1", files=[upload], to_workroom=cast.room.name))
    row = Announcement.objects.get()
    assert answer["Location"] == page(row, "edit/")
    assert row.audience == ["everyone", f"workroom:{cast.room.pk}"]
    shown = clerk.get(page(row, "edit/")).content.decode()
    assert "议程.pdf" in shown and cast.room.name in shown
    assert clerk.get(page(row)).status_code == 200
    removed = clerk.post(page(row, f"files/{row.files.get().pk}/remove/"), follow=True)
    assert "附件已移除" in removed.content.decode()
    clerk.post(page(row, "edit/"), typed(title="改了", version="1"))
    stale = clerk.post(page(row, "edit/"), typed(title="再改", version="1"))
    assert "刚才已有人修改" in stale.content.decode() and "再改" in stale.content.decode()
    row.refresh_from_db()
    assert row.title == "改了"
    dropped = clerk.post(page(row, "drop/"), follow=True)
    assert "草稿已删除" in dropped.content.decode()
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"title": ""}, "必填"),
        ({"to_everyone": []}, "请选择发送范围"),
        ({"to_sector": ["sector:x"]}, "不在可用的选项中"),
        ({"to_workroom": "没有这间"}, "没有找到“没有这间”"),
        ({"answer_until": ""}, "请填写回执截止时间"),
        ({"answer_until": "0001-01-01T00:00"}, "请填写正确的日期和时间"),
        ({"answer_until": "9999-12-31T23:59"}, "请填写正确的日期和时间"),
        ({"answer_until": "明天"}, "有效的日期"),
        ({"answer_until": "2020-01-01T00:00"}, "回执截止时间已过"),
        ({"body": "机\x00"}, "不允许"),
        ({"body": "绝密"}, "非涉密"),
        ({"version": "9" * 30}, None),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(cast, client_of, over, said):
    answer = client_of("clerk").post(f"{LIST}new/", typed(**over))
    if said is None:
        assert answer.status_code == 302
        return
    shown = answer.content.decode()
    assert answer.status_code == 200 and said in shown
    assert not Announcement.objects.exists()


def test_too_many_files(cast, client_of):
    files = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4\n%%EOF\n") for n in range(11)]
    shown = client_of("clerk").post(f"{LIST}new/", typed(files=files)).content.decode()
    assert "最多 10 个附件" in shown


def test_a_convenor_writes_to_the_own_sector(cast, client_of):
    convenor = client_of("convenor")
    shown = convenor.get(f"{LIST}new/").content.decode()
    assert "全体委员" not in shown and "可公开" not in shown
    own = f"sector:{cast.education.pk}"
    answer = convenor.post(f"{LIST}new/", typed(to_everyone=["everyone"], to_sector=[own]))
    row = Announcement.objects.get()
    assert answer["Location"] == page(row, "publish/")
    assert (row.issuer, row.audience) == (own, [own])
    convenor.post(page(row, "publish/"))
    assert Acknowledgement.objects.filter(announcement=row).count() == 2
    assert client_of("member2").get(page(row)).status_code == 404
    assert client_of("member").post(page(row, "withdraw/"), {"note": "x"}).status_code == 403


def test_an_empty_audience_is_said_on_the_page(cast, given, client_of):
    row = made.announcement(audience=["workroom:0"], **given)
    shown = client_of("clerk").get(page(row, "publish/")).content.decode()
    assert "发送范围内没有委员" in shown
    answer = client_of("clerk").post(page(row, "publish/"), {"counted": "x"}, follow=True)
    assert "发送范围内没有委员" in answer.content.decode()


# Afterwards --------------------------------------------------------------------------------------


def test_corrected_page(cast, given, client_of):
    row = made.published(event_place="三楼", **given)
    clerk = client_of("clerk")
    fields = {"title": row.title, "body": row.body, "event_place": "五楼", "version": "1"}
    fields |= {"answer_until": local(row.answer_until + DAY), "event": "", "event_at": ""}
    missing = clerk.post(page(row, "correct/"), fields | {"note": ""})
    assert "必填" in missing.content.decode()
    done = clerk.post(page(row, "correct/"), fields | {"note": "改在五楼"}, follow=True)
    assert "改在五楼" in done.content.decode()
    stale = clerk.post(page(row, "correct/"), fields | {"note": "又改"})
    assert "刚才已有人修改" in stale.content.decode()
    assert "改在五楼" in client_of("member").get(page(row)).content.decode()
    plain = made.published(answering="none", **given)
    assert "answer_until" not in clerk.get(page(plain, "correct/")).context["form"].fields


def test_withdrawn_page(cast, given, client_of):
    row = made.published(**given)
    clerk = client_of("clerk")
    assert "请填写撤回原因" in clerk.post(page(row, "withdraw/"), follow=True).content.decode()
    clerk.post(page(row, "withdraw/"), {"note": "会议改期"})
    shown = client_of("member").get(page(row)).content.decode()
    assert "该通知已撤回，不再执行" in shown and "会议改期" in shown
    assert "复制到微信" not in shown
    assert "已撤回" in clerk.get(LIST).content.decode()
    answer = clerk.get(page(row, "correct/"), follow=True)
    assert "只有已发布且未撤回的通知可以更正" in answer.content.decode()
    answer = clerk.post(page(row, "drop/"), follow=True)
    assert "只能撤回" in answer.content.decode()


# Answers -----------------------------------------------------------------------------------------


def test_one_tap_and_the_reason(cast, given, client_of):
    row = made.published(**given)
    mine = made.answer_of(row, cast.member)
    member = client_of("member")
    shown = member.get(page(row)).content.decode()
    assert "我的回执" in shown and "待回执" in shown
    post = {"of": mine.pk, "version": "1"}
    done = member.post(page(row, "answer/"), post | {"answer": "attend"}, follow=True)
    assert "已回执：参加" in done.content.decode()
    no_reason = member.post(page(row, "answer/"), post | {"answer": "leave", "version": "2"})
    assert no_reason.status_code == 422 and "请填写请假事由" in no_reason.content.decode()
    post = {"of": mine.pk, "version": "1", "answer": "leave", "reason": "出差"}
    stale = member.post(page(row, "answer/"), post)
    assert "刚才已回执“参加”" in stale.content.decode() and "出差" in stale.content.decode()
    member.post(page(row, "answer/"), post | {"version": "2"})
    mine.refresh_from_db()
    assert (mine.answer, mine.reason) == ("leave", "出差")
    others = made.answer_of(row, cast.member2)
    assert member.post(page(row, "answer/"), {"of": others.pk}).status_code == 404
    assert client_of("clerk").post(page(row, "answer/"), post).status_code == 403
    for of in ("", "x", "9" * 40, "²"):
        assert member.post(page(row, "answer/"), {"of": of}).status_code == 404


def test_a_delegate_answers_on_the_page(cast, given, client_of):
    row = made.published(**given)
    mine = made.answer_of(row, cast.member)
    delegate = client_of("delegate")
    assert f"代{mine.name}委员回执" in delegate.get(page(row)).content.decode()
    delegate.post(page(row, "answer/"), {"of": mine.pk, "version": "1", "answer": "attend"})
    assert "代为填报" in client_of("member").get(page(row)).content.decode()


def test_read_is_one_button(cast, given, client_of):
    row = made.published(answering="read", **given)
    member = client_of("member")
    assert 'value="read"' in member.get(page(row)).content.decode()
    mine = {"of": made.answer_of(row, cast.member).pk, "answer": "read"}
    shown = member.post(page(row, "answer/"), mine, follow=True).content.decode()
    assert "已回执：已阅" in shown and 'value="read"' not in shown


def test_after_the_deadline(cast, given, client_of):
    row = made.published(**given)
    Announcement.objects.update(answer_until=timezone.now() - DAY)
    mine = {"of": made.answer_of(row, cast.member).pk, "answer": "attend"}
    member = client_of("member")
    assert "回执已截止" in member.get(page(row)).content.decode()
    assert member.post(page(row, "answer/"), mine).status_code == 422


def test_home_shows_what_waits(cast, given, client_of):
    row = made.published(**given)
    made.published(title="只请阅", answering="read", **given)

    def waiting(who):
        return {one.title for one in client_of(who).get("/city/").context["todo"]}

    both = {row.title, "只请阅"}
    assert waiting("member") == waiting("delegate") == both
    client_of("delegate").post(
        page(row, "answer/"), {"of": made.answer_of(row, cast.member).pk, "answer": "attend"}
    )
    assert waiting("member") == waiting("delegate") == {"只请阅"}
    assert waiting("member2") == both


def test_the_desk_counts_drafts_and_missing_answers(cast, given, client_of):
    made.announcement(**given)
    made.published(**given)
    late = made.published(**given)
    Announcement.objects.filter(pk=late.pk).update(answer_until=timezone.now() - DAY)

    def queues(who):
        found = client_of(who).get("/city/desk/").context["queues"]
        return {one.label: one.count for one in found if one.label.startswith("通知")}

    assert queues("clerk") == {"通知草稿": 1, "通知回执到期未齐": 1}
    assert queues("editor") == {"通知草稿": 0, "通知回执到期未齐": 1}


# For the issuer ----------------------------------------------------------------------------------


def test_answers_by_sector(cast, given, client_of):
    row = made.published(**given)
    mine = made.answer_of(row, cast.member)
    client_of("delegate").post(page(row, "answer/"), {"of": mine.pk, "answer": "attend"})
    post = {"of": made.answer_of(row, cast.member2).pk, "answer": "leave", "reason": "住院"}
    client_of("member2").post(page(row, "answer/"), post)
    clerk = client_of("clerk")
    shown = clerk.get(page(row, "answers/"))
    assert shown.context["counts"] == [("参加", 1), ("请假", 1), ("未回执", 4)]
    groups = shown.context["groups"]
    assert [heading for heading, _rows in groups] == ["工商联界", "教育界", "民族宗教界"]
    for only, names in (("silent", 4), ("leave", 1), ("x", 6)):
        part = clerk.get(page(row, f"answers/?only={only}")).context["groups"]
        assert sum(len(rows) for _heading, rows in part) == names
    for _heading, rows in groups:
        assert rows == sorted(rows, key=lambda one: one.name_key)
    text = shown.content.decode()
    assert "住院" in text and "代为填报" in text and "将提醒 4 人" in text
    done = clerk.post(page(row, "remind/"), follow=True).content.decode()
    assert "已提醒 4 人" in done and "今天已提醒过" in done
    again = clerk.post(page(row, "remind/"), follow=True).content.decode()
    assert "今天已提醒过，每天最多提醒一次。" in again
    assert Notice.objects.filter(kind="announcement_reminder").count() == 4
    assert client_of("member").get(page(row, "answers/")).status_code == 403
    draft = made.announcement(**given)
    assert clerk.get(page(draft, "answers/")).status_code == 404
    plain = made.published(answering="none", **given)
    assert "发送名单" in clerk.get(page(plain, "answers/")).content.decode()


def test_exports_ask_for_the_proof(cast, given, client_of):
    row = made.published(event_at=timezone.now() + DAY, event_place="三楼", **given)
    mine = made.answer_of(row, cast.member)
    client_of("delegate").post(page(row, "answer/"), {"of": mine.pk, "answer": "attend"})
    clerk = client_of("clerk")
    asked = clerk.post(page(row, "export/"))
    assert asked.status_code == 302 and "reauthenticate" in asked["Location"]
    back = clerk.get(page(row, "export/"), follow=True)
    assert "请再点一次" in back.content.decode()
    prove(clerk)
    sheet = load_workbook(io.BytesIO(clerk.post(page(row, "export/")).content))
    lines = sheet.get_sheet_by_index(0).to_python()
    assert lines[0] == ["序号", "界别", "姓名", "回执", "请假事由", "回执时间", "代为填报"]
    answers = [(line[1], line[3]) for line in lines[1:]]
    assert sorted(answers) == sorted((one.heading, one.get_answer_display()) for one in sent(row))
    assert [line[6] for line in lines[1:] if line[3] == "参加"] == [cast.delegate.name]
    word = Document(io.BytesIO(clerk.post(page(row, "export/"), {"format": "docx"}).content))
    table = word.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == [
        "序号",
        "界别",
        "姓名",
        "回执",
        "请假事由",
    ]
    assert len(table.rows) == 7
    assert "填表人" in word.paragraphs[-1].text
    kinds = AuditEntry.objects.filter(action="announcement.export").order_by("sequence")
    assert [one.detail for one in kinds] == [{"kind": kind, "rows": 6} for kind in ("xlsx", "docx")]


def sent(row):
    return Acknowledgement.objects.filter(announcement=row)


# Sent on -----------------------------------------------------------------------------------------


def test_text_for_wechat(cast, given, client_of):
    at = timezone.now() + DAY
    long = {"title": "长" * 100, "event": "名" * 100, "event_place": "地" * 80}
    row = made.published(body="只给委员看的正文", event_at=at, **long, **given)
    text = client_of("member").get(page(row)).context["wechat"]
    assert len(text) <= 300 and text.endswith(f"\nhttp://testserver{page(row)}")
    assert "只给委员看的正文" not in text
    short = made.published(title="座谈会", event="座谈会", **given)
    text = client_of("member").get(page(short)).context["wechat"]
    assert text.startswith("【通知】座谈会\n请于") and text.count("座谈会") == 1


def test_a_link_lands_on_the_thing_itself(cast, given):
    row = made.published(**given)
    cast.member.set_password("demo-pass-2026")
    cast.member.save()
    visitor = Client()
    door = visitor.get(page(row))
    assert door["Location"] == f"/accounts/login/?next={page(row)}"
    card = visitor.get(door["Location"]).content.decode()
    assert row.title not in card
    assert '<meta property="og:title" content="界别联络平台">' in card
    assert '<meta property="og:image" content="http://testserver/static/img/card' in card
    post = {"login": "member", "password": "demo-pass-2026", "next": page(row)}
    answer = visitor.post(door["Location"], post)
    assert answer["Location"] == page(row)


def test_a_public_one_has_a_page_and_a_card(cast, given):
    row = made.announcement(title='公开"征集"', is_public=True, body="欢迎提供线索。", **given)
    made.published(title="不公开的", **given)
    path, visitor = f"/city/public/announcements/{row.pk}/", Client()
    assert visitor.get(path).status_code == 404, "a draft"
    publish_announcement(row, by=cast.clerk)
    shown = visitor.get(path).content.decode()
    assert '<meta property="og:title" content="公开&quot;征集&quot;">' in shown
    assert '<meta property="og:description" content="欢迎提供线索。">' in shown
    assert "登录并回执" in shown and "全体委员" not in shown
    listed = visitor.get("/city/public/announcements/").content.decode()
    assert "征集" in listed and "不公开的" not in listed
    wechat = made_text(cast, row)
    assert wechat.endswith(f"http://testserver{path}")
    withdraw_announcement(row, by=cast.clerk, why="x")
    assert visitor.get(path).status_code == 404
    assert visitor.get("/stranger/public/announcements/").status_code == 200


def made_text(cast, row):
    client = Client()
    client.force_login(cast.member)
    return client.get(page(row)).context["wechat"]


def test_public_files(cast, client_of):
    upload = SimpleUploadedFile("公告.pdf", b"%PDF-1.4\n%%EOF\n")
    clerk = client_of("clerk")
    clerk.post(f"{LIST}new/", typed(files=[upload], is_public="on"))
    row = Announcement.objects.get()
    path = f"/city/public/announcements/{row.pk}/files/{row.files.get().pk}/"
    assert Client().get(path).status_code == 404
    clerk.post(page(row, "publish/"))
    assert Client().get(path).status_code == 200
    Announcement.objects.update(is_public=False)
    assert Client().get(path).status_code == 404
