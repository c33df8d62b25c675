"""Whose an outcome is: the rows of its authors, in order, with their shares."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from activities.models import OutcomeAuthor
from members.models import Member
from opinions.bodies import Body
from sectors.models import Commission, Seat, Sector


def parts_of(
    members: Sequence[Member], body: Body | None, shares: Sequence[int] = ()
) -> list[OutcomeAuthor]:
    """The body first, then the members as given. `shares` one a part, or none.

    ValidationError on `names`, `shares`.
    """
    parts = [_of_body(body)] if body else []
    parts += [OutcomeAuthor(member=member) for member in members]
    if not parts:
        sentence = _("请填写完成人或完成单位。")
        raise ValidationError({"names": ValidationError(sentence, code="nobody")})
    if shares and (len(shares) != len(parts) or sum(shares) != 100 or min(shares) < 1):
        sentence = _("份额请按完成人顺序填写，一人一个，合计 100。")
        raise ValidationError({"shares": ValidationError(sentence, code="shares")})
    for place, part in enumerate(parts, start=1):
        part.place = place
        part.share = shares[place - 1] if shares else None
    return parts


def _of_body(body: Body) -> OutcomeAuthor:
    part = OutcomeAuthor(body_name=body.name[:80])
    if isinstance(body.row, Sector):
        part.sector = body.row
    elif isinstance(body.row, Commission):
        part.commission = body.row
    return part


def sector_of(parts: Sequence[OutcomeAuthor], day: datetime.date) -> int | None:
    """The body's, or the first author's on that day; its id."""
    first = parts[0]
    if first.member_id is None:
        return first.sector_id
    seats = Seat.objects.filter(membership__member=first.member_id).on(day)
    return seats.values_list("sector", flat=True).first()
