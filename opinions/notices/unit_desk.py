"""Whom a unit's deeds are told to: the office, or the relaying office. No title travels."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from committees.models import Role, User
from committees.scoping import OFFICE
from notices.actions import clerks_of, post_many
from opinions.models import Referral, ReferralStep, UnitLink


def office_of(referral: Referral) -> list[User]:
    """Who referred it, while in the office, and the clerks."""
    today = timezone.localdate()
    referred_by = User.objects.filter(
        pk=referral.referred_by_id,
        is_active=True,
        appointments__committee=referral.committee_id,
        appointments__role__in=OFFICE,
        appointments__span__contains=today,
    )
    return list(clerks_of(referral.committee).union(referred_by))


def handlers_of(unit_id: int) -> list[User]:
    today = timezone.localdate()
    return list(
        User.objects.filter(
            is_active=True,
            appointments__role=Role.HANDLER,
            appointments__scope_id=unit_id,
            appointments__span__contains=today,
        ).distinct()
    )


def unit_asks(referral: Referral, step: ReferralStep) -> int:
    """A refusal or more time: to whoever decides. Once a step."""
    is_relayed = step.deed == ReferralStep.Deed.ASK_REFUSAL and bool(
        referral.unit_id and referral.via_id
    )
    to = handlers_of(referral.via_id) if is_relayed and referral.via_id else office_of(referral)
    name = "unit:item" if is_relayed else "referrals:detail"
    return _tell("unit_asks", referral, to, f"{step.pk}", name, step=step)


def unit_link_locked(link: UnitLink) -> int:
    """To the clerks and whoever made it, once."""
    told = post_many(
        "unit_link_locked",
        to={*clerks_of(link.committee), *User.objects.filter(pk=link.made_by_id, is_active=True)},
        key=f"opinions.unitlink:{link.pk}:unit_link_locked",
        about=link,
        committee=link.committee,
        path=reverse("opinions:unit_links", args=[link.committee.slug]),
    )
    return len(told)


def _tell(kind: str, referral: Referral, to: list[User], once: str, view: str, **more: Any) -> int:
    told = post_many(
        kind,
        to=to,
        key=f"opinions.referral:{referral.pk}:{kind}:{once}",
        about=referral,
        committee=referral.committee,
        path=reverse(view, args=[referral.committee.slug, referral.pk]),
        **more,
    )
    return len(told)
