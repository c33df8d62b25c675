"""The import of contacts: every complaint at once, a preview, then all or nothing."""

import csv
import datetime
import io

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from committees.models import AuditEntry
from contacts import tasks
from contacts.contact_import.actions import confirm_import, drop_import, preview_import
from contacts.contact_import.rows import read_rows
from contacts.models import Contact, ContactImport
from sectors.roster_import.previewed import PREVIEW_FOR
from sectors.roster_import.reading import read_sheets
from tests import make

IMPORT = "/city/contacts/import/"
TITLES = ["姓名或单位名称", "类型", "联系电话", "所在社区（单位）", "界别责任区", "联系委员"]
TITLES += ["界别", "本人同意日期"]
DAY = "2026-03-01"
GOOD = [
    ["李建国", "个人", "13912345678", "新华社区", "东塔片区", "王晓燕", "教育界", DAY],
    ["新华社区幼儿园", "单位", "0571-88001234", "新华社区", "", "王晓燕", "", ""],
    ["赵 敏", "", "", "东塔社区", "", "李海峰", "工商联", "2026.3.2"],
]


@pytest.fixture
def area(cast):
    return make.area(committee=cast.city, name="东塔片区")


def text_of(response):
    return response.content.decode()


def sheet(*rows, titles=TITLES, name="联系人"):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet(name)
        for line, row in enumerate([["云川市政协界别群众联系人名册"], titles, *rows]):
            for column, cell in enumerate(row):
                page.write(line, column, cell)
    return target.getvalue()


def as_csv(*rows, encoding, delimiter=","):
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows([TITLES, *rows])
    return target.getvalue().encode(encoding)


def preview(cast, content, name="联系人.xlsx", who="clerk"):
    return preview_import(content, name=name, committee=cast.city, by=cast[who])


def book():
    return [
        (
            *(row.name, row.kind, row.phone or "", row.place),
            *(row.member.name, row.sector.name, row.area.name if row.area else None),
        )
        for row in Contact.objects.order_by("pk")
    ]


