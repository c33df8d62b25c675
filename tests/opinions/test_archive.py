"""A year as one zip: what is in it, how the files are called, who may have it."""

import datetime
import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.utils import translation
from docx import Document
from python_calamine import CalamineWorkbook

from committees.models import Attachment, AuditEntry
from opinions import actions
from opinions.archive import Entry, _path, zipped
from opinions.models import Manuscript, ReplyFile, Status
from tests import make
from tests.addresses import prove
from tests.budgets import cost_of
from tests.make import handling

ARCHIVE = "/city/opinions/archive/"
DAY = datetime.date(2026, 3, 1)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def words_of(content):
    return "\n".join(line.text for line in Document(io.BytesIO(content)).paragraphs)


def opened(content):
    return zipfile.ZipFile(io.BytesIO(content))


def archive_of(client, year=2026):
    answer = prove(client).post(ARCHIVE, {"year": year})
    assert answer.status_code == 200
    return opened(b"".join(answer.streaming_content))


def contents(file):
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.read("目录.xlsx")))
    return book.get_sheet_by_index(0).to_python()


def issued(cast, **over):
    number = make.issue(committee=cast.city, issued_on=DAY)
    return make.opinion(
        author=cast.member_of("member"),
        sector=cast.education,
        status=Status.ISSUED,
        issue=number,
        **over,
    )


def stamped(cast, reply, name="复函.pdf", content=b"%PDF-1.7 stamped"):
    row = Attachment.objects.create(
        committee=cast.city,
        sha256="ab" * 32,
        name=name,
        content_type="application/pdf",
        size=len(content),
        state=Attachment.State.CLEAN,
    )
    default_storage.save(f"city/ab/{row.sha256}", io.BytesIO(content))
    return ReplyFile.objects.create(reply=reply, attachment=row)


def test_issues_letters_replies_and_their_list(cast, client_of, media):
    row = issued(cast, title="关于路灯的建议", situation="原稿说路灯")
    edited = row.manuscripts.get(kind=Manuscript.Kind.EDITED)
    Manuscript.objects.filter(pk=edited.pk).update(situation="编辑说路灯")
    asked = handling.referral(opinion=row, unit=cast.unit, referred_on=DAY)
    reply = handling.reply(referral=asked, text="已更换路灯。")
    stamped(cast, reply)
    issued_elsewhere = make.opinion(
        author=cast.member_of("countymember"), status=Status.ISSUED, situation="县里的话"
    )
    earlier = make.issue(committee=cast.city, issued_on=datetime.date(2025, 1, 1))
    with translation.override("en"):  # the papers are Chinese whoever asks
        file = opened(b"".join(zipped(cast.city, cast.again("clerk"), 2026)))
    letter = f"{asked.label} 市教育局"
    names = [
        f"01社情民意信息/第{row.issue.number}期（总第{row.issue.total_number}期）.docx",
        f"02转办函/{letter}.docx",
        f"03办理答复/{letter}/答复.docx",
        f"03办理答复/{letter}/答复 复函.pdf",
        "目录.xlsx",
    ]
    assert file.namelist() == names and file.testzip() is None
    assert all(info.flag_bits & 0x800 for info in file.infolist())  # names are UTF-8
    paper = words_of(file.read(names[0]))
    assert "编辑说路灯" in paper and "原稿说路灯" not in paper and "关于路灯的建议" in paper
    assert asked.text.split("。")[0] in words_of(file.read(names[1]))
    assert "已更换路灯。" in words_of(file.read(names[2]))
    assert file.read(names[3]) == b"%PDF-1.7 stamped"
    lines = contents(file)
    assert lines[0] == ["序号", "类别", "名称", "日期", "文件", "备注"]
    assert [line[1] for line in lines[1:]] == ["社情民意信息", "转办函", "办理答复", "复函及附件"]
    assert [line[4] for line in lines[1:]] == names[:-1]
    assert lines[1][3] == "2026-03-01"
    assert earlier.year == 2025 and issued_elsewhere.committee == cast.county


