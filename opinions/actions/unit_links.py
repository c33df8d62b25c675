"""Links for units without an account: made by the office, opened by token and code."""

from __future__ import annotations

import datetime
import secrets
import unicodedata

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor, Guest
from committees.audit import record
from committees.models import Unit, User
from committees.sealed import one_way
from opinions import notices
from opinions.models import UnitLink
from opinions.permissions.unit_desk import can_enter_replies

DAYS = (30, 90)
CODE_DIGITS = 8
PURPOSE = "unit link"


def make_link(
    unit: Unit, *, by: User, days: int = DAYS[0], now: datetime.datetime | None = None
) -> tuple[UnitLink, str, str]:
    """The link, its token and its code; both are nowhere else and never again.

    Earlier links of the unit go on working. ValidationError for a unit no longer in use.
    """
    if not can_enter_replies(by, unit.committee):
        raise PermissionDenied
    if not unit.is_active:
        raise ValidationError(_("该单位已停用。"), code="inactive")
    _check_days(days)
    moment = now or timezone.now()
    token = secrets.token_urlsafe(32)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    link = UnitLink(
        committee=unit.committee,
        unit=unit,
        token_twin=token_twin(token),
        code_hash=make_password(code),
        made_by=by,
        made_at=moment,
        expires_at=moment + datetime.timedelta(days=days),
    )
    with transaction.atomic():
        link.save(force_insert=True)
        record("unit_link.make", by=by, committee=unit.committee, about=link, days=days)
    return link, token, code


def revoke_link(link: UnitLink, *, by: User) -> UnitLink:
    """From now on it opens nothing, also where it is open. A second time changes nothing."""
    if not can_enter_replies(by, link.committee):
        raise PermissionDenied
    with transaction.atomic():
        now = timezone.now()
        if UnitLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
            record("unit_link.revoke", by=by, committee=link.committee, about=link)
    link.refresh_from_db(fields=["revoked_at"])
    return link


def extend_link(link: UnitLink, *, by: User, days: int = DAYS[0]) -> UnitLink:
    """Valid for so many days from now. One that was stopped or locked stays so: make a new one."""
    if not can_enter_replies(by, link.committee):
        raise PermissionDenied
    _check_days(days)
    until = timezone.now() + datetime.timedelta(days=days)
    usable = UnitLink.objects.filter(pk=link.pk, revoked_at=None, tries__lt=UnitLink.MOST_TRIES)
    with transaction.atomic():
        if not usable.update(expires_at=until):
            raise ValidationError(_("链接已停用或已锁定，请重新生成。"), code="moved")
        record("unit_link.extend", by=by, committee=link.committee, about=link, days=days)
    link.expires_at = until
    return link


def find_link(token: str) -> UnitLink | None:
    """The live link of a token; None for an unknown, ended or locked one alike."""
    links = UnitLink.objects.live().select_related("unit", "committee")
    return links.filter(token_twin=token_twin(token)).first()


def open_link(link: UnitLink, code: str, *, by: Guest) -> UnitLink:
    """Check the code; each try is taken before it is looked at, so that many at once are five.

    Raises ValidationError `wrong_code`, and `gone` when the link ended or this try locked it; the
    office is told of that once.
    """
    if not UnitLink.objects.live().filter(pk=link.pk).update(tries=F("tries") + 1):
        raise _gone()
    if check_password(normal_code(code), link.code_hash):
        with transaction.atomic():
            UnitLink.objects.filter(pk=link.pk).update(tries=0, used_at=timezone.now())
            opened = Guest("unit_link", str(link.pk))
            record("unit_link.open", by=opened, committee=link.committee, about=link)
        return link
    link.refresh_from_db(fields=["tries"])
    with transaction.atomic():
        record("unit_link.open", by=by, committee=link.committee, about=link, is_refused=True)
        if link.is_locked:
            notices.unit_link_locked(link)
    if link.is_locked:
        raise _gone()
    raise ValidationError(_("验证码不正确，请核对后重试。"), code="wrong_code")


def close_link(link: UnitLink, *, by: Actor) -> None:
    """退出: only noted; the session ends in the browser's view."""
    record("unit_link.leave", by=by, committee=link.committee, about=link)


def token_twin(token: str) -> str:
    return one_way(token, purpose=PURPOSE)


def normal_code(code: str) -> str:
    """Blanks, hyphens and full-width digits do not matter."""
    plain = unicodedata.normalize("NFKC", code)
    return "".join(sign for sign in plain if sign.isascii() and sign.isdigit())


def _check_days(days: int) -> None:
    if days not in DAYS:
        raise ValidationError(_("有效期只能是30天或90天。"), code="days")


def _gone() -> ValidationError:
    return ValidationError(_("链接已失效。"), code="gone")
