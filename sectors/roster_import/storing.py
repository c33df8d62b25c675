"""Rows of an import as JSON between preview and confirmation; phones stand in it sealed."""

from __future__ import annotations

from typing import Any

from committees.sealed import seal, unseal
from sectors.roster_import.rows import Reading, Row


def rows_to_json(rows: list[Row]) -> dict[str, Any]:
    """Return `{"headers": {sheet: {field: [title, column]}}, "rows": [[sheet, line, values]]}`."""
    return {
        "headers": {row.sheet: row.headers for row in rows},
        "rows": [[row.sheet, row.line, _sealed(row.values)] for row in rows],
    }


def rows_from_json(stored: dict[str, Any]) -> Reading:
    """Return the rows as `rows_to_json` took them; only rows without complaints are ever used."""
    headers = {
        sheet: {name: (title, at) for name, (title, at) in columns.items()}
        for sheet, columns in stored["headers"].items()
    }
    return Reading(
        rows=[
            Row(sheet, line, _opened(values), headers[sheet])
            for sheet, line, values in stored["rows"]
        ]
    )


def _sealed(values: dict[str, Any]) -> dict[str, Any]:
    phone = values.get("phone")
    return {**values, "phone": seal(phone)} if phone else values


def _opened(values: dict[str, Any]) -> dict[str, Any]:
    phone = values.get("phone")
    return {**values, "phone": unseal(phone)} if phone else values