def test_what_went_offline_leaves_its_place_only(cast, client_of, media):
    row = issued(cast, title="关于路灯的建议", situation="不宜留存的话")
    actions.move(row, "go_offline", by=cast.clerk, note="转线下")
    file = archive_of(client_of("clerk"))
    paper = words_of(file.read(file.namelist()[0]))
    assert "不宜留存" not in paper and "路灯" not in paper and "转线下办理" in paper


def test_a_plain_reply_and_a_planned_one(cast, client_of, media):
    asked = handling.referral(opinion=issued(cast), unit=cast.unit, referred_on=DAY)
    handling.reply(referral=asked, text="", reply_class=None, planned_on=datetime.date(2026, 9, 30))
    handling.reply(referral=asked, text="再答", no_date_reason="资金未落实")
    handling.reply(referral=asked, text="未交", answered_at=None)
    file = archive_of(client_of("clerk"))
    first, second = (words_of(file.read(name)) for name in file.namelist()[2:4])
    assert "见所附复函" in first and "未分类" in first and "2026-09-30" in first
    assert "再答" in second and "资金未落实" in second
    assert len(file.namelist()) == 5


def test_a_file_that_is_gone_is_said_and_stops_nothing(cast, client_of, media):
    asked = handling.referral(opinion=issued(cast), unit=cast.unit, referred_on=DAY)
    stamped(cast, handling.reply(referral=asked))
    default_storage.delete(f"city/ab/{'ab' * 32}")
    lines = contents(archive_of(client_of("clerk")))
    assert lines[-1][4:] == ["", "文件缺失"]


def test_the_office_alone_the_password_first_and_the_trail(cast, client_of, media):
    issued(cast)
    assert (
        client_of("clerk").post(ARCHIVE, {"year": 2026}).url.startswith("/accounts/reauthenticate/")
    )
    for who in ("member", "leader", "convenor", "commission", "handler", "auditor"):
        assert prove(client_of(who)).get(ARCHIVE).status_code == 403
        assert prove(client_of(who)).post(ARCHIVE, {"year": 2026}).status_code == 403
    for year in ("", "2024", "x", "9" * 30, "\x00"):
        assert prove(client_of("clerk")).post(ARCHIVE, {"year": year}).url == ARCHIVE
    assert not AuditEntry.objects.filter(action="opinion.archive").exists()
    archive_of(client_of("editor"))
    entry = AuditEntry.objects.get(action="opinion.archive")
    assert (entry.by_user, entry.detail) == (cast.editor, {"year": 2026})


def test_the_page_offers_the_years_that_have_anything(cast, client_of):
    client = client_of("clerk")
    assert "还没有可归档" in client.get(ARCHIVE).content.decode()
    issued(cast)
    handling.referral(opinion=issued(cast), unit=cast.unit, referred_on=datetime.date(2024, 5, 1))
    page = client.get(ARCHIVE).content.decode()
    years = [year for year in range(2020, 2030) if f'<option value="{year}">' in page]
    assert years == [2024, 2025, 2026]
    assert cost_of(client.get, ARCHIVE) <= 8


def test_names_in_the_zip_lead_nowhere_else_and_are_each_once():
    names = set()

    def path(folder, name):
        return _path(Entry("", "", None, folder, name, lambda: b""), names)

    assert path("甲", "../../etc/passwd") == "甲/_.._etc_passwd"
    assert path("甲", "C:\\a?.docx") == "甲/C_a_.docx"
    assert path("../乙", "a.docx") == "_/乙/a.docx"
    assert path("甲", "con") == "甲/_con"
    assert path("甲", "...") == "甲/_"
    assert path("甲", "\u202egpj.exe") == "甲/_gpj.exe"
    assert path("甲", "同名.pdf") == "甲/同名.pdf"
    assert path("甲", "同名.PDF") == "甲/同名(2).PDF"
    assert path("甲", "同名.pdf") == "甲/同名(3).pdf"
    assert len(path("甲", "长" * 300 + ".docx")) < 80


def test_many_come_in_chunks(cast, client_of, monkeypatch, media):
    monkeypatch.setattr("opinions.archive.CHUNK", 2)
    for _ in range(5):
        issued(cast)
    pieces = [piece for piece in zipped(cast.city, cast.clerk, 2026) if piece]
    assert len(pieces) > 5
    assert len(opened(b"".join(pieces)).namelist()) == 6
