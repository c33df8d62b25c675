"""Whom the steps of a referral are told to. Number and day travel, never title or text."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from committees.models import Appointment, Role, User
from notices.actions import clerks_of, post_many
from opinions.models import Referral, ReferralStep
from opinions.notices.following import tell_signers


def handlers_of(referral: Referral) -> Any:
    """The accounts that act for its unit, and for the office that relays it; maybe none."""
    units = [pk for pk in (referral.unit_id, referral.via_id) if pk]
    held = Appointment.objects.in_committee(referral.committee).today()
    held = held.filter(role=Role.HANDLER, scope_id__in=units)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def tell_unit(kind: str, referral: Referral, *, round: str = "", **more: Any) -> int:
    """To the unit's accounts, once a round; a unit without account reads it at its desk."""
    path = f"/{referral.committee.slug}/unit/{referral.pk}/"
    return _tell(kind, referral, handlers_of(referral), path=path, round=round, **more)


def tell_office(kind: str, referral: Referral, *, round: str = "", **more: Any) -> int:
    """To the clerks, once a round."""
    path = reverse("referrals:detail", args=[referral.committee.slug, referral.pk])
    return _tell(kind, referral, clerks_of(referral.committee), path=path, round=round, **more)


def tell_authors(kind: str, referral: Referral, *, round: str = "", **more: Any) -> int:
    """To the authors of the report or the signers of the proposal it is about, once a round."""
    opinion = referral.opinion
    if opinion is None:
        return tell_signers(kind, referral, _key(kind, referral, round))
    people = User.objects.filter(members__in=opinion.author_ids, is_active=True)
    path = reverse("opinions:detail", args=[referral.committee.slug, opinion.pk])
    return _tell(kind, referral, people, path=path, round=round, **more)


def _tell(
    kind: str, referral: Referral, to: Iterable[User], *, path: str, round: str, **more: Any
) -> int:
    key = _key(kind, referral, round)
    told = post_many(
        kind, to=to, key=key, about=referral, committee=referral.committee, path=path, **more
    )
    return len(told)


def _key(kind: str, referral: Referral, round: str) -> str:
    return f"opinions.referral:{referral.pk}:{kind}" + (f":{round}" if round else "")


def referred(referral: Referral) -> None:
    tell_unit("referral_new", referral)


def assigned(referral: Referral, step: ReferralStep) -> None:
    """The unit to which a relaying office has passed it; once an assignment."""
    tell_unit("referral_new", referral, round=str(step.pk))


def round_of(referral: Referral, *, is_last: bool) -> str:
    """Which word before the due day this is: the first, or the one on the last working day."""
    return f"{referral.due_on}:last" if is_last else f"{referral.due_on}"


def due_soon(referral: Referral, *, is_last: bool = False) -> int:
    """The unit, twice a due day."""
    return tell_unit("referral_due_soon", referral, round=round_of(referral, is_last=is_last))


def overdue(referral: Referral) -> int:
    """Unit and office, once a due day."""
    day = f"{referral.due_on}"
    to_unit = tell_unit("referral_overdue", referral, round=day)
    return to_unit + tell_office("referral_overdue", referral, round=day)


def urged(referral: Referral, number: int) -> None:
    tell_unit("referral_urged", referral, round=str(number))


def taken_back(referral: Referral) -> None:
    tell_unit("referral_taken_back", referral)


def refusal_decided(referral: Referral, *, at: datetime.datetime) -> None:
    tell_unit("referral_refusal_decided", referral, round=f"{at:%Y%m%dT%H%M%S}")


def extension_decided(referral: Referral, *, number: int, is_granted: bool) -> None:
    tell_unit("referral_extension_decided", referral, round=str(number), is_granted=is_granted)
    if is_granted:
        tell_signers("due_extended", referral, _key("due_extended", referral, str(number)))
