"""The paper of any subject and period: its page, cases, Word, xlsx, poster, and the list."""

import datetime
import io
import os
import re
import shutil
import subprocess

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from docx import Document
from python_calamine import CalamineWorkbook

from committees.models import Role
from contacts.periods import Every, Period
from notices.models import Notice
from records.actions import approve, choose_cases, draft_all, draft_summary
from records.cases import proposed
from records.charts import chart_of
from records.exporting import word, workbook
from records.figures import FIGURES, figures_of
from records.models import MonthlySummary, Of
from records.paper import for_wechat, main, public_figures, table
from records.periods import Subject, ordinal, year_before
from tests import make
from tests.budgets import costs
from tests.make import handling

OCTOBER = Period.parse("2026-10")
DAY = datetime.date(2026, 10, 8)
NOON = datetime.datetime(2026, 10, 8, 4, tzinfo=datetime.UTC)


class Place:
    """A committee with a sector and a room in which something of October can be told."""

    def __init__(self):
        self.committee = make.committee()
        self.clerk = make.officer(Role.CLERK, self.committee)
        self.sector = make.sector(committee=self.committee, name="教育")
        self.member = make.member(sector=self.sector)
        self.room = make.workroom(committee=self.committee, sector=self.sector, name="书香工作室")
        self.visit = make.visit(member=self.member, happened_on=DAY, place="新桥社区")
        self.entry = make.reception(
            workroom=self.room, received_on=DAY, resulted_on=DAY, said="张三说路灯坏了"
        )
        host = {"workroom": self.room, "starts_at": NOON, "people_served": 12}
        self.activity = make.activity(title="读书会", created_by=self.clerk, **host)
        self.report = make.opinion(
            author=self.member, title="秘密的标题", status="issued", received_on=DAY,
            issue=make.issue(committee=self.committee, issued_on=DAY),
        )  # fmt: skip
        asked = handling.referral(opinion=self.report, referred_on=DAY)
        said = handling.reply(referral=asked, answered_at=NOON)
        self.promise = handling.promise(reply=said, planned_on=DAY, settled_on=DAY, what="改造路口")

    def draft(self, kind=Of.COMMITTEE, pk=None, every=Every.MONTH):
        subject = Subject(kind, pk) if pk else None
        return draft_summary(self.committee, DAY, by=self.clerk, subject=subject, every=every)


@pytest.fixture
def place(db):
    return Place()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def url(place, name, *args):
    return reverse(f"records:{name}", args=[place.committee.slug, *args])


def subjects(place):
    return {
        "2026-10": place.draft(),
        f"sector-{place.sector.pk}/2026-10": place.draft(Of.SECTOR, place.sector.pk),
        f"workroom-{place.room.pk}/2026-10": place.draft(Of.WORKROOM, place.room.pk),
        "2026-Q4": place.draft(every=Every.QUARTER),
    }


def test_every_page_of_every_subject_opens_and_each_figure_its_rows(place):
    client = signed_in(place.clerk)
    for path, row in subjects(place).items():
        top = f"/{place.committee.slug}/summaries/{path}/"
        page = client.get(top)
        assert page.status_code == 200 and page.context["top"] == top
        for figure in figures_of(row.of):
            rows = client.get(f"{top}{figure.key}/")
            assert rows.context["total"] == row.figures[figure.key], figure.key
            assert f'href="{top}{figure.key}/"' in page.content.decode()
        for below in ("words", "cases", "word", "xlsx"):
            assert client.get(f"{top}{below}/").status_code == 200
        missing = set(FIGURES) - {figure.key for figure in figures_of(row.of)}
        for key in missing:
            assert client.get(f"{top}{key}/").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["2026-Q5/", "2026-13/", "1948/", "sector-0/2026-10/", "room-1/2026-10/",
     "sector-999999999999/2026-10/", "sector-9999999999999/2026-10/", "2026-10/nothing/"],
)  # fmt: skip
def test_addresses_of_nothing(place, path):
    place.draft()
    client = signed_in(place.clerk)
    assert client.get(f"/{place.committee.slug}/summaries/{path}").status_code == 404


