"""The old term ended and the new one begun (换届), in the caller's transaction.

Everybody's old membership ends on the day before with 届满; who stays is given a new one, with the
seats that are kept; a file goes through the roster import, which then finds nobody serving.
"""

from __future__ import annotations

import base64
import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from committees.actions import open_term
from committees.models import Committee, Term
from committees.spans import end_spans, span_from
from committees.workdays import ONE_DAY
from members.models import Delegate, Member, Membership, Position
from sectors.handover.images import Images, Source, Watch
from sectors.models import (
    CommissionSeat,
    Convenorship,
    Handover,
    LeaderContact,
    RosterImport,
    Seat,
    StreetSeat,
)
from sectors.roster_import.actions import import_now, plan_file
from sectors.roster_import.tracing import ACCOUNTS, OWN, TABLES, table_of

# What ends with the old term, what hangs on it before what it hangs on.
ENDING: dict[str, Any] = {
    "convenorship": Convenorship,
    "seat": Seat,
    "position": Position,
    "commission_seat": CommissionSeat,
    "street_seat": StreetSeat,
    "membership": Membership,
}
# What ends for who leaves.
OF_LEAVERS: dict[str, Any] = {"delegate": Delegate, "leader_contact": LeaderContact}
BATCH = 2000


@dataclass(slots=True)
class Turned:
    """What the opening did: for the page, the fingerprint and the undo."""

    term: Term
    was: dict[int, int]  # member → the membership of the old term's last day
    new: dict[int, int] = field(default_factory=dict)  # member → membership of the new term
    errors: list[dict[str, Any]] = field(default_factory=list)
    images: Images = field(default_factory=dict)  # what it wrote, for the undo
    roster_import: int | None = None  # the file's

    @property
    def stays(self) -> list[int]:
        return sorted(self.was.keys() & self.new.keys())

    @property
    def enters(self) -> list[int]:
        return sorted(self.new.keys() - self.was.keys())

    @property
    def leaves(self) -> list[int]:
        return sorted(self.was.keys() - self.new.keys())


def turn(handover: Handover, *, by: Any, is_trial: bool = False) -> Turned:
    """End the old term, close it, and begin the new one as the draft says; a trial keeps no images.

    ValidationError: the ordinal or the day does not fit, something was entered for that day or
    after, or nobody would serve. What is wrong in the file comes back as `errors`.
    """
    committee, on = handover.committee, handover.on_date
    _check(handover)
    was = dict(
        Membership.objects.in_committee(committee)
        .on(last_day(handover))
        .values_list("member_id", "pk")
    )
    if not was:
        raise ValidationError(_("上一届末没有在任委员，不需要换届。"), code="nobody")
    errors, accounts = _doubts(handover)
    if errors:
        return Turned(term=handover.old_term, was=was, errors=errors)
    watch = Watch([] if is_trial else sources_of(committee, accounts))
    watch.begin()
    told = _kept(handover)
    _end(handover, was)
    term = open_term(committee, ordinal=handover.ordinal, on=on, by=by)
    done = Turned(term=term, was=was)
    staying = [one for one in was if one not in set(handover.leavers)]
    if handover.basis == Handover.Basis.PRESENT:
        done.new = _renew(handover, term, staying)
        _carry(handover, told, done.new)
    if handover.file:
        done.errors, done.roster_import = _import(handover, by)
        made = Membership.objects.filter(term=term)
        made.update(entry=Membership.Entry.NOMINATED, entry_meeting=handover.meeting)
        done.new = dict(made.values_list("member_id", "pk"))
    if handover.basis == Handover.Basis.FILE:
        _carry(handover, told, done.new)
    if not done.new and not done.errors:
        raise ValidationError(_("新一届没有委员，请先确定名册。"), code="nobody")
    _end_for_leavers(handover, done.leaves)
    Term.objects.filter(pk=handover.old_term_id).update(closed_from=on)
    done.images = watch.end()
    return done


def sources_of(committee: Committee, accounts: list[int]) -> list[Source]:
    """The tables of a roster, and the accounts of its members; `accounts` may become members'."""
    rows = [Source(label, "t.committee_id = %s", (committee.pk,)) for label in TABLES]
    own = f"SELECT user_id FROM {table_of(Member._meta.label_lower)} WHERE committee_id = %s"
    where = f"(t.id = ANY(%s::bigint[]) OR t.id IN ({own}))"
    return [*rows, Source(ACCOUNTS, where, (accounts, committee.pk), tuple(OWN))]


