"""Verbs on the reception book: registered, added to, rated. Handling stands in handling.py."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions import take_number
from committees.actors import CLOCK, Guest
from committees.audit import record, reference
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Attachment, Committee, User
from committees.sealed import normal_phone, one_way
from contacts.actions import log_visit
from contacts.models import Channel, Contact
from members.models import Member
from sectors.models import LiaisonGroup
from workrooms.actions.receipts import PURPOSE
from workrooms.models import DutyShift, Reception, ReceptionPhoto, ReceptionWord, Workroom
from workrooms.notices import receptions as notices
from workrooms.permissions import can_handle, can_receive_for, can_receive_in

FOREIGN = ["committee", "workroom", "liaison_group", "sector", "category", "theme", "unit"]
FOREIGN += ["created_by", "gist_by", "disposed_by"]
FACTS = frozenset(["received_on", "way", "said", "resident_name", "resident_phone", "sector"])
FACTS |= frozenset(["community", "place", "category", "theme", "nature"])
RECEIVING = "接待"  # the channel of a visit that a reception was, by its name


def receive(
    committee: Committee,
    *,
    received_on: datetime.date,
    way: str,
    said: str,
    by: User | Guest,
    workroom: Workroom | None = None,
    liaison_group: LiaisonGroup | None = None,
    members: Iterable[Member] = (),
    photos: Iterable[Attachment] = (),
    contacts: Iterable[Contact] = (),
    is_from_paper: bool = False,
    receipt_number: str = "",
    **facts: Any,
) -> Reception:
    """Register one entry in a room's or a liaison group's book; numbered within its year.

    `facts` are resident_name, resident_phone, sector, community, place, category, theme and nature.
    What a resident sends in is received by the members on duty in the room that day, and brings the
    `receipt_number` made of its form. Where registered contacts were met, the visit of that day is
    logged with it. Entries out of the paper book tell nobody. A report against a person is the
    confidant's from its first moment. Raises ValidationError by field: a future day, nothing said,
    marks of classified papers, another committee's rows.
    """
    _may_receive(by, workroom, liaison_group)
    reception = Reception(committee=committee, workroom=workroom, liaison_group=liaison_group)
    reception.year, reception.is_from_paper = received_on.year, is_from_paper
    reception.created_by = by if isinstance(by, User) else None
    if receipt_number:
        reception.receipt_twin = one_way(receipt_number, purpose=PURPOSE)
    set_facts(reception, received_on=received_on, way=way, said=said, **facts)
    members, contacts = list(dict.fromkeys(members)), list(dict.fromkeys(contacts))
    check(reception, [*members, *contacts])
    with rules_told(), transaction.atomic():
        if isinstance(by, Guest):
            members = members or _on_duty(reception)
        reception.number = take_number(committee, "reception", reception.year)
        reception.save(force_insert=True)
        _credit(reception, members)
        _keep_photos(reception, photos)
        if contacts and isinstance(by, User) and not reception.is_closed_to_others:
            _log_visit(reception, members, contacts, by=by)
        record("reception.receive", by=by, committee=committee, about=reception)
        if not is_from_paper or reception.is_closed_to_others:
            notices.received(reception, by=by)
    return reception


def amend_reception(
    reception: Reception, *, by: User, members: Iterable[Member] | None = None, **facts: Any
) -> Reception:
    """Correct an entry; None leaves the members as they are. The number stays what it was.

    The nature has a verb of its own. The trail keeps which columns changed, never what was said.
    """
    if "nature" in facts:
        raise TypeError("the nature is changed by change_nature")
    if not can_handle(by, reception):
        raise PermissionDenied
    changed = set_facts(reception, **facts)
    present = None if members is None else list(dict.fromkeys(members))
    check(reception, present or [])
    with rules_told(), transaction.atomic():
        still = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
        if not can_handle(by, still):  # closed meanwhile
            raise PermissionDenied
        twin = ["resident_phone_twin"] if "resident_phone" in changed else []
        reception.save(update_fields=[*changed, *twin])
        if present is not None:
            reception.members.set(present)
        detail: dict[str, Any] = {"fields": changed}
        record("reception.amend", by=by, committee=reception.committee, about=reception, **detail)
    return reception


def add_word(
    reception: Reception, *, text: str, by: User | Guest, kind: str = ReceptionWord.Kind.NOTE
) -> ReceptionWord:
    """What the resident adds by the receipt, or a call or note of those who handle the entry."""
    if isinstance(by, Guest):
        if by.kind != "receipt":
            raise PermissionDenied
        kind = ReceptionWord.Kind.ADDED
    elif not can_handle(by, reception) or kind == ReceptionWord.Kind.ADDED:
        raise PermissionDenied
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("请填写内容。"), code="empty")})
    author = by if isinstance(by, User) else None
    word = ReceptionWord(reception=reception, kind=kind, text=text.strip(), by=author)
    word.clean_fields(exclude=["reception", "by"])
    check_lengths(word, "text")
    refuse_marked(word.text)
    with transaction.atomic():
        word.save(force_insert=True)
        detail: dict[str, Any] = {"kind": str(word.kind)}
        record(
            "reception.add_word", by=by, committee=reception.committee, about=reception, **detail
        )
        if author is None:
            notices.word_added(reception, word=word.pk)
    return word


def rate(reception: Reception, *, solved: str, satisfied: str, by: User | Guest) -> Reception:
    """The two answers at the end, once: 问题解决了吗, 对接待满意吗.

    From the receipt, or entered by those who handle it for a resident without a phone. Raises
    ValidationError: answered already, no result yet, no such answer.
    """
    is_resident = isinstance(by, Guest) and by.kind == "receipt"
    if not is_resident and not can_handle(by, reception):
        raise PermissionDenied
    if solved not in Reception.Solved or satisfied not in Reception.Satisfied:
        raise ValidationError(_("请回答两个问题。"), code="no_answer")
    with transaction.atomic():
        row = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
        if row.rated_at:
            raise ValidationError(_("已评价过，谢谢。"), code="rated")
        if not (row.gist_at or row.resulted_on):
            raise ValidationError(_("事项还没有结果，有结果后再评价。"), code="no_result")
        reception.solved, reception.satisfied = solved, satisfied
        reception.rated_at = timezone.now()
        reception.save(update_fields=["solved", "satisfied", "rated_at"])
        record("reception.rate", by=by, committee=reception.committee, about=reception)
    return reception


def set_facts(reception: Reception, **facts: Any) -> list[str]:
    """Texts trimmed, the phone in digits; which columns changed. TypeError for no such fact."""
    if unknown := facts.keys() - FACTS:
        raise TypeError(f"no such facts: {sorted(unknown)}")
    changed = []
    for name, value in facts.items():
        new = value.strip() if isinstance(value, str) else value
        if name == "resident_phone":
            new = normal_phone(new) or new
        if getattr(reception, name) != new:
            setattr(reception, name, new)
            changed.append(name)
    return sorted(changed)


def check(reception: Reception, others: Iterable[Any] = ()) -> None:
    """Every rule of an entry that needs no other row."""
    named = [getattr(reception, name) for name in FOREIGN[1:7]]
    rows = [row for row in [*named, *others] if row is not None]
    if any(row.committee_id != reception.committee_id for row in rows):
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    if reception.received_on > timezone.localdate():
        sentence = _("日期不能晚于今天。")
        raise ValidationError({"received_on": ValidationError(sentence, code="future")})
    phone = reception.resident_phone or ""
    if phone and not phone.replace("-", "").isdigit():
        sentence = _("联系电话只填数字。")
        raise ValidationError({"resident_phone": ValidationError(sentence, code="phone")})
    reception.clean_fields(exclude=FOREIGN)
    check_lengths(reception, "said", "resident_name", "resident_phone")
    refuse_marked(reception.said, reception.place, reception.community, reception.resident_name)


def check_lengths(row: Any, *names: str) -> None:
    """A text column has no limit of its own in the database: the model's is kept here."""
    most = {"resident_name": 40, "resident_phone": 20}
    for name in names:
        longest = most.get(name) or row._meta.get_field(name).max_length
        if len(getattr(row, name) or "") > longest:
            sentence = _("最多 %(most)s 字。") % {"most": longest}
            raise ValidationError({name: ValidationError(sentence, code="too_long")})


