import json

import pytest
from django.core.management import CommandError, call_command

from members.models import Member
from sectors.models import Seat
from tests import make
from tests.sectors.rosters import CLEAN, DATA, person, table

pytestmark = pytest.mark.django_db
KEYS = ["rows", "new", "changed", "unchanged", "leaves", "errors", "sectors", "convenors"]
KEYS += ["standing", "female"]


def run(capsys, *arguments):
    """(what was printed, the error or "")."""
    try:
        call_command("import_roster", *map(str, arguments))
    except CommandError as wrong:
        return capsys.readouterr().out, str(wrong)
    return capsys.readouterr().out, ""


@pytest.mark.parametrize("kind", sorted(CLEAN))
def test_json_of_the_clean_files(capsys, kind):
    slug = make.committee().slug
    out, error = run(capsys, DATA / CLEAN[kind], "--committee", slug, "--json")
    expected = json.loads((DATA / "01_expected.json").read_text())
    told = json.loads(out)
    assert (sorted(told), error) == (sorted(KEYS), "")
    assert {key: told[key] for key in expected if key in told} == {
        key: expected[key] for key in expected if key in told
    }
    again, _error = run(capsys, DATA / CLEAN[kind], "--committee", slug, "--json")
    counts = json.loads(again)
    assert [counts[key] for key in ("new", "changed", "leaves", "unchanged")] == [0, 0, 0, 360]


def test_date_meeting_partial_and_dry_run(capsys, tmp_path):
    committee = make.committee()
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_bytes(table(person("王伟")))
    second.write_bytes(table(person("李强")))
    where = ["--committee", committee.slug]
    run(capsys, first, *where, "--on", "2026-01-05", "--meeting", "六届五次会议")
    out, _error = run(capsys, second, *where, "--on", "2026-02-05", "--dry-run")
    assert out.splitlines() == [
        "共 1 行：新增 1，变更 0，未变 0，离任 1",
        "试运行，未写入任何内容。",
    ]
    run(capsys, second, *where, "--on", "2026-02-05", "--partial")
    seats = Seat.objects.in_committee(committee).order_by("id")
    assert [
        (one.membership.member.name, one.span.lower.isoformat(), one.span.upper, one.meeting)
        for one in seats
    ] == [("王伟", "2026-01-05", None, "六届五次会议"), ("李强", "2026-02-05", None, "")]


def test_many_leavers_must_be_counted_by_the_one_who_imports(capsys, tmp_path):
    committee = make.committee()
    twenty, fifteen = tmp_path / "1.csv", tmp_path / "2.csv"
    people = [person(f"王{chr(0x4E00 + n)}", 手机号码=f"1390000{n:04d}") for n in range(20)]
    twenty.write_bytes(table(*people))
    fifteen.write_bytes(table(*people[:15]))
    where = ["--committee", committee.slug, "--meeting", "六届五次会议"]
    assert run(capsys, twenty, *where)[1] == ""
    for more in ([], ["--confirm-leavers", "4"], ["--confirm-leavers", "0"]):
        out, error = run(capsys, fifteen, *where, *more)
        assert out.splitlines() == [
            "共 15 行：新增 0，变更 0，未变 15，离任 5",
            "本次导入有 5 名委员离任，超过在任委员的十分之一，请再次确认。",
            "确认这些委员离任的，请加参数 --confirm-leavers 5；部分名册请加参数 --partial。",
        ]
        assert error == "尚未确认离任人数，未导入任何内容。"
        assert Seat.objects.in_committee(committee).filter(span__upper_inf=True).count() == 20
    out, error = run(capsys, fifteen, *where, "--json")
    told = json.loads(out)
    assert (told["leaves"], [one["code"] for one in told["errors"]]) == (5, ["many_leave"])
    out, error = run(capsys, fifteen, *where, "--confirm-leavers", "5")
    assert (out.splitlines()[0][-4:], error) == ("离任 5", "")
    assert Seat.objects.in_committee(committee).filter(span__upper_inf=True).count() == 15


def test_a_tenth_leaving_needs_no_flag(capsys, tmp_path):
    committee = make.committee()
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    people = [person(f"王{chr(0x4E00 + n)}", 手机号码=f"1390000{n:04d}") for n in range(20)]
    first.write_bytes(table(*people))
    second.write_bytes(table(*people[:18]))
    for file in (first, second):
        assert run(capsys, file, "--committee", committee.slug)[1] == ""
    assert Seat.objects.in_committee(committee).filter(span__upper_inf=True).count() == 18


def test_errors_are_printed_with_their_places_and_nothing_is_written(capsys, tmp_path):
    committee = make.committee()
    file = tmp_path / "名册.csv"
    file.write_bytes(table(person("王伟", 性别="某"), person("李强")))
    out, error = run(capsys, file, "--committee", committee.slug)
    assert out.splitlines()[1] == "名册.csv 2 性别: 性别“某”无法识别，请填男或女。"
    assert error == "名册中有错误，未导入任何内容。"
    out, error = run(capsys, file, "--committee", committee.slug, "--json")
    assert json.loads(out)["errors"] == [
        {
            "sheet": "名册.csv",
            "row": 2,
            "column": "性别",
            "code": "sex_unknown",
            "message": "性别“某”无法识别，请填男或女。",
        }
    ]
    assert not Member.objects.filter(committee=committee).exists()


def test_many_errors_are_counted(capsys, tmp_path):
    file = tmp_path / "名册.csv"
    rows = [person("王伟", 性别="某", 出生年月=f"19{50 + n}.03") for n in range(30)]
    file.write_bytes(table(*rows))
    out, _error = run(capsys, file, "--committee", make.committee().slug)
    assert out.splitlines()[-1] == "另有 10 处错误。"


def test_a_file_that_cannot_be_read_is_an_error_like_the_others(capsys, tmp_path):
    file = tmp_path / "名册.xlsx"
    file.write_bytes(b"%PDF-1.7")
    out, error = run(capsys, file, "--committee", make.committee().slug, "--json")
    told = json.loads(out)
    assert (sorted(told), error != "") == (sorted(KEYS), True)
    assert [(one["row"], one["code"]) for one in told["errors"]] == [(0, "not_a_table")]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["gone.csv", "--committee", "{slug}"], "无法读取文件"),
        (["gone.csv", "--committee", "nowhere"], "没有网址标识为“nowhere”的政协委员会"),
        (["gone.csv", "--committee", "{slug}", "--on", "24.11.2026"], "2026-11-24"),
        (["gone.csv"], "--committee"),
    ],
)
def test_wrong_arguments_get_a_sentence(capsys, arguments, sentence):
    slug = make.committee().slug
    _out, error = run(capsys, *(one.format(slug=slug) for one in arguments))
    assert sentence in error
