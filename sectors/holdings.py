"""What leavers hold of this app and of the members': chairs, seats, postings, secretaries."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Appointment, Committee, Role
from committees.spans import ended, span_from
from committees.workdays import ONE_DAY
from members.actions import keeper_only
from members.models import Delegate, Membership
from sectors.actions.seats import appoint_convenor, join_commission
from sectors.handover.holdings import Deed, Holding, To, Touch, needs_member, register
from sectors.models import (
    CommissionSeat,
    Convenorship,
    LeaderContact,
    Posting,
    Seat,
    StreetSeat,
    Supervision,
    SupervisionGroup,
)

HEADS = (CommissionSeat.Duty.HEAD, CommissionSeat.Duty.DEPUTY)


def _of_old_term(model: Any, committee: Committee, on: datetime.date) -> Any:
    """Rows true on the old term's last day, before and after it was ended there."""
    return model.objects.in_committee(committee).on(on - ONE_DAY)


def _of_new_term(model: Any, on: datetime.date, **of: Any) -> Any:
    """Rows that began with the new term or after."""
    return Exists(model.objects.filter(span__startswith__gte=on, **of))


def convened(committee: Committee, on: datetime.date) -> Any:
    """Chairs of sectors that nobody convenes in the new term yet."""
    now = _of_new_term(Convenorship, on, sector=OuterRef("sector"))
    return _of_old_term(Convenorship, committee, on).filter(~now)


def hand_convenorships(ids: list[int], deed: Deed) -> None:
    """Another member of the sector convenes it from the first day on."""
    if deed.to != To.MEMBER:
        return
    to = needs_member(deed)
    for row in Convenorship.objects.filter(pk__in=ids).select_related("sector"):
        seats = Seat.objects.filter(membership__member=to, sector=row.sector_id).on(deed.on)
        seat = seats.select_related("committee").first()
        if seat is None:
            told = {"member": to.name, "sector": row.sector.title}
            words = _("%(member)s不在%(sector)s，不能任该界别召集人。")
            raise ValidationError(words % told, code="not_seated")
        meeting = deed.handover.meeting
        appoint_convenor(seat, on=deed.on, place=row.place, meeting=meeting, by=deed.by)


def headed(committee: Committee, on: datetime.date) -> Any:
    """Heads and deputies of commissions; what nobody heads in the new term yet."""
    same = {"commission": OuterRef("commission"), "duty": OuterRef("duty")}
    rows = _of_old_term(CommissionSeat, committee, on).filter(duty__in=HEADS)
    return rows.filter(~_of_new_term(CommissionSeat, on, **same))


def hand_commissions(ids: list[int], deed: Deed) -> None:
    if deed.to != To.MEMBER:
        return
    membership = _membership(deed)
    for row in CommissionSeat.objects.filter(pk__in=ids).select_related("commission"):
        held = CommissionSeat.objects.filter(membership=membership, commission=row.commission_id)
        with rules_told():
            if held.on(deed.on).update(duty=row.duty):
                detail: dict[str, Any] = {"duty": row.duty, "commission": row.commission_id}
                record(
                    "commission_seat.duty", by=deed.by, committee=row.committee,
                    about=membership.member, **detail,
                )  # fmt: skip
            else:
                join_commission(
                    membership, row.commission, duty=row.duty, on=deed.on,
                    meeting=deed.handover.meeting, by=deed.by,
                )  # fmt: skip


def led(committee: Committee, on: datetime.date) -> Any:
    """Heads of street groups without one in the new term yet."""
    now = _of_new_term(StreetSeat, on, street_group=OuterRef("street_group"), is_head=True)
    return _of_old_term(StreetSeat, committee, on).filter(~now, is_head=True)