def test_another_committees_subject_is_not_found(place):
    other = make.sector()
    address = f"/{place.committee.slug}/summaries/sector-{other.pk}/2026-10/"
    assert signed_in(place.clerk).get(address).status_code == 404
    posted = {"month": "2026-10", "subject": f"sector-{other.pk}"}
    signed_in(place.clerk).post(url(place, "draft"), posted)
    assert {row.of for row in MonthlySummary.objects.all()} == {Of.COMMITTEE}


def test_a_missing_paper_is_drafted_from_its_page(place):
    client = signed_in(place.clerk)
    subject = Subject(Of.SECTOR, place.sector.pk)
    address = url(place, "summary", subject, OCTOBER)
    page = client.get(address)
    assert "教育界2026年10月工作报告" in page.content.decode()
    posted = {"month": "2026-10", "subject": str(subject)}
    done = client.post(url(place, "draft"), posted, follow=True)
    assert done.redirect_chain == [(address, 302)]
    assert MonthlySummary.objects.get().sector == place.sector


def test_drafting_for_all_from_the_list(place):
    client = signed_in(place.clerk)
    client.post(url(place, "draft"), {"month": "2026-Q3", "is_for_all": "on"})
    rows = MonthlySummary.objects.with_subject()
    assert {(row.of, str(row.period)) for row in rows} == {
        (kind, "2026-Q3") for kind in (Of.COMMITTEE, Of.SECTOR, Of.WORKROOM)
    }


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(place, number):
    for _ in range(number):
        make.visit(member=place.member, happened_on=DAY)
        make.workroom(committee=place.committee, sector=place.sector)
    draft_all(place.committee, OCTOBER)
    client = signed_in(place.clerk)
    subject = Subject(Of.SECTOR, place.sector.pk)
    client.get(url(place, "summaries"))
    for kind in Of:
        with costs(6):
            client.get(url(place, "summaries") + f"?of={kind}")
    with costs(12):
        client.post(url(place, "draft"), {"month": "2026-10", "is_for_all": "on"})
    with costs(7):
        client.get(url(place, "summary", subject, OCTOBER))
    with costs(7):
        client.get(url(place, "cases", subject, OCTOBER))
    with costs(5):
        client.get(url(place, "word", subject, OCTOBER))
    with costs(5):
        client.get(url(place, "xlsx", subject, OCTOBER))
    rows = MonthlySummary.objects.of(Of.WORKROOM)
    picked = [f"{row.pk}:{row.version}" for row in rows]
    with costs(9):
        client.post(url(place, "approve_ticked"), {"picked": picked})


def test_approving_the_ticked_on_the_page(place):
    draft_all(place.committee, OCTOBER)
    client = signed_in(place.clerk)
    page = client.get(url(place, "summaries") + "?of=workroom")
    [row] = page.context["page"].rows
    assert row.may_tick and f'value="{row.pk}:{row.version}"' in page.content.decode()
    address = url(place, "approve_ticked") + "?of=workroom"
    done = client.post(address, {"picked": [f"{row.pk}:{row.version}", "x", "1:", "9" * 30]})
    assert done.url == url(place, "summaries") + "?of=workroom"
    assert MonthlySummary.objects.get(pk=row.pk).approved_at
    again = client.post(address, {"picked": f"{row.pk}:{row.version}"}, follow=True)
    assert "已有变化" in again.content.decode()
    none = client.post(url(place, "approve_ticked"), follow=True)
    assert "请先选择" in none.content.decode()


def test_a_keeper_finds_the_own_rooms_paper(place):
    keeper = make.room_member(workroom=place.room, is_keeper=True).member.user
    draft_all(place.committee, OCTOBER)
    row = MonthlySummary.objects.of(Of.WORKROOM).get()
    row.committee = place.committee
    approve(row, by=place.clerk)
    client = signed_in(keeper)
    listed = client.get(url(place, "summaries"))
    assert listed.context["page"].rows == [row]
    assert listed.context["form"] is None and listed.context["tabs"] == []
    address = url(place, "summary", Subject(Of.WORKROOM, place.room.pk), OCTOBER)
    assert client.get(address).status_code == 200
    assert client.get(address + "words/").status_code == 403
    assert client.get(url(place, "summary", OCTOBER)).status_code == 404


