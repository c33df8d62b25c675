"""One deed on several ticked contacts, all or none, and its undoing (批量处理)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Committee, User
from contacts.actions.contacts import JUDGED, sector_today
from contacts.models import Area, AreaMember, Contact, ContactBatch
from contacts.permissions import can_judge_contacts, can_keep_contact
from members.models import Member

MOST_IN_BATCH = 200  # rows of one deed
# What a deed changes of a row, by the names under which `before` and `after` keep it.
RETIRED = ("is_active",)
HANDED = ("member_id", "sector_id", "area_id")


def confirm_contacts(
    contacts: Iterable[Contact], *, committee: Committee, by: User
) -> ContactBatch:
    """Take proposals into the book; rows confirmed in the meantime are left as they are."""
    if not can_judge_contacts(by, committee):
        raise PermissionDenied
    now = timezone.now()

    def confirm(contact: Contact) -> None:
        if contact.confirmed_at is None:
            contact.confirmed_at, contact.confirmed_by = now, by
            contact.sent_back_at, contact.sent_back_reason = None, ""

    columns = ("confirmed_at", "confirmed_by_id", "sent_back_at", "sent_back_reason")
    return _do(ContactBatch.Deed.CONFIRM, contacts, committee, by, columns, confirm)


def retire_contacts(contacts: Iterable[Contact], *, committee: Committee, by: User) -> ContactBatch:
    """No longer kept in touch with; PermissionDenied if one of them is somebody else's to keep."""

    def retire(contact: Contact) -> None:
        if not can_keep_contact(by, contact.member, contact.sector):
            raise PermissionDenied
        contact.is_active = False

    return _do(ContactBatch.Deed.RETIRE, contacts, committee, by, RETIRED, retire)


def hand_over(
    contacts: Iterable[Contact], *, to: Member, committee: Committee, by: User
) -> ContactBatch:
    """Another member keeps in touch from now on; the visits of the past stay whose they were.

    ValidationError where the member has a contact of the same phone, or sits in no sector.
    """
    if not can_judge_contacts(by, committee):
        raise PermissionDenied
    if to.committee_id != committee.pk:
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    sector = sector_today(to)
    area = Area.objects.filter(area_members__in=AreaMember.objects.today().filter(member=to))
    new_area = area.first()
    has = set(Contact.objects.filter(member=to).exclude(phone_twin=None).values_list("phone_twin"))

    def hand(contact: Contact) -> None:
        if contact.member_id == to.pk:
            return
        if (contact.phone_twin,) in has:
            sentence = _("%(member)s委员已有相同电话的联系人（%(name)s），请先核对。")
            told = {"member": to.name, "name": contact.masked_name}
            raise ValidationError(sentence, code="contact_twice", params=told)
        contact.member, contact.sector, contact.area = to, sector, new_area
        if contact.phone_twin:
            has.add((contact.phone_twin,))

    return _do(ContactBatch.Deed.HAND_OVER, contacts, committee, by, HANDED, hand)


def undo_batch(batch: ContactBatch, *, by: User) -> int:
    """Put back what the deed changed and nobody has changed since; how many rows.

    Only who did it undoes it, once; ValidationError for a second time.
    """
    if batch.by_id != by.pk:
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        batch = ContactBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.undone_at is not None:
            raise ValidationError(_("该次批量处理已撤销。"), code="undone")
        rows = _locked(batch.before, batch.committee)
        restored = []
        for contact in rows:
            before, after = batch.before[str(contact.pk)], batch.after[str(contact.pk)]
            if _kept(contact, tuple(after)) != after or not _may_undo(by, contact):
                continue
            for name, value in before.items():
                setattr(contact, name, value)
            restored.append(contact)
        _write(restored, _fields(batch.deed))
        batch.undone_at = timezone.now()
        batch.save(update_fields=["undone_at"])
        record(
            "contact_batch.undo", by=by, committee=batch.committee, about=batch, rows=len(restored)
        )
    return len(restored)


def _may_undo(by: User, contact: Contact) -> bool:
    if can_judge_contacts(by, contact.committee):
        return True
    return can_keep_contact(by, contact.member, contact.sector)


def _do(
    deed: str,
    contacts: Iterable[Contact],
    committee: Committee,
    by: User,
    columns: tuple[str, ...],
    change: Callable[[Contact], None],
) -> ContactBatch:
    ids = [contact.pk for contact in contacts]
    if not ids:
        raise ValidationError(_("请先勾选联系人。"), code="nothing_ticked")
    if len(ids) > MOST_IN_BATCH:
        raise ValidationError(
            _("一次最多处理%(most)s条。"), code="many", params={"most": MOST_IN_BATCH}
        )
    with rules_told(), transaction.atomic():
        before, after, changed = {}, {}, []
        for contact in _locked(ids, committee):
            was = _kept(contact, columns)
            change(contact)
            now = _kept(contact, columns)
            if now != was:
                before[str(contact.pk)], after[str(contact.pk)] = was, now
                changed.append(contact)
        _write(changed, _fields(deed))
        batch = ContactBatch.objects.create(
            committee=committee, deed=deed, before=before, after=after, by=by
        )
        verb = f"contact_batch.{deed}"
        ids = [contact.pk for contact in changed]
        record(verb, by=by, committee=committee, about=batch, contacts=ids)
    return batch


def _locked(ids: Iterable[Any], committee: Committee) -> list[Contact]:
    """In the order of their ids, so that two deeds never wait for one another in a circle."""
    rows = Contact.objects.in_committee(committee).filter(pk__in=[int(pk) for pk in ids])
    rows = rows.select_related("member", "sector", "committee").select_for_update(of=("self",))
    return list(rows.order_by("pk"))


def _kept(contact: Contact, columns: tuple[str, ...]) -> dict[str, Any]:
    """The columns as JSON holds them."""
    values = {name: getattr(contact, name) for name in columns}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in values.items()
    }


def _fields(deed: str) -> tuple[str, ...]:
    return {
        ContactBatch.Deed.CONFIRM: JUDGED,
        ContactBatch.Deed.RETIRE: RETIRED,
        ContactBatch.Deed.HAND_OVER: ("member", "sector", "area"),
    }[ContactBatch.Deed(deed)]


def _write(contacts: list[Contact], fields: tuple[str, ...]) -> None:
    if contacts:
        Contact.objects.bulk_update(contacts, fields)
