"""What becomes of an entry: read, disposed of, answered, told. Nothing is typed twice."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Draft, Unit, User
from committees.workdays import Calendar, calendar_of
from members.models import Member
from workrooms.actions.receptions import check_lengths
from workrooms.models import Reception, ReceptionWord, RoomMember
from workrooms.notices import receptions as notices
from workrooms.permissions import can_handle, can_take_over, can_write_gist, is_reader_of_room

Disposal, Nature = Reception.Disposal, Reception.Nature
PASSED_ON = frozenset([Disposal.COMMUNITY, Disposal.UNIT, Disposal.OPINION, Disposal.PROPOSAL])
DUE_AFTER: dict[str, int] = {
    Disposal.COMMUNITY: 5,
    Disposal.UNIT: 10,
}  # working days (ours), until one is given
TELL_WITHIN = datetime.timedelta(days=15)  # calendar days, to say where a matter belongs
LONGEST_REASON = 100
ON_CONFIDED: list[Callable[..., Any]] = []
"""Called with an entry that turned out to be against a person, and `by`, before the trail is
written: what apps above passed on of it is ended there. They add theirs when they are ready."""


def mark_read(reception: Reception, *, by: Actor) -> bool:
    """委员已阅: the first time a keeper of the room or a member who received it opens the entry."""
    if reception.read_at or not is_reader_of_room(by, reception):
        return False
    now = timezone.now()
    with transaction.atomic():
        is_first = bool(Reception.objects.filter(pk=reception.pk, read_at=None).update(read_at=now))
        reception.read_at = now
        if is_first:
            record("reception.read", by=by, committee=reception.committee, about=reception)  # type: ignore[arg-type]
    return is_first


def dispose(
    reception: Reception,
    how: str,
    *,
    by: User,
    seen: str = "",
    passed_to: str = "",
    unit: Unit | None = None,
    due_on: datetime.date | None = None,
    answer: str = "",
) -> Reception:
    """Say how the matter is dealt with: answered, passed on, or not ours.

    `seen` is the disposal the writer had before the eyes: of two at once one wins, the other gets
    ValidationError `disposed`. An answer given on the spot is result and gist at once, and tells
    the resident. Passed to a community or unit it is due in working days unless `due_on` says
    otherwise, and nothing else is ever due; 转部门 and 转提案 are recorded only. A report against a
    person is never passed on.
    """
    passed_to, answer = passed_to.strip(), answer.strip()
    with rules_told(), transaction.atomic():
        _lock(reception, by)
        before = reception.disposal
        if before != seen:
            raise ValidationError(
                _("这件登记刚被他人办理（%(how)s），请看过再改。"),
                code="disposed",
                params={"how": reception.get_disposal_display()},
            )
        check_disposal(reception, how, passed_to=passed_to, unit=unit, due_on=due_on)
        refuse_marked(passed_to, answer)
        if before and before != how:
            _keep_former(reception, by)
        calendar, today = calendar_of(reception.committee), timezone.localdate()
        settle(reception, how, by, calendar, today, passed_to=passed_to, answer=answer)
        reception.unit = unit if how == Disposal.UNIT else None
        if due_on and how in DUE_AFTER:
            reception.due_on = due_on
        check_lengths(reception, "passed_to", "result", "gist")
        reception.save(update_fields=LOCKED)
        detail: dict[str, Any] = {"how": str(how), "before": str(before)}
        record("reception.dispose", by=by, committee=reception.committee, about=reception, **detail)
    return reception


def settle(
    reception: Reception,
    how: str,
    by: User,
    calendar: Calendar,
    on: datetime.date,
    *,
    passed_to: str = "",
    answer: str = "",
) -> None:
    """What a disposal of the day `on` sets on the row; nothing is saved."""
    now = timezone.now()
    reception.disposal, reception.disposed_at, reception.disposed_by = how, now, by
    reception.passed_to, reception.returned_at = passed_to, None
    workdays = DUE_AFTER.get(how)
    reception.due_on = calendar.after(on, workdays) if workdays else None
    reception.read_at = reception.read_at or now
    if how in PASSED_ON:
        # An answer given before did not end it: what comes back from there is the result.
        reception.passed_at, reception.resulted_on = reception.passed_at or now, None
        return
    if answer:
        reception.result, reception.resulted_on = answer, on
        reception.gist, reception.gist_at, reception.gist_by = answer, now, by
    if how == Disposal.ON_THE_SPOT and not reception.told_on:
        reception.told_how = TOLD_BY.get(reception.way, "")
        reception.told_on = on if reception.told_how else None


TOLD_BY: dict[str, str] = {
    Reception.Way.IN_PERSON: "face",
    Reception.Way.VISIT: "face",
    Reception.Way.PHONE: "phone",
}
DISPOSAL_COLUMNS = ["disposal", "disposed_at", "disposed_by", "passed_to", "unit", "due_on"]
DISPOSAL_COLUMNS += ["read_at", "passed_at", "result", "resulted_on", "gist", "gist_at", "gist_by"]
DISPOSAL_COLUMNS += ["returned_at"]


def record_result(
    reception: Reception,
    *,
    result: str,
    by: User,
    on: datetime.date | None = None,
    is_gist: bool = False,
) -> Reception:
    """What came of it, and on which day; `is_gist` lets the resident read the same words."""
    with transaction.atomic():
        _lock(reception, by)
        reception.result, reception.returned_at = _filled(result, "result"), None
        reception.resulted_on = _past(on, reception, "resulted_on")
        check_lengths(reception, "result")
        reception.save(update_fields=["result", "resulted_on", "returned_at"])
        record("reception.result", by=by, committee=reception.committee, about=reception)
        if is_gist:
            write_gist(reception, gist=result, by=by)
    return reception


def write_gist(reception: Reception, *, gist: str, by: User) -> Reception:
    """答复要点: what the resident reads by the receipt number; the fifth step, 已有结果."""
    with transaction.atomic():
        _lock(reception, by)
        if not can_write_gist(by, reception):
            raise PermissionDenied
        reception.gist, reception.returned_at = _filled(gist, "gist"), None
        if not reception.is_told:  # a better wording keeps the day of the answer
            reception.gist_at = timezone.now()
        reception.gist_by = by
        check_lengths(reception, "gist")
        reception.save(update_fields=["gist", "gist_at", "gist_by", "returned_at"])
        record("reception.write_gist", by=by, committee=reception.committee, about=reception)
    return reception


def record_told(
    reception: Reception, *, how: str, by: User, on: datetime.date | None = None
) -> Reception:
    """When and how the resident was told. ValidationError: no such way, a day out of reach."""
    if how not in Reception.ToldHow:
        raise ValidationError({"told_how": ValidationError(_("请选择告知方式。"), code="how")})
    with transaction.atomic():
        _lock(reception, by)
        reception.told_on, reception.told_how = _past(on, reception, "told_on"), how
        reception.save(update_fields=["told_on", "told_how"])
        detail: dict[str, Any] = {"how": str(how)}
        record("reception.tell", by=by, committee=reception.committee, about=reception, **detail)
    return reception


def change_nature(reception: Reception, *, nature: str, by: User) -> Reception:
    """Ordinary, petition, lawsuit, or against a person.

    Becoming a report against a person closes the entry to members and keepers at once and undoes a
    referral; only the confidant opens one again. The trail keeps how it had been passed on.
    """
    if nature not in Nature:
        raise ValidationError({"nature": ValidationError(_("请选择事项性质。"), code="nature")})
    with transaction.atomic():
        _lock(reception, by)
        was: dict[str, Any] = {"before": str(reception.nature), "after": str(nature)}
        if nature == reception.nature:
            return reception
        reception.nature = nature
        columns = ["nature"]
        if reception.is_closed_to_others and reception.disposal in PASSED_ON:
            was |= {"disposal": str(reception.disposal)}
            reception.disposal, reception.disposed_at, reception.disposed_by = "", None, None
            reception.passed_to, reception.unit, reception.due_on = "", None, None
            columns += DISPOSAL_COLUMNS[:6]
        reception.save(update_fields=columns)
        if reception.is_closed_to_others:
            for end in ON_CONFIDED:
                end(reception, by=by)
        record(
            "reception.change_nature", by=by, committee=reception.committee, about=reception, **was
        )
        if reception.is_closed_to_others:
            # What somebody was typing about it for a report goes too.
            begun = Draft.objects.filter(committee=reception.committee)
            begun.filter(form=f"opinions.write:reception-{reception.pk}").delete()
            notices.confided(reception)
    return reception


def take_over(reception: Reception, member: Member, *, by: User) -> Reception:
    """Hand the entry to a member of the room, who then sees it and is told."""
    with transaction.atomic():
        _lock(reception, by)
        if not can_take_over(by, reception):
            raise PermissionDenied
        here = RoomMember.objects.present().filter(workroom=reception.workroom_id, member=member)
        if reception.workroom_id is None or not here.exists():
            raise ValidationError(_("该委员不在此工作室。"), code="not_in_room")
        reception.members.add(member)
        detail: dict[str, Any] = {"member": member.pk}
        record(
            "reception.take_over", by=by, committee=reception.committee, about=reception, **detail
        )
        notices.handed_over(reception, member)
    return reception


def pass_to_consultation(reception: Reception, *, title: str, by: User) -> Reception:
    """列入协商议事: the matter is 正在协调, which its resident reads; how it is dealt with in the
    end is still to be said (`dispose`)."""
    with transaction.atomic():
        _lock(reception, by)
        now = timezone.now()
        reception.read_at, reception.passed_at = (
            reception.read_at or now,
            reception.passed_at or now,
        )
        reception.returned_at = None
        reception.save(update_fields=["read_at", "passed_at", "returned_at"])
        text = _("已列入协商议事：%(title)s") % {"title": title}
        ReceptionWord.objects.create(
            reception=reception, kind=ReceptionWord.Kind.NOTE, text=text, by=by
        )
        record("reception.consult", by=by, committee=reception.committee, about=reception)
    return reception


def return_from_consultation(reception: Reception, *, title: str, by: User) -> None:
    """Its consultation will not take place: the entry waits again (待办理) until somebody says
    what now. Its resident still reads 正在协调, for no step goes back.

    Whoever ends a consultation need not handle the entry. A report against a person stays closed.
    """
    with transaction.atomic():
        waits = Reception.objects.filter(pk=reception.pk, nature=Nature.ORDINARY)
        if not waits.update(returned_at=timezone.now()):
            return
        text = _("协商议事未能举行，请重新安排办理：%(title)s") % {"title": title}
        ReceptionWord.objects.create(
            reception=reception, kind=ReceptionWord.Kind.NOTE, text=text, by=by
        )
        record("reception.return", by=by, committee=reception.committee, about=reception)


@dataclass(frozen=True, slots=True)
class Resident:
    """What a reveal shows, for the minutes it lasts."""

    name: str
    phone: str


def reveal_resident(reception: Reception, *, by: User, reason: str) -> Resident:
    """The resident's full name and number, for a reason that the trail keeps."""
    if not can_handle(by, reception):
        raise PermissionDenied
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ValidationError(
            _("请填写查看事由，不超过%(most)s字。"), code="reason", params={"most": LONGEST_REASON}
        )
    refuse_marked(reason)
    committee = reception.committee
    record("reception.reveal", by=by, committee=committee, about=reception, reason=reason)
    return Resident(reception.resident_name or "", reception.resident_phone or "")


