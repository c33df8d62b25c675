"""One group of a preview at a time, page by page; other imports show theirs the same way."""

from __future__ import annotations

from typing import Any

ROWS_A_PAGE = 100


def shown_group(report: dict[str, Any], asked: Any, labels: dict[str, str]) -> dict[str, Any]:
    """Return the tabs and one page of the group asked for, or of the first that is not empty.

    `labels` names the groups in their order, `errors` first.
    """
    groups = {"errors": report["errors"], **report["groups"]}
    shown = asked.get("show")
    if shown not in groups:
        shown = next((name for name in labels if groups[name]), "unchanged")
    number = asked.get("page", "1")
    page = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    start = (page - 1) * ROWS_A_PAGE
    rows = groups[shown]
    return {
        "tabs": [
            {
                "label": label,
                "url": f"?show={name}",
                "is_current": name == shown,
                "count": len(groups[name]),
            }
            for name, label in labels.items()
        ],
        "shown": shown,
        "rows": rows[start : start + ROWS_A_PAGE],
        "previous": page - 1,
        "next": page + 1 if len(rows) > start + ROWS_A_PAGE else 0,
    }
