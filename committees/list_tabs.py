"""The tabs over a list (`?of=`): those this person has, and which one is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest


def tabs_over(request: HttpRequest, labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`labels` by name, an empty one where the person has no such tab; at least one is offered.

    Each is `{"name", "label", "url", "is_current"}`; without `?of=`, or with one that is not
    offered, the first is open.
    """
    offered = {name: label for name, label in labels.items() if label}
    asked = request.GET.get("of", "")
    current = asked if asked in offered else next(iter(offered), "")
    return [
        {"name": name, "label": label, "url": f"?of={name}", "is_current": name == current}
        for name, label in offered.items()
    ]


def keep_tab(found: Any, name: str, value: str) -> None:
    """The tab that is open goes with the filter's form, though it is no filter: call it last."""
    found.form.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)
    found.form.data = found.form.data.copy()
    found.form.data[name] = value
