"""The printed slip (登录凭条): a first sign-in and a forgotten password without phone or e-mail.

A code serves once, for seven days, and is kept only as a keyed hash. Sixteen digits in groups of
four: a phone's number pad types them without choosing between letters, and 10^16 codes against the
limits on guessing leave nothing to guess even with every slip of the country open at once.
"""

from __future__ import annotations

import datetime
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.audit import record
from committees.models import Appointment, Committee, Role, SignInSlip, User
from committees.models.accounts import THREE_ADMINISTRATORS
from committees.permissions import is_clerk
from committees.sealed import one_way

DIGITS, GROUP = 16, 4
LIFE = datetime.timedelta(days=7)
AT_ONCE = 200  # slips printed in one go
GUARDED = (*THREE_ADMINISTRATORS, Role.CONFIDANT)
"""Offices that watch or see what the office must not: their slips come from an administrator."""
CONSOLE = Guest("console")


# Who ------------------------------------------------------------------------------------------


def people(committee: Committee) -> Any:
    """Active accounts with an office, a membership, a room or a delegation in the committee.

    Annotated for a list: `name_key`, `sector_id`, `sector_name`, `work` of the own member row, and
    `slip_until`, the end of an unused slip. Read upward through declared related names only.
    """
    today = timezone.localdate()
    own = committee.members.filter(user=OuterRef("pk")).order_by("pk")
    seated = own.filter(memberships__span__contains=today, memberships__seats__span__contains=today)
    known = Q()
    for way in ("appointments", "members", "delegations", "room_duties"):
        known |= Q(pk__in=User.objects.filter(**{f"{way}__committee": committee}).values("pk"))
    return (
        User.objects.filter(known, is_active=True)
        .annotate(
            name_key=Coalesce(Subquery(own.values("name_key")[:1]), F("name")),
            work=Subquery(own.values("work")[:1]),
            sector_id=Subquery(seated.values("memberships__seats__sector")[:1]),
            sector_name=Subquery(seated.values("memberships__seats__sector__name")[:1]),
            slip_until=Subquery(_open().filter(user=OuterRef("pk")).values("expires_at")[:1]),
        )
        .order_by("name_key", "pk")
    )


def found_by(rows: Any, words: str, committee: Committee) -> Any:
    """Those whose name, sign-in name, pinyin initials or pinyin hold the words."""
    words = "".join(words.split())
    in_pinyin = committee.members.filter(pinyin__contains=words.lower()).values("user")
    return rows.filter(
        Q(name__contains=words) | Q(sign_in_name__startswith=words.lower()) | Q(pk__in=in_pinyin)
    )


def printable(actor: Any, committee: Committee) -> Any:
    """The accounts whose slip this actor may print; whoever prints a slip could also use it.

    The clerk: everybody here but the guarded offices, and but those who hold an office in a
    committee where the actor is no clerk. The security administrator: the guarded offices and the
    clerks here; the system administrator: the security administrator. Nobody prints the own slip.
    """
    held = Appointment.objects.filter(user=OuterRef("pk")).today()
    guarded = held.filter(role__in=GUARDED)
    nobody = Q(pk__in=[])
    by_clerk: Any = nobody
    by_security: Any = nobody
    by_system: Any = nobody
    if is_clerk(actor, committee):
        clerk_in = actor.standing.committees(Role.CLERK)
        by_clerk = ~Exists(guarded) & ~Exists(held.exclude(committee__in=clerk_in))
    elsewhere = Exists(held.exclude(committee=committee))
    security = held.filter(role=Role.SECADMIN)
    if actor.standing.has(committee, Role.SECADMIN):
        watched = held.filter(role__in=(*GUARDED, Role.CLERK))
        by_security = Exists(watched) & ~Exists(security) & ~elsewhere
    if actor.standing.has(committee, Role.SYSADMIN):
        by_system = Exists(security) & ~elsewhere
    rows = people(committee).filter(by_clerk | by_security | by_system)
    return rows.exclude(pk=actor.pk) if isinstance(actor, User) else rows.none()


def may_print_slips(actor: Any, committee: Committee) -> bool:
    """Whether the page of slips is theirs at all."""
    return actor.standing.has(committee, Role.CLERK, Role.SECADMIN, Role.SYSADMIN)


