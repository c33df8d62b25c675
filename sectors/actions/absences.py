"""A convenor goes on leave, names who stands in, and is back."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from committees.spans import ended, is_over, span_from
from committees.workdays import ONE_DAY
from members.models import Member
from sectors import notices
from sectors.models import ConvenorLeave, Convenorship, Seat
from sectors.permissions import can_set_leave


def take_leave(
    convenorship: Convenorship,
    *,
    first: datetime.date,
    last: datetime.date,
    by: User,
    stand_in: Member | None = None,
) -> ConvenorLeave:
    """The convenor is away from `first` to `last`, both days included; who stands in is told.

    ValidationError by field: `order`, `past`, `too_long`, `not_convenor`, `not_in_sector`,
    `convenor`, and the rule that two leaves of one convenor do not overlap.
    """
    if not can_set_leave(by, convenorship):
        raise PermissionDenied
    _check_days(convenorship, first, last)
    if stand_in is not None:
        _check_stand_in(convenorship, stand_in, first)
    with rules_told(), transaction.atomic():
        leave = ConvenorLeave.objects.create(
            committee=convenorship.committee,
            convenorship=convenorship,
            span=span_from(first, last + ONE_DAY),
            stand_in=stand_in,
            set_by=by,
        )
        record(
            "convenor_leave.begin",
            by=by,
            committee=convenorship.committee,
            about=leave,
            first=first.isoformat(),
            last=last.isoformat(),
            stand_in=stand_in.pk if stand_in else None,
        )
        notices.stand_in_named(leave)
    return leave


def end_leave(leave: ConvenorLeave, *, by: User, on: datetime.date | None = None) -> ConvenorLeave:
    """Back earlier (销假): from `on`, by default today, the convenor is there again."""
    if not can_set_leave(by, leave.convenorship):
        raise PermissionDenied
    day = on or timezone.localdate()
    with transaction.atomic():
        locked = ConvenorLeave.objects.select_for_update(no_key=True)
        leave.refresh_from_db(fields=["span"], from_queryset=locked)
        if is_over(leave.span, day):
            raise ValidationError(_("请假已结束。"), code="over")
        leave.span = ended(leave.span, day)
        leave.save(update_fields=["span"])
        record("convenor_leave.end", by=by, committee=leave.committee, about=leave)
    return leave


LONGEST = 366  # days; who is away for longer is no convenor


def _check_days(convenorship: Convenorship, first: datetime.date, last: datetime.date) -> None:
    if last < first:
        raise _wrong("last", _("最后一天早于开始日期。"), "order")
    if last < timezone.localdate():
        raise _wrong("last", _("请假时间已过。"), "past")
    if (last - first).days >= LONGEST:
        raise _wrong("last", _("一次请假不超过一年。"), "too_long")
    if first not in convenorship.span:
        raise _wrong("first", _("当日不是该界别的召集人。"), "not_convenor")


def _check_stand_in(convenorship: Convenorship, member: Member, first: datetime.date) -> None:
    seats = Seat.objects.on(first).filter(sector=convenorship.sector_id)
    if not seats.filter(membership__member=member).exists():
        raise _wrong("stand_in", _("请选择本界别的委员。"), "not_in_sector")
    chairs = Convenorship.objects.on(first).filter(sector=convenorship.sector_id)
    if chairs.filter(seat__membership__member=member).exists():
        raise _wrong("stand_in", _("召集人本来就可初核，不必指定；请选择其他委员。"), "convenor")


def _wrong(field: str, words: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(words, code=code)})
