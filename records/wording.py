"""Short sentences that say what the figures say, for the headings of the summary.

The paper is Chinese whatever language the screen has, so nothing here is translated. The office may
write its own words over any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from records.summaries import FIGURES, HEADINGS
from sectors.models import Sector

NOTHING = "本月无。"
"""What a heading says when nothing happened, or when its book is not kept here yet."""


def sentences(figures: dict[str, int], by_sector: list[dict[str, Any]]) -> dict[str, str]:
    """`{heading key: text}` for every heading, made from stored numbers alone."""
    n = {key: figures.get(key, 0) for key in FIGURES}
    return dict.fromkeys(HEADINGS, NOTHING) | {
        "overall": _overall(n),
        "sectors": _sectors(n),
        "workrooms": _clauses(
            [("委员工作室开展活动", n["rooms"], "场"), ("接待群众", n["receptions"], "件")]
        ),
        "opinions": _opinions(n),
        "requests": _clauses([("当场答复", n["answered"], "件"), ("办结", n["resolved"], "件")]),
        "next": _silent(by_sector),
    }


def _clauses(parts: Iterable[tuple[str, int, str]]) -> str:
    """`开展会议活动3场，走访联系5次。`; what is nought is left out, and all noughts are 本月无."""
    said = [f"{words}{number}{unit}" for words, number, unit in parts if number]
    return "，".join(said) + "。" if said else NOTHING


def _overall(n: dict[str, int]) -> str:
    return _clauses(
        [
            ("开展会议活动", n["activities"], "场"),
            ("走访联系", n["visits"], "次"),
            ("联系群众", n["people"], "人次"),
            ("收到社情民意信息", n["received"], "条"),
            ("签发", n["issued"], "条"),
        ]
    )


def _sectors(n: dict[str, int]) -> str:
    if not n["visits"]:
        return NOTHING
    who = f"{n['sectors']}个界别" if n["sectors"] else ""
    return _clauses(
        [
            (f"{who}开展走访联系", n["visits"], "次"),
            ("联系群众", n["people"], "人次"),
            ("走访界别群众联系人", n["contacts"], "个"),
            ("覆盖必访情形", n["occasions"], "类"),
        ]
    )


def _opinions(n: dict[str, int]) -> str:
    above = n["above"]
    return _clauses(
        [
            ("收到社情民意信息", n["received"], "条"),
            ("界别初核", n["reviewed"], "条"),
            ("签发", n["issued"], "条"),
            ("采用", n["adopted"], f"条次（其中上级政协采用{above}条次）" if above else "条次"),
            ("办结", n["closed"], "条"),
        ]
    )


def _silent(by_sector: list[dict[str, Any]]) -> str:
    """The sectors without a visit, by name: coverage matters more than counts."""
    names = [Sector(name=row["name"]).title for row in by_sector if not row.get("visits")]
    if not by_sector:
        return NOTHING
    if not names:
        return "各界别本月均有走访联系。"
    return f"本月无走访联系记录的界别{len(names)}个：{'、'.join(names)}。"


def is_silent(row: dict[str, Any]) -> bool:
    """Whether a sector's row says 本月无."""
    return not any(value for key, value in row.items() if key not in ("sector", "name"))