def can_print_slip(actor: Any, user: User, committee: Committee) -> bool:
    return printable(actor, committee).filter(pk=user.pk).exists()


# Verbs ----------------------------------------------------------------------------------------


def print_slip(user: User, *, committee: Committee, by: User | Guest) -> tuple[SignInSlip, str]:
    """One slip and its code, which is nowhere else and never again: show or print it now."""
    return print_slips([user], committee=committee, by=by)[0]


def print_slips(
    users: Iterable[User], *, committee: Committee, by: User | Guest
) -> list[tuple[SignInSlip, str]]:
    """A new slip for each, in the given order; their earlier ones are withdrawn.

    A Guest (first run, command line) prints without asking; `printed_by` is then the person.
    Raises PermissionDenied if one of them is not the actor's to print, ValidationError for none or
    too many.
    """
    users = list(users)
    _check_number(users)
    _check_printable(users, committee, by)
    codes = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}" for _user in users]
    now = timezone.now()
    with transaction.atomic():
        _open().filter(user__in=users).update(withdrawn_at=now)
        slips = SignInSlip.objects.bulk_create(
            SignInSlip(
                user=user,
                committee=committee,
                code_hash=code_hash(code),
                printed_by=by if isinstance(by, User) else user,
                expires_at=now + LIFE,
            )
            for user, code in zip(users, codes, strict=True)
        )
        _note("slip.print", users, committee, by)
    return list(zip(slips, codes, strict=True))


def withdraw_slips(users: Iterable[User], *, committee: Committee, by: User | Guest) -> int:
    """Make the unused slips of these people worthless; how many there were."""
    users = list(users)
    _check_number(users)
    _check_printable(users, committee, by)
    with transaction.atomic():
        count = _open().filter(user__in=users).update(withdrawn_at=timezone.now())
        _note("slip.withdraw", users, committee, by)
    return count


def use_slip(code: str, *, by: Guest) -> User:
    """The person the code belongs to; it is spent by this. Of two at once one wins.

    Raises one and the same ValidationError for a wrong, spent, withdrawn or expired code.
    """
    with transaction.atomic():
        slips = _open().filter(code_hash=code_hash(code), user__is_active=True)
        slip = slips.select_related("user", "committee").first()
        if slip and _open().filter(pk=slip.pk).update(used_at=timezone.now()):
            record("slip.use", by=slip.user, committee=slip.committee, about=slip)
            return slip.user
    record("slip.use", by=by, committee=None, is_refused=True)
    raise ValidationError(
        _("代码不正确、已用过或已过期。请核对后重试，或请机关工作人员重新打印登录凭条。"),
        code="slip_refused",
    )


def code_hash(code: str) -> str:
    """Keyed and one-way; blanks, hyphens and full-width digits do not matter."""
    plain = unicodedata.normalize("NFKC", code)
    return one_way("".join(ch for ch in plain if ch.isdigit()), purpose="sign-in slip")


def in_groups(code: str) -> str:
    """`1234 5678 9012 3456`"""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _open() -> models.QuerySet[SignInSlip]:
    return SignInSlip.objects.filter(used_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


def _check_number(users: list[User]) -> None:
    if not users:
        raise ValidationError(_("请先勾选人员。"), code="nobody")
    if len(users) > AT_ONCE:
        raise ValidationError(
            _("一次最多打印 %(limit)s 张。") % {"limit": AT_ONCE}, code="too_many"
        )


def _check_printable(users: list[User], committee: Committee, by: User | Guest) -> None:
    if isinstance(by, Guest):
        return
    wanted = {user.pk for user in users}
    if printable(by, committee).filter(pk__in=wanted).count() != len(wanted):
        raise PermissionDenied


def _note(action: str, users: list[User], committee: Committee, by: User | Guest) -> None:
    """One audit entry for the batch: its subject is the person, of several their numbers."""
    if len(users) == 1:
        record(action, by=by, committee=committee, about=users[0])
    else:
        people = sorted(user.pk for user in users)
        record(action, by=by, committee=committee, about=committee, people=people)
