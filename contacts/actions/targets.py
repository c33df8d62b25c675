"""Verbs on targets (联系目标) and offers of help (提供协助)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.broken_rules import rules_told
from committees.dictionaries import forget
from committees.models import User
from contacts import notices
from contacts.models import HelpOffer, Target
from contacts.permissions import can_keep_targets, can_offer_help
from members.models import Member
from sectors.models import Sector


def keep_target(target: Target, *, by: Actor, fields: Iterable[str] = ()) -> Target:
    """Write a new or changed target; `fields` are those that were changed, for the trail.

    Raises ValidationError for a sector or commission of another committee, for both at once, and
    for a second target of the same kind in the same time.
    """
    if not can_keep_targets(by, target.committee):
        raise PermissionDenied
    if any(
        row is not None and row.committee_id != target.committee_id
        for row in (target.sector, target.commission)
    ):
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    target.clean_fields(exclude=["committee", "sector", "commission"])
    verb = "target.amend" if target.pk else "target.add"
    with rules_told(), transaction.atomic():
        target.save()
        record(verb, by=by, committee=target.committee, about=target, fields=sorted(fields))
        transaction.on_commit(lambda: forget(Target, target.committee_id))
    return target


def offer_help(member: Member, *, by: User, on: datetime.date) -> HelpOffer:
    """Tell a member that help is at hand, at most once a month whoever offers it.

    Of two who offer at the same time one is the first; the other gets ValidationError
    `help_offer_once_a_month`, and the member reads one notice.
    """
    sector = Sector.objects.filter(
        seats__membership__member=member, seats__span__contains=on
    ).first()
    if not can_offer_help(by, member, sector):
        raise PermissionDenied
    if sector is None:
        raise ValidationError(_("该委员目前没有界别，或已离任。"), code="no_sector")
    offer = HelpOffer(
        committee=member.committee, member=member, sector=sector, month=on.replace(day=1), by=by
    )
    with rules_told(), transaction.atomic():
        offer.save(force_insert=True)
        notices.help_offered(offer)
        record("help.offer", by=by, committee=member.committee, about=member)
    return offer
