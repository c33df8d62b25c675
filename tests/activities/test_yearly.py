"""Responsibilities ticked by facts; plan and summary of the year; what leaders heard."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation

from activities.actions import yearly as actions
from activities.facts import FACTS, counted, ticks
from activities.models import CoHost, Hearing, YearPaper
from activities.year_papers import letter_of, starting_text
from committees.models import AuditEntry
from members.models import Member
from notices.models import Notice
from opinions.models import Status
from sectors.models import Measure, Responsibility, Sector
from sectors.seed import OF_COMMISSIONS, SAMPLES, seed
from tests import make
from tests.budgets import cost_of, costs
from tests.make import proposals, yearly

YEAR = timezone.localdate().year
BOARD = "/city/responsibilities/"


def at(text):
    return datetime.datetime.fromisoformat(f"{text}+08:00")


def counts(cast, year, sector=None):
    row = counted(Sector.objects.filter(pk=(sector or cast.education).pk), cast.city, year).get()
    return {measure: getattr(row, f"n_{measure}") for measure in FACTS}


NONE = dict.fromkeys(FACTS, 0)


def duty(cast, measure, **over):
    values = {"committee": cast.city, "year": YEAR, "title": f"职责{measure}", "measure": measure}
    return Responsibility.objects.create(**values | over)


# The facts


def test_an_activity_counts_for_organiser_and_co_host_once_each(cast):
    held = make.activity(
        committee=cast.city, sector=cast.education, kind="study", starts_at=at("2025-03-01 09:00")
    )
    CoHost.objects.create(activity=held, sector=cast.business)
    CoHost.objects.create(activity=held, sector=cast.education)
    as_study = NONE | {"study": 1, "activity": 1}
    assert counts(cast, 2025) == as_study
    assert counts(cast, 2025, cast.business) == as_study
    assert counts(cast, 2025, cast.minorities) == NONE


@pytest.mark.parametrize(
    ("starts", "years"),
    [("2024-12-31 23:59", {2024}), ("2025-01-01 00:00", {2025}), ("2025-12-31 23:59", {2025})],
)
def test_a_year_is_shanghais(cast, starts, years):
    make.activity(committee=cast.city, sector=cast.education, starts_at=at(starts), kind="service")
    found = {year for year in (2024, 2025, 2026) if counts(cast, year)["service"]}
    assert found == years


def test_plans_called_off_and_coming_activities_do_not_count(cast):
    of = {"committee": cast.city, "sector": cast.education}
    past = at("2025-03-01 09:00")
    make.activity(**of, starts_at=past, published_at=None)
    make.activity(**of, starts_at=past, called_off_at=past)
    make.activity(**of, starts_at=timezone.now() + datetime.timedelta(hours=1))
    assert counts(cast, 2025) == counts(cast, YEAR) == NONE


def test_visits_reports_and_proposals_count_by_their_own_day(cast):
    member = cast.member_of("member")
    make.visit(member=member, happened_on=datetime.date(2025, 6, 1))
    make.visit(member=cast.member_of("member2"), happened_on=datetime.date(2025, 6, 1))
    day = datetime.date(2025, 7, 1)
    make.opinion(authors=[member], status=Status.RECEIVED, received_on=day)
    make.opinion(authors=[member], status=Status.DRAFT)
    proposals.proposal(
        author=cast.member_of("member"), sector=cast.education, status="filed", submitted_on=day
    )
    proposals.proposal(
        author=cast.member_of("member"), sector=cast.education, status="withdrawn", submitted_on=day
    )
    assert counts(cast, 2025) == NONE | {"visit": 1, "opinion": 1, "proposal": 1}


def test_papers_count_once_submitted(cast):
    yearly.year_paper(sector=cast.education, kind="plan")
    yearly.year_paper(sector=cast.education, kind="summary", is_submitted=False)
    yearly.year_paper(sector=cast.business, kind="summary")
    assert counts(cast, YEAR) == NONE | {"plan": 1}


def test_a_tick_needs_enough_of_what_counts(cast):
    make.visit(member=cast.member_of("member"))
    rows = [
        duty(cast, "visit"),
        duty(cast, "visit", title="走访两次", at_least=2),
        duty(cast, "", title="尚未设定"),
    ]
    sector = counted(Sector.objects.filter(pk=cast.education.pk), cast.city, YEAR).get()
    assert [(tick.count, tick.is_done) for tick in ticks(sector, rows)] == [
        (1, True),
        (1, False),
        (None, False),
    ]


def test_samples_are_laid_once_a_year_and_only_where_there_are_none(cast):
    Responsibility.objects.all().delete()
    for _time in range(2):
        seed(cast.city)
    rows = Responsibility.objects.in_committee(cast.city)
    laid = [(row.measure, row.title, row.is_sample) for row in rows]
    ours = sorted([*SAMPLES, *OF_COMMISSIONS], key=lambda row: row[1])
    assert sorted(laid, key=lambda row: row[1]) == [(*row, True) for row in ours]
    of_commissions = rows.filter(body="commission").values_list("title", flat=True)
    assert set(of_commissions) == {title for _measure, title in OF_COMMISSIONS}
    rows.exclude(measure=Measure.PLAN).delete()
    seed(cast.city)
    assert {row.body for row in rows.all()} == {"sector", "commission"}
    assert rows.all().count() == 2


def test_last_years_rows_are_carried_over_once(cast):
    Responsibility.objects.all().delete()
    duty(cast, "visit", year=YEAR - 1, at_least=4)
    assert actions.carry_over(cast.city, YEAR, by=cast.clerk) == 1
    [row] = Responsibility.objects.in_committee(cast.city).filter(year=YEAR)
    assert (row.measure, row.at_least) == ("visit", 4)
    for year, code in ((YEAR, "exists"), (YEAR + 5, "nothing")):
        with pytest.raises(ValidationError) as refused:
            actions.carry_over(cast.city, year, by=cast.clerk)
        assert refused.value.code == code
    with pytest.raises(PermissionDenied):
        actions.carry_over(cast.city, YEAR + 1, by=cast.editor)


# Plan and summary


def write(cast, text="一、学习", version=0, by=None, **over):
    values = {"year": YEAR, "kind": "plan"} | over
    return actions.write_paper(
        cast.education, text=text, version=version, by=by or cast.convenor, **values
    )


def test_a_plan_is_written_submitted_returned_and_submitted_again(cast):
    paper = write(cast)
    paper = write(cast, "一、学习\n每季度一次", version=1)
    assert (paper.version, paper.submitted_at) == (2, None)
    actions.submit_paper(paper, by=cast.convenor, version=2)
    with pytest.raises(ValidationError) as refused:
        write(cast, "再改", version=2)
    assert refused.value.code == "submitted"
    actions.return_paper(paper, by=cast.clerk, note="请补充时间安排")
    paper.refresh_from_db()
    assert (paper.is_returned, paper.return_note) == (True, "请补充时间安排")
    write(cast, "一、学习\n三月、六月", version=2)
    paper = actions.submit_paper(paper, by=cast.convenor, version=3)
    assert (paper.is_returned, paper.return_note) == (False, "")
    deeds = AuditEntry.objects.filter(committee=cast.city, action__startswith="year_paper.")
    assert [entry.action.split(".")[1] for entry in deeds.order_by("id")] == [
        "write", "write", "submit", "return", "write", "submit",
    ]  # fmt: skip
    told = Notice.objects.filter(kind__startswith="year_paper").order_by("id")
    assert [(row.kind, row.recipient) for row in told] == [
        ("year_paper_submitted", cast.clerk),
        ("year_paper_returned", cast.convenor),
        ("year_paper_submitted", cast.clerk),
    ]


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"text": " \x00\n "}, "empty"),
        ({"text": "字" * 20_001}, "too_long"),
        ({"text": "绝密"}, "classified"),
        ({"version": 4}, "stale"),
        ({"year": 1999}, "year"),
        ({"kind": "essay"}, "year"),
    ],
)
def test_what_is_not_taken_leaves_nothing(cast, over, code):
    with pytest.raises(ValidationError) as refused:
        write(cast, **over)
    errors = getattr(refused.value, "error_dict", {"": [refused.value]})
    assert [error.code for found in errors.values() for error in found] == [code]
    assert not YearPaper.objects.exists()


@pytest.mark.parametrize("name", ["convenor2", "member", "commission", "editor", "leader"])
def test_others_do_not_write(cast, name):
    with pytest.raises(PermissionDenied):
        write(cast, by=cast[name])


def test_a_commissions_office_writes_for_its_commission(cast):
    values = {"year": YEAR, "kind": "plan", "text": "计划", "version": 0}
    paper = actions.write_paper(cast.learning, by=cast.commission, **values)
    assert (paper.subject, paper.title) == (cast.learning, f"教科卫体委员会{YEAR}年度计划")


def test_a_paper_that_was_heard_is_not_returned(cast):
    paper = yearly.year_paper(sector=cast.education)
    yearly.hearing(sector=cast.education, paper=paper)
    with pytest.raises(ValidationError) as refused:
        actions.return_paper(paper, by=cast.clerk, note="请改")
    assert refused.value.code == "heard"
    with pytest.raises(ValidationError) as refused:
        actions.return_paper(
            yearly.year_paper(sector=cast.business, is_submitted=False), by=cast.clerk, note="请改"
        )
    assert refused.value.code == "not_submitted"


def test_a_summary_starts_from_the_facts_and_names_no_report(cast):
    member = cast.member_of("member")
    make.opinion(
        authors=[member], status=Status.RECEIVED, title="关于某事的建议",
        received_on=timezone.localdate(),
    )  # fmt: skip
    at_noon = timezone.now() - datetime.timedelta(minutes=5)
    make.activity(
        committee=cast.city, sector=cast.education, kind="study", title="读书会", starts_at=at_noon
    )
    rows = [duty(cast, measure) for measure in ("plan", "study", "opinion", "visit")]
    sector = counted(Sector.objects.filter(pk=cast.education.pk), cast.city, YEAR).get()
    found = ticks(sector, rows)
    assert starting_text(sector, "plan", YEAR, found).split("\n\n") == [
        "一、职责study", "二、职责opinion", "三、职责visit",
    ]  # fmt: skip
    summary = starting_text(sector, "summary", YEAR, found)
    assert "读书会" in summary
    assert "社情民意信息 1 次（件）" in summary
    assert "本年度暂无记录。" in summary
    assert "关于某事的建议" not in summary


def test_headings_of_the_paper_are_told_by_their_numbers(cast):
    text = "一、学习\n（一）时间\n每季度一次\n\n一般情况"
    letter = letter_of(yearly.year_paper(sector=cast.education, text=text))
    assert [(part.kind, part.text) for part in letter.paragraphs] == [
        ("h1", "一、学习"), ("h2", "（一）时间"), ("body", "每季度一次"), ("body", "一般情况"),
    ]  # fmt: skip
    assert (letter.signature, letter.number) == (cast.education.title, "")


# Hearings


def test_a_hearing_is_entered_once_and_withdrawn(cast):
    paper = yearly.year_paper(sector=cast.education)
    heard = {"heard_on": timezone.localdate(), "occasion": "  主席会议 "}
    row = actions.enter_hearing(cast.education, by=cast.clerk, paper=paper, **heard)
    assert (row.occasion, row.paper) == ("主席会议", paper)
    with pytest.raises(ValidationError):
        actions.enter_hearing(cast.education, by=cast.clerk, **heard)
    actions.withdraw_hearing(row, by=cast.clerk)
    assert not Hearing.objects.exists()
    assert AuditEntry.objects.filter(action="hearing.withdraw").count() == 1


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"occasion": " "}, "occasion"),
        ({"occasion": "会" * 61}, "occasion"),
        ({"heard_on": timezone.localdate() + datetime.timedelta(days=1)}, "day"),
        ({"heard_on": datetime.date(1, 1, 1)}, "day"),
    ],
)
def test_a_hearing_that_cannot_be(cast, over, code):
    values = {"heard_on": timezone.localdate(), "occasion": "主席会议"} | over
    with pytest.raises(ValidationError) as refused:
        actions.enter_hearing(cast.education, by=cast.clerk, **values)
    [[error]] = refused.value.error_dict.values()
    assert error.code == code


def test_a_hearing_takes_only_the_bodys_own_submitted_paper(cast):
    other = yearly.year_paper(sector=cast.business)
    draft = yearly.year_paper(sector=cast.education, is_submitted=False)
    for paper in (other, draft):
        with pytest.raises(ValidationError):
            actions.enter_hearing(
                cast.education,
                by=cast.clerk,
                paper=paper,
                heard_on=timezone.localdate(),
                occasion="主席会议",
            )
    for person in (cast.leader, cast.convenor, cast.editor):
        with pytest.raises(PermissionDenied):
            actions.enter_hearing(
                cast.education, by=person, heard_on=timezone.localdate(), occasion="主席会议"
            )


# Pages


def test_the_board_costs_the_same_with_many_sectors(client_of, cast):
    seed(cast.city)
    client = client_of("clerk")
    client.get(BOARD)
    few = cost_of(client.get, BOARD)
    for number in range(30):
        make.sector(committee=cast.city, name=f"另界别{number}")
    with costs(few):
        page = client.get(BOARD)
    assert few == 6
    assert page.status_code == 200


def test_who_finds_which_sectors_on_the_board(client_of, cast):
    names = {}
    for name in ("clerk", "leader", "commission"):
        tables = client_of(name).get(BOARD).context["tables"]
        names[name] = [{subject.name for subject, _ticks in table["lines"]} for table in tables]
    every, learning = {"教育", "工商联", "民族宗教"}, {"教科卫体委员会"}
    assert names == {
        "clerk": [every, learning],
        "leader": [every, learning],
        "commission": [{"教育"}, learning],
    }
    own = client_of("convenor2").get(BOARD, {"year": "2025"})
    assert own.url == f"{BOARD}sectors/{cast.business.pk}/?year=2025"
    assert client_of("member").get(BOARD).status_code == 403


@pytest.mark.parametrize(
    "year", ["", "abc", "0", "99999", "\uff12\uff10\uff12\uff15", "-1", "1" * 400]
)
def test_a_year_that_is_none_is_this_year(client_of, year):
    assert client_of("clerk").get(BOARD, {"year": year}).context["year"] == YEAR


def test_the_rows_behind_a_tick_are_those_the_reader_may_see(client_of, cast):
    make.opinion(
        authors=[cast.member_of("member")], status=Status.RECEIVED, is_direct=True,
        received_on=timezone.localdate(),
    )  # fmt: skip
    path = f"{BOARD}sectors/{cast.education.pk}/facts/opinion/"
    office, chair = client_of("clerk").get(path), client_of("convenor").get(path)
    assert [len(page.context["lines"]) for page in (office, chair)] == [1, 0]
    assert [page.context["total"] for page in (office, chair)] == [1, 1]
    assert client_of("clerk").get(path.replace("opinion", "praise")).status_code == 404


def test_every_measure_opens_its_rows(client_of, cast):
    today, member = timezone.localdate(), cast.member_of("member")
    begun = timezone.now() - datetime.timedelta(minutes=1)
    for kind in ("study", "service"):
        make.activity(committee=cast.city, sector=cast.education, kind=kind, starts_at=begun)
    make.visit(member=member)
    make.opinion(authors=[member], status=Status.RECEIVED, received_on=today)
    proposals.proposal(
        author=cast.member_of("member"), sector=cast.education, status="filed", submitted_on=today
    )
    for kind in ("plan", "summary"):
        yearly.year_paper(sector=cast.education, kind=kind)
    client = client_of("clerk")
    for measure in FACTS:
        page = client.get(f"{BOARD}sectors/{cast.education.pk}/facts/{measure}/")
        lines = page.context["lines"]
        assert len(lines) == page.context["total"] == (2 if measure == "activity" else 1)
        for line in lines:
            assert client.get(line["url"]).status_code == 200


def test_a_commissions_list_is_ticked_by_its_own_deeds_and_its_sectors(client_of, cast):
    """Activities and papers of its own; visits and reports of the sectors it is matched to."""
    seed(cast.city)
    today, begun = timezone.localdate(), timezone.now() - datetime.timedelta(minutes=1)
    held = {"committee": cast.city, "starts_at": begun}
    make.activity(**held, commission=cast.learning, kind="study", title="专委会读书会")
    make.activity(**held, sector=cast.education, kind="study", title="界别读书会")
    make.visit(member=cast.member_of("member"))
    make.visit(member=cast.member_of("member2"))
    for name, sector in (("member", cast.education), ("member2", cast.business)):
        make.opinion(
            authors=[cast.member_of(name)], sector=sector, status=Status.RECEIVED,
            received_on=today,
        )  # fmt: skip
    yearly.year_paper(commission=cast.learning, kind="plan")
    yearly.year_paper(sector=cast.education, kind="summary")
    office = client_of("commission")
    page = office.get(f"{BOARD}commissions/{cast.learning.pk}/")
    own = {tick.row.measure: tick.count for tick in page.context["ticks"]}
    assert own == {"plan": 1, "study": 1, "activity": 1, "opinion": 1, "summary": 0}
    [line] = office.get(BOARD).context["tables"][1]["lines"]
    assert {tick.row.measure: tick.count for tick in line[1]} == own
    for measure, titles in (("study", ["专委会读书会"]), ("visit", None), ("opinion", None)):
        rows = client_of("clerk").get(f"{BOARD}commissions/{cast.learning.pk}/facts/{measure}/")
        assert rows.context["total"] == len(rows.context["lines"]) == 1
        assert titles in (None, [line["title"] for line in rows.context["lines"]])
    assert client_of("clerk").get(f"{BOARD}rooms/1/facts/study/").status_code == 404
    text = office.get(f"{BOARD}commissions/{cast.learning.pk}/{YEAR}/summary/write/")
    shown = text.content.decode()
    assert "一、组织委员学习座谈" in shown and "专委会读书会" in shown
    assert "界别读书会" not in shown


def test_a_convenors_list_has_nothing_of_the_commissions(cast, client_of):
    seed(cast.city)
    page = client_of("convenor").get(f"{BOARD}sectors/{cast.education.pk}/")
    assert {tick.row.body for tick in page.context["ticks"]} == {"sector"}
    assert len(page.context["ticks"]) == 8


def test_a_convenor_writes_and_submits_on_the_page(client_of, cast):
    client = client_of("convenor")
    path = f"{BOARD}sectors/{cast.education.pk}/{YEAR}/plan/write/"
    duty(cast, "study")
    assert "一、职责study" in client.get(path).content.decode()
    refused = client.post(path, {"text": "绝密", "version": "0"})
    assert refused.status_code == 422
    assert "绝密" in refused.context["form"]["text"].value()
    client.post(path, {"text": "一、学习", "version": "0"})
    paper = YearPaper.objects.get()
    stale = client.post(path, {"text": "后来的", "version": "0"})
    assert stale.status_code == 422
    assert str(stale.context["form"]["version"].value()) == "1"
    assert stale.context["form"]["text"].value() == "后来的"
    home = f"{BOARD}papers/{paper.pk}/"
    client.post(f"{home}submit/", {"version": "\uff11"})
    paper.refresh_from_db()
    assert paper.submitted_at is None
    client.post(f"{home}submit/", {"version": "1"})
    paper.refresh_from_db()
    assert paper.submitted_at
    assert client.get(path).url == home
    word = client.get(f"{home}word/")
    assert word.content[:2] == b"PK"
    with costs(cost_of(client.get, home)):
        assert client.get(home).status_code == 200


def test_the_office_returns_and_enters_hearings_on_the_page(client_of, cast):
    paper = yearly.year_paper(sector=cast.education)
    client, home = client_of("clerk"), f"{BOARD}papers/{paper.pk}/"
    assert client.post(f"{home}return/", {"note": ""}).status_code == 422
    client.post(f"{home}return/", {"note": "请补充"})
    paper.refresh_from_db()
    assert paper.is_returned
    actions.submit_paper(paper, by=cast.convenor, version=paper.version)
    place = f"{BOARD}sectors/{cast.education.pk}/"
    values = {"heard_on": f"{timezone.localdate()}", "occasion": "主席会议", "paper": paper.pk}
    client.post(f"{place}hearings/", values)
    row = Hearing.objects.get()
    assert (row.paper, row.sector, row.commission) == (paper, cast.education, None)
    client.post(f"{place}hearings/", values | {"heard_on": "9999-99-99"})
    assert Hearing.objects.count() == 1
    assert client.get(place).context["hearings"] == [row]
    client.post(f"{BOARD}hearings/{row.pk}/withdraw/")
    assert not Hearing.objects.exists()
    client.get(place)
    with costs(8):
        client.get(place)


def test_carrying_over_on_the_page(client_of, cast):
    Responsibility.objects.all().delete()
    duty(cast, "visit", year=YEAR - 1)
    client = client_of("clerk")
    assert "沿用上年职责清单" in client.get(BOARD).content.decode()
    client.post(f"{BOARD}carry-over/?year={YEAR}")
    assert Responsibility.objects.filter(year=YEAR, committee=cast.city).count() == 1


def test_only_the_own_committees_bodies(client_of, cast):
    client = client_of("clerk")
    far = cast.stranger_sector.pk
    for path in (
        f"sectors/{far}/",
        f"sectors/{far}/{YEAR}/plan/write/",
        f"rooms/{far}/{YEAR}/plan/write/",
    ):
        assert client.get(BOARD + path).status_code == 404
    assert client.get(f"{BOARD}sectors/{cast.education.pk}/1999/plan/write/").status_code == 404
    assert Member.objects.exists()


def test_a_paper_carries_the_day_in_shanghai(cast):
    early = timezone.make_aware(datetime.datetime(2027, 1, 1, 0, 30))
    paper = yearly.year_paper(sector=cast.education, submitted_at=early, submitted_by=cast.convenor)
    paper.refresh_from_db()
    assert letter_of(paper).signed_on == datetime.date(2027, 1, 1)


def test_a_papers_title_is_chinese_whoever_reads_it(cast):
    paper = YearPaper(sector=cast.education, year=2026, kind=YearPaper.Kind.PLAN)
    with translation.override("en"):
        assert paper.title == f"{cast.education.title}2026年度计划"
