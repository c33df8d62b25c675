"""Verbs on visits. A visit is one entry for every book."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record, reference
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import AuditEntry, Committee, Draft, Theme, User
from contacts.models import Channel, Contact, Occasion, Visit, VisitMember
from contacts.permissions import can_amend_visit, can_follow_up, can_log_visit_for
from members.models import Member
from sectors.models import Seat

VISIT_COLUMNS = frozenset(["happened_on", "place", "channel", "occasion", "theme"])
VISIT_COLUMNS |= frozenset(["people_count", "said", "promised", "follow_up_on"])
AMENDED = [*sorted(VISIT_COLUMNS), "followed_up_at", "version"]


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
    version: int | None = None,
    **columns: Any,
) -> Visit:
    """Correct a visit; None leaves the members or contacts as they are.

    Contacts the editor may not see stay. A new follow-up date opens the follow-up again. The trail
    keeps which columns changed, never what was said. `version` is the one the editor began from:
    ValidationError `stale` where somebody amended the visit meanwhile into something else.
    """
    if unknown := columns.keys() - VISIT_COLUMNS:
        raise TypeError(f"no such columns: {sorted(unknown)}")
    if not can_amend_visit(by, visit):
        raise PermissionDenied
    if columns.get("people_count", 1) is None:
        columns["people_count"] = max(len(list(contacts or [])), 1)
    with rules_told(), transaction.atomic():
        _lock(visit)
        changed = {key for key, value in columns.items() if not _is_now(visit, key, value)}
        there = list(visit.members.all())
        present = there if members is None else list(dict.fromkeys(members))
        met = None if contacts is None else list(dict.fromkeys(contacts))
        has_others = set(present) != set(there)
        has_met_others = met is not None and set(met) != set(visit.contacts.visible_to(by))
        if version not in (None, visit.version) and (changed or has_others or has_met_others):
            raise _overtaken(visit)
        for key, value in columns.items():
            setattr(visit, key, value)
        if "follow_up_on" in changed:
            visit.followed_up_at = None
        _check(visit, present, met or [])
        visit.version += 1
        visit.save(update_fields=[*changed, "followed_up_at", "version"])
        if has_others or "happened_on" in changed:
            visit.parts.all().delete()
            _credit(visit, present)
        if met is not None and has_met_others:
            hidden = visit.contacts.exclude(pk__in=Contact.objects.visible_to(by).values("pk"))
            visit.contacts.set([*met, *hidden])
        record("visit.amend", by=by, committee=visit.committee, about=visit, fields=sorted(changed))
    return visit


def plan_follow_up(visit: Visit, *, on: datetime.date, by: User) -> Visit:
    """Come back to it on that day."""
    return amend_visit(visit, by=by, follow_up_on=on)


def blank_visit(visit: Visit, *, by: User) -> dict[str, Any]:
    """Delete what was said and promised, for good; that the visit took place stays and counts.

    Returns the receipt that the trail keeps: how many characters, and their SHA-256.
    """
    if not can_amend_visit(by, visit):
        raise PermissionDenied
    with transaction.atomic():
        _lock(visit)
        gone = f"{visit.said}\n{visit.promised}"
        receipt: dict[str, Any] = {
            "characters": len("".join(gone.split())),
            "sha256": hashlib.sha256(gone.encode()).hexdigest(),
        }
        visit.said = visit.promised = ""
        visit.version += 1
        visit.save(update_fields=["said", "promised", "version"])
        Draft.objects.filter(committee=visit.committee, form=f"contacts.visit:{visit.pk}").delete()
        record("visit.blank", by=by, committee=visit.committee, about=visit, **receipt)
    return receipt


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


def _lock(visit: Visit) -> None:
    """The row as it is, for this transaction alone."""
    locked = Visit.objects.select_for_update(no_key=True)
    visit.refresh_from_db(fields=AMENDED, from_queryset=locked)


def _is_now(visit: Visit, column: str, value: Any) -> bool:
    """Whether the column has this value already; rows are compared by id, without reading them."""
    field: Any = Visit._meta.get_field(column)
    now = getattr(visit, field.attname)
    return bool(now == getattr(value, "pk", value))


def _overtaken(visit: Visit) -> ValidationError:
    """The sentence for a lost race: who amended it last, and when."""
    trail = AuditEntry.objects.filter(committee=visit.committee_id, about=reference(visit))
    last = trail.filter(action="visit.amend").select_related("by_user").first()
    return ValidationError(
        _("%(who)s已于%(at)s修改了这条记录。您填写的内容仍在页面上，请比照后再保存。"),
        code="stale",
        params={
            "who": (last and last.by_user) or _("他人"),
            "at": timezone.localtime(last.at).strftime("%m-%d %H:%M") if last else "",
        },
    )


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
