"""Verbs on areas: which there are, which grids lie in them, which member answers for which."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Committee, User
from committees.sealed import normal_phone
from committees.spans import end_spans, ended, is_over, span_from
from contacts.models import Area, AreaMember, Grid
from contacts.permissions import can_keep_areas
from members.models import Member

AREA_COLUMNS = frozenset(["name", "place", "position", "is_active"])
GRID_COLUMNS = frozenset(["name", "worker", "worker_phone"])


def add_area(
    *, committee: Committee, name: str, by: User, place: str = "", position: int = 0
) -> Area:
    """A responsibility area (界别责任区); ValidationError for a name there is already."""
    _may_keep(by, committee)
    area = Area(committee=committee, name=name.strip(), place=place.strip(), position=position)
    _check(area)
    with rules_told(), transaction.atomic():
        area.save(force_insert=True)
        record("area.add", by=by, committee=committee, about=area)
    return area


def amend_area(area: Area, *, by: User, **columns: Any) -> Area:
    """Correct it, or with `is_active=False` offer it no more; its contacts and visits stay."""
    _may_keep(by, area.committee)
    changed = _set(area, columns, AREA_COLUMNS)
    _check(area)
    with rules_told(), transaction.atomic():
        area.save(update_fields=changed)
        record("area.amend", by=by, committee=area.committee, about=area, fields=changed)
    return area


def assign_area(
    area: Area, member: Member, *, by: User, on: datetime.date | None = None
) -> AreaMember:
    """The member answers for the area from a day on (default today); an earlier area ends there."""
    _may_keep(by, area.committee)
    day = on or timezone.localdate()
    if member.committee_id != area.committee_id:
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    with rules_told(), transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        held = AreaMember.objects.filter(member=member)
        if held.on(day).filter(area=area).exists():
            raise ValidationError(_("该委员已是此界别责任区的责任委员。"), code="area_twice")
        end_spans(held, day)
        row = AreaMember.objects.create(
            committee=area.committee, area=area, member=member, span=span_from(day)
        )
        record("area.assign", by=by, committee=area.committee, about=row, on=day.isoformat())
    return row


def assign_areas(
    area: Area, members: Iterable[Member], *, by: User, on: datetime.date | None = None
) -> list[AreaMember]:
    """Several members at once, all or none."""
    with transaction.atomic():
        return [assign_area(area, member, by=by, on=on) for member in members]


def release_from_area(row: AreaMember, *, by: User, on: datetime.date | None = None) -> AreaMember:
    """`on` (default today) is the first day the member no longer answers for it; twice is once."""
    _may_keep(by, row.committee)
    day = on or timezone.localdate()
    with transaction.atomic():
        row = AreaMember.objects.select_for_update().get(pk=row.pk)
        if is_over(row.span, day):
            return row
        row.span = ended(row.span, day)
        row.save(update_fields=["span"])
        record("area.release", by=by, committee=row.committee, about=row, on=day.isoformat())
    return row


def add_grids(area: Area, rows: Iterable[tuple[str, str, str]], *, by: User) -> list[Grid]:
    """Grids as `(name, worker, phone)`, all or none; ValidationError names the line that is wrong.

    A grid of the same name gets the new worker: pasting a corrected list twice does no harm.
    """
    _may_keep(by, area.committee)
    known = {grid.name: grid for grid in area.grids.all()}
    kept: dict[str, Grid] = {}
    wrong = []
    for line, (name, worker, phone) in enumerate(rows, start=1):
        grid = known.get(name) or Grid(committee=area.committee, area=area, name=name)
        grid.worker, grid.worker_phone = worker, normal_phone(phone) or phone
        try:
            _check_grid(grid)
            if name in kept:
                raise ValidationError(_("网格“%(name)s”出现两次。") % {"name": name})
        except ValidationError as refused:
            wrong += [
                _("第 %(line)s 行：%(what)s") % {"line": line, "what": sentence}
                for sentence in refused.messages
            ]
        kept[name] = grid
    if wrong:
        raise ValidationError(wrong)
    with rules_told(), transaction.atomic():
        Grid.objects.bulk_create([grid for grid in kept.values() if grid.pk is None])
        Grid.objects.bulk_update(
            [grid for grid in kept.values() if grid.name in known], ["worker", "worker_phone"]
        )
        record("grid.add", by=by, committee=area.committee, about=area, grids=len(kept))
    return list(kept.values())


def amend_grid(grid: Grid, *, by: User, **columns: Any) -> Grid:
    _may_keep(by, grid.committee)
    if "worker_phone" in columns:
        columns["worker_phone"] = normal_phone(columns["worker_phone"]) or columns["worker_phone"]
    changed = _set(grid, columns, GRID_COLUMNS)
    _check_grid(grid)
    with rules_told(), transaction.atomic():
        grid.save(update_fields=changed)
        record("grid.amend", by=by, committee=grid.committee, about=grid, fields=changed)
    return grid


def remove_grid(grid: Grid, *, by: User) -> None:
    """A grid that is no more; the area, its contacts and visits know nothing of it."""
    _may_keep(by, grid.committee)
    with transaction.atomic():
        record("grid.remove", by=by, committee=grid.committee, about=grid)
        grid.delete()


def _may_keep(by: User, committee: Committee) -> None:
    if not can_keep_areas(by, committee):
        raise PermissionDenied


def _set(row: Any, columns: dict[str, Any], known: frozenset[str]) -> list[str]:
    if unknown := columns.keys() - known:
        raise TypeError(f"no such columns: {sorted(unknown)}")
    changed = sorted(key for key, value in columns.items() if getattr(row, key) != value)
    for key in changed:
        setattr(row, key, columns[key])
    return changed


def _check(area: Area) -> None:
    area.clean_fields(exclude=["committee"])
    refuse_marked(area.name, area.place)


def _check_grid(grid: Grid) -> None:
    phone = grid.worker_phone or ""
    if phone and not phone.replace("-", "").isdigit():
        raise ValidationError({"worker_phone": _("联系电话只填数字。")})
    grid.clean_fields(exclude=["committee", "area"])
    refuse_marked(grid.name, grid.worker)
