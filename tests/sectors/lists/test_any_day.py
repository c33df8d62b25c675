"""Ten committees through two terms: every list of every sampled day equals plain SQL.

Sampled are the days on which anything begins or ends, the day before and after each of them, and
days by chance.
"""

from __future__ import annotations

import datetime
import random

import pytest

from committees.models import AuditEntry, Role
from sectors.lists.figures import FIGURES, average_age, count
from sectors.lists.kinds import KINDS
from sectors.lists.reading import lines_on
from tests import make
from tests.sectors.lists import plain_sql
from tests.sectors.lists.carried import LAST, OPENED, RENEWED, carried

pytestmark = [pytest.mark.django_db, pytest.mark.crawl]
SEEDS = range(10)
HAPPENED = {
    ("member.add",), ("member.leave",), ("seat.begin",), ("position.begin",), ("convenor.begin",),
    ("commission_seat.begin",),
}  # fmt: skip
LABELS = {"主席": "chair", "副主席": "vice_chair", "秘书长": "secretary_general"}
LABELS |= {"常务委员": "standing"}
PLAIN = {
    "sector": plain_sql.by_sector,
    "strokes": plain_sql.by_strokes,
    "unit": plain_sql.by_unit,
    "positions": plain_sql.by_position,
}


def sampled(committee, seed):
    edges = plain_sql.boundaries(committee.pk)
    days = {day + datetime.timedelta(days=by) for day in edges for by in (-1, 0, 1)}
    rng, whole = random.Random(f"days-{seed}"), (LAST - OPENED).days
    days |= {OPENED + datetime.timedelta(days=rng.randint(-40, whole)) for _ in range(12)}
    assert {OPENED, RENEWED, RENEWED - datetime.timedelta(days=1)} <= days
    return sorted(days)


def title_of(kind, told):
    """The SQL's word for a section as the list titles it."""
    if kind == "sector":
        return "未编入界别" if told is None else told if told.endswith("界") else f"{told}界"
    if kind == "unit":
        return told or "未登记工作单位"
    return {v: k for k, v in LABELS.items()}[told] if kind == "positions" else told


def held(line):
    return (
        line.member.pk,
        line.sector.name if line.sector else None,
        line.convenor_place,
        [kind for kind, _rank in line.positions],
        [f"{one.name} {one.role}" for one in line.commissions],
        f"{line.street.name} {line.street.role}".strip() if line.street else None,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_and_statistics_of_any_day_equal_plain_sql(seed):
    committee = carried(seed)
    clerk = make.officer(Role.CLERK, committee)
    days, people = sampled(committee, seed), set()
    for day in days:
        lines, chosen = lines_on(day, committee=committee, actor=clerk)
        assert chosen is None
        people |= {line.member.pk for line in lines}
        for kind, (_label, arranged) in KINDS.items():
            shown = [(s.title, line.member.pk) for s in arranged(lines) for line in s.lines]
            plain = [(title_of(kind, t), pk) for t, pk in PLAIN[kind](committee.pk, day)]
            assert shown == plain, (kind, day)
        assert [held(line) for line in lines] == plain_sql.held(committee.pk, day), day
        compare_figures(committee, day, lines)
    assert len(days) > 25 and len(people) > 15
    assert set(AuditEntry.objects.filter(committee=committee).values_list("action")) >= HAPPENED


def compare_figures(committee, day, lines):
    rows = plain_sql.figures(committee.pk, day)
    sectors = {row[1] for row in rows}
    ages = plain_sql.average_ages(committee.pk, day)
    assert average_age(lines) == ages["全部"], day
    for sector in sectors:
        sitting = [ln for ln in lines if (ln.sector.name if ln.sector else None) == sector]
        assert average_age(sitting) == ages[sector], (day, sector)
    for place, key in enumerate(plain_sql.CONDITIONS, start=2):
        figure = FIGURES[key]
        behind = [ln.member.pk for ln in lines if figure.counts(ln)]
        assert behind == [row[0] for row in rows if row[place]], (day, key)
        is_known = key not in ("new", "staying") or day >= RENEWED
        assert count(figure, lines).number == (len(behind) if is_known else None) or not lines
