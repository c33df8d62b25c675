"""Verbs on visits. A visit is one entry for every book."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Committee, Theme, User
from contacts.models import Channel, Contact, Occasion, Visit, VisitMember
from contacts.permissions import can_amend_visit, can_follow_up, can_log_visit_for
from members.models import Member
from sectors.models import Seat

VISIT_COLUMNS = frozenset(["happened_on", "place", "channel", "occasion", "theme"])
VISIT_COLUMNS |= frozenset(["people_count", "said", "promised", "follow_up_on"])


def log_visit(
    *,
    committee: Committee,
    members: Iterable[Member],
    channel: Channel,
    happened_on: datetime.date,
    by: User,
    contacts: Iterable[Contact] = (),
    occasion: Occasion | None = None,
    theme: Theme | None = None,
    place: str = "",
    said: str = "",
    promised: str = "",
    follow_up_on: datetime.date | None = None,
    people_count: int | None = None,
    on_behalf_of: Member | None = None,
    from_what: str = "",
) -> Visit:
    """Log a kept contact; every member present is credited, with the sector of that day.

    `happened_on` may lie back, never ahead. `people_count` defaults to the contacts met, at least
    one. `on_behalf_of` is the member whose delegate or office enters it. `from_what` names the row
    of another app that reached contacts (`workrooms.reception:12`): once each, and that app has
    checked its own deed. Raises ValidationError for a future day, marks of classified papers, an
    empty list of members, a source logged before.
    """
    members, contacts = list(dict.fromkeys(members)), list(dict.fromkeys(contacts))
    if not from_what:
        _may_log(by, members, on_behalf_of)
    visit = Visit(committee=committee, happened_on=happened_on, place=place, channel=channel)
    visit.occasion, visit.theme = occasion, theme
    visit.said, visit.promised, visit.follow_up_on = said, promised, follow_up_on
    visit.people_count = people_count or max(len(contacts), 1)
    visit.created_by, visit.on_behalf_of, visit.from_what = by, on_behalf_of, from_what
    _check(visit, members, contacts)
    with rules_told(), transaction.atomic():
        visit.save(force_insert=True)
        _credit(visit, members)
        _meet(visit, contacts)
        entered_for = on_behalf_of.user if on_behalf_of else None
        record("visit.log", by=by, committee=committee, about=visit, on_behalf_of=entered_for)
    return visit


def amend_visit(
    visit: Visit,
    *,
    by: User,
    members: Iterable[Member] | None = None,
    contacts: Iterable[Contact] | None = None,
    **columns: Any,
) -> Visit:
    """Correct a visit; None leaves the members or contacts as they are.

    Contacts the editor may not see stay. A new follow-up date opens the follow-up again. The trail
    keeps which columns changed, never what was said.
    """
    if unknown := columns.keys() - VISIT_COLUMNS:
        raise TypeError(f"no such columns: {sorted(unknown)}")
    if not can_amend_visit(by, visit):
        raise PermissionDenied
    if columns.get("people_count", 1) is None:
        columns["people_count"] = max(len(list(contacts or [])), 1)
    changed = {key for key, value in columns.items() if getattr(visit, key) != value}
    for key in changed:
        setattr(visit, key, columns[key])
    if "follow_up_on" in changed:
        visit.followed_up_at = None
    present = list(dict.fromkeys(members if members is not None else visit.members.all()))
    met = None if contacts is None else list(dict.fromkeys(contacts))
    _check(visit, present, met or [])
    with rules_told(), transaction.atomic():
        visit.save(update_fields=[*changed, "followed_up_at"])
        if members is not None or "happened_on" in changed:
            visit.parts.all().delete()
            _credit(visit, present)
        if met is not None:
            hidden = visit.contacts.exclude(pk__in=Contact.objects.visible_to(by).values("pk"))
            visit.contacts.set([*met, *hidden])
        detail: dict[str, Any] = {"fields": sorted(changed)}
        record("visit.amend", by=by, committee=visit.committee, about=visit, **detail)
    return visit


def plan_follow_up(visit: Visit, *, on: datetime.date, by: User) -> Visit:
    """Come back to it on that day."""
    return amend_visit(visit, by=by, follow_up_on=on)


def finish_follow_up(visit: Visit, *, by: User) -> Visit:
    """What was promised was seen to; ValidationError where nothing was open (a second tap)."""
    if not can_follow_up(by, visit):
        raise PermissionDenied
    with transaction.atomic():
        still_open = Visit.objects.filter(pk=visit.pk).awaiting_follow_up()
        if not still_open.update(followed_up_at=timezone.now()):
            raise ValidationError(_("没有待跟进的事项，可能已标记过。"), code="nothing_open")
        record("visit.follow_up", by=by, committee=visit.committee, about=visit)
    visit.refresh_from_db(fields=["followed_up_at"])
    return visit


def _may_log(by: User, members: list[Member], on_behalf_of: Member | None) -> None:
    """Who logs must be present, or enter for somebody present whom they may enter for."""
    if on_behalf_of is not None:
        is_allowed = on_behalf_of in members and can_log_visit_for(by, on_behalf_of)
    else:
        own = by.standing.scopes("member")
        is_allowed = not members or any(member.pk in own for member in members)
    if not is_allowed:
        raise PermissionDenied


def _check(visit: Visit, members: list[Member], contacts: list[Contact]) -> None:
    """Every rule of a visit that needs no other row."""
    if not members:
        raise ValidationError(_("请至少选择一名委员。"), code="no_members")
    rows = [visit.channel, visit.occasion, visit.theme, *members, *contacts]
    if any(row is not None and row.committee_id != visit.committee_id for row in rows):
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    if visit.happened_on > timezone.localdate():
        sentence = _("日期不能晚于今天。")
        raise ValidationError({"happened_on": ValidationError(sentence, code="future")})
    if visit.follow_up_on and visit.follow_up_on < visit.happened_on:
        sentence = _("跟进日期早于走访日期。")
        raise ValidationError({"follow_up_on": ValidationError(sentence, code="before_visit")})
    visit.clean_fields(exclude=["committee", "channel", "occasion", "theme", "created_by"])
    refuse_marked(visit.place, visit.said, visit.promised)


def _credit(visit: Visit, members: list[Member]) -> None:
    """One part per member; the sector is looked up where it is written, in one statement."""
    VisitMember.objects.bulk_create(
        VisitMember(visit=visit, member=member, sector_id=_sector_on(member, visit.happened_on))
        for member in members
    )


def _sector_on(member: Member, day: datetime.date) -> Subquery:
    seats = Seat.objects.filter(membership__member=member.pk).on(day)
    return Subquery(seats.values("sector")[:1])


def _meet(visit: Visit, contacts: list[Contact]) -> None:
    through = Visit.contacts.through
    through.objects.bulk_create(through(visit=visit, contact=contact) for contact in contacts)
