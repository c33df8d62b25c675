"""The pages of following: what each shows to whom, what it costs, and errors beside their field."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from committees.files import store_file
from opinions import unit_sessions
from opinions.models import Evaluation, Promise, PromiseReport, ReplyFile, Status
from tests import make
from tests.addresses import prove
from tests.budgets import cost_of
from tests.make import handling

DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.4\n%%EOF\n"


def pdf(name="现场.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


@pytest.fixture
def reply(cast):
    row = make.opinion(author=cast.member_of("member"), sector=cast.education, status=Status.ISSUED)
    asked = handling.referral(opinion=row, unit=cast.unit)
    klass = handling.reply_class(committee=cast.city, letter="B")
    return handling.reply(referral=asked, reply_class=klass)


@pytest.fixture
def promise(reply):
    return handling.promise(reply=reply)


@pytest.fixture
def evaluation(reply):
    return handling.evaluation(reply=reply)


def page_of(client, path):
    answer = client.get(f"/city/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def rows_of(client, query=""):
    return [row.what for row in client.get(f"/city/promises/{query}").context["page"].rows]


def test_the_list_by_date_those_without_time_last(cast, client_of, reply):
    today = timezone.localdate()
    plans = {"晚": today + 90 * DAY, "早": today - 3 * DAY, "近": today + 9 * DAY, "无": None}
    for what, planned_on in plans.items():
        handling.promise(reply=reply, what=what, planned_on=planned_on)
    handling.promise(reply=reply, what="成", planned_on=today, settled_on=today)
    clerk = client_of("clerk")
    assert rows_of(clerk) == ["早", "近", "晚", "无"]
    assert rows_of(clerk, "?state=late") == ["早"]
    assert rows_of(clerk, "?state=soon") == ["近"]
    assert rows_of(clerk, "?state=undated") == ["无"]
    assert rows_of(clerk, "?state=settled") == ["成"]
    assert rows_of(clerk, "?state=all") == ["早", "成", "近", "晚", "无"]
    assert rows_of(clerk, f"?unit={cast.unit.pk}") == ["早", "近", "晚", "无"]
    other = make.unit(committee=cast.city)
    assert rows_of(clerk, f"?unit={other.pk}") in ([], ["早", "近", "晚", "无"])  # cached choices
    assert rows_of(clerk, "?unit=x&state=x") == ["早", "近", "晚", "无"]
    assert rows_of(client_of("member")) == ["早", "近", "晚", "无"]
    assert rows_of(client_of("member2")) == []
    sheet = prove(client_of("clerk")).post("/city/promises/export/?state=all")
    found = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0)
    assert [line[3] for line in found.to_python()[1:]] == ["早", "成", "近", "晚", "无"]


def test_pages_are_walked_past_those_without_time(client_of, reply):
    for n in range(45):
        day = timezone.localdate() + n * DAY if n < 15 else None
        handling.promise(reply=reply, what=f"{n}", planned_on=day)
    clerk, seen, query = client_of("clerk"), [], ""
    for _ in range(3):
        page = clerk.get(f"/city/promises/{query}").context["page"]
        seen += [row.what for row in page.rows]
        query = f"?after={page.next_cursor}"
    assert seen == [str(n) for n in range(45)] and page.next_cursor == ""
    assert len(rows_of(clerk, "?after=!!")) == 20


def test_a_unit_reports_with_a_file_and_the_office_settles(cast, client_of, promise):
    handler, clerk = client_of("handler"), client_of("clerk")
    path = f"/city/unit/promises/{promise.pk}/"
    assert str(promise) in page_of(handler, "unit/promises/")
    assert handler.post(path, {"result": "done"}).status_code == 422
    answer = handler.post(path, {"result": "done", "file": pdf(), "by_name": "办事员", "seen": 0})
    assert answer.status_code == 302
    report = PromiseReport.objects.get()
    assert (report.side, report.by_name, report.by_user) == ("unit", "办事员", cast.handler)
    for who, address in (
        (handler, f"{path}files/"),
        (clerk, f"/city/promises/{promise.pk}/files/"),
    ):
        assert b"".join(who.get(f"{address}{report.pk}/").streaming_content) == PDF
    stale = handler.post(path, {"result": "partly", "words": "我写的话", "seen": 0})
    assert stale.status_code == 409 and "我写的话" in stale.content.decode()
    settled = clerk.post(f"/city/promises/{promise.pk}/settle/", {})
    assert settled.status_code == 302
    promise.refresh_from_db()
    assert promise.evidence == "现场.pdf"
    again = clerk.post(f"/city/promises/{promise.pk}/settle/", {"evidence": "再一次"})
    assert again.status_code == 409 and "再一次" in again.content.decode()


def test_the_office_extends_once(client_of, promise):
    clerk, path = client_of("clerk"), f"/city/promises/{promise.pk}/extend/"
    until = (timezone.localdate() + 200 * DAY).isoformat()
    given = {"until": until, "precision": "day", "reason": "雨季"}
    assert clerk.post(path, given | {"until": "9999999-1-1"}).status_code == 422
    assert clerk.post(path, given | {"reason": "\x00"}).status_code == 422
    assert clerk.post(path, given).status_code == 302
    page = page_of(clerk, f"promises/{promise.pk}/")
    assert "雨季" in page and 'name="until"' not in page
    assert clerk.post(path, given).status_code == 409
    assert clerk.post(f"/city/promises/{promise.pk}/nothing/", {}).status_code == 404


def test_an_author_says_how_far_it_is_and_the_unit_is_not_told(cast, client_of, promise):
    path = f"/city/promises/{promise.pk}/report/"
    given = {"result": "not_yet", "words": "路口还没有动工", "seen": 0}
    assert client_of("member").post(path, given).status_code == 302
    report = PromiseReport.objects.get()
    assert (report.side, report.result) == ("author", "not_yet")
    assert "路口还没有动工" in page_of(client_of("clerk"), f"promises/{promise.pk}/")
    assert "路口还没有动工" not in page_of(client_of("handler"), f"unit/promises/{promise.pk}/")
    for who in ("leader", "convenor", "signer", "handler"):
        assert client_of(who).post(path, given).status_code == 403


def test_another_units_promise_does_not_exist(cast, client_of, promise):
    other = make.unit(committee=cast.city)
    person = make.officer("handler", cast.city, other.pk)
    assert client_of(person).get(f"/city/unit/promises/{promise.pk}/").status_code == 404
    assert str(promise) not in page_of(client_of(person), "unit/promises/")


def test_the_link_desk(cast, client, promise):
    link = handling.unit_link(unit=cast.unit)
    assert client.get("/u/desk/promises/").status_code == 404
    answer = HttpResponse()
    unit_sessions.begin(answer, link)
    client.cookies.load(answer.cookies)
    assert str(promise) in client.get("/u/desk/promises/").content.decode()
    path = f"/u/desk/promises/{promise.pk}/"
    assert client.get(path).status_code == 200
    given = {"result": "done", "words": "已完工", "by_name": "老李", "seen": "0"}
    assert client.post(path, given | {"file": pdf()}).status_code == 302
    report = PromiseReport.objects.get()
    assert (report.by_user, report.by_name, report.side) == (None, "老李", "unit")
    assert client.get(f"{path}files/{report.pk}/").status_code == 200
    assert client.get(f"/u/desk/promises/{promise.pk + 999}/").status_code == 404
    type(link).objects.update(expires_at=timezone.now())
    assert client.get(path).status_code == 404


# Evaluation -------------------------------------------------------------------------------------


def test_three_taps(cast, client_of, evaluation):
    path = f"/city/opinions/{evaluation.referral.opinion_id}/evaluate/"
    member = client_of("member")
    assert 'name="handling"' in page_of(member, path.removeprefix("/city/"))
    sent = {"evaluation": evaluation.pk, "handling": "satisfied"}
    missing = member.post(path, sent | {"said": "写了一段话"})
    assert missing.status_code == 422 and "写了一段话" in missing.content.decode()
    assert client_of("delegate").post(path, sent | {"result": "fairly"}).status_code == 302
    row = Evaluation.objects.get()
    assert (row.handling, row.result, row.given_by) == ("satisfied", "fairly", cast.delegate)
    assert member.post(path, sent | {"result": "fairly"}).status_code == 409
    assert member.post(path, {"evaluation": "x\x00"}).status_code == 302
    page = page_of(member, path.removeprefix("/city/"))
    assert "办理过程满意、办理结果基本满意" in page and 'name="handling"' not in page


def test_nobody_asked_is_told_so(cast, client_of):
    row = make.opinion(author=cast.member_of("member"), status=Status.ISSUED)
    assert "目前没有请您评价的答复" in page_of(client_of("member"), f"opinions/{row.pk}/evaluate/")


def test_the_office_chooses(cast, client_of, evaluation):
    said = {"given_at": timezone.now(), "handling": "fairly", "result": "dissatisfied"}
    Evaluation.objects.update(words="没有改好", **said)
    clerk, path = client_of("clerk"), f"/city/evaluations/{evaluation.pk}/"
    assert evaluation.referral.title in page_of(clerk, "evaluations/")
    for tab, count in (("awaited", 0), ("given", 1), ("lapsed", 0), ("nothing", 1)):
        assert len(clerk.get(f"/city/evaluations/?of={tab}").context["page"].rows) == count
    assert "没有改好" in page_of(clerk, f"evaluations/{evaluation.pk}/")
    assert clerk.post(path, {"choice": "meet", "note": "谈过"}).status_code == 422
    assert clerk.post(path, {"choice": "explain", "note": "明年安排"}).status_code == 302
    late = clerk.post(path, {"choice": "meet", "note": "另一句", "on": timezone.localdate()})
    assert late.status_code == 409 and "另一句" in late.content.decode()
    handled = f"opinions/{evaluation.referral.opinion_id}/handling/"
    assert "明年安排" in page_of(client_of("member"), handled)


def test_words_are_the_authors_and_the_offices(cast, client_of, evaluation):
    said = {"given_at": timezone.now(), "handling": "fairly", "result": "fairly"}
    Evaluation.objects.update(words="只给机关看", **said)
    path = f"opinions/{evaluation.referral.opinion_id}/handling/"
    shown = {
        who: "只给机关看" in page_of(client_of(who), path)
        for who in ("member", "delegate", "clerk", "signer", "convenor", "commission", "leader")
    }
    assert [who for who, is_shown in shown.items() if is_shown] == [
        "member",
        "delegate",
        "clerk",
        "signer",
    ]


def test_concluding_on_the_page(cast, client_of, evaluation):
    path = f"/city/evaluations/referrals/{evaluation.referral_id}/conclude/"
    clerk = client_of("clerk")
    answer = clerk.post(path, {"note": ""}, follow=True)
    assert "请填写内容" in answer.content.decode()
    answer = clerk.post(path, {"note": "单位已当面说明"}, follow=True)
    assert "已办结" in answer.content.decode()
    bare = handling.referral(reception=make.reception(workroom=cast.room), unit=cast.unit)
    answer = clerk.post(f"/city/evaluations/referrals/{bare.pk}/conclude/", {"note": "好"})
    assert answer.url == "/city/evaluations/"


# The handling page ------------------------------------------------------------------------------


def test_handling_shows_replies_files_and_the_next_step(cast, client_of, reply):
    attachment = store_file(cast.city, pdf("复函.pdf"), by=cast.clerk)
    file = ReplyFile.objects.create(reply=reply, attachment=attachment)
    handling.reply(referral=reply.referral, answered_at=None, text="单位内部草稿")
    path = f"opinions/{reply.referral.opinion_id}/handling/"
    page = page_of(client_of("member"), path)
    assert reply.text in page and "复函.pdf" in page and "单位内部草稿" not in page
    answer = client_of("member").get(f"/city/{path}files/{file.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert client_of("handler").get(f"/city/{path}files/{file.pk}/").status_code == 404
    promise = handling.promise(reply=reply, planned_on=timezone.localdate() - DAY)
    assert "已过计划时间" in page_of(client_of("member"), path)
    Promise.objects.filter(pk=promise.pk).update(planned_on=None)
    assert "暂无明确时间" in page_of(client_of("member"), path)


def awaited(client, row):
    return client.get(f"/city/opinions/{row.pk}/handling/").context["awaited"]


def test_what_is_awaited_in_words(cast, client_of, reply):
    member, row = client_of("member"), reply.referral.opinion
    other = handling.referral(opinion=row, part="joint", lead=reply.referral)
    unit = str(other.unit)
    assert any(f"正在等待{unit}答复" in sentence for sentence in awaited(member, row))
    states = {
        "申请退办": {"refusal_asked_at": timezone.now()},
        "已过办理期限": {"refusal_asked_at": None, "due_on": timezone.localdate() - DAY},
    }
    for words, over in states.items():
        type(other).objects.filter(pk=other.pk).update(**over)
        assert any(words in sentence for sentence in awaited(member, row))
    type(other).objects.filter(pk=other.pk).update(ended_at=timezone.now())
    asked = handling.evaluation(reply=reply)
    assert any("作出办理评价" in sentence for sentence in awaited(member, row))
    said = {"given_at": timezone.now(), "handling": "fairly", "result": "dissatisfied"}
    Evaluation.objects.filter(pk=asked.pk).update(**said)
    assert awaited(member, row) == ["评价为“不满意”，正在等待机关处理。"]
    Evaluation.objects.update(result="fairly")
    type(other).objects.update(closed_at=timezone.now())
    assert awaited(member, row) == ["目前没有待办事项，满30天自动办结。"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("draft", "尚未报送"),
        ("with_convenor", "满2个工作日自动转机关审核"),
        ("received", "正在等待机关审核"),
        ("returned", "请按意见修改后再次报送"),
    ],
)
def test_the_report_itself_says_what_is_awaited(cast, client_of, status, words):
    row = make.opinion(author=cast.member_of("member"), sector=cast.education, status=status)
    assert words in page_of(client_of("member"), f"opinions/{row.pk}/")


def test_the_residents_answers_stand_there_without_a_name(cast, client_of):
    entry = make.reception(workroom=cast.room, resident_name="张某某", solved="partly")
    row = make.opinion(author=cast.member_of("member"), reception=entry, status=Status.ISSUED)
    page = page_of(client_of("clerk"), f"opinions/{row.pk}/handling/")
    assert "问题解决了吗" in page and "写答复要点" in page and "张某某" not in page
    page = page_of(client_of("leader"), f"opinions/{row.pk}/handling/")
    assert "问题解决了吗" in page and "答复要点" not in page


# What it costs ----------------------------------------------------------------------------------


@pytest.fixture(params=[3, 30])
def many(cast, request):
    row = make.opinion(author=cast.member_of("member"), sector=cast.education, status=Status.ISSUED)
    for _ in range(request.param):
        asked = handling.referral(opinion=row)
        said = handling.reply(referral=asked)
        handling.promise(reply=said)
        handling.evaluation(reply=said)
    asked = handling.referral(opinion=row, unit=cast.unit)
    said = handling.reply(referral=asked)
    planned = [handling.promise(reply=said) for _ in range(request.param)]
    bad = {"given_at": timezone.now(), "handling": "fairly", "result": "dissatisfied"}
    evaluated = handling.evaluation(reply=said, **bad)
    for _ in range(request.param):
        planned[0].reports.create(side="unit", result="partly", words="开工", at=timezone.now())
    return {"opinion": row.pk, "promise": planned[0].pk, "evaluation": evaluated.pk}


COSTS = [
    ("clerk", "opinions/{opinion}/handling/", 10),
    ("member", "opinions/{opinion}/handling/", 10),
    ("member", "opinions/{opinion}/evaluate/", 7),
    ("clerk", "promises/", 6),
    ("member", "promises/?state=late", 6),
    ("clerk", "promises/{promise}/", 8),
    ("clerk", "evaluations/?of=awaited", 6),
    ("clerk", "evaluations/{evaluation}/", 6),
    ("handler", "unit/promises/", 6),
    ("handler", "unit/promises/{promise}/", 9),
]


def test_reading_costs(client_of, many):
    found = {}
    for who, path, _ in COSTS:
        client, place = client_of(who), "/city/" + path.format(**many)
        assert client.get(place).status_code == 200
        found[who, path] = cost_of(client.get, place)
    assert found == {(who, path): expected for who, path, expected in COSTS}


DEEDS = [
    ("member", "opinions/{opinion}/evaluate/", {"handling": "fairly", "result": "fairly"}, 15),
    ("clerk", "promises/{promise}/report/", {"result": "partly", "words": "开工"}, 13),
    ("clerk", "promises/{promise}/settle/", {"evidence": "看过"}, 16),
    ("clerk", "evaluations/{evaluation}/", {"choice": "explain", "note": "说明"}, 15),
]


def test_writing_costs(client_of, many):
    first = Evaluation.objects.awaited().first().pk
    found = {}
    for who, path, data, _ in DEEDS:
        client, place = client_of(who), "/city/" + path.format(**many)
        found[path] = cost_of(client.post, place, {"evaluation": first, **data})
    assert found == {path: expected for _, path, _, expected in DEEDS}
