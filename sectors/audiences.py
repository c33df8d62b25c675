"""Whom announcements reach: all serving members, sectors, commissions, street groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from committees.dictionaries import active_rows
from committees.models import Committee
from members.models import Member
from notices.audiences import Audience, Recipient, register
from notices.models.announcements import EVERYBODY
from sectors.models import Commission, CommissionSeat, Seat, Sector, StreetGroup, StreetSeat

LAST = 2**31 - 1
"""The place of those without a sector."""


def recipients_of(members: Any) -> Iterator[Recipient]:
    """The members with the sector they sit in today, as lists are grouped."""
    seat = Seat.objects.today().filter(membership__member=OuterRef("pk"))
    rows = members.annotate(
        heading=Subquery(seat.values("sector__name")[:1]),
        place=Subquery(seat.values("sector__position")[:1]),
    )
    columns = ("name", "name_key", "user__name", "user__is_active")
    for row in rows.select_related("user").only(*columns).order_by("name_key", "id"):
        title = Sector(name=row.heading).title if row.heading else ""
        place = row.place if row.heading else LAST
        yield Recipient(row.user, row.name, row.name_key, title, place)


def _serving(committee: Committee) -> Any:
    return Member.objects.in_committee(committee).serving()


def _seated(model: Any, group: str) -> Any:
    def people(committee: Committee, ids: set[int]) -> Iterator[Recipient]:
        held = model.objects.on(timezone.localdate()).filter(
            membership__member=OuterRef("pk"), **{f"{group}__in": ids}
        )
        return recipients_of(_serving(committee).filter(Exists(held)))

    return people


register(
    Audience(
        EVERYBODY,
        gettext_lazy("全体委员"),
        groups=lambda committee: [(0, _("全体委员"))],
        people=lambda committee, ids: recipients_of(_serving(committee)),
    )
)
register(
    Audience(
        "sector",
        pgettext_lazy("plural", "界别"),
        groups=lambda committee: [(row.pk, row.title) for row in active_rows(Sector, committee)],
        people=_seated(Seat, "sector"),
    )
)
register(
    Audience(
        "commission",
        pgettext_lazy("plural", "专门委员会"),
        groups=lambda committee: [(row.pk, row.name) for row in active_rows(Commission, committee)],
        people=_seated(CommissionSeat, "commission"),
    )
)
register(
    Audience(
        "street_group",
        pgettext_lazy("plural", "街道（乡镇）委员组"),
        groups=lambda committee: [
            (row.pk, row.name) for row in active_rows(StreetGroup, committee)
        ],
        people=_seated(StreetSeat, "street_group"),
    )
)
