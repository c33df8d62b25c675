"""What units were sent of a report that is taken offline goes as well."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from opinions.actions.referral_log import log
from opinions.models import (
    Opinion,
    ReferralExtension,
    ReferralStep,
    Urging,
)
from opinions.notices import referrals as notices

GONE = "—"
"""Stands where a column may not be empty."""


def erase_referrals(opinion: Opinion, *, by: Any) -> dict[str, Any]:
    """Blank every word of the report's referrals, end the open ones, and tell their units.

    Returns `{"referrals": n}`; dates and units stay, for they count.
    """
    rows = list(opinion.referrals.select_related("committee", "unit", "via", "opinion"))
    if not rows:
        return {}
    mine = {"referral__in": rows}
    for row in rows:
        if row.is_open:
            row.ended_at = timezone.now()
            row.save(update_fields=["ended_at"])
            log(row, ReferralStep.Deed.TAKE_BACK, by=by)
            notices.taken_back(row)
    opinion.referrals.update(
        title=GONE, text=GONE, request="", refusal_cause="", refusal_answer="", assigned_to=""
    )
    ReferralStep.objects.filter(**mine).update(note="")
    ReferralExtension.objects.filter(**mine).update(reason=GONE, answer="")
    Urging.objects.filter(**mine).update(words="")
    return {"referrals": len(rows)}
