"""Verbs on activities: planned and amended."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.places import locked, move_up, organiser_only, refuse_called_off
from activities.models import Activity, CoHost, Enrolment
from activities.notices import enrolling as tell
from activities.permissions import can_plan_for
from committees.actors import Guest
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Committee, User
from sectors.models import Commission, Sector
from workrooms.models import Workroom

ORGANISERS = ("sector", "commission", "workroom")
PARTICULARS = frozenset(
    {"title", "kind", "theme", "place", "starts_at", "ends_at", "description", *ORGANISERS}
)
ENROLMENT = frozenset({"enrolment", "capacity", "enrol_until", "sessions_held"})
COLUMNS = PARTICULARS | ENROLMENT
FOREIGN = ("committee", "created_by", "series", "theme", *ORGANISERS)
COLUMN_OF = {Sector: "sector", Commission: "commission", Workroom: "workroom", str: "name"}
Host = Sector | Commission | Workroom | str


def plan_activity(
    committee: Committee,
    *,
    title: str,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    by: User,
    co_hosts: Iterable[Host] = (),
    **particulars: Any,
) -> Activity:
    """A plan of the committee, or of a sector, a commission, a workroom or several of them.

    It is seen by whoever may plan it until it is published. `particulars` are the other COLUMNS;
    `co_hosts` are rows, or outside bodies by name. Raises ValidationError: it ends before it
    starts, another committee's row, a place in the queue before there is one.
    """
    activity = Activity(committee=committee, created_by=by)
    _planner_only(by, committee, {key: particulars.get(key) for key in ORGANISERS})
    _set(activity, {"title": title, "starts_at": starts_at, "ends_at": ends_at, **particulars})
    with rules_told(), transaction.atomic():
        activity.save(force_insert=True)
        _set_co_hosts(activity, co_hosts)
        record("activity.plan", by=by, committee=committee, about=activity)
    return activity


def amend_activity(
    activity: Activity,
    *,
    by: User | Guest,
    version: int | None = None,
    co_hosts: Iterable[Host] | None = None,
    **particulars: Any,
) -> Activity:
    """Correct what, when, where and by whom; the trail names the columns that changed.

    None leaves the co-hosts as they are. `version` is the one the editor began from:
    ValidationError `stale` where somebody amended it meanwhile into something else. Whoever has a
    place in a published activity is told of another time or place; more places are filled.
    """
    hosts = None if co_hosts is None else list(co_hosts)
    with rules_told(), transaction.atomic():
        now = locked(activity)
        organiser_only(by, now)
        refuse_called_off(now)
        changed = sorted(key for key, value in particulars.items() if getattr(now, key) != value)
        has_other_hosts = hosts is not None and _keys(hosts) != _keys(co_hosts_of(now))
        if version not in (None, now.version) and (changed or has_other_hosts):
            raise ValidationError(_("该活动刚被他人修改过，请核对后再次保存。"), code="stale")
        if moved := {key: particulars[key] for key in ORGANISERS if key in changed}:
            _planner_only(by, now.committee, moved)
        _set(now, particulars)
        now.version += 1
        now.save(force_update=True)
        if hosts is not None and has_other_hosts:
            now.co_hosts.all().delete()
            _set_co_hosts(now, hosts)
        up = move_up(now) if "capacity" in changed else []
        said: dict[str, Any] = {"fields": changed, **({"moved_up": up} if up else {})}
        record("activity.amend", by=by, committee=now.committee, about=now, **said)
        _tell_changes(now, changed)
    _read_back(activity, now)
    return activity


def co_hosts_of(activity: Activity) -> list[Host]:
    """Rows, and names of outside bodies."""
    rows = activity.co_hosts.select_related("sector", "commission", "workroom")
    return [row.sector or row.commission or row.workroom or row.name for row in rows]


def _keys(hosts: Iterable[Host]) -> set[tuple[str, Any]]:
    return {(COLUMN_OF[type(host)], getattr(host, "pk", host)) for host in hosts}


def _tell_changes(activity: Activity, changed: list[str]) -> None:
    is_ahead = activity.is_on and activity.starts_at > timezone.now()
    if not is_ahead or not {"starts_at", "ends_at", "place"} & set(changed):
        return
    rows = Enrolment.objects.filter(activity=activity, given_up_at=None)
    rows = rows.exclude(is_leave_granted=True).select_related("member__user")
    tell.changed(activity, [row.member.user for row in rows])


def _read_back(activity: Activity, now: Activity) -> None:
    """What the caller holds becomes what was saved."""
    for column in COLUMNS | {"version"}:
        setattr(activity, column, getattr(now, column))


def _set(activity: Activity, particulars: dict[str, Any]) -> None:
    if unknown := particulars.keys() - COLUMNS:
        raise TypeError(f"no such particulars: {sorted(unknown)}")
    for key, value in particulars.items():
        if key in (*ORGANISERS, "theme"):
            _same_committee(activity.committee, value)
        setattr(activity, key, value)
    activity.clean_fields(exclude=FOREIGN)
    refuse_marked(activity.title, activity.place, activity.description)
    if activity.ends_at < activity.starts_at:
        raise ValidationError({"ends_at": _("结束时间早于开始时间。")})
    if activity.enrol_until and activity.enrol_until > activity.ends_at:
        raise ValidationError({"enrol_until": _("报名截止时间晚于活动结束时间。")})


def _set_co_hosts(activity: Activity, hosts: Iterable[Host]) -> None:
    """Each once, and none that is an organiser already."""
    rows = {}
    for host in hosts:
        column = COLUMN_OF[type(host)]
        if isinstance(host, str):
            host = host.strip()
        else:
            _same_committee(activity.committee, host)
        if host and getattr(activity, column, None) != host:
            rows[column, getattr(host, "pk", host)] = CoHost(activity=activity, **{column: host})
    for row in rows.values():
        row.clean_fields(exclude=["activity", *ORGANISERS])
    CoHost.objects.bulk_create(rows.values())


def _same_committee(committee: Committee, row: Any) -> None:
    if row is not None and row.committee_id != committee.pk:
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")


def _planner_only(by: User | Guest, committee: Committee, organisers: dict[str, Any]) -> None:
    """Rows of another committee are told as such before they are told as somebody else's."""
    for row in organisers.values():
        _same_committee(committee, row)
    if isinstance(by, User) and not can_plan_for(by, committee, organisers):
        raise PermissionDenied
