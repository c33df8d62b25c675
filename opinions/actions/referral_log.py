"""The step of a referral, its audit row, and the lock that every verb on it takes first."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor, actor_columns
from committees.audit import record
from opinions.milestones import mark
from opinions.models import Referral, ReferralStep
from opinions.proposal_workflow import step_of

# Relations stay as they were fetched; only the unit may change (a relaying office assigns it).
_LOCKED = [
    field.name
    for field in Referral._meta.concrete_fields
    if not field.is_relation or field.name == "unit"
]


def lock_referral(referral: Referral) -> Referral:
    """Take the row for this transaction, and read what may have changed meanwhile.

    ValidationError `offline` where its report went offline: no word is added to what was deleted.
    """
    locked = Referral.objects.select_for_update(no_key=True)
    referral.refresh_from_db(fields=_LOCKED, from_queryset=locked)
    if referral.is_erased:
        raise ValidationError(_("此件已转线下办理。"), code="offline")
    return referral


def log(
    referral: Referral,
    deed: str,
    *,
    by: Actor,
    note: str = "",
    by_name: str = "",
    milestone: str = "",
    told: str = "",
    **detail: Any,
) -> ReferralStep:
    """Write the ReferralStep and the audit row; also the milestone in the life of its report or
    proposal, with `told` beside.

    `by_name` is who acted in a unit, as typed there. `note` is for office and unit, `told` for the
    author's timeline.
    """
    step = ReferralStep(referral=referral, deed=deed, note=note[:1000], at=timezone.now())
    step.by_name = by_name[:40]
    for column, value in actor_columns(by).items():
        setattr(step, column, value)
    step.save(force_insert=True)
    record(f"referral.{deed}", by=by, committee=referral.committee, about=referral, **detail)
    if milestone:
        mark_matter(referral, milestone, by=by, note=told)
    return step


def mark_matter(referral: Referral, name: str, *, by: Actor, note: str = "") -> None:
    """A milestone in the life of the report or of the proposal; an entry has none."""
    if referral.opinion is not None:
        mark(referral.opinion, name, by=by, note=note)
    elif referral.proposal is not None:
        step_of(referral.proposal, name, by=by, note=note)
