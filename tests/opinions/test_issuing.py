"""Several reports in one 期, its lists and printing, its paper and Word file; the registers."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

from committees.models import AuditEntry
from opinions import actions
from opinions.actions import issuing
from opinions.issue_numbers import open_issues
from opinions.models import BriefingSetting, Issue, Opinion, Status
from tests import make
from tests.addresses import prove
from tests.make import outcomes

S = Status
FOOT = {"report_to": "省政协办公厅", "send_to": "市直有关部门", "copy_to": "", "copies": 30}


def waiting(cast, how_many=2, **over):
    rows = [
        make.opinion(
            author=cast.member_of("member"), sector=cast.education, status=S.SIGNING, **over
        )
        for _ in range(how_many)
    ]
    return [Opinion.objects.for_moves().get(pk=row.pk) for row in rows]


def seen_of(rows):
    return {row.pk: row.waiting_since for row in rows}


def test_several_reports_take_one_number(cast):
    rows = waiting(cast, 3)
    issue = issuing.sign_together(cast.city, seen_of(rows), by=cast.signer)
    assert (issue.number, issue.total_number) == (1, 1)
    assert set(issue.opinions.values_list("status", flat=True)) == {S.ISSUED}
    assert issue.opinions.count() == 3
    assert {row.adoptions.get().publication for row in rows} == {issue.as_printed}
    single = actions.move(waiting(cast, 1)[0], "sign", by=cast.signer)
    assert single.issue.number == 2


def test_all_or_none(cast):
    rows = waiting(cast)
    seen = seen_of(rows)
    actions.move(rows[1], "hand_back", by=cast.signer, note="再改。")
    with pytest.raises(ValidationError) as caught:
        issuing.sign_together(cast.city, seen, by=cast.signer)
    assert caught.value.code == "moved"
    assert not Issue.objects.exists()
    assert Opinion.objects.get(pk=rows[0].pk).status == S.SIGNING


@pytest.mark.parametrize(
    ("how_many", "code"), [(0, "nothing_chosen"), (issuing.MOST_TOGETHER + 1, "too_many")]
)
def test_how_many(cast, how_many, code):
    now = timezone.now()
    with pytest.raises(ValidationError) as caught:
        issuing.sign_together(cast.city, dict.fromkeys(range(how_many), now), by=cast.signer)
    assert caught.value.code == code


def test_of_another_committee_none(cast):
    row = make.opinion(author=cast.member_of("countymember"), status=S.SIGNING)
    with pytest.raises(ValidationError):
        issuing.sign_together(cast.city, {row.pk: row.waiting_since}, by=cast.signer)
    with pytest.raises(PermissionDenied):
        issuing.sign_together(cast.city, {row.pk: row.waiting_since}, by=cast.clerk)


def test_one_joins_an_issue_of_today_until_it_is_printed(cast):
    first, second, third = waiting(cast, 3)
    issue = issuing.sign_together(cast.city, seen_of([first]), by=cast.signer)
    assert open_issues(cast.city, timezone.localdate()) == [issue]
    joined = issuing.sign_together(cast.city, seen_of([second]), by=cast.signer, issue=issue)
    assert joined == issue and issue.opinions.count() == 2
    issuing.mark_printed(issue, by=cast.clerk)
    assert open_issues(cast.city, timezone.localdate()) == []
    with pytest.raises(ValidationError) as caught:
        issuing.sign_together(cast.city, seen_of([third]), by=cast.signer, issue=issue)
    assert caught.value.code == "issue_printed"
    assert Issue.objects.count() == 1


def test_lists_are_the_committees_until_the_issue_has_its_own(client_of, cast):
    issue = issuing.sign_together(cast.city, seen_of(waiting(cast)), by=cast.signer)
    issuing.set_briefing(cast.city, by=cast.clerk, masthead="社情民意信息", editor="", **FOOT)
    clerk = client_of("clerk")
    place = f"/city/opinions/issues/{issue.pk}/"
    assert "省政协办公厅" in clerk.get(place).content.decode()
    issuing.lay_out(issue, by=cast.editor, **FOOT | {"report_to": "市委办公室"})
    assert "市委办公室" in clerk.get(place).content.decode()
    other = issuing.sign_together(cast.city, seen_of(waiting(cast)), by=cast.signer)
    issuing.mark_printed(other, by=cast.clerk)
    assert (other.report_to, other.copies) == ("省政协办公厅", 30)
    BriefingSetting.objects.update(report_to="以后的")
    other.refresh_from_db()
    assert other.report_to == "省政协办公厅"
    for deed in (
        lambda: issuing.lay_out(other, by=cast.clerk, **FOOT),
        lambda: issuing.mark_printed(other, by=cast.clerk),
    ):
        with pytest.raises(ValidationError) as caught:
            deed()
        assert caught.value.code == "issue_printed"


@pytest.mark.parametrize("who", ["signer", "leader", "member", "countyclerk"])
def test_who_lays_out(cast, who):
    issue = make.issue(committee=cast.city)
    for deed in (
        lambda: issuing.lay_out(issue, by=cast[who], **FOOT),
        lambda: issuing.mark_printed(issue, by=cast[who]),
        lambda: issuing.set_briefing(cast.city, by=cast[who], **FOOT),
    ):
        with pytest.raises(PermissionDenied):
            deed()


# Pages ------------------------------------------------------------------------------------------


def test_signing_together_on_the_page(client_of, cast):
    signer, place = client_of("signer"), "/city/opinions/issues/sign/"
    assert "没有待签发的信息" in signer.get(place).content.decode()
    first, second, third = waiting(cast, 3)
    assert "合并成期签发" in signer.get("/city/opinions/review/?queue=signing").content.decode()
    assert client_of("clerk").get(place).status_code == 403
    assert signer.post(place, {}).status_code == 400
    assert signer.post(place, {"reports": ["99999"]}).status_code == 400
    answer = signer.post(place, {"reports": [first.pk, second.pk]})
    issue = Issue.objects.get()
    assert answer.url == f"/city/opinions/issues/{issue.pk}/"
    assert "编入第1期（今日签发）" in signer.get(place).content.decode()
    assert signer.post(place, {"reports": [third.pk], "issue": issue.pk}).status_code == 302
    assert issue.opinions.count() == 3


def test_a_printed_issue_refuses_on_the_page(client_of, cast, monkeypatch):
    (row,) = waiting(cast, 1)
    issue = make.issue(committee=cast.city, printed_at=timezone.now())
    monkeypatch.setattr("opinions.views.issuing.open_issues", lambda *_: [issue])
    answer = client_of("signer").post(
        "/city/opinions/issues/sign/", {"reports": [row.pk], "issue": issue.pk}
    )
    assert answer.status_code == 400 and "已印发" in answer.content.decode()


def test_the_issue_as_page_paper_and_word(client_of, cast):
    rows = waiting(cast, 2, situation="桥窄路堵。\n\n车多人多。", analysis="", suggestion="修桥。")
    issue = issuing.sign_together(cast.city, seen_of(rows), by=cast.signer)
    issuing.set_briefing(cast.city, by=cast.clerk, masthead="社情民意", editor="信息科", **FOOT)
    place = f"/city/opinions/issues/{issue.pk}/"
    leader = client_of("leader")
    assert "登记印发" not in leader.get(place).content.decode()
    paper = leader.get(place + "paper/").content.decode()
    told = ("社情民意", "信息科", "第1期（总第1期）", "本期要目", "桥窄路堵。", "共印30份")
    assert [word for word in told if word not in paper] == []
    answer = leader.get(place + "word/")
    assert AuditEntry.objects.filter(action="issue.word").count() == 1
    document = Document(io.BytesIO(answer.content))
    texts = [line.text for line in document.paragraphs]
    assert texts[:2] == ["社情民意", "第1期（总第1期）"]
    assert [text for text in texts if text in ("一、情况反映", "二、意见建议")] == [
        "一、情况反映",
        "二、意见建议",
    ] * 2
    name = cast.member.name
    byline = f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name
    assert byline in texts and byline in paper
    for who in ("member", "convenor", "commission"):
        assert client_of(who).get(place + "word/").status_code == 404


def test_what_went_offline_leaves_only_a_line_on_paper(client_of, cast):
    rows = waiting(cast)
    issue = issuing.sign_together(cast.city, seen_of(rows), by=cast.signer)
    actions.move(Opinion.objects.for_moves().get(pk=rows[0].pk), "go_offline", by=cast.clerk)
    for rest in ("", "paper/"):
        page = client_of("clerk").get(f"/city/opinions/issues/{issue.pk}/{rest}").content.decode()
        assert "（转线下办理）" in page and rows[0].title not in page


def test_lists_and_printing_on_the_pages(client_of, cast):
    issue = issuing.sign_together(cast.city, seen_of(waiting(cast)), by=cast.signer)
    clerk, place = client_of("clerk"), f"/city/opinions/issues/{issue.pk}/"
    assert clerk.get(place + "foot/").status_code == 200
    assert client_of("leader").get(place + "foot/").status_code == 403
    assert clerk.post(place + "foot/", FOOT | {"copies": 10**30}).status_code == 400
    assert clerk.post(place + "foot/", FOOT | {"report_to": "绝密"}).status_code == 400
    assert clerk.post(place + "foot/", FOOT).status_code == 302
    setting = "/city/opinions/issues/setting/"
    assert clerk.get(setting).status_code == 200
    assert client_of("leader").get(setting).status_code == 403
    assert clerk.post(setting, FOOT).status_code == 400
    assert clerk.post(setting, FOOT | {"masthead": "简报", "editor": "甲"}).status_code == 302
    assert "已登记印发" in clerk.post(place + "printed/", follow=True).content.decode()
    assert "不能再改" in clerk.post(place + "printed/", follow=True).content.decode()
    assert client_of("leader").post(place + "printed/").status_code == 403


# Registers --------------------------------------------------------------------------------------


def sheet_of(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python()


def test_the_register_of_a_month_and_the_sheet_of_a_year(client_of, cast):
    row = make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=S.ISSUED, title="=1+1"
    )
    make.opinion(author=cast.member_of("countymember"), status=S.ISSUED)
    clerk, today = client_of("clerk"), timezone.localdate()
    page = clerk.get("/city/opinions/register/").content.decode()
    assert "=1+1" in page and row.label in page
    assert "=1+1" not in clerk.get("/city/opinions/register/?month=&year=1").content.decode()
    other = clerk.get(f"/city/opinions/register/?year={today.year - 1}").content.decode()
    assert "这个月没有收到" in other
    head, line = sheet_of(prove(clerk).post(f"/city/opinions/register/export/?year={today.year}"))
    assert line[0] == row.label and line[2] == "=1+1" and line[8] == "市级"
    assert len(head) == len(line)
    for rest in ("", "export/"):
        assert client_of("leader").get(f"/city/opinions/register/{rest}").status_code == 403


def test_the_register_of_issues(client_of, cast):
    issuing.sign_together(cast.city, seen_of(waiting(cast)), by=cast.signer)
    leader, year = client_of("leader"), timezone.localdate().year
    assert "1期" in leader.get(f"/city/opinions/issues/?year={year}").content.decode()
    assert "还没有" in leader.get("/city/opinions/issues/?year=2001").content.decode()
    _head, line = sheet_of(prove(leader).post(f"/city/opinions/issues/export/?year={year}"))
    assert line[:2] == [1, 1] and line[2].count("\n") == 1
    assert client_of("member").get("/city/opinions/issues/export/").status_code == 403


def test_adoptions_are_counted_by_sector_and_by_report(client_of, cast):
    row = make.opinion(author=cast.member_of("member"), sector=cast.education, status=S.ISSUED)
    make.adoption(opinion=row)
    make.adoption(opinion=row, body="省委办公厅")
    outcomes.instruction(opinion=row)
    sent = outcomes.sent(
        make.opinion(author=cast.member_of("countymember"), status=S.ISSUED), status=S.ISSUED
    )
    assert sent.sector is None
    year = timezone.localdate().year
    leader, clerk = prove(client_of("leader")), prove(client_of("clerk"))
    lines = sheet_of(leader.post(f"/city/opinions/adoptions/table/export/?year={year}"))
    by_name = {line[0]: line[1:] for line in lines[1:]}
    assert by_name[cast.education.title] == [1, 0, 1, 1, 0, 1]
    assert by_name["未列界别"] == [1, 0, 1, 0, 0, 0]
    assert by_name["合计"] == [2, 0, 2, 1, 0, 1]
    rows = sheet_of(clerk.post(f"/city/opinions/adoptions/export/?year={year}"))
    assert len(rows) == 1 + 4
