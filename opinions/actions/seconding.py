"""Seconding a colleague's report (附议), and taking it back."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import User
from members.models import Member
from opinions import workflow
from opinions.actions.writing import lock
from opinions.models import Opinion, Seconding
from opinions.notices import similar as notices
from opinions.permissions.similar import SECONDED, can_second

LONGEST = 300


def second(opinion: Opinion, *, by: User, member: Member, words: str = "") -> Seconding:
    """`member` supports the report, once. PermissionDenied for an author or in a stranger's name.

    ValidationError `moved` where it is issued or gone, `too_long`, `classified`, and
    `seconding_once` for a second time.
    """
    if not can_second(by, opinion, member):
        raise PermissionDenied
    words = words.strip()
    if len(words) > LONGEST:
        said = _("附议意见不超过 %(most)s 字。") % {"most": LONGEST}
        raise ValidationError({"words": ValidationError(said, code="too_long")})
    refuse_marked(words)
    with rules_told(), transaction.atomic():
        lock_known(opinion, by)
        _refuse_ended(opinion)
        row = Seconding.objects.create(
            committee=opinion.committee,
            opinion=opinion,
            member=member,
            words=words,
            at=timezone.now(),
            by=by,
        )
        _record("opinion.second", opinion, by=by, member=member)
        notices.seconded(row)
    return row


def unsecond(opinion: Opinion, *, by: User, member: Member) -> None:
    """Take a seconding back; ValidationError `gone` where there is none, `moved` once issued."""
    if not can_second(by, opinion, member):
        raise PermissionDenied
    with transaction.atomic():
        lock(opinion)
        _refuse_ended(opinion)
        if not Seconding.objects.filter(opinion=opinion, member=member).delete()[0]:
            raise ValidationError(_("没有可以撤回的附议。"), code="gone")
        _record("opinion.unsecond", opinion, by=by, member=member)


def _refuse_ended(opinion: Opinion) -> None:
    if opinion.status not in SECONDED or opinion.is_direct:
        raise ValidationError(_("这件信息已经签发或者不再办理，附议不再变动。"), code="moved")


def lock_known(opinion: Opinion, by: User) -> None:
    """Take the row's lock, while this person knows of it as a colleague or sees it; else `moved`.

    Asked of the row itself, so that what was committed while waiting for the lock counts.
    """
    held = Opinion.objects.select_for_update(of=("self",), no_key=True).shown_to_peers(by)
    try:
        opinion.refresh_from_db(fields=workflow.LOCKED, from_queryset=held)
    except Opinion.DoesNotExist:
        lock(opinion)
        if not Opinion.objects.visible_to(by).filter(pk=opinion.pk).exists():
            words = _("此件现在不能作这一步处理。")
            raise ValidationError(words, code="moved") from None


def _record(action: str, opinion: Opinion, *, by: User, member: Member) -> None:
    served = member.user if member.user_id != by.pk else None
    record(
        action,
        by=by,
        committee=opinion.committee,
        about=opinion,
        on_behalf_of=served,
        member=member.pk,
    )
