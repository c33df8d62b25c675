"""What is filtered as xlsx and csv: all pages of it, text stays text, the trail, the password."""

import csv
import datetime
import io

from django.utils import timezone
from python_calamine import CalamineWorkbook

from committees.models import AuditEntry
from committees.workbooks import BOM, csv_text, long_workbook
from opinions import exporting
from opinions.models import Adoption, Status
from opinions.views import exporting as view
from tests import make
from tests.addresses import prove
from tests.budgets import cost_of
from tests.make import handling

EXPORT = "/city/opinions/export/"
S = Status
FORMULAS = ["=1+1", "+86", "-2", "@SUM(A1)", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]


def content_of(answer):
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


def sheet_of(client, query="", kind="xlsx"):
    content = content_of(prove(client).post(f"{EXPORT}{query}", {"format": kind}))
    if kind == "csv":
        assert content.startswith(BOM.encode())
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_office_reads_how_each_was_handled(cast, client_of):
    category, theme = make.category(committee=cast.city), make.theme(committee=cast.city)
    row = make.opinion(
        author=cast.member_of("member"),
        sector=cast.education,
        status=S.ISSUED,
        title="关于路灯的建议",
        category=category,
        theme=theme,
        is_urgent=True,
        is_direct=True,
    )
    make.adoption(opinion=row, level=Adoption.Level.NATION)
    asked = handling.referral(opinion=row, unit=cast.unit, due_on=datetime.date(2026, 3, 1))
    handling.reply(referral=asked)
    handling.referral(opinion=row, unit=make.unit(committee=cast.city), ended_at=timezone.now())
    today = timezone.localdate().isoformat()
    for kind in ("xlsx", "csv"):
        said, headings, line = sheet_of(client_of("clerk"), "?status=issued", kind)
        assert said[0] == (f"社情民意信息　筛选：全部；状态：已签发　导出日期：{today}　共 1 条")
        assert dict(zip(headings, line, strict=True)) == {
            "编号": row.label,
            "标题": "关于路灯的建议",
            "反映人": cast.member.name,
            "界别": "教育",
            "类别": category.name,
            "主题（专项）": theme.name,
            "状态": "已签发",
            "报送日期": today,
            "收到日期": today,
            "最近进展": today,
            "采用情况": "市级采用、全国采用",
            "期次": str(row.issue),
            "急件": "是",
            "直报机关": "是",
            "承办单位": "市教育局",
            "办理期限": "2026-03-01",
            "办理结果分类": "A",
        }


def test_outside_the_office_nothing_internal_is_told(cast, client_of):
    make.opinion(author=cast.member_of("member"), sector=cast.education, status=S.ISSUED)
    for who in ("member", "convenor", "leader", "commission", "delegate"):
        query = "?of=sector" if who == "convenor" else ""
        _said, headings, _line = sheet_of(client_of(who), query)
        assert {"期次", "急件", "直报机关", "承办单位", "办理期限", "办理结果分类"}.isdisjoint(
            headings
        )
        assert {"编号", "标题", "反映人", "状态"} <= set(headings)


def test_all_pages_in_the_order_of_the_list(cast, client_of, monkeypatch):
    monkeypatch.setattr(exporting, "CHUNK", 7)
    rows = [make.opinion(author=cast.member_of("member"), status=S.RECEIVED) for _ in range(45)]
    for kind in ("xlsx", "csv"):
        lines = sheet_of(client_of("clerk"), "", kind)[2:]
        assert [line[0] for line in lines] == [row.label for row in reversed(rows)]


def test_what_is_too_long_is_cut_and_says_so(cast, client_of, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 2)
    monkeypatch.setattr(view, "MOST", 2)
    rows = [make.opinion(author=cast.member_of("member"), status=S.RECEIVED) for _ in range(3)]
    said, _headings, *lines = sheet_of(client_of("clerk"))
    assert "超过 2 条，只含最近的 2 条" in said[0] and "共 2 条" in said[0]
    assert [line[0] for line in lines] == [rows[2].label, rows[1].label]


