"""What leavers hold of this app: contacts among the public, and the area they answer for."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from committees.models import Committee
from committees.spans import span_from
from contacts import actions
from contacts.actions.batches import MOST_IN_BATCH
from contacts.models import AreaMember, Contact, Visit, VisitMember
from sectors.handover.holdings import Deed, Holding, To, Touch, needs_member, register
from sectors.models import Transfer


def kept(committee: Committee, on: datetime.date) -> Any:
    return Contact.objects.in_committee(committee).active()


def hand_contacts(ids: list[int], deed: Deed) -> None:
    """`contacts.actions.hand_over`, by as many at once as it takes."""
    to = needs_member(deed)
    for start in range(0, len(ids), MOST_IN_BATCH):
        rows = Contact.objects.filter(pk__in=ids[start : start + MOST_IN_BATCH])
        actions.hand_over(rows, to=to, committee=deed.handover.committee, by=deed.by)


def masked(what: str, kind: str) -> tuple[str, str]:
    """The list of what is handed over names no person in full."""
    row = Contact(name=what, kind=kind)
    return row.masked_name, str(row.get_kind_display())


def visited(transfers: list[Transfer]) -> str:
    """Who took over has kept in touch since: the contact is theirs."""
    parts = VisitMember.objects.filter(
        member__in={one.to_member_id for one in transfers},
        visit__created_at__gte=min(one.done_at for one in transfers if one.done_at),
        visit__contacts__in=[one.ref for one in transfers],
    )
    takers = {one.ref: one.to_member_id for one in transfers}
    met = parts.values_list("visit__contacts", "member")
    if any(takers.get(contact) == member for contact, member in met):
        return _("接手委员已登记走访，不能撤销，可以再次移交。")
    return ""


def to_follow_up(committee: Committee, on: datetime.date) -> Any:
    """The parts that leavers had in visits with a promise that waits."""
    waiting = Visit.objects.in_committee(committee).awaiting_follow_up()
    return VisitMember.objects.filter(visit__in=waiting.values("pk"))


def answered_for(committee: Committee, on: datetime.date) -> Any:
    rows = AreaMember.objects.in_committee(committee).filter(area__is_active=True)
    return rows.filter(span__overlap=span_from(on))


def hand_areas(ids: list[int], deed: Deed) -> None:
    """The leaver's span ends; another member answers, who has no area yet."""
    rows = AreaMember.objects.filter(pk__in=ids).select_related("area__committee")
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        actions.release_from_area(row, by=deed.by, on=deed.on)
        if deed.to == To.MEMBER:
            to = needs_member(deed)
            held = AreaMember.objects.filter(member=to, span__overlap=span_from(deed.on))
            if other := held.exclude(area=row.area_id).select_related("area").first():
                told = {"member": to.name, "area": other.area.name}
                words = _("%(member)s已是“%(area)s”的责任委员，请另选委员。") % told
                raise ValidationError(words, code="has_area")
            if not held.exists():
                actions.assign_area(row.area, to, by=deed.by, on=deed.on)


register(
    Holding(
        "contact", pgettext_lazy("plural", "界别群众联系人"), kept, "member", F("name"),
        takes=(To.MEMBER,), detail=F("kind"), hand=hand_contacts, shown=masked, waits=True,
        page="contacts:contact", built_on=visited,
        touches=(Touch("contacts.contact", ("id",), ("member_id", "sector_id", "area_id")),),
    ),
    place=50,
)  # fmt: skip
register(
    Holding(
        "area", pgettext_lazy("plural", "界别责任区"), answered_for, "member", F("area__name"),
        takes=(To.MEMBER, To.OFFICE), detail=F("area__place"), hand=hand_areas,
        page="contacts:area", target="area", key=("area",),
        touches=(Touch("contacts.areamember", ("area_id",)),),
    ),
    place=60,
)  # fmt: skip
register(
    Holding(
        "follow_up", gettext_lazy("走访后待跟进的事项"), to_follow_up, "member",
        F("visit__follow_up_on"), takes=(To.OFFICE,), detail=F("visit__place"),
        page="contacts:visit", target="visit",
        note=gettext_lazy("走访记录仍记在原走访委员名下；同去的委员和机关都可登记跟进情况。"),
    ),
    place=65,
)  # fmt: skip