def last_day(handover: Handover) -> datetime.date:
    """The old term's last day: the eve of the new one, or earlier where it had ended by itself."""
    eve, until = handover.on_date - ONE_DAY, handover.old_term.span.upper
    return eve if until is None else min(eve, until - ONE_DAY)


def _check(handover: Handover) -> None:
    """ValidationError where the new term cannot begin on that day."""
    committee, on = handover.committee, handover.on_date
    terms = list(Term.objects.in_committee(committee).order_by("-span"))
    if not terms or terms[0].pk != handover.old_term_id:
        raise ValidationError(_("届次已有变动，请放弃后重新准备换届。"), code="term_changed")
    if handover.ordinal <= terms[0].ordinal:
        raise ValidationError(_("新一届届次须大于上一届。"), code="ordinal")
    if on <= terms[0].span.lower:
        raise ValidationError(_("新一届首日须晚于上一届首日。"), code="too_early")
    later: list[Any] = [
        model._default_manager.filter(committee=committee, span__startswith__gte=on)
        .order_by()
        .values_list("pk")
        for model in ENDING.values()
    ]
    if later[0].union(*later[1:], all=True).exists():
        raise ValidationError(
            _("名册在%(day)s或之后已有变动，首日不能早于该变动。"),
            code="date_too_early",
            params={"day": on},
        )


def _rows(handover: Handover, was: dict[int, int], name: str) -> Any:
    """The rows of the old term that reach its last day."""
    path = {"membership": "pk__in", "convenorship": "seat__membership__in"}
    rows = ENDING[name]._default_manager.on(last_day(handover))
    return rows.filter(**{path.get(name, "membership__in"): list(was.values())})


def _reaching(model: Any, handover: Handover) -> Any:
    """Rows of a member's own that reach beyond the first day."""
    rows = model._default_manager.filter(committee=handover.committee)
    return rows.filter(span__overlap=span_from(handover.on_date), member__isnull=False)


def _kept(handover: Handover) -> dict[str, list[dict[str, Any]]]:
    """What of the old term is kept in the new one, as columns, by kind."""
    on, committee = last_day(handover), handover.committee
    wanted = {
        "seat": (Seat, ("sector_id",), handover.basis == Handover.Basis.PRESENT),
        "position": (Position, ("kind", "rank"), handover.keeps_positions),
        "commission_seat": (
            CommissionSeat, ("commission_id", "duty"), handover.keeps_commissions,
        ),
        "street_seat": (StreetSeat, ("street_group_id", "is_head"), handover.keeps_streets),
    }  # fmt: skip
    kept = {
        name: list(
            model._default_manager.filter(committee=committee, span__contains=on)
            .order_by("pk")
            .values("membership__member_id", *columns)
        )
        for name, (model, columns, is_kept) in wanted.items()
        if is_kept
    }
    if handover.keeps_convenors:
        rows = Convenorship.objects.in_committee(committee).on(on).order_by("pk")
        kept["convenorship"] = list(
            rows.values("seat__membership__member_id", "sector_id", "place")
        )
    return kept


def _end(handover: Handover, was: dict[int, int]) -> None:
    for name in ENDING:
        by = {} if name == "membership" else {"ending_meeting": handover.meeting}
        end_spans(_rows(handover, was, name), handover.on_date, **by)
    Membership.objects.filter(pk__in=list(was.values())).update(
        leaving=Membership.Leaving.TERM_ENDED, leaving_meeting=handover.meeting
    )


def _end_for_leavers(handover: Handover, leavers: list[int]) -> None:
    for model in OF_LEAVERS.values():
        rows = _reaching(model, handover).filter(member__in=leavers)
        end_spans(rows, handover.on_date, ending_meeting=handover.meeting)


def _renew(handover: Handover, term: Term, members: list[int]) -> dict[int, int]:
    """Who stays (继续提名): a membership in the new term each."""
    made = Membership.objects.bulk_create(
        (
            Membership(
                committee=handover.committee,
                member_id=member,
                term=term,
                span=span_from(handover.on_date),
                entry=Membership.Entry.NOMINATED,
                entry_meeting=handover.meeting,
            )
            for member in members
        ),
        batch_size=BATCH,
    )
    return {one.member_id: one.pk for one in made}


