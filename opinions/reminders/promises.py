"""Planned matters (计划解决事项): asked about before, on and after their time."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import CLOCK
from committees.models import Committee, Unit, User
from committees.workdays import Calendar, calendar_of
from notices.actions import clerks_of
from notices.reminders import Reached
from opinions.actions.referral_log import mark_matter
from opinions.models import Opinion, Promise, PromiseAsking, ProposalSigner, ProposalStatus
from opinions.notices import following as notices
from opinions.reminders.evaluations import OF_MATTER
from opinions.reminders.referrals import handlers_by_unit

Stage = PromiseAsking.Stage
ASKED_BEFORE = 10  # working days before the planned time
LATE_AFTER = 5  # working days after it


def stage_of(promise: Promise, day: datetime.date, calendar: Calendar) -> tuple[str, Any] | None:
    """What is to be asked about a promise on a working day, and about which day; None for nothing.

    Only the latest stage counts: a clock that stood still asks once. What has no time is asked
    about once a quarter, from the quarter after the promise on.
    """
    planned = promise.planned_on
    if planned is None:
        quarter = datetime.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        is_new = timezone.localdate(promise.created_at) >= quarter
        return None if is_new else (Stage.UNDATED, quarter)
    if day >= calendar.after(planned, LATE_AFTER):
        return Stage.AFTER, planned
    if day >= planned:
        return Stage.DUE, planned
    return (Stage.BEFORE, planned) if day >= calendar.before(planned, ASKED_BEFORE) else None


def _near(committee: Committee, day: datetime.date) -> Any:
    """Promises that may be due: sixty days hold ten working days of any calendar."""
    rows = Promise.objects.in_committee(committee).followed()
    near = rows.filter(planned_on__lte=day + datetime.timedelta(days=60))
    return (near | rows.filter(planned_on=None)).by_date().select_related(*OF_MATTER)


def ask_about_promises(committee: Committee, day: datetime.date) -> int:
    """Authors each, units and office in one digest; how many promises were asked about now.

    On working days only. Safe to run twice, and at once: a row claims each asking.
    """
    return _ask_all(committee, day)[0]


def tell_of_promises(committee: Committee, on: datetime.date) -> int:
    """The same; how many people that tells."""
    return _ask_all(committee, on)[1]


def _ask_all(committee: Committee, day: datetime.date) -> tuple[int, int]:
    """How many promises were asked about, and how many people were told."""
    calendar = calendar_of(committee)
    if not calendar.is_workday(day):
        return 0, 0
    units: Counter[int] = Counter()
    asked = people = 0
    for promise in _near(committee, day).iterator(chunk_size=500):
        stage = stage_of(promise, day, calendar)
        told = None if stage is None else _ask(promise, *stage, day)
        if told is None:
            continue
        asked, people = asked + 1, people + told
        referral = promise.referral
        units.update({pk for pk in (referral.unit_id, referral.via_id) if pk})
    for unit in Unit.objects.filter(pk__in=units).select_related("committee"):
        people += notices.units_asked(unit, on=day, count=units[unit.pk])
    if asked:
        people += notices.office_asked(committee, on=day, count=asked)
    return asked, people


def _ask(promise: Promise, stage: str, about: datetime.date, day: datetime.date) -> int | None:
    """Claim the asking and tell authors or signers, how many; None where it was claimed, or the
    promise settled, before."""
    with transaction.atomic():
        held = Promise.objects.select_for_update(no_key=True).filter(pk=promise.pk).open()
        if held.filter(planned_on=promise.planned_on).first() is None:
            return None
        asking, is_new = PromiseAsking.objects.get_or_create(
            promise=promise, stage=stage, about=about, defaults={"asked_on": day}
        )
        if not is_new:
            return None
        if stage == Stage.AFTER:
            mark_matter(promise.referral, "late", by=CLOCK, note=promise.when)
        return notices.promise_asked(asking)


def promises_due(committee: Committee, on: datetime.date) -> list[Reached]:
    """Authors or signers of each, then units and office with their digests."""
    calendar = calendar_of(committee)
    if not calendar.is_workday(on):
        return []
    before = PromiseAsking.objects.filter(promise=OuterRef("pk"))
    asking = JSONObject(stage="stage", about="about")
    near = _near(committee, on).annotate(asked_before=ArraySubquery(before.values(row=asking)))
    staged = [(promise, stage_of(promise, on, calendar)) for promise in near]
    asked = [
        (promise, *stage)
        for promise, stage in staged
        if stage and {"stage": stage[0], "about": f"{stage[1]}"} not in promise.asked_before
    ]
    if not asked:
        return []
    found = _authors(committee, asked)
    referrals = [promise.referral for promise, _stage, _about in asked]
    acting = handlers_by_unit(committee, referrals)
    root, about = f"/{committee.slug}", _("%(count)s 件计划解决事项的汇总")
    for pk, people in acting.items():
        key, kind = f"committees.unit:{pk}:promises_asked:{on}", "promises_asked"
        count = sum(pk in (row.unit_id, row.via_id) for row in referrals)
        said = about % {"count": count}
        path = f"{root}/unit/promises/"
        found += [Reached(person, kind, key, said, path) for person in people]
    key, kind = f"committees.committee:{committee.pk}:promises_due:{on}", "promises_due"
    said, path = about % {"count": len(asked)}, f"{root}/promises/"
    return found + [Reached(one, kind, key, said, path) for one in clerks_of(committee)]


def _authors(
    committee: Committee, asked: list[tuple[Promise, str, datetime.date]]
) -> list[Reached]:
    """Of reports, and the signers of proposals, who are told by a kind of their own."""
    referrals = [promise.referral for promise, _stage, _about in asked]
    reports = {row.opinion_id for row in referrals if row.opinion_id}
    rows = Opinion.objects.filter(pk__in=reports).with_authors()
    wrote = {("opinions", row.pk): row.author_ids for row in rows}
    proposals = {row.proposal_id for row in referrals if row.proposal_id}
    here = Q(proposal__in=proposals) | Q(
        proposal__main__in=proposals, proposal__status=ProposalStatus.JOINED
    )
    for part in ProposalSigner.objects.filter(here).select_related("proposal").order_by("place"):
        row = part.proposal  # what was joined (并案) is followed as its main one
        pk = row.pk if row.pk in proposals else row.main_id
        signed = wrote.setdefault(("proposals", pk), [])
        if part.member_id not in signed:
            signed.append(part.member_id)
    wanted = {pk for pks in wrote.values() for pk in pks}
    accounts = User.objects.filter(members__in=wanted, is_active=True)
    people = {user.member_id: user for user in accounts.annotate(member_id=F("members"))}
    found = []
    for promise, stage, about in asked:
        kind = "promise_late" if stage == Stage.AFTER else "promise_due"
        key = f"opinions.promise:{promise.pk}:{kind}:{stage}:{about}"
        matter: Any = promise.referral.opinion or promise.referral.proposal
        if matter is None:
            continue
        app = "opinions" if promise.referral.opinion_id else "proposals"
        path = f"/{committee.slug}/{app}/{matter.pk}/handling/"
        said = _("%(report)s的计划解决事项") % {"report": matter.label}
        tell = [people[pk] for pk in wrote[app, matter.pk] if pk in people]
        told_by = kind if app == "opinions" else "proposal_progress"
        found += [Reached(person, told_by, key, said, path) for person in tell]
    return found
