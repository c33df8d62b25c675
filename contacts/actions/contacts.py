"""Verbs on contacts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.classification import refuse_marked
from committees.models import Committee, User
from committees.sealed import normal_phone, twin
from contacts.models import Contact
from contacts.permissions import can_keep_contact, can_reveal
from members.models import Member
from members.pinyin import pinyin_search
from sectors.models import Sector

CONTACT_COLUMNS = frozenset(["kind", "name", "phone", "place", "consented_on", "member", "sector"])
LONGEST_REASON = 100


def add_contact(
    *,
    committee: Committee,
    member: Member,
    name: str,
    by: User,
    kind: str = Contact.Kind.PERSON,
    phone: str = "",
    place: str = "",
    consented_on: datetime.date | None = None,
    sector: Sector | None = None,
) -> Contact:
    """A person or organisation the member keeps in touch with; the sector is the member's own.

    A person must have consented, on a day not ahead (个人信息保护法). Raises ValidationError also
    for the same phone twice with one member, and for a member without a sector.
    """
    sector = sector or _sector_today(member)
    if not can_keep_contact(by, member, sector):
        raise PermissionDenied
    contact = Contact(
        committee=committee,
        sector=sector,
        member=member,
        kind=kind,
        name=name.strip(),
        phone=normal_phone(phone) or phone.strip(),
        place=place.strip(),
        consented_on=consented_on,
        created_by=by,
    )
    _check_contact(contact)
    with transaction.atomic():
        contact.save(force_insert=True)
        record("contact.add", by=by, committee=committee, about=contact)
    return contact


def amend_contact(contact: Contact, *, by: User, **columns: Any) -> Contact:
    """Correct the row; a new member takes it into the own sector unless one is given."""
    if unknown := columns.keys() - CONTACT_COLUMNS:
        raise TypeError(f"no such columns: {sorted(unknown)}")
    if not can_keep_contact(by, contact.member, contact.sector):
        raise PermissionDenied
    if "phone" in columns:
        columns["phone"] = normal_phone(columns["phone"]) or columns["phone"].strip()
    changed = sorted(key for key, value in columns.items() if getattr(contact, key) != value)
    if "member" in changed:
        columns.setdefault("sector", _sector_today(columns["member"]))
        if not can_keep_contact(by, columns["member"], columns["sector"]):
            raise PermissionDenied
    for key, value in columns.items():
        setattr(contact, key, value)
    _check_contact(contact)
    with transaction.atomic():
        contact.save(force_update=True)
        committee = contact.committee
        record("contact.amend", by=by, committee=committee, about=contact, fields=changed)
    return contact


def retire_contact(contact: Contact, *, by: User) -> Contact:
    """No longer kept in touch with; the visits of the past stay."""
    return _set_active(contact, False, "contact.retire", by=by)


def restore_contact(contact: Contact, *, by: User) -> Contact:
    return _set_active(contact, True, "contact.restore", by=by)


@dataclass(frozen=True, slots=True)
class Revealed:
    """What a reveal shows, for the length of one page."""

    name: str
    phone: str


def reveal_contact(contact: Contact, *, by: User, reason: str) -> Revealed:
    """The full name and number, for a reason that the trail keeps."""
    if not can_reveal(by, contact):
        raise PermissionDenied
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ValidationError(
            _("请填写查看事由，不超过%(most)s字。"), code="reason", params={"most": LONGEST_REASON}
        )
    record("contact.reveal", by=by, committee=contact.committee, about=contact, reason=reason)
    return Revealed(contact.name, contact.phone or "")


def _sector_today(member: Member) -> Sector:
    sector = Sector.objects.filter(
        seats__membership__member=member, seats__span__contains=timezone.localdate()
    ).first()
    if sector is None:
        raise ValidationError(_("该委员目前没有界别，请先安排界别。"), code="no_sector")
    return sector


def _check_contact(contact: Contact) -> None:
    if contact.member.committee_id != contact.committee_id:
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    if contact.kind == Contact.Kind.PERSON and contact.consented_on is None:
        sentence = _("登记个人须先征得本人同意，请填写同意日期。")
        raise ValidationError({"consented_on": ValidationError(sentence, code="no_consent")})
    if contact.consented_on and contact.consented_on > timezone.localdate():
        sentence = _("日期不能晚于今天。")
        raise ValidationError({"consented_on": ValidationError(sentence, code="future")})
    if contact.phone and not contact.phone.replace("-", "").isdigit():
        raise ValidationError({"phone": _("联系电话只填数字。")})
    contact.clean_fields(exclude=["committee", "sector", "member", "created_by"])
    refuse_marked(contact.name, contact.place)
    contact.pinyin = pinyin_search(contact.name)
    same = Contact.objects.filter(member=contact.member).exclude(pk=contact.pk)
    if contact.phone and same.filter(phone_twin=twin(contact.phone)).exists():
        sentence = _("该委员已登记过使用此电话的联系人。")
        raise ValidationError({"phone": ValidationError(sentence, code="contact_twice")})


def _set_active(contact: Contact, is_active: bool, verb: str, *, by: User) -> Contact:
    if not can_keep_contact(by, contact.member, contact.sector):
        raise PermissionDenied
    with transaction.atomic():
        contact.is_active = is_active
        contact.save(update_fields=["is_active"])
        record(verb, by=by, committee=contact.committee, about=contact)
    return contact
