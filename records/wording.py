"""Short sentences that say what the figures say, for the headings of the summary.

The paper is Chinese whatever language the screen has, so nothing here is translated. The office may
write its own words over any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contacts.periods import Every
from records.figures import FIGURES, HEADINGS
from sectors.models import Sector

THIS = {Every.MONTH: "本月", Every.QUARTER: "本季度", Every.YEAR: "本年度"}
COMING = {Every.MONTH: "下月", Every.QUARTER: "下季度", Every.YEAR: "下年度"}
NOTHING = "本月无。"
"""What a heading of a month says when nothing happened."""


def nothing(every: str = Every.MONTH) -> str:
    return f"{THIS[Every(every)]}无。"


def sentences(
    figures: dict[str, int], by_sector: list[dict[str, Any]], every: str = Every.MONTH
) -> dict[str, str]:
    """`{heading key: text}` for every heading, made from stored numbers alone."""
    n = {key: figures.get(key, 0) for key in FIGURES}
    said = {
        "overall": _overall(n),
        "sectors": _sectors(n),
        "workrooms": _clauses(
            [
                ("委员工作室开展活动", n["rooms"], "场"),
                ("委员值班", n["duties"], "班次"),
                ("接待群众", n["receptions"], "件"),
            ]
        ),
        "opinions": _opinions(n),
        "requests": _clauses([("当场答复", n["answered"], "件"), ("办结", n["resolved"], "件")]),
        "next": _silent(by_sector, every) + _open(n, every),
    }
    return {key: said.get(key) or nothing(every) for key in HEADINGS}


def _clauses(parts: Iterable[tuple[str, int, str]]) -> str:
    """`开展会议活动3场，走访联系5次。`; what is nought is left out, and all noughts are empty."""
    said = [f"{words}{number}{unit}" for words, number, unit in parts if number]
    return "，".join(said) + "。" if said else ""


def _overall(n: dict[str, int]) -> str:
    return _clauses(
        [
            ("开展会议活动", n["activities"], "场"),
            ("委员出席", n["attendance"], "人次"),
            ("活动服务群众", n["served"], "人次"),
            ("走访联系", n["visits"], "次"),
            ("联系群众", n["people"], "人次"),
            ("收到社情民意信息", n["received"], "条"),
            ("签发", n["issued"], "条"),
        ]
    )


def _sectors(n: dict[str, int]) -> str:
    if not n["visits"]:
        return ""
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
    reports = [
        ("收到社情民意信息", n["received"], "条"),
        ("界别初核", n["reviewed"], "条"),
        ("签发", n["issued"], "条"),
        ("采用", n["adopted"], f"条次（其中上级政协采用{above}条次）" if above else "条次"),
        ("办结", n["closed"], "条"),
    ]
    handling = [
        ("转办承办单位", n["referred"], "件"),
        ("收到办理答复", n["replied"], "件"),
        ("其中已解决或基本解决", n["solved"], "件"),
    ]
    promises = [
        ("计划解决事项到期", n["planned"], "项"),
        ("落实计划解决事项", n["kept"], "项"),
    ]
    return _clauses(reports) + _clauses(handling) + _clauses(promises)


def _silent(by_sector: list[dict[str, Any]], every: str) -> str:
    """The sectors without a visit, by name: coverage matters more than counts."""
    this = THIS[Every(every)]
    names = [Sector(name=row["name"]).title for row in by_sector if not row.get("visits")]
    if not by_sector:
        return ""
    if not names:
        return f"各界别{this}均有走访联系。"
    return f"{this}无走访联系记录的界别{len(names)}个：{'、'.join(names)}。"


def _open(n: dict[str, int], every: str) -> str:
    """What is still open, and what the next period holds already."""
    coming = COMING[Every(every)]
    left = _clauses([("转办逾期未答复", n["overdue"], "件")])
    ahead = _clauses(
        [("安排会议活动", n["coming"], "场"), ("到期计划解决事项", n["to_keep"], "项")]
    )
    return left + (coming + ahead if ahead else "")


def is_silent(row: dict[str, Any]) -> bool:
    """Whether a sector's, commission's or room's row says 本月无."""
    names = ("sector", "name", "id", "number")
    return not any(value for key, value in row.items() if key not in names)
