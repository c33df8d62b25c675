"""Sectors that stand only on the first line of their block, as a merged column saved as text.

Whether a blank sector means the one above or the one a member has already cannot be told, so it is
never filled in: the complaint names the line above and what to write.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from sectors.roster_import.complaints import RowError

if TYPE_CHECKING:
    from sectors.roster_import.plan import Entry


def block_errors(entries: list[Entry]) -> list[RowError]:
    """Complain of each blank sector below a named one that the member does not sit in already."""
    sheets: dict[str, list[Entry]] = defaultdict(list)
    for one in entries:
        if "sector" in one.row.values:
            sheets[one.row.sheet].append(one)
    return [
        _unclear(one, head)
        for rows in sheets.values()
        for one, head in _below(rows)
        if one.sector != head.sector and head.sector
    ]


def _below(rows: list[Entry]) -> list[tuple[Entry, Entry]]:
    """Return each row with a blank sector and the first of its block, in a sheet of blocks.

    A sheet is one when its first row names a sector and no sector is named twice.
    """
    named = [one.row.get("sector") for one in rows if one.row.get("sector")]
    if not rows[0].row.get("sector") or len(set(named)) < len(named):
        return []
    found, head = [], rows[0]
    for one in rows:
        if one.row.get("sector"):
            head = one
        else:
            found.append((one, head))
    return found


def _unclear(one: Entry, head: Entry) -> RowError:
    told = {"line": head.row.line, "above": head.row.get("sector"), "now": one.sector}
    if one.sector is None:
        sentence = _(
            "缺少界别。第 %(line)d 行写的是“%(above)s”，本行如属同一界别，请也填写“%(above)s”。"
            "合并的单元格存为文本后只有第一行留有界别，其余各行请逐行填写。"
        )
        return one.row.error("sector", "sector_missing", sentence % told)
    sentence = _(
        "界别空白：该委员现属“%(now)s”，而第 %(line)d 行写的是“%(above)s”，"
        "不能确定属于哪个界别，请在本行填写。"
    )
    return one.row.error("sector", "sector_unclear", sentence % told)