def hand_streets(ids: list[int], deed: Deed) -> None:
    if deed.to != To.MEMBER:
        return
    membership = _membership(deed)
    for row in StreetSeat.objects.filter(pk__in=ids):
        held = StreetSeat.objects.filter(membership=membership).on(deed.on)
        if held.exclude(street_group=row.street_group_id).exists():
            words = _("%(member)s在另一委员组，不能任该组组长。") % {"member": membership.member}
            raise ValidationError(words, code="other_group")
        with rules_told():
            if not held.update(is_head=True):
                StreetSeat.objects.create(
                    committee=row.committee,
                    membership=membership,
                    street_group_id=row.street_group_id,
                    is_head=True,
                    span=span_from(deed.on, membership.span.upper),
                    meeting=deed.handover.meeting,
                )
        detail: dict[str, Any] = {"group": row.street_group_id}
        record(
            "street_seat.head", by=deed.by, committee=row.committee, about=membership.member,
            **detail,
        )  # fmt: skip


def _membership(deed: Deed) -> Membership:
    to = needs_member(deed)
    keeper_only(deed.by, to.committee)
    membership = Membership.objects.filter(member=to).on(deed.on).select_related("member").first()
    if membership is None:
        raise ValidationError(_("该委员当日不在任。"), code="not_serving")
    return membership


def posted(committee: Committee, on: datetime.date) -> Any:
    rows = Posting.objects.in_committee(committee).filter(member__isnull=False)
    return rows.filter(span__overlap=span_from(on))


def hand_postings(ids: list[int], deed: Deed) -> None:
    """The posting ends; another member is sent to the unit, with a letter of the own."""
    for row in Posting.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        keeper_only(deed.by, row.committee)
        until = row.span.upper
        row.span = ended(row.span, deed.on)
        row.save(update_fields=["span"])
        if deed.to == To.MEMBER:
            with rules_told():
                Posting.objects.create(
                    committee=row.committee,
                    member=needs_member(deed),
                    unit_id=row.unit_id,
                    span=span_from(deed.on, until),
                )
        record("posting.hand_over", by=deed.by, committee=row.committee, about=row, to=deed.to)


IN_GROUPS = SupervisionGroup.members.through._meta.label_lower


def supervising(committee: Committee, on: datetime.date) -> Any:
    rows = SupervisionGroup.members.through.objects
    return rows.filter(supervisiongroup__committee=committee)


def hand_groups(ids: list[int], deed: Deed) -> None:
    """The leaver is no longer of the group; another member joins it."""
    through = SupervisionGroup.members.through
    rows = through.objects.filter(pk__in=ids)
    groups = sorted(set(rows.values_list("supervisiongroup", flat=True)))
    keeper_only(deed.by, deed.handover.committee)
    rows.delete()
    if deed.to == To.MEMBER:
        to = needs_member(deed)
        through.objects.bulk_create(
            (through(supervisiongroup_id=pk, member=to) for pk in groups), ignore_conflicts=True
        )
    record(
        "supervision_group.hand_over", by=deed.by, committee=deed.handover.committee,
        about=deed.handover, groups=groups,
    )  # fmt: skip


def led_by(committee: Committee, on: datetime.date) -> Any:
    """Whom leaders keep in touch with; who of them leaves is a member of this committee."""
    rows = LeaderContact.objects.in_committee(committee).filter(span__overlap=span_from(on))
    return rows.filter(leader__members__committee=committee)


def hand_leads(ids: list[int], deed: Deed) -> None:
    """The leader's span ends; another leader keeps in touch, or for the time being nobody."""
    leader = needs_member(deed).user_id if deed.to == To.MEMBER else None
    leads = Appointment.objects.in_committee(deed.handover.committee).filter(role=Role.LEADER)
    if leader and not leads.on(deed.on).filter(user=leader).exists():
        raise ValidationError(_("请选择本级主席会议成员。"), code="no_leader")
    keeper_only(deed.by, deed.handover.committee)
    for row in LeaderContact.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        until = row.span.upper
        row.span = ended(row.span, deed.on)
        row.save(update_fields=["span"])
        of = {"commission": row.commission_id, "sector": row.sector_id, "member": row.member_id}
        same = {f"{name}_id": pk for name, pk in of.items()}
        span = span_from(deed.on, until)
        if leader:
            there = LeaderContact.objects.filter(leader=leader, span__overlap=span, **same)
            if not there.exists():
                LeaderContact.objects.create(
                    committee_id=row.committee_id, leader_id=leader, span=span, **same
                )
        record(
            "leader_contact.hand_over", by=deed.by, committee=deed.handover.committee, about=row,
            to=deed.to,
        )  # fmt: skip


