"""The desk's pages, by a link and by a handler's account: the same views, the same answers."""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from docx import Document

from committees.actors import Guest
from committees.models import Draft, Role
from contacts.models import Contact
from opinions.models import Opinion, Referral, Reply, ReplyFile, UnitLink
from tests import make
from tests.budgets import cost_of
from tests.make import desk, handling
from tests.opinions.test_unit_replies import pdf
from tests.opinions.test_unit_table import in_state

DAY = handling.DAY


@pytest.fixture(params=["link", "account"])
def browser(cast, client_of, request):
    """`(client, base address of the desk)`."""
    if request.param == "link":
        return desk.opened(cast.unit), "/u/desk/"
    return client_of("handler"), "/city/unit/"


def bare(cast, **over):
    over.setdefault("unit", cast.unit)
    return handling.referral(committee=cast.city, opinion=None, **over)


def main_of(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def version_in(page):
    return re.search(r'name="version" value="([^"]*)"', page)[1]


def titles_in(page):
    return re.findall(r'<span class="t">([^<]*)', main_of(page))


# The list ----------------------------------------------------------------------------------------


def test_due_dates_first_late_ones_marked(cast, browser):
    client, base = browser
    today = timezone.localdate()
    for title, days in (("丙", 9), ("甲", -1), ("乙", 0)):
        bare(cast, title=title, due_on=today + days * DAY)
    bare(cast, title="别家", unit=make.unit(committee=cast.city))
    page = client.get(base)
    assert titles_in(page) == ["甲", "乙", "丙"]
    assert main_of(page).count("已逾期") == 1


TABS = {
    "open": {"waiting", "handling", "refusing", "extending"},
    "waiting": {"waiting"},
    "handling": {"handling", "refusing", "extending"},
    "answered": {"answered", "evaluating"},
    "following": {"following"},
    "closed": {"closed", "returned", "taken_back"},
    "nonsense": {"waiting", "handling", "refusing", "extending"},
}


def test_tabs(cast, browser):
    client, base = browser
    author = cast.member_of("member")
    for state in {state for states in TABS.values() for state in states}:
        over = {"opinion": make.opinion(author=author)} if state == "evaluating" else {}
        in_state(state, unit=cast.unit, title=state, **over)
    found = {tab: set(titles_in(client.get(f"{base}?tab={tab}"))) for tab in TABS}
    assert found == TABS


def test_words_numbers_and_codes(cast, browser):
    client, base = browser
    row = bare(cast, title="关于路口的建议")
    other = bare(cast, title="关于学校的建议")
    for words in ("路口", str(row.number), row.label, row.code, row.code.lower()):
        assert titles_in(client.get(base, {"q": words})) == [row.title], words
    assert set(titles_in(client.get(base, {"q": "建议"}))) == {row.title, other.title}
    for nothing in ("没有", "9" * 30, "\x00"):
        assert titles_in(client.get(base, {"q": nothing})) == [], nothing


def test_pages_follow_one_another(cast, browser):
    client, base = browser
    rows = [bare(cast, title=f"第{n:02d}件") for n in range(25)]
    first = client.get(base)
    more = re.search(r"\?[^\"]*after=[^\"]*", main_of(first))[0].replace("&amp;", "&")
    assert titles_in(first) + titles_in(client.get(base + more)) == [row.title for row in rows]


def test_empty(browser):
    client, base = browser
    assert "没有待办事项" in main_of(client.get(base))
    assert "这里没有事项" in main_of(client.get(f"{base}?tab=closed"))


# From signing for to the answer ------------------------------------------------------------------


def test_the_way_to_an_answer(cast, browser, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, base = browser
    plans = handling.reply_class(committee=cast.city, letter="B")
    row = bare(cast, request="请于年内答复。")
    item = f"{base}{row.pk}/"
    assert "请于年内答复。" in main_of(client.get(item))
    assert client.post(f"{item}sign_for/", {"by_name": "李四"})["Location"] == item
    year = timezone.localdate().year + 1
    words = {"text": "分期改造。", "reply_class": plans.pk, "by_name": "李四", "version": ""}
    words |= {"planned_year": year, "planned_part": "q2", "contact_phone": "0371-1"}
    sent = words | {"next": "1", "other": pdf("方案.pdf")}
    assert client.post(f"{item}draft/", sent)["Location"] == f"{item}approve/"
    page = client.get(f"{item}approve/")
    assert f"{year}年第二季度" in main_of(page) and "分期改造。" in main_of(page)
    seen = {"version": version_in(main_of(page)), "by_name": "赵局长"}
    assert client.post(f"{item}answer/", seen).status_code == 400
    assert client.post(f"{item}approve/", seen)["Location"] == item
    assert client.post(f"{item}answer/", seen)["Location"] == item
    reply = Reply.objects.get()
    assert (reply.planned_on.isoformat(), reply.planned_precision) == (f"{year}-06-30", "quarter")
    assert reply.approved_by == "赵局长" and reply.answered_at
    again = client.post(f"{item}answer/", seen)
    assert again.status_code == 409, main_of(again)
    assert "跟踪办理" in main_of(again)
    shown = main_of(client.get(item))
    assert "补传盖章复函" in shown and "起草答复</a>" not in shown
    file = re.search(rf'href="({re.escape(item)}files/\d+/)"', shown)[1]
    served = client.get(file)
    assert served.status_code == 200 and b"".join(served.streaming_content).startswith(b"%PDF")
    assert "sandbox" in served["Content-Security-Policy"]
    scan = client.post(f"{item}attach/", {"by_name": "李四", "scan": pdf()})
    assert scan.status_code == 302 and reply.files.count() == 2
    assert client.post(f"{file}remove/").status_code == 302 and reply.files.count() == 2


WRONG_PLANS = [
    ({"planned_year": "1999"}, "planned_year"),
    ({"planned_year": "9" * 40}, "planned_year"),
    ({"planned_year": "明年"}, "planned_year"),
    ({"planned_year": "2031", "planned_part": "m2", "planned_day": "30"}, "planned_day"),
    ({"planned_year": "2031", "planned_part": "x"}, "planned_part"),
    ({"planned_year": str(timezone.localdate().year), "planned_part": "m1"}, "planned_part"),
]


@pytest.mark.parametrize(("plan", "field"), WRONG_PLANS)
def test_a_wrong_plan_has_its_sentence_and_the_words_stay(cast, client_of, plan, field):
    plans = handling.reply_class(committee=cast.city, letter="B")
    row = bare(cast, signed_for_at=timezone.now())
    sent = {"text": "写了很久的话", "reply_class": plans.pk, "by_name": "李四"} | plan
    page = client_of("handler").post(f"/city/unit/{row.pk}/draft/", sent)
    month_has_begun = field == "planned_part" and timezone.localdate().month == 1
    if "m1" in plan.values() and month_has_begun:
        return
    assert page.status_code == 400 and f'id="id_{field}_error"' in main_of(page)
    assert "写了很久的话" in main_of(page) and not Reply.objects.exists()


PLANS = {
    ("", ""): ("12-31", "year"),
    ("q3", ""): ("09-30", "quarter"),
    ("m2", ""): ("02-28", "month"),
    ("m2", "7"): ("02-07", "day"),
}


@pytest.mark.parametrize(("part", "day"), PLANS)
def test_a_plan_is_kept_as_its_last_day_and_shown_again(cast, client_of, part, day):
    plans = handling.reply_class(committee=cast.city, letter="B")
    row, client = bare(cast, signed_for_at=timezone.now()), client_of("handler")
    url = f"/city/unit/{row.pk}/draft/"
    sent = {"reply_class": plans.pk, "by_name": "李四", "planned_year": "2031"}
    assert client.post(url, sent | {"planned_part": part, "planned_day": day}).status_code == 302
    reply, (on, precision) = Reply.objects.get(), PLANS[part, day]
    assert (f"{reply.planned_on:%m-%d}", reply.planned_precision) == (on, precision)
    page = main_of(client.get(url))
    assert 'value="2031"' in page and f'value="{part}" selected' in page


def test_somebody_saved_meanwhile(cast, browser):
    client, base = browser
    row = bare(cast, signed_for_at=timezone.now())
    url = f"{base}{row.pk}/draft/"
    handling.reply(referral=row, answered_at=None, text="同事写的", drafted_by="王五")
    stale = client.post(url, {"text": "我写的", "by_name": "李四", "version": ""})
    assert stale.status_code == 409
    page = main_of(stale)
    assert "同事写的" in page and "我写的" in page and "王五" in page
    again = {"text": "我写的", "by_name": "李四", "version": version_in(page)}
    assert client.post(url, again).status_code == 302
    assert Reply.objects.get().text == "我写的"


def test_a_handlers_half_typed_words_come_back(cast, client_of):
    row, client = bare(cast, signed_for_at=timezone.now()), client_of("handler")
    url, key = f"/city/unit/{row.pk}/draft/", f"opinions.unit_reply:{row.pk}"
    assert f'data-draft-key="{key}"' in main_of(client.get(url))
    content = {"text": "打到一半", "reply_class": ["x"]}
    Draft.objects.create(user=cast.handler, committee=cast.city, form=key, content=content)
    assert "打到一半" in main_of(client.get(url))
    client.post(url, {"text": "打完了", "by_name": "郑"})
    assert not Draft.objects.exists()
    assert "data-autosave=" not in main_of(desk.opened(cast.unit).get(f"/u/desk/{row.pk}/draft/"))


def test_pages_of_what_cannot_be_done_say_so(cast, browser):
    client, base = browser
    row = bare(cast)
    for name in ("draft", "assign", "decide_refusal", "attach", "ask_extension"):
        assert "不需要这样办" in main_of(client.get(f"{base}{row.pk}/{name}/")), name
    assert client.get(f"{base}{row.pk}/nonsense/").status_code == 404
    assert client.get(f"{base}{10**17}/").status_code == 404
    assert client.post(f"{base}{row.pk}/decide_refusal/", {"by_name": "x", "decision": "grant"})
    assert row.steps.count() == 1


def test_bad_input_is_a_sentence(cast, browser):
    client, base = browser
    row = bare(cast, signed_for_at=timezone.now())
    bad = {
        "sign_for": {"by_name": "\x00"},
        "assign": {"by_name": "李四", "assigned_to": "x" * 61},
        "ask_extension": {"by_name": "李四", "until": "9999-99-99", "reason": "x"},
        "ask_refusal": {"by_name": "李四", "cause": "绝密"},
        "approve": {"by_name": "李四", "version": "9999-99-99T"},
        "answer": {"by_name": "x" * 41},
        "draft": {"by_name": "李四", "text": "机密★三年", "version": "\x00"},
    }
    for name, sent in bad.items():
        answer = client.post(f"{base}{row.pk}/{name}/", sent)
        assert answer.status_code in (400, 409) and 'role="alert"' in main_of(answer), name
    huge = SimpleUploadedFile("a.exe", b"MZ" * 9)
    sent = {"by_name": "李四", "text": "留着", "other": huge}
    answer = client.post(f"{base}{row.pk}/draft/", sent)
    assert answer.status_code == 400 and "留着" in main_of(answer)
    assert not Reply.objects.exists()


def test_the_window_is_over(cast, browser):
    client, base = browser
    row = bare(cast, refuse_until=timezone.localdate() - DAY)
    shown = main_of(client.get(f"{base}{row.pk}/"))
    assert "申请退办期限" in shown and "ask_refusal" not in shown
    answer = client.post(f"{base}{row.pk}/ask_refusal/", {"by_name": "李", "cause": "理由"})
    assert answer.status_code == 400 and "已过" in main_of(answer)


def test_a_handler_of_two_units_sees_both(cast, client_of):
    second = make.unit(committee=cast.city)
    make.appointment(cast.handler, Role.HANDLER, cast.city, second.pk)
    bare(cast, title="一"), bare(cast, title="二", unit=second)
    person = cast.again("handler")
    assert set(titles_in(client_of(person).get("/city/unit/"))) == {"一", "二"}


def test_an_officer_who_also_handles_sees_the_units_items_alone(cast, client_of):
    make.appointment(cast.clerk, Role.HANDLER, cast.city, cast.unit.pk)
    bare(cast, title="本单位"), bare(cast, title="别家", unit=make.unit(committee=cast.city))
    assert titles_in(client_of(cast.again("clerk")).get("/city/unit/")) == ["本单位"]


def test_a_relaying_office_assigns_on_its_page(cast, client_of):
    via = make.unit(committee=cast.city, is_relaying=True)
    relay = make.officer(Role.HANDLER, cast.city, via.pk)
    row, client = bare(cast, unit=None, via=via), client_of(relay)
    url = f"/city/unit/{row.pk}/assign_unit/"
    assert f'<option value="{cast.unit.name}">' in main_of(client.get(url))
    assert client.post(url, {"by_name": "督查", "unit": "没有的单位"}).status_code == 400
    assert client.post(url, {"by_name": "督查", "unit": cast.unit.name}).status_code == 302
    assert cast.unit.name in main_of(client.get("/city/unit/"))
    sent = {"by_name": "李四", "cause": "不属职责"}
    client_of("handler").post(f"/city/unit/{row.pk}/ask_refusal/", sent)
    decided = {"by_name": "督查", "decision": "keep", "answer": "请继续"}
    assert client.post(f"/city/unit/{row.pk}/decide_refusal/", decided).status_code == 302
    assert "请继续" in main_of(client_of("handler").get(f"/city/unit/{row.pk}/"))


# Papers ------------------------------------------------------------------------------------------


def words_of(content):
    return "\n".join(part.text for part in Document(io.BytesIO(content)).paragraphs)


def test_papers(cast, browser):
    client, base = browser
    row = bare(cast, title="关于路口的建议", text="第一段。\n第二段。", request="请研究。")
    order = client.get(f"{base}{row.pk}/papers/order/")
    said = words_of(order.content)
    for part in (row.title, "第二段。", "请研究。", row.label, cast.unit.name):
        assert part in said
    template = words_of(client.get(f"{base}{row.pk}/papers/reply/").content)
    assert "复函" in template and cast.city.office_name in template and row.label in template
    both = zipfile.ZipFile(io.BytesIO(client.get(f"{base}{row.pk}/papers/all/").content))
    assert len(both.namelist()) == 2
    bare(cast, title='坏/名:字?<>|"*\\'), in_state("closed", unit=cast.unit)
    every = zipfile.ZipFile(io.BytesIO(client.get(f"{base}papers.zip").content))
    assert len(every.namelist()) == 4 and all(name.count("/") == 1 for name in every.namelist())
    assert client.get(f"{base}{row.pk}/papers/x/").status_code == 404


# The office --------------------------------------------------------------------------------------


def test_the_office_enters_a_paper_reply(cast, client_of, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row, clerk = bare(cast), client_of("clerk")
    solved = handling.reply_class(committee=cast.city)
    page = f"/city/opinions/referrals/{row.pk}/replies/"
    assert "还没有办理答复" in main_of(clerk.get(page))
    assert "函件编码" in main_of(clerk.get("/city/opinions/replies/scan/"))
    sent = {"reply_class": solved.pk, "letter_on": "2026-01-05", "letter_number": "云教函1号"}
    empty = clerk.post(f"{page}enter/", sent)
    assert empty.status_code == 400 and "id_text_error" in main_of(empty)
    assert clerk.post(f"{page}enter/", sent | {"scan": pdf()})["Location"] == page
    again = clerk.post(f"{page}enter/", sent | {"text": "又一份"})
    assert again.status_code == 409 and "又一份" in main_of(again)
    assert "不需要这样办" in main_of(clerk.get(f"{page}enter/"))
    shown = main_of(clerk.get(page))
    file = re.search(r'href="(/city/opinions/replies/files/\d+/)"', shown)[1]
    assert clerk.get(file).status_code == 200
    assert client_of("member2").get(file).status_code == 404


def test_a_scan_by_its_printed_code(cast, client_of):
    row, clerk = bare(cast), client_of("clerk")
    url = "/city/opinions/replies/scan/"
    assert "没有这个函件编码" in main_of(clerk.get(url, {"code": "X-1"}))
    elsewhere = handling.referral()
    assert "没有这个函件编码" in main_of(clerk.get(url, {"code": elsewhere.code}))
    assert row.title in main_of(clerk.get(url, {"code": f" {row.code.lower()} "}))
    early = clerk.post(url, {"code": row.code, "scan": pdf()})
    assert early.status_code == 400 and "先录入纸质答复" in main_of(early)
    said = handling.reply(referral=row)
    assert clerk.post(url, {"code": row.code}).status_code == 400
    assert clerk.post(url, {"code": row.code, "scan": pdf()}).status_code == 302
    assert said.files.count() == 1


# What never travels ------------------------------------------------------------------------------

CANARY = ("金丝雀姓名", "13955557777", "金丝雀原话", "金丝雀住址")


def test_a_residents_name_and_phone_are_nowhere(cast, browser, client_of):
    client, base = browser
    name, phone, said, place = CANARY
    entry = make.reception(
        workroom=cast.room, resident_name=name, resident_phone=phone, said=said, place=place
    )
    over = {"reception": entry, "opinion": None, "title": "路灯不亮", "text": "路灯不亮。"}
    row = handling.referral(unit=cast.unit, **over)
    assert (
        titles_in(client.get(f"{base}?q=金丝雀"))
        == titles_in(client.get(f"{base}?q={phone}"))
        == []
    )
    pages = ["", f"{row.pk}/", f"{row.pk}/sign_for/"]
    said_here = "".join(client.get(base + page).content.decode() for page in pages)
    assert "承办单位如需联系群众，请与机关联系" in said_here
    for name_of in ("order", "reply"):
        said_here += words_of(client.get(f"{base}{row.pk}/papers/{name_of}/").content)
    handler = client_of("handler")
    for url in ("", f"{row.pk}/", "?q=金丝雀"):
        said_here += handler.get(f"/api/v1/unit-items/{url}").content.decode()
    for word in CANARY:
        assert word not in said_here


def test_a_link_reaches_nothing_but_its_items(cast, client_of):
    opinion = make.opinion(author=cast.member_of("member"), status="issued", title="金丝雀原稿")
    row = handling.referral(unit=cast.unit, opinion=opinion, title="给单位的标题")
    other = handling.referral(
        unit=make.unit(committee=cast.city), committee=cast.city, opinion=None
    )
    said = handling.reply(referral=other)
    file = ReplyFile.objects.create(reply=said, attachment=make.attachment(committee=cast.city))
    client = desk.opened(cast.unit)
    assert "金丝雀" not in client.get(f"/u/desk/{row.pk}/").content.decode()
    for path in (f"{other.pk}/", f"{other.pk}/files/{file.pk}/", f"{row.pk}/files/{file.pk}/"):
        assert client.get(f"/u/desk/{path}").status_code == 404
    guest = Guest("unit_link", str(UnitLink.objects.get().pk))
    assert set(Referral.objects.visible_to(guest)) == {row}
    assert not Opinion.objects.visible_to(guest).exists()
    assert not Contact.objects.visible_to(guest).exists()
    assert not ReplyFile.objects.visible_to(guest).exists()


# What it costs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [3, 30])
def test_costs(cast, client_of, rows):
    link, account = desk.opened(cast.unit), client_of("handler")
    for _ in range(rows):
        row = bare(cast, signed_for_at=timezone.now())
    for _ in range(rows):
        handling.reply(referral=row, answered_at=None)
        row.steps.create(deed="remind", at=timezone.now())
        handling.unit_link(unit=make.unit(committee=cast.city))
    new = bare(cast)
    found = {}
    for name, client, base in (("link", link, "/u/desk/"), ("account", account, "/city/unit/")):
        client.get(base)
        pages = {"list": "", "item": f"{row.pk}/", "draft": f"{row.pk}/draft/"}
        pages |= {one: f"{row.pk}/{one}/" for one in ("ask_extension", "answer")}
        found |= {f"{name} {page}": cost_of(client.get, base + at) for page, at in pages.items()}
        sent = {"by_name": "李四", "assigned_to": "科室"}
        found[f"{name} POST"] = cost_of(client.post, f"{base}{row.pk}/assign/", sent)
    found["link sign_for"] = cost_of(link.post, f"/u/desk/{new.pk}/sign_for/", {"by_name": "李"})
    clerk = client_of("clerk")
    clerk.get("/city/opinions/unit-links/")
    found["clerk links"] = cost_of(clerk.get, "/city/opinions/unit-links/")
    found["clerk replies"] = cost_of(clerk.get, f"/city/opinions/referrals/{row.pk}/replies/")
    found["api list"] = cost_of(account.get, "/api/v1/unit-items/")
    assert found == COSTS


COSTS = {
    "link list": 3,
    "link item": 7,
    "link draft": 7,
    "link ask_extension": 6,
    "link answer": 6,
    "link POST": 11,
    "account list": 6,
    "account item": 9,
    "account draft": 8,
    "account ask_extension": 8,
    "account answer": 8,
    "account POST": 11,
    "link sign_for": 11,
    "clerk links": 6,
    "clerk replies": 7,
    "api list": 4,
}