# Cases ------------------------------------------------------------------------------------------


def test_what_is_proposed(place):
    make.visit(member=place.member, happened_on=datetime.date(2026, 11, 1))
    secret = {"nature": "person", "resulted_on": DAY, "received_on": DAY}
    make.reception(workroom=place.room, **secret)
    whole = Subject.whole(place.committee)
    found = proposed(place.committee, whole, OCTOBER, to=place.clerk)
    assert [(it.kind, it.pk, it.day) for it in found] == [
        ("visit", place.visit.pk, DAY),
        ("reception", place.entry.pk, DAY),
        ("activity", place.activity.pk, DAY),
        ("promise", place.promise.pk, DAY),
    ]
    own = proposed(place.committee, Subject(Of.SECTOR, place.sector.pk), OCTOBER, to=place.clerk)
    assert {it.kind for it in own} == {"visit", "promise"}
    client = signed_in(place.clerk)
    for it in found:
        assert client.get(it.url(place.committee)).status_code == 200
    with costs(1):
        proposed(place.committee, whole, OCTOBER, to=place.clerk)


def test_chosen_cases_begin_lines_and_tell_nothing_internal(place):
    row = place.draft()
    client, address = signed_in(place.clerk), url(place, "cases", OCTOBER)
    page = client.get(address)
    assert "张三说路灯坏了" in page.content.decode()  # the office knows what it chooses
    keys = [case.key for case, _url, _chosen in page.context["rows"]]
    done = client.post(address, {"cases": keys, "version": row.version})
    assert done.url == url(place, "words", OCTOBER)
    row.refresh_from_db()
    assert row.words["cases"] == (
        "10月8日，委员在新桥社区走访联系群众。\n"
        "10月8日，书香工作室接待的一件群众诉求办结。\n"
        "10月8日，在市政协三楼会议室开展“读书会”活动。\n"
        "10月8日，一项计划解决事项落实。"
    )
    assert len(row.cases) == 4
    for secret in ("张三", "路灯", "秘密的标题", "改造路口"):
        assert secret not in row.words["cases"]
    chosen = client.get(address).context["rows"]
    assert [it for _case, _url, it in chosen] == [True] * 4
    # Chosen again, nothing is begun twice; words the office wrote stay.
    client.post(address, {"cases": keys[:1], "version": row.version})
    row.refresh_from_db()
    assert (len(row.cases), row.words["cases"].count("新桥社区")) == (1, 1)


def test_cases_refused(place):
    row = place.draft()
    client, address = signed_in(place.clerk), url(place, "cases", OCTOBER)
    for bad in (["visit-0"], ["x"], ["\x00"], ["9" * 40]):
        page = client.post(address, {"cases": bad})
        assert page.status_code == 422 and page.context["form"].errors
    stale = client.post(address, {"cases": [f"visit-{place.visit.pk}"], "version": 99})
    assert "刚刚有更新" in stale.content.decode()
    assert [it for _case, _url, it in stale.context["rows"]] == [True, False, False, False]
    for _ in range(11):
        make.visit(member=place.member, happened_on=DAY)
    listed = proposed(place.committee, Subject.whole(place.committee), OCTOBER, to=place.clerk)
    with pytest.raises(ValidationError) as error:
        choose_cases(row, by=place.clerk, cases=listed)
    assert error.value.code == "too_many"
    with pytest.raises(PermissionDenied):
        choose_cases(row, by=make.officer(Role.CHECKER, place.committee), cases=[])
    approve(row, by=place.clerk)
    for page in ("cases", "words"):
        done = client.get(url(place, page, OCTOBER), follow=True)
        assert "已审定，不能再改" in done.content.decode()


# Word, xlsx ------------------------------------------------------------------------------------


def texts(document):
    return [line.text for line in document.paragraphs]


