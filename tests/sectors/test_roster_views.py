import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from committees.models import Role
from members.models import Member
from sectors.models import RosterImport
from tests import make
from tests.budgets import cost_of
from tests.sectors.rosters import clean, person, sheet_xml, table, workbook

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
    file = SimpleUploadedFile(name, content)
    return client.post(address("import_roster", committee), {"file": file, **values})


def text(response):
    return response.content.decode()


def test_upload_preview_confirm_result(office, committee):
    assert text(office.get(address("import_roster", committee))).count("上传并预览") == 1
    response = upload(office, committee, clean("xlsx"), "名册.xlsx")
    made = RosterImport.objects.get()
    here = address("import_preview", committee, pk=made.pk)
    assert (response.status_code, response.url) == (302, here)
    page = text(office.get(here))
    assert all(one in page for one in ("马永平", "确认导入", "将新建 28 个界别", "叶　超"))
    assert not Member.objects.filter(committee=committee).exists()
    response = office.post(address("import_confirm", committee, pk=made.pk), follow=True)
    assert "名册已导入。" in text(response)
    assert "确认导入" not in text(response)
    held = RosterImport.objects.get().report["sectors"]
    assert [held[0], held[-1], len(held)] == [["中共", 26], ["特别邀请人士", 20], 28]
    assert Member.objects.filter(committee=committee).count() == 360
    assert "名册.xlsx" in text(office.get(address("import_roster", committee)))


def test_each_group_has_its_tab_and_pages(office, committee):
    day = timezone.localdate().isoformat()
    people = [person(f"王{chr(0x4E00 + n)}", 手机号码=f"1390000{n:04d}") for n in range(120)]
    upload(office, committee, table(*people))
    first = RosterImport.objects.get()
    here = address("import_preview", committee, pk=first.pk)
    assert text(office.get(here)).count('scope="row"') == 100
    assert text(office.get(f"{here}?show=new&page=2")).count('scope="row"') == 20
    for odd in ("page=0", "page=x", "page=999999999", "show=nothing", "page=-1", "page=٣"):
        assert office.get(f"{here}?{odd}").status_code == 200
    office.post(address("import_confirm", committee, pk=first.pk))
    changed = [{**people[0], "界别": "科技"}, *people[1:-1]]
    upload(office, committee, table(*changed), on_date=day)
    second = RosterImport.objects.order_by("-id").first()
    here = address("import_preview", committee, pk=second.pk)
    shown = {name: text(office.get(f"{here}?show={name}")) for name in ("changed", "leaves", "new")}
    assert "<del>教育</del> → <strong>科技</strong>" in shown["changed"]
    assert shown["leaves"].count('scope="row"') == 1
    assert "本组没有内容。" in shown["new"]


def test_errors_are_shown_first_and_cannot_be_confirmed(office, committee):
    upload(office, committee, table(person("王伟", 性别="某"), person("李强", 出生年月="1975.1")))
    made = RosterImport.objects.get()
    page = text(office.get(address("import_preview", committee, pk=made.pk)))
    assert all(one in page for one in ("有 2 处错误", "B2", "D3", "性别“某”无法识别"))
    assert "确认导入" not in page
    response = office.post(address("import_confirm", committee, pk=made.pk), follow=True)
    assert "改正并重新上传后才能导入" in text(response)
    assert not Member.objects.filter(committee=committee).exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "该文件不是表格"),
        (clean("xlsx")[:9000], "文件已损坏或不完整"),
        (b"", "file"),
        ("甲,乙\n1,2\n".encode(), "没有找到表头"),
        (table(person("王伟", 所属专委会="绝密")), "未保存"),
        (workbook({"名": sheet_xml([["姓名", "性别"]], {"XFD9": "x"})}), "XFD9"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence_at_its_field(
    office, committee, content, sentence
):
    response = upload(office, committee, content, "名册.xlsx")
    assert response.status_code == 422
    assert sentence in text(response)
    assert not RosterImport.objects.exists()


def test_odd_bytes_never_break_the_page(office, committee):
    for content in (
        "姓名,性别,界别\n王\u202e伟,男,\x0b教育\n".encode(),
        "姓名,性别\n😀,男\n,女\n".encode(),
        b"\xff\xfe" + b"\x00\xd8" * 20,
        ("姓名,性别\n" + "王" * 9000 + ",男\n").encode(),
        ("姓名,性别\n" + "王" * 11000 + ",男\n").encode(),
    ):
        assert upload(office, committee, content).status_code in (302, 422)


def test_dates_out_of_reason_are_refused(office, committee):
    far = (timezone.localdate() + datetime.timedelta(days=400)).isoformat()
    for day in ("1900-01-01", far, "", "明天"):
        assert upload(office, committee, clean(), on_date=day).status_code == 422


def test_a_partial_roster_is_marked(office, committee):
    upload(office, committee, table(person("王伟")), is_partial="on")
    made = RosterImport.objects.get()
    assert made.is_partial
    assert "部分名册" in text(office.get(address("import_preview", committee, pk=made.pk)))


def test_giving_up(office, committee):
    upload(office, committee, table(person("王伟")))
    made = RosterImport.objects.get()
    response = office.post(address("import_drop", committee, pk=made.pk), follow=True)
    assert "已放弃本次导入" in text(response)
    page = text(office.get(address("import_preview", committee, pk=made.pk)))
    assert "未写入任何内容" in page


def test_others_see_none_of_it(client, office, committee):
    upload(office, committee, table(person("王伟")))
    made = RosterImport.objects.get()
    editor = make.officer(Role.EDITOR, committee)
    elsewhere = make.officer(Role.CLERK, make.committee())
    answers = {}
    for who, user in (("editor", editor), ("elsewhere", elsewhere)):
        client.force_login(user)
        answers[who] = [
            client.get(address("import_roster", committee)).status_code,
            client.get(address("import_preview", committee, pk=made.pk)).status_code,
            client.post(address("import_confirm", committee, pk=made.pk)).status_code,
            client.post(address("import_drop", committee, pk=made.pk)).status_code,
        ]
    assert answers == {"editor": [403, 404, 404, 404], "elsewhere": [404, 404, 404, 404]}


def test_pages_cost_the_same_for_3_and_30_rows(office, committee):
    spent = {}
    for size in (3, 30):
        people = [
            person(f"李{chr(0x4E00 + n)}", 手机号码=f"13{size:03d}00{n:04d}") for n in range(size)
        ]
        upload(office, committee, table(*people), is_partial="on")
        made = RosterImport.objects.order_by("-id").first()
        here = address("import_preview", committee, pk=made.pk)
        spent[size] = [
            cost_of(office.get, address("import_roster", committee)),
            cost_of(office.get, here),
        ]
    assert spent[3] == spent[30]
    assert max(spent[3]) <= 8
