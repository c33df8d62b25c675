"""The one field for a day: the phone's own calendar."""

from __future__ import annotations

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """`<input type="date">`, which reads and writes `2026-11-28` whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
