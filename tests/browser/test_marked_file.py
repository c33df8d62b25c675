"""At 390 px: a marked Word file is refused with a sentence, and every word typed is still there."""

from __future__ import annotations

import pytest

from opinions.models import Opinion
from tests import make
from tests.browser.test_main_journey import PASSWORD, sign_in
from tests.make import submitters as given

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE, SAID = "关于护学岗的建议", "新桥路口早高峰堵车。"


@pytest.fixture
def writer(transactional_db, settings, tmp_path):
    given.on_disk(settings, tmp_path)
    committee = make.committee(slug="city", place="云川市")
    person = make.user(sign_in_name="writer", name="王明", password=PASSWORD)
    make.member(user=person, name="王明", sector=make.sector(committee=committee))
    return person


def as_file(upload):
    return {"name": upload.name, "mimeType": "application/octet-stream", "buffer": upload.read()}


def test_a_marked_word_file_is_refused_and_the_text_kept(writer, phone_of):
    phone = phone_of("member")
    phone.sign_in(writer)
    phone.open("/city/opinions/write/")
    phone.page.get_by_label("标题").fill(TITLE)
    phone.page.get_by_label("情况反映").fill(SAID)
    files = phone.page.get_by_label("附件")
    good, marked = given.pdf(name="调查.pdf"), given.docx("机密★十年", "数据。", name="附表.docx")
    files.set_input_files([as_file(good), as_file(marked)])
    phone.is_patient = True
    phone.press("保存草稿")
    # The one thing to complain of is the refusal itself.
    assert {told.split(":")[0] for told in phone.complaints} == {"400", "console"}
    phone.complaints.clear()
    phone.is_patient = False
    assert "附表.docx：内容中有“机密”字样" in phone.text
    assert "请走纸质渠道" in phone.text
    assert phone.page.get_by_label("标题").input_value() == TITLE
    assert phone.page.get_by_label("情况反映").input_value() == SAID
    assert not Opinion.objects.exists()

    phone.page.get_by_label("附件").set_input_files([as_file(given.pdf(name="调查.pdf"))])
    phone.press("保存草稿")
    row = Opinion.objects.get()
    assert row.title == TITLE and row.files.get().attachment.name == "调查.pdf"
    assert "调查.pdf" in phone.text


WORD = "第一段\u00a0有\u00ad软连字符" + "\r\n" * 5
WORD += "\uf0b7\t第二\u200b段\t表格\r\n• 第三段  \u2028第四段"
PLAIN = "第一段 有软连字符\n\n\n第二段 表格\n第三段\n第四段"
PASTE = """([field, words]) => {
  const control = document.querySelector(`[name=${field}]`);
  control.focus();
  const data = new DataTransfer();
  data.setData("text/plain", words);
  data.setData("text/html", "<p style='color:red'>红字</p>");
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  const event = new ClipboardEvent("paste", how);
  control.dispatchEvent(event);
}"""


def test_paste_from_word_keeps_paragraphs_and_nothing_else(writer, phone_of):
    phone = phone_of("member")
    phone.sign_in(writer)
    phone.open("/city/opinions/write/")
    phone.page.wait_for_function("document.documentElement.classList.contains('js')")
    phone.page.evaluate(PASTE, ["situation", WORD])
    assert phone.page.get_by_label("情况反映").input_value() == PLAIN
    phone.page.evaluate(PASTE, ["title", "关于护学岗\r\n的建议"])
    assert phone.page.get_by_label("标题").input_value() == "关于护学岗 的建议"
    assert "情况反映 19" in phone.text  # the counter heard of it
    # Hints come while it is typed, in the server's words.
    phone.page.get_by_label("原因分析").fill("请联系13900000001。")
    phone.page.get_by_text("文中似有电话号码或身份证号码").wait_for()
    phone.page.get_by_text("还没有写意见建议").wait_for()
    phone.page.get_by_label("意见建议").fill("增设护学岗。")
    phone.page.get_by_text("还没有写意见建议").wait_for(state="detached")


def test_a_lost_line_and_an_ended_session_lose_nothing(writer, phone_of):
    phone = sign_in(phone_of("member"), "writer")
    phone.open("/city/opinions/write/")
    phone.is_patient = True  # a lost line is complained of by the browser
    phone.page.get_by_label("情况反映").fill(SAID)
    phone.page.get_by_label("联名反映人").fill("李红")
    phone.context.set_offline(True)
    phone.page.get_by_label("意见建议").fill("增设护学岗。")
    status = phone.page.locator("[data-autosave-status]")
    status.filter(has_text="本机").or_(status.filter(has_text="浏览器")).wait_for()
    phone.context.set_offline(False)
    phone.context.clear_cookies()  # the session ended meanwhile
    phone.page.goto("/city/opinions/write/")
    phone.complaints.clear()
    phone.page.get_by_label("手机号码或登录名").fill("writer")
    phone.page.get_by_label("密码", exact=True).fill(PASSWORD)
    phone.press("登录")
    phone.complaints.clear()
    phone.page.goto("/city/opinions/write/")
    kept = [phone.page.get_by_label(label) for label in ("情况反映", "意见建议", "联名反映人")]
    assert [field.input_value() for field in kept] == [SAID, "增设护学岗。", "李红"]
    phone.complaints.clear()