def _keep_photos(reception: Reception, photos: Iterable[Attachment]) -> None:
    """Stored photos become the entry's; they are served at its own address only."""
    rows = list(dict.fromkeys(photos))
    if any(photo.committee_id != reception.committee_id for photo in rows):
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    ReceptionPhoto.objects.bulk_create(
        ReceptionPhoto(reception=reception, attachment=photo) for photo in rows
    )


def _may_receive(by: User | Guest, room: Workroom | None, group: LiaisonGroup | None) -> None:
    """A guest is a resident with the code of the place, or the clock filling the demo."""
    if isinstance(by, Guest):
        is_allowed = by.kind in ("receipt", CLOCK.kind)
    elif room is not None:
        is_allowed = can_receive_in(by, room)
    else:
        is_allowed = group is not None and can_receive_for(by, group)
    if not is_allowed:
        raise PermissionDenied
    if room is not None and room.closed_on and room.closed_on <= timezone.localdate():
        raise ValidationError(_("该工作室已撤销。"), code="room_closed")


def _on_duty(reception: Reception) -> list[Member]:
    if reception.workroom_id is None or reception.is_from_paper:
        return []
    shifts = DutyShift.objects.expected_on(reception.received_on)
    shifts = shifts.filter(workroom=reception.workroom_id).select_related("member")
    return list(dict.fromkeys(shift.member for shift in shifts.order_by("id")))


def _credit(reception: Reception, members: Iterable[Member]) -> None:
    through = Reception.members.through
    through.objects.bulk_create(through(reception=reception, member=row) for row in members)


def _log_visit(
    reception: Reception, members: list[Member], contacts: list[Contact], *, by: User
) -> None:
    """Coverage reads visits only: one entry, both books. What was said stays in this one."""
    channels = Channel.objects.in_committee(reception.committee).active()
    channel = channels.filter(name__contains=RECEIVING).first() or channels.first()
    if channel is None:
        raise ValidationError(_("还没有可用的联系渠道，请机关先设置。"), code="no_channel")
    log_visit(
        committee=reception.committee,
        members=members,
        contacts=contacts,
        channel=channel,
        theme=reception.theme,
        happened_on=reception.received_on,
        place=str(reception.workroom or reception.liaison_group)[:80],
        by=by,
        from_what=reference(reception),
    )
