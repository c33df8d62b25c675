"""Rows of an import as JSON between preview and confirmation; phones stand in it sealed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from committees.sealed import seal, unseal
from sectors.roster_import.readings import Reading, Row
from sectors.roster_import.ties import Tie


def rows_to_json(rows: list[Row], ties: list[Tie] | None = None) -> dict[str, Any]:
    """Return `{"headers": {sheet: {field: [title, column]}}, "rows": [[sheet, line, values]]}`.

    With ties also `"ties": [[sheet, line, kind, left, target, right, field]]`.
    """
    placed = [*rows, *(one.row for one in ties or ())]
    stored = {
        "headers": {row.sheet: row.headers for row in placed},
        "rows": [[row.sheet, row.line, _sealed(row.values)] for row in rows],
    }
    if ties:
        stored["ties"] = [
            [t.row.sheet, t.row.line, t.kind, t.left, t.target, t.right, t.fieldname] for t in ties
        ]
    return stored


def rows_from_json(stored: Any) -> Reading:
    """Return the rows as `rows_to_json` took them; only rows without complaints are ever used.

    Nothing at all, or a preview that an earlier version kept as a list, must be made again.
    """
    if not isinstance(stored, dict) or "headers" not in stored:
        raise ValidationError(_("预览内容已失效，请重新上传并预览。"), code="roster_changed")
    headers = {
        sheet: {name: (title, at) for name, (title, at) in columns.items()}
        for sheet, columns in stored["headers"].items()
    }
    return Reading(
        rows=[
            Row(sheet, line, _opened(values), headers[sheet])
            for sheet, line, values in stored["rows"]
        ],
        ties=[
            Tie(kind, left, target, right, Row(sheet, line, {}, headers[sheet]), fieldname)
            for sheet, line, kind, left, target, right, fieldname in stored.get("ties", ())
        ],
    )


def _sealed(values: dict[str, Any]) -> dict[str, Any]:
    phone = values.get("phone")
    return {**values, "phone": seal(phone)} if phone else values


def _opened(values: dict[str, Any]) -> dict[str, Any]:
    phone = values.get("phone")
    return {**values, "phone": unseal(phone)} if phone else values