def _lock(reception: Reception, by: User) -> None:
    """The entry as it stands now, held; who may handle it is asked of that."""
    locked = Reception.objects.select_for_update(of=("self",), no_key=True)
    reception.refresh_from_db(fields=LOCKED, from_queryset=locked)
    if not can_handle(by, reception):
        raise PermissionDenied


LOCKED = [*DISPOSAL_COLUMNS, "nature", "told_on", "told_how"]


def check_disposal(
    reception: Reception,
    how: str,
    *,
    passed_to: str = "",
    unit: Unit | None = None,
    due_on: datetime.date | None = None,
) -> None:
    """Every rule of a disposal that needs no other row, by field."""

    def wrong(field: str, sentence: str, code: str) -> ValidationError:
        return ValidationError({field: ValidationError(sentence, code=code)})

    if how not in Disposal:
        raise wrong("disposal", _("请选择办理方式。"), "how")
    if reception.is_closed_to_others and how in PASSED_ON:
        raise wrong("disposal", _("反映具体个人的事项只由专管人员处理，不能转办。"), "stays")
    if how == Disposal.COMMUNITY and not passed_to and not reception.is_from_paper:
        raise wrong("passed_to", _("请填写转往哪个社区（单位）。"), "nowhere")
    if how == Disposal.UNIT and not (unit or passed_to or reception.is_from_paper):
        raise wrong("unit", _("请选择部门，或填写部门名称。"), "nowhere")
    if unit is not None and unit.committee_id != reception.committee_id:
        raise wrong("unit", _("所选项不属于本级政协。"), "other_committee")
    if due_on and due_on < reception.received_on:
        raise wrong("due_on", _("办理期限早于接待日期。"), "before")
    if reception.named_in(passed_to):
        raise wrong("passed_to", _("转办不能带群众姓名和电话，请删去。"), "resident")