KEPT = [
    ("李建国", "person", "13912345678", "新华社区", "王晓燕", "教育", "东塔片区"),
    ("新华社区幼儿园", "organisation", "057188001234", "新华社区", "王晓燕", "教育", None),
    ("赵敏", "person", "", "东塔社区", "李海峰", "工商联", None),
]
FILES = {
    "xlsx": lambda: sheet(*GOOD),
    "utf-8": lambda: as_csv(*GOOD, encoding="utf-8-sig"),
    "gbk": lambda: as_csv(*GOOD, encoding="gbk"),
    "utf-16": lambda: as_csv(*GOOD, encoding="utf-16", delimiter="\t"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_previewed_and_then_taken_as_a_whole(cast, area, kind):
    name = "联系人.xlsx" if kind == "xlsx" else "联系人.csv"
    previewed = preview(cast, FILES[kind](), name)
    counts = {key: previewed.report[key] for key in ("rows", "new", "changed", "unchanged")}
    assert (counts, previewed.report["errors"]) == (
        {"rows": 3, "new": 3, "changed": 0, "unchanged": 0},
        [],
    )
    assert Contact.objects.count() == 0
    assert "13912345678" not in str(previewed.rows) + str(previewed.report)
    confirmed = confirm_import(previewed, by=cast.clerk)
    assert book() == KEPT
    assert Contact.objects.confirmed().count() == 3
    found = Contact.objects.get(name="赵敏")
    assert (found.pinyin.split()[0], found.phone_twin) == ("zm", None)
    assert (confirmed.state, confirmed.rows) == (ContactImport.State.CONFIRMED, {})
    entry = AuditEntry.objects.get(action="contact_import.confirm")
    assert entry.detail == {"rows": 3, "new": 3, "changed": 0, "unchanged": 0}


def test_the_same_file_again_changes_nothing_and_a_corrected_one_what_it_says(cast, area):
    confirm_import(preview(cast, sheet(*GOOD)), by=cast.clerk)
    again = preview(cast, sheet(*GOOD))
    assert [again.report[key] for key in ("new", "changed", "unchanged")] == [0, 0, 3]
    corrected = [
        ["李建国", "", "13912345678", "东塔社区", "", "王晓燕", "", ""],
        ["赵敏", "", "13900000009", "", "", "李海峰", "", ""],
        ["新来的", "", "", "", "", "王晓燕", "", DAY],
    ]
    previewed = preview(cast, sheet(*corrected))
    shown = {row["name"]: row["differences"] for row in previewed.report["groups"]["changed"]}
    assert shown == {
        "李建国": [["所在社区（单位）", "新华社区", "东塔社区"]],
        "赵敏": [["联系电话", "", "139****0009"]],
    }
    confirm_import(previewed, by=cast.clerk)
    kept = Contact.objects.get(name="李建国")
    assert (kept.place, kept.area, kept.consented_on.isoformat()) == ("东塔社区", area, DAY)
    moved = Contact.objects.get(name="赵敏")
    assert moved.phone == "13900000009"
    assert Contact.objects.filter(phone_twin=moved.phone_twin).count() == 1
    assert Contact.objects.count() == 4


def test_what_a_member_proposed_is_confirmed_and_what_was_retired_returns(cast):
    member = cast.member_of("member")
    make.contact(member=member, name="李建国", phone="13912345678", confirmed_at=None)
    make.contact(member=member, name="王建华", phone="13912345679", is_active=False)
    rows = [
        ["李建国", "", "13912345678", "", "", "王晓燕", "", ""],
        ["王建华", "", "13912345679", "", "", "王晓燕", "", ""],
    ]
    previewed = preview(cast, sheet(*rows))
    assert [row["differences"] for row in previewed.report["groups"]["changed"]] == [
        [["状态", "待确认", "已确认"]],
        [["状态", "已停用", "使用中"]],
    ]
    confirm_import(previewed, by=cast.clerk)
    assert Contact.objects.active().confirmed().count() == 2


def test_every_complaint_at_once_with_sheet_row_and_column(cast):
    make.member(sector=cast.education, name="张伟")
    make.member(sector=cast.business, name="张伟")
    tomorrow = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
    rows = [
        ["", "个人", "", "", "", "王晓燕", "", DAY],
        ["李建国", "朋友", "", "", "", "王晓燕", "", DAY],
        ["王建华", "", "139123", "", "", "王晓燕", "", DAY],
        ["赵小平", "", "", "", "没有的片区", "王晓燕", "", DAY],
        ["钱小平", "", "", "", "", "查无此人", "", DAY],
        ["孙小平", "", "", "", "", "张伟", "", DAY],
        ["周小平", "", "", "", "", "王晓燕", "", ""],
        ["吴小平", "", "", "", "", "王晓燕", "", "是"],
        ["郑小平", "", "", "", "", "王晓燕", "", tomorrow],
        ["某某培训中心", "", "", "", "", "王晓燕", "", DAY],
        ["冯小平", "", "13912345678", "", "", "王晓燕", "", DAY],
        ["陈小平", "", "13912345678", "", "", "王晓燕", "", DAY],
        ["=1+1", "", "", "", "", "王晓燕", "", DAY],
        ["韩小平", "", "", "", "", "", "", DAY],
    ]
    previewed = preview(cast, sheet(*rows))
    told = {(wrong["row"], wrong["column"], wrong["code"]) for wrong in previewed.report["errors"]}
    assert told == {
        (3, "姓名或单位名称", "name_missing"),
        (4, "类型", "kind_unknown"),
        (5, "联系电话", "phone_invalid"),
        (6, "界别责任区", "area_unknown"),
        (7, "联系委员", "member_unknown"),
        (8, "联系委员", "member_twice"),
        (9, "本人同意日期", "no_consent"),
        (10, "本人同意日期", "day_unreadable"),
        (11, "本人同意日期", "future"),
        (12, "姓名或单位名称", "kind_missing"),
        (14, "联系电话", "contact_twice"),
        (15, "姓名或单位名称", "formula"),
        (16, "联系委员", "member_missing"),
    }
    assert {wrong["sheet"] for wrong in previewed.report["errors"]} == {"联系人"}
    assert all(wrong["message"] for wrong in previewed.report["errors"])
    with pytest.raises(ValidationError) as refused:
        confirm_import(previewed, by=cast.clerk)
    assert refused.value.code == "has_errors"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "not_a_table"),
        ("姓名,性别\n李建国,男\n".encode(), "no_header"),
        (sheet(["绝密", "", "", "", "", "王晓燕", "", DAY]), "classified"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_whole(cast, content, code):
    with pytest.raises(ValidationError) as refused:
        preview(cast, content)
    assert refused.value.code == code
    assert ContactImport.objects.count() == 0


def test_a_book_changed_meanwhile_asks_for_another_preview(cast, area):
    previewed = preview(cast, sheet(*GOOD))
    make.contact(member=cast.member_of("member"))
    with pytest.raises(ValidationError) as refused:
        confirm_import(previewed, by=cast.clerk)
    assert refused.value.code == "book_changed"
    drop_import(previewed, by=cast.clerk)
    for verb in (confirm_import, drop_import):
        with pytest.raises(ValidationError) as refused:
            verb(previewed, by=cast.clerk)
        assert refused.value.code == "not_open"
    assert ContactImport.objects.get().rows == {}


def test_only_the_clerk_imports_and_sees_the_own_previews(cast, client_of, area):
    for who in ("editor", "member", "convenor", "countyclerk"):
        with pytest.raises(PermissionDenied):
            preview(cast, sheet(*GOOD), who=who)
    other = make.officer("clerk", cast.city)
    previewed = preview(cast, sheet(*GOOD))
    assert client_of(other).get(f"{IMPORT}{previewed.pk}/").status_code == 404


def test_the_pages_lead_from_the_template_to_the_contacts(cast, client_of, area):
    client = client_of("clerk")
    template = client.get(f"{IMPORT}template/")
    assert template["Content-Type"].endswith("spreadsheetml.sheet")
    reading = read_rows(read_sheets(template.content, name="模板.xlsx"))
    assert (reading.ignored, reading.errors, len(reading.known)) == ([], [], 9)
    bad = SimpleUploadedFile("坏.xlsx", b"%PDF-1.7")
    refused = client.post(IMPORT, {"file": bad})
    assert refused.status_code == 422 and "该文件不是表格" in text_of(refused)
    done = client.post(IMPORT, {"file": SimpleUploadedFile("好.xlsx", sheet(*GOOD))})
    page = text_of(client.get(done.url))
    assert "李建国" in page and "139****5678" in page and "确认导入" in page
    client.post(f"{done.url}confirm/")
    assert Contact.objects.count() == 3
    assert "李建国" not in text_of(client.get(done.url))
    wrong = SimpleUploadedFile("错.xlsx", sheet(["李建国", "", "", "", "", "谁", "", DAY]))
    done = client.post(IMPORT, {"file": wrong})
    page = text_of(client.get(done.url))
    assert "没有找到在任委员“谁”。" in page and "F3" in page and "确认导入" not in page
    dropped = client.post(f"{done.url}drop/", follow=True)
    assert "已放弃" in text_of(dropped)


def test_a_preview_nobody_confirms_goes_after_its_days(cast, area):
    old, new, written = (preview(cast, sheet(*GOOD)) for _ in range(3))
    confirm_import(written, by=cast.clerk)
    past = timezone.now() - PREVIEW_FOR - datetime.timedelta(seconds=1)
    ContactImport.objects.filter(pk__in=[old.pk, written.pk]).update(uploaded_at=past)
    assert tasks.forget_contact_imports() == 1
    assert tasks.forget_contact_imports() == 0
    for one in (old, new, written):
        one.refresh_from_db()
    assert [one.state for one in (old, new, written)] == ["dropped", "previewed", "confirmed"]
    assert (old.rows, sorted(old.report)) == ({}, ["changed", "new", "rows"])
    entry = AuditEntry.objects.get(action="contact_import.drop")
    assert (entry.by_guest, entry.about) == ("clock", f"contacts.contactimport:{old.pk}")
