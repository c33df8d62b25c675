"""The verbs of a handover (换届): prepare, choose, drop, open, undo; and hand over what is held."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Committee, Term, User
from members.models import Member, Membership
from sectors.handover.holdings import Deed, Held, held_by, holdings
from sectors.handover.report import fingerprint_of, report_of
from sectors.handover.turning import Turned, turn
from sectors.handover.undoing import made_rows, take_back
from sectors.models import Handover, Transfer
from sectors.permissions import can_hand_over

MOST_AT_ONCE = 500  # things handed over in one deed
KEEPS = ("keeps_convenors", "keeps_positions", "keeps_commissions", "keeps_streets")
State = Handover.State


def prepare(
    committee: Committee,
    *,
    ordinal: int,
    on: datetime.date,
    meeting: str,
    basis: str,
    by: User,
    content: bytes = b"",
    file_name: str = "",
    **keeps: bool,
) -> Handover:
    """A draft of the new term; nothing of the roster is written yet.

    ValidationError: no term to follow, a draft there is already, a file that cannot be read, a day
    or an ordinal that does not fit. Errors in the file's rows are shown on the page.
    """
    _check(by, committee)
    if basis == Handover.Basis.FILE and not content:
        words = _("请上传新一届完整名册。")
        raise ValidationError({"file": ValidationError(words, code="no_file")})
    if unknown := keeps.keys() - set(KEEPS):
        raise TypeError(f"no such columns: {sorted(unknown)}")
    refuse_marked(meeting)
    with rules_told(), transaction.atomic():
        _lock(committee)
        old = Term.objects.in_committee(committee).order_by("-span").first()
        if old is None:
            raise ValidationError(_("还没有登记届次，请先导入名册。"), code="no_term")
        handover = Handover.objects.create(
            committee=committee,
            ordinal=ordinal,
            on_date=on,
            meeting=meeting.strip(),
            basis=basis,
            file_name=file_name[-200:],
            file=base64.b64encode(content).decode(),
            old_term=old,
            prepared_by=by,
            **keeps,
        )
        _look(handover, by)
        record("handover.prepare", by=by, committee=committee, about=handover, on=on.isoformat())
    return handover


def choose_leavers(
    handover: Handover, leavers: Iterable[int], *, among: Iterable[int], by: User
) -> Handover:
    """Of the members `among` (ids, as the form listed them) these leave, the others stay."""
    _check(by, handover.committee)
    with rules_told(), transaction.atomic():
        handover = _locked(handover)
        _must(handover, State.DRAFT)
        if handover.basis != Handover.Basis.PRESENT:
            words = _("完整名册中没有的委员即为届满离任，请在名册中修改。")
            raise ValidationError(words, code="by_file")
        listed = set(among)
        kept = [pk for pk in handover.leavers if pk not in listed]
        handover.leavers = sorted({*kept, *(pk for pk in leavers if pk in listed)})
        handover.save(update_fields=["leavers"])
        _look(handover, by)
        record("handover.choose", by=by, committee=handover.committee, about=handover)
    return handover


def look_again(handover: Handover, *, by: User) -> Handover:
    """Compare with the roster as it stands now."""
    _check(by, handover.committee)
    with rules_told(), transaction.atomic():
        handover = _locked(handover)
        _must(handover, State.DRAFT)
        _look(handover, by)
    return handover


def drop(handover: Handover, *, by: User) -> Handover:
    """Give the draft up; its file goes."""
    _check(by, handover.committee)
    with transaction.atomic():
        handover = _locked(handover)
        _must(handover, State.DRAFT)
        _settle(handover, State.DROPPED, by)
        record("handover.drop", by=by, committee=handover.committee, about=handover)
    return handover


def open_new_term(handover: Handover, *, by: User) -> Handover:
    """Open the new term on its day, all or nothing: the old term's rows end the day before.

    From its first day on the old term refuses changes. ValidationError: dealt with already (two
    clerks at once), errors in the file, or another outcome than the page showed.
    """
    committee = handover.committee
    _check(by, committee)
    with rules_told(), transaction.atomic():
        _lock(committee)
        handover = _locked(handover)
        _must(handover, State.DRAFT)
        turned = turn(handover, by=by)
        report = report_of(handover, turned)
        if report["errors"]:
            raise ValidationError(
                _("名册中有错误，请放弃后改正名册，重新准备。"), code="has_errors"
            )
        if fingerprint_of(report) != handover.fingerprint:
            raise ValidationError(
                _("核对之后名册已有变动，请看过新的核对结果再确认。"), code="roster_changed"
            )
        handover.new_term, handover.report = turned.term, report
        handover.before = turned.before | {
            "made": made_rows(turned.term),
            "known": sorted(turned.known),
        }
        _settle(handover, State.OPENED, by)
        Term.objects.filter(pk=handover.old_term_id).update(closed_from=handover.on_date)
        _recorded("handover.open", handover, by)
    return handover


def undo(handover: Handover, *, by: User) -> Handover:
    """The old term as it was, while nothing depends on the new one; ValidationError `depends`."""
    committee = handover.committee
    _check(by, committee)
    with rules_told(), transaction.atomic():
        _lock(committee)
        handover = _locked(handover)
        _must(handover, State.OPENED)
        take_back(handover)
        handover.before = {}
        _settle(handover, State.UNDONE, by)
        _recorded("handover.undo", handover, by)
    return handover


@dataclass(frozen=True, slots=True)
class Pick:
    """Things of one kind (all that are held, or these ids) and where they go."""

    kind: str
    to: str
    member: Member | None = None
    ids: frozenset[int] | None = None


def hand_over(
    handover: Handover, members: Iterable[int], picks: Iterable[Pick], *, by: User
) -> list[Transfer]:
    """Hand over what these leavers hold, as picked, all or nothing; what was done.

    ValidationError: before the new term is opened, nothing held any more (a second hand was
    quicker), not this way, or what the verb of the owning app refuses.
    """
    committee, picks = handover.committee, list(picks)
    _check(by, committee)
    with rules_told(), transaction.atomic():
        handover = _locked(handover)
        _must(handover, State.OPENED)
        leaving = set(leavers_of(handover).values_list("member_id", flat=True))
        held = held_by(handover, leaving & set(members), kinds=[one.kind for one in picks])
        chosen = [(pick, _picked(pick, held)) for pick in picks]
        if not any(rows for _pick, rows in chosen):
            raise ValidationError(_("没有可移交的事项，可能已由他人移交。"), code="nothing")
        if sum(len(rows) for _pick, rows in chosen) > MOST_AT_ONCE:
            words = _("一次最多移交%(most)s项，请分次办理。")
            raise ValidationError(words, code="many", params={"most": MOST_AT_ONCE})
        on = max(handover.on_date, timezone.localdate())
        done = [one for pick, rows in chosen if rows for one in _hand(handover, pick, rows, on, by)]
        record("handover.transfer", by=by, committee=committee, about=handover, number=len(done))
    return done


def leavers_of(handover: Handover) -> Any:
    """The memberships of those who do not serve on, by the draft or in fact."""
    if handover.is_opened:
        new = Membership.objects.filter(term=handover.new_term_id).values("member")
        rows = Membership.objects.filter(term=handover.old_term_id)
        return rows.filter(leaving=Membership.Leaving.TERM_ENDED).exclude(member__in=new)
    ids = handover.report.get("leaves", [])
    rows = Membership.objects.filter(term=handover.old_term_id, member__in=ids)
    return rows.filter(leaving="")


def _picked(pick: Pick, held: list[Held]) -> list[Held]:
    rows = [one for one in held if one.holding.name == pick.kind]
    if pick.ids is None:
        return rows
    found = [one for one in rows if one.pk in pick.ids]
    if len(found) != len(pick.ids):
        raise ValidationError(_("所选事项已由他人移交，请刷新后查看。"), code="gone")
    return found


def _hand(
    handover: Handover, pick: Pick, rows: list[Held], on: datetime.date, by: User
) -> list[Transfer]:
    holding = next(one for one in holdings() if one.name == pick.kind)
    if pick.to not in holding.takes:
        raise ValidationError(_("该事项不能这样移交。"), code="not_so")
    member = pick.member if pick.to == Transfer.To.MEMBER else None
    if pick.to == Transfer.To.MEMBER:
        _check_taker(handover, member, on)
    ids = [one.pk for one in rows]
    holding.hand(ids, Deed(handover=handover, to=pick.to, member=member, on=on, by=by))
    return Transfer.objects.bulk_create(
        Transfer(
            committee=handover.committee,
            handover=handover,
            member_id=one.member_id,
            kind=pick.kind,
            ref=one.pk,
            to=pick.to,
            to_member=member,
            on_date=on,
            by=by,
        )
        for one in rows
    )


def _check_taker(handover: Handover, member: Member | None, on: datetime.date) -> None:
    if member is None or member.committee_id != handover.committee_id:
        raise ValidationError(_("请写明接手委员。"), code="no_member")
    if not Membership.objects.filter(member=member).on(on).exists():
        words = _("%(member)s在新一届不在任，请另选委员。") % {"member": member.name}
        raise ValidationError(words, code="not_serving")


class _Back(Exception):
    """Takes a trial back."""


def _look(handover: Handover, by: User) -> None:
    """Try the opening, keep what it would do, and take it back."""
    report: dict[str, Any] = {}
    try:
        with transaction.atomic():
            turned: Turned = turn(handover, by=by)
            report = report_of(handover, turned)
            raise _Back
    except _Back:
        pass
    handover.report, handover.fingerprint = report, fingerprint_of(report)
    handover.save(update_fields=["report", "fingerprint"])


def _settle(handover: Handover, state: str, by: User) -> None:
    handover.state, handover.file = state, ""
    handover.settled_by, handover.settled_at = by, timezone.now()
    handover.save()


def _recorded(verb: str, handover: Handover, by: User) -> None:
    told = {name: handover.report["figures"][name] for name in ("stays", "enters", "leaves")}
    told |= {"ordinal": handover.ordinal}
    detail: dict[str, Any] = {"on": handover.on_date.isoformat(), **told}
    record(verb, by=by, committee=handover.committee, about=handover, **detail)


def _check(by: User, committee: Committee) -> None:
    if not can_hand_over(by, committee):
        raise PermissionDenied


def _must(handover: Handover, state: str) -> None:
    if handover.state != state:
        raise ValidationError(
            _("该换届现为“%(state)s”，不能这样办理。") % {"state": handover.get_state_display()},
            code="moved",
        )


def _lock(committee: Committee) -> None:
    """One handover or roster import a committee at a time; members may go on working meanwhile."""
    Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)


def _locked(handover: Handover) -> Handover:
    rows = Handover.objects.select_related("committee", "old_term", "new_term")
    return rows.select_for_update(of=("self",)).get(pk=handover.pk)
