"""Every list and every figure of given days against the plain SQL of the same days."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from committees.models import Committee
from sectors.lists.figures import FIGURES, average_age, count
from sectors.lists.kinds import KINDS
from sectors.lists.reading import Line, lines_on
from tests.sectors.lists import plain_sql

LABELS = {"主席": "chair", "副主席": "vice_chair", "秘书长": "secretary_general"}
LABELS |= {"常务委员": "standing"}
DUTIES = {"主任": "head", "副主任": "deputy"}
NOBODY = {"sector": "未编入界别", "unit": "未登记工作单位"}
NOBODY |= {"commission": "未参加专门委员会", "street": "未编入委员组"}
PLAIN = {
    "sector": plain_sql.by_sector,
    "strokes": plain_sql.by_strokes,
    "unit": plain_sql.by_unit,
    "positions": plain_sql.by_position,
    "commission": plain_sql.by_commission,
    "street": plain_sql.by_street,
}


def compare(
    committee: Committee,
    days: Sequence[datetime.date],
    *,
    renewed: datetime.date,
    actor: Any,
) -> set[int]:
    """Assert that each day's lists and figures equal plain SQL; the members who were on one."""
    assert set(PLAIN) == set(KINDS)
    plain = {kind: told(committee.pk, days) for kind, told in PLAIN.items()}
    holdings = plain_sql.held(committee.pk, days)
    figures = plain_sql.figures(committee.pk, days)
    ages = plain_sql.average_ages(committee.pk, days)
    people: set[int] = set()
    for day in days:
        lines, chosen = lines_on(day, committee=committee, actor=actor)
        assert chosen is None
        people |= {line.member.pk for line in lines}
        for kind, (_label, arranged) in KINDS.items():
            shown = [
                (section.title, line.member.pk, *_duty(kind, line))
                for section in arranged(lines)
                for line in section.lines
            ]
            rows = plain[kind].get(day, [])
            assert shown == [_as_shown(kind, row) for row in rows], (kind, day)
        assert [_held(line) for line in lines] == holdings.get(day, []), day
        _compare_figures(day, lines, figures.get(day, []), is_first=day < renewed)
        _compare_ages(day, lines, ages.get(day, {"全部": None}))
    return people


def _as_shown(kind: str, row: tuple) -> tuple:
    """The SQL's row as the list shows it."""
    title, pk, *duty = row
    if kind == "commission":
        duty = [word if word in DUTIES.values() else "" for word in duty]
    if kind == "positions":
        title = {word: label for label, word in LABELS.items()}[title]
    elif title is None:
        title = NOBODY[kind]
    elif kind == "sector" and not title.endswith("界"):
        title = f"{title}界"
    return (title, pk, *duty)


def _duty(kind: str, line: Line) -> list[Any]:
    if kind == "commission":
        return [DUTIES[line.duty] if line.duty else ""]
    return [line.duty == "组长"] if kind == "street" else []


def _held(line: Line) -> tuple:
    return (
        line.member.pk,
        line.sector.name if line.sector else None,
        line.convenor_place,
        [kind for kind, _rank in line.positions],
        [f"{one.name} {one.role}" for one in line.commissions],
        f"{line.street.name} {line.street.role}".strip() if line.street else None,
    )


def _compare_figures(
    day: datetime.date, lines: Sequence[Line], rows: list[tuple], *, is_first: bool
) -> None:
    for place, key in enumerate(plain_sql.CONDITIONS, start=2):
        figure = FIGURES[key]
        behind = [line.member.pk for line in lines if figure.counts(line)]
        assert behind == [row[0] for row in rows if row[place]], (day, key)
        is_known = key not in ("new", "staying") or not is_first
        assert count(figure, lines).number == (len(behind) if is_known else None) or not lines


def _compare_ages(day: datetime.date, lines: Sequence[Line], ages: dict[str | None, Any]) -> None:
    assert average_age(lines) == ages["全部"], day
    for sector in set(ages) - {"全部"}:
        sitting = [ln for ln in lines if (ln.sector.name if ln.sector else None) == sector]
        assert sitting and average_age(sitting) == ages[sector], (day, sector)
