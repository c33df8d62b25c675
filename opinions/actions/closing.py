"""When a referral is over: answered, nothing promised open, and every evaluation seen to."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.classification import refuse_marked
from committees.models import User
from opinions.actions.referral_log import lock_referral, log
from opinions.models import Referral, ReferralStep
from opinions.permissions.following import can_follow

Deed = ReferralStep.Deed
LONGEST = 1000  # characters of any words here


def settle_referral(referral: Referral, *, by: Actor) -> bool:
    """Close it if nothing is open any more; whether it was closed now.

    Call it inside the deed's transaction, with the referral locked.
    """
    if not referral.is_open or referral.answered_at is None:
        return False
    if referral.promises.open().exists() or referral.evaluations.undecided().exists():
        return False
    _close(referral, by=by)
    return True


def conclude(referral: Referral, *, by: User, reason: str) -> Referral:
    """办结 by the office, before the last evaluation has come or lapsed, for a reason.

    Raises ValidationError: `ended` where it is over already, `unanswered`, `open_promises`,
    `dissatisfied` while a 不满意 is before the office. An author may still evaluate afterwards.
    """
    with transaction.atomic():
        lock_referral(referral)
        if not can_follow(by, referral.committee_id):
            raise PermissionDenied
        if not referral.is_open:
            raise ValidationError(_("此件转办已经了结，请刷新后查看。"), code="ended")
        if referral.answered_at is None:
            raise ValidationError(_("承办单位还没有答复，不能办结。"), code="unanswered")
        if referral.promises.open().exists():
            raise ValidationError(
                _("还有计划解决事项没有落实，请继续跟踪办理。"), code="open_promises"
            )
        if referral.evaluations.dissatisfied().exists():
            raise ValidationError(
                _("有“不满意”的办理评价待机关处理，请先处理。"), code="dissatisfied"
            )
        _close(referral, by=by, reason=words(reason, "note"))
    return referral


def _close(referral: Referral, *, by: Actor, reason: str = "") -> None:
    referral.closed_at = timezone.now()
    referral.save(update_fields=["closed_at"])
    log(referral, Deed.CLOSE, by=by, note=reason, milestone="concluded")


def words(text: str, field: str, *, needed: bool = True) -> str:
    """The text as it is kept, with its error beside the field."""
    text = text.strip().replace("\x00", "")
    if needed and not text:
        raise ValidationError({field: ValidationError(_("请填写内容。"), code="empty")})
    if len(text) > LONGEST:
        too_long = _("不超过 %(most)s 字。") % {"most": LONGEST}
        raise ValidationError({field: ValidationError(too_long, code="too_long")})
    refuse_marked(text)
    return text
