"""The bench's arithmetic, its list of pages and its files; nothing here measures time."""

import sys
from io import StringIO

import pytest
from django.core.management.base import CommandError

from committees.models import Committee, User
from liaison_portal.bench import measuring, reports, rosters
from liaison_portal.bench.measuring import Figure, in_turns, table
from liaison_portal.bench.pages import PAGES, path_of
from liaison_portal.demo.accounts import BY_SIGN_IN_NAME
from liaison_portal.local import command, keeper
from liaison_portal.management.commands.bench import Command
from opinions.models import Opinion
from tests import make

FAST = Figure("home", floor=0.010, work=0.025, limit=2.5, sql=6, html=10240, gzipped=2560)
SLOW = Figure("roster-import", floor=0.2, work=0.8, limit=3)


def test_ratio_and_limit():
    assert [(one.ratio, one.is_over) for one in (FAST, SLOW)] == [(2.5, False), (4, True)]
    lines = ["| home | 2.5 | 2.5 | 6 | 10.0 | 2.5 |", "| roster-import | 4.0 over | 3 |  |  |  |"]
    assert table([FAST, SLOW]).splitlines()[2:] == lines


def test_medians_of_turns_leave_a_burst_out(monkeypatch):
    took = iter([1, 9, 1, 2, 50, 2, 1, 2, 1, 60, 1, 3])  # floor, work, floor, work …
    monkeypatch.setattr(measuring, "seconds", lambda work: work() * next(took))
    assert in_turns(lambda: 1, lambda: 10, rounds=5) == (1, 20)


def test_the_place_is_tidied_before_each_turn():
    said = []
    works = (lambda: said.append("floor")), (lambda: said.append("work"))
    in_turns(*works, rounds=1, before=lambda: said.append("tidy"))
    assert said == ["tidy", "floor", "tidy", "work"] * 2


def test_above_a_limit_the_command_fails():
    Command(stdout=StringIO())._tell([FAST], as_json=True)
    with pytest.raises(CommandError, match="roster-import"):
        Command(stdout=StringIO())._tell([FAST, SLOW], as_json=False)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_exists(page):
    assert path_of(page, "city", 1, "2026-10").startswith("/city/")
    assert page.who in BY_SIGN_IN_NAME


def test_reports_that_are_searched_are_like_any_others(cast, client_of, monkeypatch):
    monkeypatch.setattr(reports, "SENTENCES", 20)
    told = []
    User.objects.filter(pk=cast.clerk.pk).update(sign_in_name="clerk")
    for _ in range(2):  # once
        reports.write_once(cast.city, 60, say=told.append, is_vacuumed=False)
    assert told == ["60 reports"]
    made = make.opinion(author=cast.member_of("member"))
    assert made.pk > 60 and Opinion.objects.in_committee(cast.city).count() == 61
    client, found = client_of("clerk"), {}
    for name in reports.SEARCHES:
        page = client.get(reports.address_of("city", name)).context["page"]
        found[name] = len(page.rows), bool(page.next_cursor)
    assert found == {
        "search-common": (12, False),
        "search-middling": (1, False),
        "search-rare": (6, False),
        "search-none": (0, False),
        "search-last": (12, True),
        "list-last": (20, True),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_both_loads_read_the_file_and_leave_nothing(monkeypatch, kind):
    if kind == "csv":
        monkeypatch.setitem(sys.modules, "xlsxwriter", None)  # as if not installed
    monkeypatch.setattr(rosters, "ROWS", 20)
    rows = rosters.invented_rows(20)
    file = rosters.as_file(rows)
    assert (rosters.read_plainly(*file), file[1]) == (rows, f"roster.{kind}")
    written = rosters.rows_written(*file)
    assert {table: text.count("\n") for table, text in written.items()} == {
        "committees_committee": 1,
        "committees_term": 1,
        "sectors_sector": len({row[6] for row in rows}),
        "committees_user": 20,
        "members_member": 20,
        "members_membership": 20,
        "sectors_seat": 20,
    }
    for load in (rosters.bare_load, rosters.whole_import) * 2:
        load(*file)
    for _ in range(2):
        rosters.tables_load(*file, written)
    assert not Committee.objects.filter(slug="bench").exists()


def test_the_bench_stays_off_the_portals_server(monkeypatch):
    used = []
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "redis://unused.example")
    monkeypatch.setattr(command.environ.Env, "read_env", lambda *_: None)
    monkeypatch.setattr(keeper, "use", used.append)
    command.arrange(["bench"])
    assert used == ["tests"]
