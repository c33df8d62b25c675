"""The verbs of a handover (换届): prepare, choose, drop, open, undo."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Committee, Term, User
from members.models import Membership
from sectors.handover.report import fingerprint_of, report_of
from sectors.handover.turning import Turned, turn
from sectors.handover.undoing import take_back
from sectors.models import Handover
from sectors.permissions import can_hand_over

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
    check(by, committee)
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
    check(by, handover.committee)
    with rules_told(), transaction.atomic():
        handover = locked(handover)
        must(handover, State.DRAFT)
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
    check(by, handover.committee)
    with rules_told(), transaction.atomic():
        handover = locked(handover)
        must(handover, State.DRAFT)
        _look(handover, by)
    return handover


def drop(handover: Handover, *, by: User) -> Handover:
    """Give the draft up; its file goes."""
    check(by, handover.committee)
    with transaction.atomic():
        handover = locked(handover)
        must(handover, State.DRAFT)
        _settle(handover, State.DROPPED, by)
        record("handover.drop", by=by, committee=handover.committee, about=handover)
    return handover


def open_new_term(handover: Handover, *, by: User) -> Handover:
    """Open the new term on its day, all or nothing: the old term's rows end the day before.

    From its first day on the old term refuses changes. ValidationError: dealt with already (two
    clerks at once), errors in the file, or another outcome than the page showed.
    """
    committee = handover.committee
    check(by, committee)
    with rules_told(), transaction.atomic():
        _lock(committee)
        handover = locked(handover)
        must(handover, State.DRAFT)
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
        handover.before = {"images": turned.images, "roster_import": turned.roster_import}
        _settle(handover, State.OPENED, by)
        _recorded("handover.open", handover, by)
    return handover


def undo(handover: Handover, *, by: User) -> Handover:
    """The old term as it was, while nothing depends on the new one; ValidationError `depends`."""
    committee = handover.committee
    check(by, committee)
    with rules_told(), transaction.atomic():
        _lock(committee)
        handover = locked(handover)
        must(handover, State.OPENED)
        take_back(handover)
        handover.before = {}
        _settle(handover, State.UNDONE, by)
        _recorded("handover.undo", handover, by)
    return handover


def leavers_of(handover: Handover) -> Any:
    """The memberships of those who do not serve on, by the draft or in fact."""
    if handover.is_opened:
        new = Membership.objects.filter(term=handover.new_term_id).values("member")
        rows = Membership.objects.filter(term=handover.old_term_id)
        return rows.filter(leaving=Membership.Leaving.TERM_ENDED).exclude(member__in=new)
    ids = handover.report.get("leaves", [])
    rows = Membership.objects.filter(term=handover.old_term_id, member__in=ids)
    return rows.filter(leaving="")


class _Back(Exception):
    """Takes a trial back."""


def _look(handover: Handover, by: User) -> None:
    """Try the opening, keep what it would do, and take it back."""
    report: dict[str, Any] = {}
    try:
        with transaction.atomic():
            turned: Turned = turn(handover, by=by, is_trial=True)
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


def check(by: User, committee: Committee) -> None:
    if not can_hand_over(by, committee):
        raise PermissionDenied


def must(handover: Handover, state: str) -> None:
    if handover.state != state:
        raise ValidationError(
            _("该换届现为“%(state)s”，不能这样办理。") % {"state": handover.get_state_display()},
            code="moved",
        )


def _lock(committee: Committee) -> None:
    """One handover or roster import a committee at a time; members may go on working meanwhile."""
    Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)


def locked(handover: Handover) -> Handover:
    rows = Handover.objects.select_related("committee", "old_term", "new_term")
    return rows.select_for_update(of=("self",)).get(pk=handover.pk)