def _carry(handover: Handover, kept: dict[str, list[Any]], new: dict[int, int]) -> None:
    """What is kept begins anew for who stays; what the file said already is not said twice."""
    by_file = handover.basis == Handover.Basis.FILE
    there = _there(new) if by_file else defaultdict(dict)
    shared = {
        "committee": handover.committee,
        "span": span_from(handover.on_date),
        "meeting": handover.meeting,
    }
    held = Seat.objects.filter(membership__in=new.values()).values_list("membership", "pk")
    seats = dict(held) if by_file else {}
    for name in ("seat", "position", "commission_seat", "street_seat", "convenorship"):
        model, made = ENDING[name], []
        for row in kept.get(name, []):
            columns = {key: value for key, value in row.items() if not key.endswith("member_id")}
            member = row.get("membership__member_id") or row.get("seat__membership__member_id")
            if member not in new or _is_there(name, member, columns, there):
                continue
            of = {"membership_id": new[member]}
            if name == "convenorship":
                seat = seats.get(new[member])
                if (
                    seat is None
                    or there["sector"].get(member, row["sector_id"]) != row["sector_id"]
                ):
                    continue
                of = {"seat_id": seat}
            made.append(model(**columns, **of, **shared))
        model._default_manager.bulk_create(made, batch_size=BATCH)
        if name == "seat":
            seats |= {one.membership_id: one.pk for one in made}


def _there(new: dict[int, int]) -> dict[str, Any]:
    """What the file gave already: sectors, positions, commissions, groups, chairs by member."""
    ids = list(new.values())
    positions: dict[int, set[str]] = defaultdict(set)
    for member, kind in Position.objects.filter(membership__in=ids).values_list(
        "membership__member_id", "kind"
    ):
        positions[member].add(kind)
    chairs = Convenorship.objects.filter(seat__membership__in=ids)
    return {
        "sector": dict(
            Seat.objects.filter(membership__in=ids).values_list(
                "membership__member_id", "sector_id"
            )
        ),
        "position": positions,
        "commission": set(
            CommissionSeat.objects.filter(membership__in=ids).values_list(
                "membership__member_id", flat=True
            )
        ),
        "street": set(
            StreetSeat.objects.filter(membership__in=ids).values_list(
                "membership__member_id", flat=True
            )
        ),
        "chairs": set(chairs.values_list("sector_id", flat=True)),
    }


def _is_there(name: str, member: int, columns: dict[str, Any], there: dict[str, Any]) -> bool:
    """Whether the new roster says of this member, or of this sector's chairs, what is meant."""
    if name == "seat":
        return member in there["sector"]
    if name == "position":
        return columns["kind"] in there["position"].get(member, ())
    if name == "commission_seat":
        return member in there["commission"]
    if name == "street_seat":
        return member in there["street"]
    return columns["sector_id"] in there["chairs"]


def _doubts(handover: Handover) -> tuple[list[dict[str, Any]], list[int]]:
    """What the file leaves open while the old roster still serves: whom a row means, above all.

    A namesake who serves no longer would count as nobody, and the row as a new member. Beside it
    the ids of accounts that stood before and that the file gives to members.
    """
    if not handover.file:
        return [], []
    plan = plan_file(
        base64.b64decode(handover.file),
        name=handover.file_name,
        committee=handover.committee,
        on=last_day(handover),
        is_partial=handover.basis == Handover.Basis.PRESENT,
    )
    accounts = [one.account.user_id for one in plan.entries if one.person is None]
    return [one.as_dict() for one in plan.errors], [pk for pk in accounts if pk]


def _import(handover: Handover, by: Any) -> tuple[list[dict[str, Any]], int | None]:
    """The file, through the roster import: its errors, where it was not written, or its row.

    Its own traces go: only the handover as a whole is undone.
    """
    plan = import_now(
        base64.b64decode(handover.file),
        name=handover.file_name,
        committee=handover.committee,
        on=handover.on_date,
        meeting=handover.meeting,
        is_partial=handover.basis == Handover.Basis.PRESENT,
        is_dry_run=False,
        by=by,
    )
    if plan.errors:
        return [one.as_dict() for one in plan.errors], None
    done = RosterImport.objects.in_committee(handover.committee).order_by("-pk")[0]
    done.traces.all().delete()
    return [], done.pk