def cells(document):
    return [[[cell.text for cell in row.cells] for row in one.rows] for one in document.tables]


def test_the_word_file_in_the_briefing_layout(place):
    row = approve(place.draft(), by=place.clerk)
    response = signed_in(place.clerk).get(url(place, "word", OCTOBER))
    document = Document(io.BytesIO(response.content))
    told = texts(document)
    assert told[:2] == ["工作月报", "第1期"]
    assert f"{place.committee.name}2026年10月工作情况" in told
    for heading in (
        "一、总体情况",
        "七、存在问题与下步打算",
        "附表1　主要数据",
        "附表2　各界别情况",
    ):
        assert heading in told
    figures, by_sector, rooms = cells(document)
    assert figures[0] == ["项目", "单位", "本月", "上月", "去年同月"]
    assert figures[1] == ["会议活动", "场", "1", "0", "0"]
    assert len(figures) == 1 + len(FIGURES)
    assert by_sector[1] == ["教育界", "0", "1", "3", "1", "1"]
    assert rooms[1] == ["书香工作室", "1", "12", "0", "1", "1"]
    # The heading row is repeated on each page.
    assert all("w:tblHeader" in one.rows[0]._tr.xml for one in document.tables)
    assert row.number == 1


def test_a_silent_line_says_so_and_a_draft_is_one(place):
    make.sector(committee=place.committee, name="无事", position=9)
    document = Document(io.BytesIO(word(place.draft(), [])))
    assert texts(document)[1] == "（草稿）"
    silent = cells(document)[1][-1]
    assert (silent[0], silent[1], len(set(silent[1:]))) == ("无事界", "本月无", 1)


def test_the_addendum_is_in_the_word_file(place):
    approve(place.draft(), by=place.clerk)
    make.visit(member=place.member, happened_on=DAY)
    response = signed_in(place.clerk).get(url(place, "word", OCTOBER))
    document = Document(io.BytesIO(response.content))
    assert any(text.startswith("补记　审定后登记的事项") for text in texts(document))
    assert ["走访联系", "1", "2"] in cells(document)[-1]


def test_a_year_has_no_year_before_that(place):
    row = place.draft(every=Every.YEAR)
    document = Document(io.BytesIO(word(row, [])))
    assert cells(document)[0][0] == ["项目", "单位", "本年度", "上年度"]
    assert "工作年报" in texts(document)[0]


@pytest.mark.crawl
@pytest.mark.parametrize("every", [Every.MONTH, Every.QUARTER])
def test_libreoffice_opens_the_papers(place, tmp_path, every):
    tools = [shutil.which(tool) for tool in ("soffice", "pdftotext")]
    if not all(tools) and os.environ.get("LIAISON_CI") != "1":
        pytest.skip("LibreOffice or poppler-utils is not installed")
    for n in range(40):  # a table that runs on to a second page
        make.workroom(committee=place.committee, name=f"第{n}号委员工作室")
    source = tmp_path / "paper.docx"
    source.write_bytes(word(place.draft(every=every), []))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(source)], check=True, capture_output=True, timeout=200)
    words = ["pdftotext", "-layout", str(tmp_path / "paper.pdf"), "-"]
    told = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout
    pages = ["".join(page.split()) for page in told.split("\f")[:-1]]
    name = "工作月报（草稿）" if every == Every.MONTH else "工作季报（草稿）"
    assert pages[0].startswith(name)
    whole = "".join(pages)
    assert "附表1主要数据" in whole and "第39号委员工作室" in whole
    # The heading row of the long table stands on each of its pages.
    rooms = [page for page in pages if "号委员工作室" in page]
    assert len(rooms) >= 2
    assert [page.count("值班") for page in rooms[1:]] == [1] * len(rooms[1:])


