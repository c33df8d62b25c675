"""The pages round the import: asked twice, undone, read apart, exported, begun from a template."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from committees.models import AuditEntry, Role
from members.models import Member, Membership
from sectors.models import RosterImport
from sectors.roster_import import background
from sectors.roster_import.background import AT_ONCE, read_waiting
from tests import make
from tests.addresses import prove
from tests.budgets import costs
from tests.sectors.roster_tables import roster_tables
from tests.sectors.rosters import clean, person, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return make.committee()


@pytest.fixture
def office(client, committee):
    client.force_login(make.officer(Role.CLERK, committee))
    return client


def address(name, committee, **more):
    return reverse(f"sectors:{name}", kwargs={"slug": committee.slug, **more})


def upload(client, committee, content, name="名册.csv", **over):
    values = {"on_date": timezone.localdate().isoformat(), "meeting": "六届五次会议", **over}
    client.post(
        address("import_roster", committee), {"file": SimpleUploadedFile(name, content), **values}
    )
    return RosterImport.objects.order_by("-id").first()


def bring(client, committee, content, **over):
    made = upload(client, committee, content, **over)
    client.post(address("import_confirm", committee, pk=made.pk))
    made.refresh_from_db()
    assert made.state == "confirmed"
    return made


def text(response):
    return response.content.decode()


def people(count, start=0):
    return [
        person(f"王{chr(0x4E00 + n)}", 手机号码=f"1390000{n:04d}")
        for n in range(start, start + count)
    ]


# The meeting -------------------------------------------------------------------------------------


def test_only_the_first_roster_may_do_without_a_meeting(office, committee):
    made = upload(office, committee, table(*people(2)), meeting="")
    office.post(address("import_confirm", committee, pk=made.pk))
    assert Membership.objects.count() == 2
    response = office.post(
        address("import_roster", committee),
        {"file": SimpleUploadedFile("a.csv", table(*people(3))), "on_date": "2026-11-28"},
    )
    assert response.status_code == 422
    assert 'aria-invalid="true"' in text(response)
    assert "2026-11-28" in text(response)
    assert RosterImport.objects.count() == 1


# More than a tenth leave -------------------------------------------------------------------------


@pytest.mark.parametrize(("leaving", "asks"), [(1, False), (2, True), (3, True), (19, True)])
def test_more_than_a_tenth_leaving_is_asked_twice(office, committee, leaving, asks):
    bring(office, committee, table(*people(19)))
    made = upload(office, committee, table(*people(19 - leaving), person("李强", 性别="女")))
    confirm = address("import_confirm", committee, pk=made.pk)
    twice = address("import_leavers", committee, pk=made.pk)
    page = text(office.get(address("import_preview", committee, pk=made.pk)))
    assert (twice in page, confirm in page) == (asks, not asks)
    response = office.post(confirm)
    made.refresh_from_db()
    assert (response.url == twice, made.state) == (
        asks,
        "previewed" if asks else "confirmed",
    )


def test_the_second_question_names_the_number_and_the_leavers(office, committee):
    bring(office, committee, table(*people(20)))
    made = upload(office, committee, table(*people(15)))
    twice = address("import_leavers", committee, pk=made.pk)
    page = text(office.get(twice))
    assert "5 名委员离任" in page
    gone = [f"王　{chr(0x4E00 + n)}" for n in range(15, 20)]
    assert all(name in page for name in gone)
    assert f"王　{chr(0x4E00 + 14)}" not in page
    for typed in ("", "4", "五", "5.5", "9" * 30, "\x00"):
        response = office.post(twice, {"leaves": typed})
        assert response.status_code == 422
        assert "王　" in text(response)
    assert Membership.objects.today().count() == 20
    response = office.post(twice, {"leaves": "5"}, follow=True)
    assert "名册已导入。" in text(response)
    assert Membership.objects.today().count() == 15
    assert office.post(twice, {"leaves": "5"}).url == address(
        "import_preview", committee, pk=made.pk
    )


def test_the_second_answer_to_a_roster_that_changed(office, committee):
    bring(office, committee, table(*people(20)))
    made = upload(office, committee, table(*people(15)))
    other = upload(office, committee, table(*people(1, start=30)), is_partial="on")
    office.post(address("import_confirm", committee, pk=other.pk))
    twice = address("import_leavers", committee, pk=made.pk)
    page = text(office.post(twice, {"leaves": "5"}, follow=True))
    assert "预览之后名册已有变动，请重新上传并预览。" in page


# Undoing -----------------------------------------------------------------------------------------


def test_the_last_import_can_be_undone_from_its_page(office, committee):
    before = roster_tables(committee)
    first = bring(office, committee, table(*people(3)))
    here = address("import_preview", committee, pk=first.pk)
    undo = address("import_undo", committee, pk=first.pk)
    assert undo in text(office.get(here))
    second = bring(office, committee, table(*people(4)))
    assert undo not in text(office.get(here))
    assert "请先撤销那一次" in text(office.post(undo, follow=True))
    undone = address("import_undo", committee, pk=second.pk)
    page = text(office.post(undone, follow=True))
    assert all(one in page for one in ("已撤销导入，名册恢复到导入之前。", "已撤销"))
    assert "撤销导入</summary>" not in page
    assert "不能撤销" in text(office.post(undone, follow=True))
    office.post(undo)
    assert len(before["members_member"]) == 0
    after = roster_tables(committee)
    assert after | {"committees_user": 0} == before | {"committees_user": 0}
    assert "已撤销" in text(office.get(address("import_roster", committee)))


# Reading apart -----------------------------------------------------------------------------------


@pytest.fixture
def big(monkeypatch):
    """A text table a little above what is read at once."""
    monkeypatch.setattr(background, "wake", lambda *call: None)
    rows = people(60)
    rows[0]["工作单位及职务"] = "所"
    content = table(*rows) + b"\n" * AT_ONCE
    assert len(content) > AT_ONCE
    return content


def test_a_big_file_shows_how_far_it_is_and_then_its_preview(office, committee, big):
    made = upload(office, committee, big)
    here = address("import_preview", committee, pk=made.pk)
    page = text(office.get(here))
    assert all(one in page for one in ("正在读取名册", "等待读取", "停止读取", "every 2s", "刷新"))
    assert "正在读取" in text(office.get(address("import_roster", committee)))
    part = office.get(here, headers={"HX-Request": "true"})
    assert (part.status_code, "<html" in text(part), "<progress" in text(part)) == (
        200,
        False,
        True,
    )
    assert "HX-Refresh" not in part.headers
    refused = office.post(address("import_confirm", committee, pk=made.pk), follow=True)
    assert "名册还在读取，请稍后再确认。" in text(refused)
    assert read_waiting(made.pk, timezone.now())
    part = office.get(here, headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    assert "确认导入" in text(office.get(here))


def test_reading_is_stopped_from_the_page(office, committee, big):
    made = upload(office, committee, big)
    page = text(office.post(address("import_drop", committee, pk=made.pk), follow=True))
    assert "已放弃本次导入，未写入任何内容。" in page
    assert not read_waiting(made.pk, timezone.now())
    assert "未写入任何内容" in text(office.get(address("import_preview", committee, pk=made.pk)))


def test_a_big_file_that_cannot_be_read(office, committee, monkeypatch):
    monkeypatch.setattr(background, "wake", lambda *call: None)
    made = upload(office, committee, b"%PDF-1.7" + b" " * AT_ONCE)
    read_waiting(made.pk, timezone.now())
    page = text(office.get(address("import_preview", committee, pk=made.pk)))
    assert all(one in page for one in ("该文件不是表格", "未能读取", "重新上传"))


# Export and template -----------------------------------------------------------------------------


def cells(response):
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response)))
    return book.get_sheet_by_index(0).to_python()


def test_the_export_asks_for_the_password_and_comes_back_unchanged(office, committee):
    bring(office, committee, clean())
    export = address("roster_export", committee)
    assert "reauthenticate" in office.post(export).url
    assert office.get(export).url == address("import_roster", committee)
    response = prove(office).post(export)
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert len(cells(response)) == 361
    entry = AuditEntry.objects.get(action="roster.export")
    assert entry.detail == {"rows": 360, "on": timezone.localdate().isoformat()}
    made = upload(office, committee, response.content, "委员名册.xlsx")
    told = {one: made.report[one] for one in ("rows", "new", "changed", "leaves", "errors")}
    assert told == {"rows": 360, "new": 0, "changed": 0, "leaves": 0, "errors": []}


def test_the_words_of_an_export_stay_chinese(office, committee):
    bring(office, committee, table(person("王伟", 党派="民盟", 是否常委="是")))
    export = address("roster_export", committee)
    response = prove(office).post(export, headers={"Accept-Language": "en"})
    assert cells(response)[1][1:7] == ["王伟", "男", "汉族", "1975.03", "民盟盟员", "教育"]


def test_the_template(office, committee):
    make.commission(committee=committee, name="提案委员会")
    response = office.get(address("import_template", committee))
    assert cells(response)[0][:3] == ["委员证号", "姓名", "性别"]
    page = text(office.get(address("import_roster", committee)))
    assert address("import_template", committee) in page
    assert address("roster_export", committee) in page


# Statements --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [3, 30])
def test_what_the_pages_cost(office, committee, size):
    bring(office, committee, table(*people(size)))
    made = upload(office, committee, table(*people(size // 2)))
    with costs(7):
        office.get(address("import_roster", committee))
    with costs(6):
        office.get(address("import_leavers", committee, pk=made.pk))
    with costs(6):
        office.get(address("import_preview", committee, pk=made.pk))
    assert Member.objects.count() == size