def test_cells_that_begin_like_formulas_are_text(cast, client_of):
    for word in FORMULAS:
        make.opinion(author=cast.member_of("member"), status=S.RECEIVED, title=word)
    titles = [line[1] for line in sheet_of(client_of("clerk"), "", "csv")[2:]]
    assert titles == [f"'{word}" for word in reversed(FORMULAS)]
    titles = [line[1] for line in sheet_of(client_of("clerk"), "", "xlsx")[2:]]
    assert titles == list(reversed(FORMULAS))
    said = sheet_of(client_of("clerk"), "?q=%3D1%2B1")[0][0]
    assert said.startswith("社情民意信息")


def test_long_sheets_and_csv_hold_any_cell():
    rows = [["甲", 3, None, datetime.date(2026, 3, 1), '一\n二,"三"'], ["\t=1", -2, 1.5, "", "x"]]
    headings = ["名称", "数", "空", "日", "文"]
    with long_workbook("名单", "=说明", headings, rows) as file:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    made = book.get_sheet_by_index(0).to_python()
    assert made[0][0] == "=说明" and made[1] == headings
    assert made[2] == ["甲", 3.0, "", "2026-03-01", '一\n二,"三"']
    assert made[3] == ["\t=1", -2.0, 1.5, "", "x"]
    text = "".join(csv_text("=说明", headings, rows))
    assert list(csv.reader(io.StringIO(text.removeprefix(BOM)))) == [
        ["'=说明"],
        headings,
        ["甲", "3", "", "2026-03-01", '一\n二,"三"'],
        ["'\t=1", "-2", "1.5", "", "x"],
    ]


def test_a_long_csv_comes_in_pieces():
    pieces = list(csv_text("说明", ["数"], ([number] for number in range(1000))))
    assert len(pieces) == 6 and "".join(pieces).count("\n") == 1002


def test_the_password_first_and_the_trail_after(cast, client_of):
    cast.clerk.set_password(make.PASSWORD)
    cast.clerk.save()
    client, path = client_of("clerk"), f"{EXPORT}?status=issued"
    asked = client.post(path)
    assert asked.url.startswith("/accounts/reauthenticate/")
    assert client.post(asked.url, {"password": make.PASSWORD})["Location"] == path
    shown = client.get(path, follow=True)
    assert shown.redirect_chain == [("/city/opinions/?status=issued", 302)]
    assert "请再点一次“导出”" in shown.content.decode()
    assert not AuditEntry.objects.filter(action="opinion.export").exists()
    answer = client.post(f"{EXPORT}?status=issued&q=路灯", {"format": "csv"})
    content_of(answer)
    assert "no-store" in answer["Cache-Control"] and ".csv" in answer["Content-Disposition"]
    entry = AuditEntry.objects.get(action="opinion.export")
    assert entry.detail == {"kind": "csv", "rows": 0, "asked": ["q", "status"]}
    assert entry.by_user == cast.clerk


def test_conditions_that_cannot_be_read_lead_back_to_the_list(cast, client_of):
    answer = prove(client_of("clerk")).post(f"{EXPORT}?status=nonsense&x=1")
    assert answer.url == "/city/opinions/?status=nonsense"
    assert not AuditEntry.objects.filter(action="opinion.export").exists()


def test_statements_do_not_grow_with_the_rows(cast, client_of):
    client, found = prove(client_of("clerk")), []
    client.get("/city/opinions/")
    for count in (3, 27):
        for _ in range(count):
            row = make.opinion(author=cast.member_of("member"), status=S.ISSUED)
            handling.referral(opinion=row, unit=cast.unit)
        found.append(cost_of(lambda: content_of(client.post(EXPORT))))
    assert found == [found[0]] * 2 and found[0] <= 12
