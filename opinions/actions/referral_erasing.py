"""What units were sent of a report that is taken offline goes as well, and ends where an entry is
closed to all but the confidant."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from committees.models import Draft
from opinions.actions.referral_log import log
from opinions.actions.unit_replies import DRAFT_FORM
from opinions.models import (
    Opinion,
    Referral,
    ReferralExtension,
    ReferralStep,
    Urging,
)
from opinions.models.referrals import ERASED
from opinions.notices import referrals as notices
from workrooms.models import Reception


def hold_referrals(opinion: Opinion) -> None:
    """All rows first and in one order, before any trail: every deed of a unit takes its own."""
    rows = Referral.objects.select_for_update(no_key=True).filter(opinion=opinion)
    list(rows.order_by("pk").values_list("pk", flat=True))


def erase_referrals(opinion: Opinion, *, by: Any) -> dict[str, Any]:
    """Blank every word of the report's referrals, end the open ones, and tell their units.

    Returns `{"referrals": n}`; dates and units stay, for they count.
    """
    rows = list(opinion.referrals.select_related("committee", "unit", "via", "opinion"))
    if not rows:
        return {}
    mine = {"referral__in": rows}
    _end(rows, by=by)
    opinion.referrals.update(
        title=ERASED, text=ERASED, request="", refusal_cause="", refusal_answer="", assigned_to=""
    )
    ReferralStep.objects.filter(**mine).update(note="")
    ReferralExtension.objects.filter(**mine).update(reason=ERASED, answer="")
    Urging.objects.filter(**mine).update(words="")
    return {"referrals": len(rows)}


def end_referrals_of(reception: Reception, *, by: Any) -> None:
    """Of an entry that turned out to be against a person: the units have it no more, and lose what
    they were typing of it. Only the number is told."""
    held = reception.referrals.select_for_update(of=("self",), no_key=True).order_by("pk")
    rows = list(held.select_related("committee", "unit", "via"))
    _end(rows, by=by)
    forms = [DRAFT_FORM.format(pk=row.pk) for row in rows]
    Draft.objects.filter(committee=reception.committee, form__in=forms).delete()


def _end(rows: list[Referral], *, by: Any) -> None:
    """Take back those that are open, and tell their units."""
    for row in rows:
        if row.is_open:
            row.ended_at = timezone.now()
            row.save(update_fields=["ended_at"])
            log(row, ReferralStep.Deed.TAKE_BACK, by=by)
            notices.taken_back(row)