def _keep_former(reception: Reception, by: User) -> None:
    """Nothing is lost: what was decided before stands among the notes."""
    to = str(reception.unit or "") or reception.passed_to
    former = reception.get_disposal_display() + (f"（{to}）" if to else "")
    text = _("办理方式原为：%(former)s") % {"former": former}
    if reception.result:
        text += "\n" + reception.result
    ReceptionWord.objects.create(
        reception=reception, kind=ReceptionWord.Kind.NOTE, text=text[:2000], by=by
    )


def _filled(text: str, field: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({field: ValidationError(_("请填写内容。"), code="empty")})
    refuse_marked(text)
    return text


def _past(on: datetime.date | None, reception: Reception, field: str) -> datetime.date:
    today = timezone.localdate()
    day = on or today
    if day > today:
        raise ValidationError({field: ValidationError(_("日期不能晚于今天。"), code="future")})
    if day < reception.received_on:
        raise ValidationError({field: ValidationError(_("早于接待日期。"), code="before")})
    return day


def tell_by(reception: Reception) -> datetime.date | None:
    """The last day to say in writing where a matter belongs; None where nothing is owed."""
    not_ours = reception.disposal == Disposal.NOT_OURS or reception.nature != Nature.ORDINARY
    if not not_ours or reception.told_on:
        return None
    return reception.received_on + TELL_WITHIN
