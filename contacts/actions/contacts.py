"""Verbs on contacts: a member proposes, the office confirms or sends back."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Committee, User
from committees.sealed import normal_phone, twin
from contacts import notices
from contacts.models import Area, Contact
from contacts.permissions import can_judge_contacts, can_keep_contact
from members.models import Member
from members.pinyin import pinyin_search
from sectors.models import Sector

CONTACT_COLUMNS = frozenset(["kind", "name", "phone", "place", "area", "consented_on"])
CONTACT_COLUMNS |= frozenset(["member", "sector"])
WHO_IT_IS = frozenset(["kind", "name"])
JUDGED = ("confirmed_at", "confirmed_by", "sent_back_at", "sent_back_reason")
LONGEST_NOTE = 200


def add_contact(
    *,
    committee: Committee,
    member: Member,
    name: str,
    by: User,
    kind: str = Contact.Kind.PERSON,
    phone: str = "",
    place: str = "",
    area: Area | None = None,
    consented_on: datetime.date | None = None,
    sector: Sector | None = None,
) -> Contact:
    """A person or organisation the member keeps in touch with; the sector is the member's own.

    What the office enters is confirmed, what a member or delegate enters is proposed. A person must
    have consented, on a day not ahead (个人信息保护法). Raises ValidationError also for the same
    phone twice with one member, and for a member without a sector.
    """
    sector = sector or sector_today(member)
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
        area=area,
        consented_on=consented_on,
        created_by=by,
    )
    if can_judge_contacts(by, committee):
        contact.confirmed_at, contact.confirmed_by = timezone.now(), by
    check_contact(contact)
    with rules_told(), transaction.atomic():
        contact.save(force_insert=True)
        record("contact.add", by=by, committee=committee, about=contact)
    return contact


def amend_contact(contact: Contact, *, by: User, **columns: Any) -> Contact:
    """Correct the row; a new member takes it into the own sector unless one is given.

    A member who says that it is somebody else proposes anew, and so does one who corrects what
    was sent back.
    """
    if unknown := columns.keys() - CONTACT_COLUMNS:
        raise TypeError(f"no such columns: {sorted(unknown)}")
    if not can_keep_contact(by, contact.member, contact.sector):
        raise PermissionDenied
    if "phone" in columns:
        columns["phone"] = normal_phone(columns["phone"]) or columns["phone"].strip()
    changed = sorted(key for key, value in columns.items() if getattr(contact, key) != value)
    if "member" in changed:
        columns.setdefault("sector", sector_today(columns["member"]))
        if not can_keep_contact(by, columns["member"], columns["sector"]):
            raise PermissionDenied
    for key, value in columns.items():
        setattr(contact, key, value)
    is_proposed = _is_proposed_anew(contact, changed, by)
    if is_proposed:
        contact.sent_back_at = contact.confirmed_at = contact.confirmed_by = None
        contact.sent_back_reason = ""
    check_contact(contact)
    written = {*columns, "pinyin", *(["phone_twin"] if "phone" in columns else [])}
    with rules_told(), transaction.atomic():
        contact.save(update_fields=[*written, *(JUDGED if is_proposed else ())])
        committee = contact.committee
        record("contact.amend", by=by, committee=committee, about=contact, fields=changed)
    return contact


def retire_contact(contact: Contact, *, by: User) -> Contact:
    """No longer kept in touch with; the visits of the past stay."""
    return _set_active(contact, False, "contact.retire", by=by)


def restore_contact(contact: Contact, *, by: User) -> Contact:
    return _set_active(contact, True, "contact.restore", by=by)


def confirm_contact(contact: Contact, *, by: User) -> Contact:
    """The office takes a proposal into the book; ValidationError for one that is there already."""
    if not can_judge_contacts(by, contact.committee):
        raise PermissionDenied
    with transaction.atomic():
        contact = _waiting(contact)
        contact.confirmed_at, contact.confirmed_by = timezone.now(), by
        contact.sent_back_at, contact.sent_back_reason = None, ""
        contact.save(update_fields=JUDGED)
        record("contact.confirm", by=by, committee=contact.committee, about=contact)
    return contact


def send_back_contact(contact: Contact, *, by: User, reason: str) -> Contact:
    """The member reads the reason and corrects the proposal; nothing typed is lost."""
    if not can_judge_contacts(by, contact.committee):
        raise PermissionDenied
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_NOTE:
        sentence = _("请填写退回原因，不超过%(most)s字。")
        raise ValidationError(
            {"reason": ValidationError(sentence, code="reason", params={"most": LONGEST_NOTE})}
        )
    refuse_marked(reason)
    with transaction.atomic():
        contact = _waiting(contact)
        contact.sent_back_at, contact.sent_back_reason = timezone.now(), reason
        contact.save(update_fields=JUDGED)
        record("contact.send_back", by=by, committee=contact.committee, about=contact)
        notices.sent_back(contact)
    return contact


def note_export(*, committee: Committee, by: User, rows: int) -> None:
    """A list left the portal; numbers in it are masked, and it is on the trail all the same."""
    record("contact.export", by=by, committee=committee, about=committee, rows=rows)


def _is_proposed_anew(contact: Contact, changed: list[str], by: User) -> bool:
    if not changed or can_judge_contacts(by, contact.committee):
        return False
    return contact.sent_back_at is not None or bool(WHO_IT_IS.intersection(changed))


def _waiting(contact: Contact) -> Contact:
    """The row locked, and not judged by somebody else in the meantime."""
    rows = Contact.objects.select_related("committee", "member__user", "sector")
    row = rows.select_for_update(of=("self",)).get(pk=contact.pk)
    if row.state == Contact.State.CONFIRMED:
        raise ValidationError(_("该联系人已确认。"), code="not_open")
    return row


def sector_today(member: Member) -> Sector:
    sector = Sector.objects.filter(
        seats__membership__member=member, seats__span__contains=timezone.localdate()
    ).first()
    if sector is None:
        raise ValidationError(_("该委员目前没有界别，请先安排界别。"), code="no_sector")
    return sector


def check_contact(contact: Contact) -> None:
    """Every rule of one contact; its pinyin is written here, with its name."""
    area = contact.area
    if contact.member.committee_id != contact.committee_id or (
        area is not None and area.committee_id != contact.committee_id
    ):
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    if contact.kind == Contact.Kind.PERSON and contact.consented_on is None:
        sentence = _("登记个人须先征得本人同意，请填写同意日期。")
        raise ValidationError({"consented_on": ValidationError(sentence, code="no_consent")})
    if contact.consented_on and contact.consented_on > timezone.localdate():
        sentence = _("日期不能晚于今天。")
        raise ValidationError({"consented_on": ValidationError(sentence, code="future")})
    if contact.phone and not contact.phone.replace("-", "").isdigit():
        raise ValidationError({"phone": _("联系电话只填数字。")})
    contact.clean_fields(
        exclude=["committee", "sector", "member", "area", "created_by", "confirmed_by"]
    )
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