def test_papers_and_notices_are_chinese_whoever_saves_them(place):
    make.officer(Role.LEADER, place.committee)
    row = place.draft()
    with translation.override("en"):
        row = approve(row, by=place.clerk)
        document = Document(io.BytesIO(word(row, [])))
        book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(row)))
    assert cells(document)[0][1][:2] == ["会议活动", "场"]
    assert book.get_sheet_by_name("主要数据").to_python()[1][:2] == ["会议活动", "场"]
    title = Notice.objects.get(kind="summary_approved").title
    assert title == f"{place.committee.short_name}2026年10月工作月报已审定"
    client = signed_in(place.clerk)
    client.cookies["django_language"] = "en"
    page = client.get(url(place, "summary", OCTOBER)).content.decode()
    paper = page.split('<article class="paper"')[1].split("</article>")[0]
    assert not re.search(r"Activit|Visit|Report|Month", paper)


def test_the_workbook_has_every_table(place):
    place.draft()
    response = signed_in(place.clerk).get(url(place, "xlsx", OCTOBER))
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    assert book.sheet_names == ["主要数据", "各界别情况", "委员工作室情况"]
    rows = book.get_sheet_by_name("主要数据").to_python()
    assert rows[1][:3] == ["会议活动", "场", 1]
    assert book.get_sheet_by_name("委员工作室情况").to_python()[1][0] == "书香工作室"


# Poster and WeChat ------------------------------------------------------------------------------


def test_poster_and_wechat_tell_nothing_internal(place):
    row = approve(place.draft(), by=place.clerk)
    client, address = signed_in(place.clerk), url(place, "poster", OCTOBER)
    page = client.get(address)
    text = page.content.decode().split('<article class="poster"')[1].split("</article>")[0]
    wechat = page.context["wechat"]
    for told in (text, wechat):
        for word_ in ("社情民意", "签发", "采用", "批示", "第1期", "初核", "转办", "秘密的标题"):
            assert word_ not in told
    assert "<svg" in text and "style=" not in text
    assert (len(wechat) <= 300, "联系群众3人次" in wechat) == (True, True)
    assert ("走访联系", 1, "次") in public_figures(row)
    assert page.context["address"].endswith(f"/{place.committee.slug}/public/")
    member = make.member(committee=place.committee).user
    assert signed_in(member).get(address).status_code == 404


def test_a_draft_has_no_poster_and_a_rooms_leads_to_its_page(place):
    row = place.draft(Of.WORKROOM, place.room.pk)
    address = url(place, "poster", Subject(Of.WORKROOM, place.room.pk), OCTOBER)
    client = signed_in(place.clerk)
    assert client.get(address).status_code == 404
    approve(row, by=place.clerk)
    page = client.get(address)
    assert page.context["address"].endswith(f"/public/rooms/{place.room.pk}/")
    assert "书香工作室" in page.content.decode()


def test_wechat_of_a_silent_quarter_and_of_long_names(place):
    row = place.draft(Of.WORKROOM, place.room.pk, every=Every.QUARTER)
    row.figures = {}
    assert "本季度无。" in for_wechat(row, "https://x/")
    row.workroom.name = "长" * 60
    row.figures = dict.fromkeys(FIGURES, 10**9)
    assert len(for_wechat(row, "https://x/" + "y" * 60)) <= 300


# Small things -----------------------------------------------------------------------------------


def test_the_chart_has_a_bar_a_number(place):
    row = place.draft()
    rows = main(table(row), row.of)
    chart = chart_of(rows)
    assert [len(group.bars) for group in chart.groups] == [3] * 6
    longest = {max(bar.width for bar in group.bars) for group in chart.groups}
    assert longest <= {0, 150}
    row.last_year = {}
    assert [len(group.bars) for group in chart_of(main(table(row), row.of)).groups] == [2] * 6


def test_a_paper_approved_before_does_not_speak_of_new_figures(place):
    row = approve(place.draft(), by=place.clerk)
    row.figures = {"visits": 3}
    assert [it.figure.key for it in table(row)] == ["visits"]


@pytest.mark.parametrize(
    ("text", "number", "before"),
    [("2026-10", 10, "2025-10"), ("2026-Q3", 3, "2025-Q3"), ("2026", 1, "2025")],
)
def test_periods(text, number, before):
    period = Period.parse(text)
    assert (ordinal(period), str(year_before(period))) == (number, before)
    assert str(Period.parse(str(period))) == text
