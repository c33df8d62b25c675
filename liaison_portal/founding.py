"""A committee from nothing: its row, its first term, its samples, and the people who begin."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from committees.actions import add_committee, appoint, new_user, open_term
from committees.actors import Guest
from committees.models import Committee, Role, SignInSlip, User
from committees.sign_in import account_of, set_password
from committees.slips import print_slip

BEGINNERS = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR, Role.CLERK)
"""Who a new committee needs before anything else: three administrators and a clerk."""
LOCK = 0x11A151


@dataclass(frozen=True, slots=True)
class Beginner:
    """One of the first people. Without a password a slip is printed."""

    role: str
    name: str
    sign_in_name: str
    password: str = ""


@dataclass(slots=True)
class Founded:
    committee: Committee
    slips: list[tuple[SignInSlip, str]] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)  # by role


def lay_samples(committee: Committee) -> None:
    """Every app's sample rows and dictionaries, from the bottom of the ladder up; idempotent."""
    for app in apps.get_app_configs():  # in the order of INSTALLED_APPS, which is the ladder's
        if module_has_submodule(app.module, "seed"):
            import_module(f"{app.name}.seed").seed(committee)


def found(
    names: dict[str, Any],
    *,
    by: Guest,
    ordinal: int | None = None,
    begins_on: datetime.date | None = None,
    beginners: Iterable[Beginner] = (),
    is_first: bool = False,
) -> Founded:
    """Make a committee with all it needs on its first day, or nothing of it.

    `names` are the keywords of `committees.actions.add_committee`; `is_first` refuses when there is
    a committee already, also one made a moment ago by somebody else. Raises ValidationError.
    """
    with transaction.atomic():
        if is_first:
            _be_first()
        founded = Founded(add_committee(**names, by=by))
        if ordinal:
            on = begins_on or timezone.localdate()
            open_term(founded.committee, ordinal=ordinal, on=on, by=by)
        lay_samples(founded.committee)
        for beginner in beginners:
            _begin(founded, beginner, by)
    return founded


def _be_first() -> None:
    """Two at once: the second waits here and then finds the first one's committee."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if Committee.objects.exists():
        raise ValidationError(_("本平台已完成首次设置。"), code="not_first")


def _begin(founded: Founded, beginner: Beginner, by: Guest) -> None:
    """Give the office to the account of that name, or to a new one that gets its way in."""
    user = account_of(beginner.sign_in_name)
    is_new = user is None
    if user is None:
        user = new_user(beginner.name, sign_in_name=beginner.sign_in_name.lower())
    appoint(user, beginner.role, committee=founded.committee, by=by)
    founded.people[beginner.role] = user
    if beginner.password:
        set_password(user, beginner.password, by=by)
    elif is_new:
        founded.slips.append(print_slip(user, committee=founded.committee, by=by))
