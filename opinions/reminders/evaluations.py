"""Evaluations (办理评价) the authors were asked for: two reminders before the last day."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import Committee
from committees.templatetags.portal import day
from committees.workdays import calendar_of
from notices.reminders import Reached
from opinions.models import Evaluation, Status
from opinions.notices import following as notices

REMINDED_BEFORE = (5, 1)  # working days before the last day to evaluate
PROPOSAL = ("referral__proposal__committee", "referral__proposal__session__term")
OF_MATTER = ("referral__opinion__committee", "referral__committee", *PROPOSAL)


def _due(committee: Committee, on: datetime.date) -> list[Any]:
    """Awaited ones whose next reminder has come, on its day or later; on working days only."""
    calendar = calendar_of(committee)
    if not calendar.is_workday(on):
        return []
    rows = Evaluation.objects.in_committee(committee).awaited().order_by("due_on", "id")
    rows = rows.exclude(referral__opinion__status=Status.OFFLINE)
    rows = rows.filter(reminders__lt=len(REMINDED_BEFORE))
    rows = rows.select_related(*OF_MATTER, "member__user")
    is_new = Q(reminded_on=None) | Q(reminded_on__lt=on)
    return [
        row
        for row in rows.filter(is_new)
        if timezone.localdate(row.asked_at) < on
        and on >= calendar.before(row.due_on, REMINDED_BEFORE[row.reminders])
    ]


def remind_of_evaluations(committee: Committee, on: datetime.date) -> int:
    """How many were reminded now; safe to run twice, and at once."""
    return sum(_remind(row, on) for row in _due(committee, on))


def evaluations_due(committee: Committee, on: datetime.date) -> list[Reached]:
    found = []
    for row in _due(committee, on):
        matter, kind = row.referral.opinion or row.referral.proposal, "evaluation_reminder"
        app = "opinions" if row.referral.opinion_id else "proposals"
        key = f"opinions.evaluation:{row.pk}:{kind}:{row.reminders + 1}"
        about = _("%(report)s，%(day)s前评价") % {"report": matter.label, "day": day(row.due_on)}
        path = f"/{committee.slug}/{app}/{matter.pk}/evaluate/"
        if row.member.user.is_active:
            found.append(Reached(row.member.user, kind, key, about, path))
    return found


def _remind(row: Evaluation, day: datetime.date) -> bool:
    """Claim the reminder; a day has one at most, whoever runs."""
    claimed = Evaluation.objects.awaited().filter(pk=row.pk, reminders=row.reminders)
    claimed = claimed.filter(Q(reminded_on=None) | Q(reminded_on__lt=day))
    with transaction.atomic():
        if not claimed.update(reminders=F("reminders") + 1, reminded_on=day):
            return False
        row.reminders += 1
        notices.evaluation_reminder(row)
    return True