register(
    Holding(
        "convenorship", gettext_lazy("界别召集人（含职责清单）"), convened,
        "seat__membership__member", F("sector__name"),
        takes=(To.MEMBER, To.OFFICE), hand=hand_convenorships, key=("sector", "place"),
        touches=(Touch("sectors.convenorship", ("sector_id", "place")),),
        page="sectors:detail", target="sector",
        note=gettext_lazy("接手的须是新一届本界别委员；职责清单随召集人转交。"),
    ),
    place=10,
)  # fmt: skip
register(
    Holding(
        "commission", gettext_lazy("专门委员会主任、副主任"), headed, "membership__member",
        F("commission__name"), takes=(To.MEMBER, To.OFFICE), hand=hand_commissions,
        key=("commission",), touches=(Touch("sectors.commissionseat", ("commission_id",)),),
    ),
    place=20,
)  # fmt: skip
register(
    Holding(
        "street", gettext_lazy("街道（乡镇）委员组组长"), led, "membership__member",
        F("street_group__name"), takes=(To.MEMBER, To.OFFICE), hand=hand_streets,
        key=("street_group",), touches=(Touch("sectors.streetseat", ("street_group_id",)),),
    ),
    place=30,
)  # fmt: skip
register(
    Holding(
        "posting", pgettext_lazy("plural", "民主监督员派驻"), posted, "member",
        F("unit__name"), takes=(To.MEMBER, To.OFFICE), hand=hand_postings,
        key=("unit",), touches=(Touch("sectors.posting", ("unit_id",)),),
        page="sectors:posting", target="pk",
    ),
    place=40,
)  # fmt: skip
register(
    Holding(
        "supervision_group", gettext_lazy("民主监督小组成员"), supervising, "member",
        F("supervisiongroup__name"), takes=(To.MEMBER, To.OFFICE), hand=hand_groups, waits=True,
        key=("supervisiongroup",), touches=(Touch(IN_GROUPS, ("supervisiongroup_id",)),),
    ),
    place=42,
)  # fmt: skip
register(
    Holding(
        "supervision", gettext_lazy("未办结的民主监督活动"),
        lambda committee, on: Supervision.objects.in_committee(committee).filter(concluded_on=None),
        "posting__member", F("posting__unit__name"), detail=F("happened_on"), takes=(To.OFFICE,),
        page="sectors:posting", target="posting",
    ),
    place=44,
)  # fmt: skip
register(
    Holding(
        "leads", gettext_lazy("作为领导联系的专委会、界别、委员"), led_by, "leader__members",
        Coalesce("commission__name", "sector__name", "member__name"),
        takes=(To.MEMBER, To.OFFICE), hand=hand_leads,
        key=("committee", "commission", "sector", "member"),
        touches=(
            Touch(
                "sectors.leadercontact",
                ("committee_id", "commission_id", "sector_id", "member_id"),
            ),
        ),
        note=gettext_lazy("接手的须是本级主席会议成员。"),
    ),
    place=46,
)  # fmt: skip
register(
    Holding(
        "leader_contact", gettext_lazy("由领导联系"),
        lambda committee, on: _of_old_term(LeaderContact, committee, on), "member",
        F("leader__name"),
    ),
    place=190,
)  # fmt: skip
register(
    Holding(
        "delegate", gettext_lazy("代办人"),
        lambda committee, on: _of_old_term(Delegate, committee, on), "member", F("user__name"),
    ),
    place=200,
)  # fmt: skip
register(
    Holding(
        "commission_seat", gettext_lazy("专委会席位"),
        lambda committee, on: _of_old_term(CommissionSeat, committee, on).filter(duty="member"),
        "membership__member", F("commission__name"),
    ),
    place=210,
)  # fmt: skip
register(
    Holding(
        "street_seat", gettext_lazy("委员组席位"),
        lambda committee, on: _of_old_term(StreetSeat, committee, on).filter(is_head=False),
        "membership__member", F("street_group__name"),
    ),
    place=220,
)  # fmt: skip
