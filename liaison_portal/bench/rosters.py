"""The roster import and the order of names, at 10,000 rows."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from committees.actions import add_committee
from committees.actors import CLOCK
from committees.models import Committee, Level
from liaison_portal.bench.measuring import Figure, in_turns
from liaison_portal.demo.names import NameBook
from liaison_portal.demo.places import SECTORS
from members.name_order import in_stroke_order
from sectors.roster_import.actions import import_now

ROWS = 10_000
MOST_IMPORTS = 3  # rounds; one import takes seconds, not milliseconds
# What holds today; the goal of the import is 3 (docs/bench.md).
IMPORT_LIMIT, TABLES_LIMIT, ORDER_LIMIT = 30, 4, 70
# The tables of a first roster, those first that others refer to, and the committee's rows in each.
WRITTEN = {
    "committees_committee": "id = %s",
    "committees_term": "committee_id = %s",
    "sectors_sector": "committee_id = %s",
    "committees_user": "id IN (SELECT user_id FROM members_member WHERE committee_id = %s)",
    "members_member": "committee_id = %s",
    "members_membership": "committee_id = %s",
    "sectors_seat": "committee_id = %s",
}
HEADER = [
    "委员证号",
    "姓名",
    "性别",
    "民族",
    "出生年月",
    "党派",
    "界别",
    "工作单位及职务",
    "手机号码",
]


def invented_rows(count: int) -> list[list[str]]:
    """People who do not exist, no two alike; the same in every run."""
    rng = random.Random(10)
    book, sectors = NameBook(rng, set()), list(SECTORS)
    rows = []
    for number in range(count):
        born = f"{rng.randrange(1950, 2000)}.{rng.randrange(1, 13):02d}"
        person = [f"B{number:06d}", book.any(), rng.choice("男女"), "汉族", born, "中共"]
        work, phone = f"第{number}研究所所长", f"139{number:08d}"
        rows.append([*person, rng.choice(sectors), work, phone])
    return rows


def as_file(rows: list[list[str]]) -> tuple[bytes, str]:
    """Content and name: a workbook, or text where the writer (a development package) is missing."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        text = io.StringIO()
        csv.writer(text).writerows([HEADER, *rows])
        return text.getvalue().encode(), "roster.csv"
    packed = io.BytesIO()
    with Workbook(packed) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate([HEADER, *rows]):
            sheet.write_row(at, 0, line)
    return packed.getvalue(), "roster.xlsx"


def read_plainly(content: bytes, name: str) -> list[list[Any]]:
    if name.endswith(".csv"):
        return list(csv.reader(io.StringIO(content.decode())))[1:]
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]


def read_and_upsert(content: bytes, name: str) -> None:
    """Read the cells, COPY them, upsert them into one table with one key."""
    text = io.StringIO()
    csv.writer(text).writerows(read_plainly(content, name))
    text.seek(0)
    columns = ", ".join(f"c{at} text" for at in range(len(HEADER)))
    changes = ", ".join(f"c{at} = excluded.c{at}" for at in range(1, len(HEADER)))
    upsert = f"INSERT INTO kept SELECT * FROM read ON CONFLICT (c0) DO UPDATE SET {changes}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE kept ({columns}, PRIMARY KEY (c0))")
        cursor.execute(f"CREATE TEMPORARY TABLE read ({columns})")
        cursor.copy_expert("COPY read FROM STDIN (FORMAT csv)", text)
        cursor.execute(upsert)


def bare_load(content: bytes, name: str) -> None:
    """The floor of any import."""
    with transaction.atomic():
        read_and_upsert(content, name)
        transaction.set_rollback(True)


def tables_load(content: bytes, name: str, rows: dict[str, str]) -> None:
    """The floor in this database: the same, and the finished rows into the tables they are for.

    With their indexes, exclusion constraints and foreign keys, checked as at commit.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        read_and_upsert(content, name)
        for table, text in rows.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(text))
        connection.check_constraints()
        transaction.set_rollback(True)


@contextmanager
def imported(content: bytes, name: str) -> Iterator[Committee]:
    """A new committee with the file's people, every constraint checked as at commit; then not."""
    how: dict[str, Any] = {"meeting": "", "is_partial": False, "is_dry_run": False}
    how["on"] = timezone.localdate()
    with transaction.atomic():
        city = add_committee(slug="bench", name="政协测速市委员会", level=Level.CITY, by=CLOCK)
        plan = import_now(content, name=name, committee=city, by=CLOCK, **how)
        if plan.errors or len(plan.new) != ROWS:
            raise CommandError(f"{len(plan.new)} of {ROWS} rows imported: {plan.errors[:3]}")
        connection.check_constraints()
        yield city
        transaction.set_rollback(True)


def whole_import(content: bytes, name: str) -> None:
    with imported(content, name):
        pass


def rows_written(content: bytes, name: str) -> dict[str, str]:
    """Table → what an import of the file writes into it, as COPY gives and takes it."""
    rows = {}
    with imported(content, name) as city, connection.cursor() as cursor:
        for table, of_city in WRITTEN.items():
            text = io.StringIO()
            cursor.copy_expert(
                f"COPY (SELECT * FROM {table} WHERE {of_city % city.pk}) TO STDOUT", text
            )
            rows[table] = text.getvalue()
    return rows


def sweep() -> None:
    """Clear away the dead rows of the round before, which only slow the next one's indexes."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {', '.join(WRITTEN)}")


def measure_import(*, rounds: int) -> Figure:
    file, rounds = as_file(invented_rows(ROWS)), min(rounds, MOST_IMPORTS)
    works = (lambda: bare_load(*file)), (lambda: whole_import(*file))
    times = in_turns(*works, rounds=rounds, before=sweep)
    return Figure("roster-import", *times, IMPORT_LIMIT)


def measure_tables(*, rounds: int) -> Figure:
    file, rounds = as_file(invented_rows(ROWS)), min(rounds, MOST_IMPORTS)
    rows = rows_written(*file)
    works = (lambda: tables_load(*file, rows)), (lambda: whole_import(*file))
    times = in_turns(*works, rounds=rounds, before=sweep)
    return Figure("roster-import-tables", *times, TABLES_LIMIT)


def measure_order(*, rounds: int) -> Figure:
    """Keys are computed anew each time; stored rows carry theirs and are only compared."""
    names = [row[1] for row in invented_rows(ROWS)]
    times = in_turns(lambda: sorted(names), lambda: in_stroke_order(names), rounds=rounds)
    return Figure("name-order", *times, ORDER_LIMIT)
