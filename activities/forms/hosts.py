"""Organisers and co-hosts in one searched list: sectors, commissions and rooms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models.activities import PLANNED_BY
from committees.actors import Actor
from committees.dictionaries import rows_of
from committees.models import Committee
from committees.permissions import is_clerk
from contacts.forms.fields import Picker
from sectors.models import Commission, Sector
from workrooms.models import Workroom

MODELS: dict[str, Any] = {"sector": Sector, "commission": Commission, "workroom": Workroom}


def hosts_of(committee: Committee, keep: Iterable[str] = ()) -> dict[str, Any]:
    """`{"sector-3": row}` of everything that may hold an activity here, from the cache.

    Closed rooms and sectors no longer used only where `keep` names them.
    """
    hosts = {
        f"{column}-{row.pk}": row
        for column, model in MODELS.items()
        for row in rows_of(model, committee)
    }
    kept = set(keep)
    return {key: row for key, row in hosts.items() if key in kept or _is_there(row)}


def _is_there(row: Any) -> bool:
    return getattr(row, "is_active", True) and getattr(row, "closed_on", None) is None


def own_hosts(actor: Actor, committee: Committee, hosts: dict[str, Any]) -> dict[str, Any]:
    """Those in whose name this person may plan: all for a clerk."""
    if is_clerk(actor, committee):
        return hosts
    theirs = {
        f"{column}-{pk}"
        for column, role in PLANNED_BY.items()
        for pk in actor.standing.scopes(role, committee=committee)
    }
    return {key: row for key, row in hosts.items() if key in theirs}


def key_of(row: Any) -> str:
    column = next(name for name, model in MODELS.items() if isinstance(row, model))
    return f"{column}-{row.pk}"


class HostsField(forms.MultipleChoiceField):
    """Rows by their keys; a few are boxes, many are searched."""

    FEW = 8
    widget: Any = Picker

    def offer(self, hosts: dict[str, Any]) -> None:
        self.rows = hosts
        choices = [(key, getattr(row, "title", None) or str(row)) for key, row in hosts.items()]
        self.choices = choices
        if len(choices) <= self.FEW:
            self.widget = forms.CheckboxSelectMultiple()
            self.choices = choices
            return
        self.widget.initials = {}
        self.widget.attrs |= {"data-picker": "", "data-placeholder": _("输入名称查找")}

    def clean(self, value: Any) -> list[Any]:
        return [self.rows[key] for key in super().clean(value)]


def by_column(rows: Iterable[Any]) -> dict[str, Any]:
    """The organisers' columns; ValidationError where one kind is named twice."""
    found: dict[str, Any] = dict.fromkeys(MODELS)
    for row in rows:
        column = key_of(row).partition("-")[0]
        if found[column] is not None:
            raise forms.ValidationError(_("主办的同类单位只选一个，其余请列入协办。"), code="two")
        found[column] = row
    return found
