"""What units were sent of a report that is taken offline, and what they answered, goes as well."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from opinions.actions.referral_log import log
from opinions.models import (
    Evaluation,
    Opinion,
    Promise,
    PromiseReport,
    ReferralExtension,
    ReferralStep,
    Reply,
    ReplyFile,
    Urging,
)
from opinions.notices import referrals as notices

GONE = "—"
"""Stands where a column may not be empty."""


def erase_referrals(opinion: Opinion, *, by: Any) -> dict[str, Any]:
    """Blank every word of the report's referrals, end the open ones, and tell their units.

    Returns `{"referrals": n, "replies": n}`; dates, units and classes stay, for they count.
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
    ReplyFile.objects.filter(reply__referral__in=rows).delete()
    replies = Reply.objects.filter(**mine).update(
        text="", no_date_reason="", contact_name="", contact_phone=""
    )
    PromiseReport.objects.filter(promise__referral__in=rows).update(words="", attachment=None)
    Promise.objects.filter(**mine).update(
        what=GONE, no_date_reason="", extension_reason="", evidence=""
    )
    Evaluation.objects.filter(**mine).update(words="", choice_note="")
    return {"referrals": len(rows), "replies": replies}
