"""Signing in by a code sent to the phone: six digits, five minutes, five tries.

An unknown number is answered like a known one and costs the same: a row is written and a worker
woken for both, and the worker sends to known ones only. The limits per phone lie in that row and
hold while the cache is away; those per address lie in the cache (`ACCOUNT_RATE_LIMITS`).
"""

from __future__ import annotations

import datetime
import hmac
import logging
import secrets
import threading
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.audit import record
from committees.models import Appointment, User
from committees.models.codes import SignInCode
from committees.sealed import normal_phone, one_way, twin
from committees.sign_in import PHONE_DIGITS
from committees.slips import GUARDED

log = logging.getLogger(__name__)

LONGEST_WAIT = 1  # seconds for waking a worker
DIGITS, MOST_TRIES = 6, 5
LIFE, AGAIN_AFTER = datetime.timedelta(minutes=5), datetime.timedelta(minutes=1)
DAY, ASKS_A_DAY = datetime.timedelta(hours=24), 10


def is_offered() -> bool:
    """Whether this installation can send a code at all."""
    return bool(settings.SIGN_IN_BY_SMS)


def ask_code(phone: str, *, by: Guest) -> SignInCode:
    """Write a new code for this number and wake who sends it; the former one is void.

    ValidationError for what is no mobile number, for a second asking within a minute (`too_soon`)
    and for more than ten a day (`too_many`), whether the number is known or not.
    """
    phone = phone_of(phone)
    now = timezone.now()
    with transaction.atomic():
        row = _row(twin(phone), now)
        user = User.objects.by_phone(phone).filter(is_active=True).first()
        if user is not None and _is_guarded(user):
            user = None
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        row.user, row.code_hash = user, code_hash(row.phone_twin, code)
        row.sealed = code if user else ""
        row.asked_at, row.expires_at, row.tries = now, now + LIFE, 0
        row.used_at = row.claimed_at = row.sent_at = None
        row.save()
        record("sign_in_code.ask", by=by, committee=None)  # known or not: one more of the same
        transaction.on_commit(lambda: _wake(row.pk), robust=True)
    return row


def phone_of(typed: str) -> str:
    phone = normal_phone(typed)
    if len(phone) != PHONE_DIGITS or not phone.startswith("1") or not phone.isascii():
        raise ValidationError(_("请填写11位手机号码。"), code="phone")
    return phone


def _row(phone_twin: str, now: datetime.datetime) -> SignInCode:
    """The number's own row, locked; ValidationError while it may not be asked for again."""
    row, is_new = SignInCode.objects.select_for_update().get_or_create(
        phone_twin=phone_twin,
        defaults={"asked_at": now, "expires_at": now, "first_asked_at": now, "code_hash": ""},
    )
    if is_new:
        return row
    if row.asked_at > now - AGAIN_AFTER:
        raise ValidationError(_("验证码刚刚发过，请一分钟后再获取。"), code="too_soon")
    if row.first_asked_at < now - DAY:
        row.first_asked_at, row.asks = now, 0
    if row.asks >= ASKS_A_DAY:
        raise ValidationError(
            _("这个号码今天获取验证码的次数过多，请用密码或登录凭条登录。"), code="too_many"
        )
    row.asks += 1
    return row


def _is_guarded(user: User) -> bool:
    """Who watches the office comes in by password or slip: the office keeps the phone numbers."""
    return bool(Appointment.objects.filter(user=user, role__in=GUARDED).today().exists())


def use_code(phone: str, code: str, *, by: Guest) -> User:
    """The person of this number; the code is spent. Of two at once one wins.

    One and the same ValidationError for a wrong, spent or old code, an unknown number and after
    five tries.
    """
    phone_twin, now = twin(normal_phone(phone)), timezone.now()
    given = code_hash(phone_twin, code)
    row = SignInCode.objects.open(now).filter(phone_twin=phone_twin).first()
    if row is not None:
        # The try is counted before the code is looked at, and against this very code.
        same: Any = SignInCode.objects.open(now).filter(pk=row.pk, code_hash=row.code_hash)
        counted = same.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
        is_right = hmac.compare_digest(row.code_hash, given)
        user = row.user if counted and is_right else None
        if user is not None and user.is_active and same.update(used_at=now, sealed=""):
            return user
    record("sign_in_code.use", by=by, committee=None, is_refused=True)
    raise ValidationError(
        _("验证码不正确或已失效。请核对后重试，或重新获取。"), code="code_refused"
    )


def code_hash(phone_twin: str, code: str) -> str:
    digits = "".join(ch for ch in code if ch.isdigit())
    return one_way(f"{phone_twin}:{digits}", purpose="sign-in code")


def forget_codes(now: datetime.datetime) -> int:
    """Rows that have counted for a day are of no use any more."""
    return SignInCode.objects.filter(asked_at__lt=now - DAY).delete()[0]


def _wake(pk: int) -> None:
    """Named by the settings, for the channels stand above; a lost wake-up costs two minutes.

    A broker that does not answer costs whoever signs in a second, not its own long patience.
    """
    attempt = threading.Thread(target=_send_task, args=(pk,), daemon=True)
    attempt.start()
    attempt.join(LONGEST_WAIT)


def _send_task(pk: int) -> None:
    try:
        current_app.send_task(
            settings.SIGN_IN_CODE_TASK, args=[pk], retry=False, ignore_result=True
        )
    except Exception as error:  # every transport has errors of its own; the sweeper makes up for it
        log.warning("No worker was woken for a sign-in code: %s", error)
