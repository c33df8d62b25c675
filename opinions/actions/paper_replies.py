"""What came on paper: the office enters the reply, and the stamped scan finds its letter."""

from __future__ import annotations

import datetime
import unicodedata

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.broken_rules import rules_told
from committees.models import User
from opinions.actions.referral_log import lock_referral, log
from opinions.actions.unit_desk import Deed, moved, state_of
from opinions.actions.unit_replies import (
    ReplyWords,
    check_complete,
    give,
    keep_files,
    next_round,
    write_words,
)
from opinions.models import Referral, Reply, ReplyFile, State
from opinions.permissions.unit_desk import can_enter_replies

ENTERED_IN = frozenset({State.WAITING, State.HANDLING, State.EXTENDING})


def enter_reply(
    referral: Referral,
    words: ReplyWords,
    *,
    by: User,
    letter_number: str = "",
    letter_on: datetime.date | None = None,
    scan: UploadedFile | None = None,
) -> Reply:
    """A reply that came on paper. What the unit was drafting here stays the unit's own.

    ValidationError `moved` where it has been answered meanwhile.
    """
    with rules_told(), transaction.atomic():
        _hold(referral, by)
        if (state := state_of(referral)) not in ENTERED_IN:
            raise moved(state)
        if letter_on and letter_on > timezone.localdate():
            raise ValidationError({"letter_on": _("复函日期不能晚于今天。")})
        reply = Reply(referral=referral, round=next_round(referral), entered_by=by)
        reply.letter_number, reply.letter_on = letter_number.strip(), letter_on
        write_words(reply, words)
        reply.drafted_at = timezone.now()
        reply.save(force_insert=True)
        keep_files(reply, [(ReplyFile.Kind.STAMPED, scan)] if scan else [], by=by)
        check_complete(reply)
        give(reply, by=by)
    return reply


def attach_scan(referral: Referral, scan: UploadedFile, *, by: User) -> ReplyFile:
    """The stamped scan of the reply given last; found by the code printed on it."""
    with rules_told(), transaction.atomic():
        _hold(referral, by)
        reply = referral.replies.given().order_by("-round").first()
        if reply is None:
            raise ValidationError(_("此件还没有办理答复，请先录入纸质答复。"), code="no_reply")
        (made,) = keep_files(reply, [(ReplyFile.Kind.STAMPED, scan)], by=by)
        log(referral, Deed.ATTACH, by=by, note=made.attachment.name)
    return made


def normal_printed_code(typed: str) -> str:
    """As it is kept: full-width signs, small letters and blanks do not matter."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in plain if sign.isprintable() and not sign.isspace())


def _hold(referral: Referral, by: User) -> None:
    committee = referral.committee
    if not can_enter_replies(by, committee):
        raise PermissionDenied
    lock_referral(referral)
    referral.committee = committee
