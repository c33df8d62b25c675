"""Handing over what leavers hold (交接), beforehand too, and taking it back (撤销交接)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import CLOCK
from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from members.models import Member, Membership
from sectors.handover.actions import check, leavers_of, locked, must
from sectors.handover.holdings import Deed, Held, Holding, held_by, holding_of
from sectors.handover.images import Images, Watch, add, changed_since, named, put_back
from sectors.models import Handover, Transfer

MOST_AT_ONCE = 500  # things handed over in one deed
LONGEST_WHAT = 200
Part = tuple["Pick", Holding, list[Held]]
State = Handover.State


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
    """Hand over what these leavers hold, as picked, all or nothing; what was done or agreed.

    Before the first day, what knows no day is agreed and waits for it (待生效). ValidationError:
    before the new term is opened, nothing held any more (a second hand was quicker), not this way,
    or what the verb of the owning app refuses.
    """
    committee, picks = handover.committee, list(picks)
    check(by, committee)
    with rules_told(), transaction.atomic():
        handover = locked(handover)
        must(handover, State.OPENED)
        leaving = set(leavers_of(handover).values_list("member_id", flat=True))
        held = held_by(handover, leaving & set(members), kinds=[one.kind for one in picks])
        parts = [_part(handover, pick, held) for pick in picks]
        if not any(rows for _pick, _holding, rows in parts):
            raise ValidationError(_("没有可移交的事项，可能已由他人移交。"), code="nothing")
        if sum(len(rows) for _pick, _holding, rows in parts) > MOST_AT_ONCE:
            words = _("一次最多移交%(most)s项，请分次办理。")
            raise ValidationError(words, code="many", params={"most": MOST_AT_ONCE})
        on = max(handover.on_date, timezone.localdate())
        _check_takers(handover, [pick.member for pick, _holding, rows in parts if rows], on)
        done = _hand(handover, [one for one in parts if one[2]], on, by)
        record("handover.transfer", by=by, committee=committee, about=handover, number=len(done))
    return done


def take_back(handover: Handover, transfers: Iterable[int], *, by: User) -> list[Transfer]:
    """Undo these transfers (ids), all or nothing: what was handed over is the leaver's again.

    ValidationError: taken back already (it says by whom and when), or something stands on it.
    """
    check(by, handover.committee)
    ids = set(transfers)
    with rules_told(), transaction.atomic():
        handover = locked(handover)
        must(handover, State.OPENED)
        rows = Transfer.objects.filter(handover=handover).select_related("undone_by", "to_member")
        chosen = list(rows.filter(pk__in=ids))
        if not chosen or len(chosen) < len(ids):
            raise ValidationError(_("请先勾选要撤销的交接。"), code="nothing_ticked")
        for one in chosen:
            if not one.is_live:
                raise ValidationError(_undone(one), code="gone")
        done = [one for one in chosen if one.done_at]
        if done:
            _put_back(handover, done)
        now = timezone.now()
        Transfer.objects.filter(pk__in=ids).update(undone_at=now, undone_by=by)
        refs: dict[str, Any] = {"transfers": sorted(ids)}
        record("handover.take_back", by=by, committee=handover.committee, about=handover, **refs)
    return chosen


def carry_out(handover: Handover, on: datetime.date) -> int:
    """What was agreed for a day that has come is carried out; how many. Twice is once.

    What cannot be done any more falls through with the reason (未能生效) and is open again.
    """
    with transaction.atomic():
        handover = locked(handover)
        due = Transfer.objects.filter(handover=handover).due(on).select_related("by", "to_member")
        rows = list(due.order_by("pk"))
        if not rows or not handover.is_opened:
            return 0
        members, kinds = {one.member_id for one in rows}, {one.kind for one in rows}
        found = held_by(handover, members, kinds=kinds, with_planned=True)
        held = {(one.holding.name, one.pk): one for one in found}
        groups: dict[Any, list[Transfer]] = {}
        for one in rows:
            groups.setdefault((one.kind, one.to, one.to_member_id, one.by_id), []).append(one)
        done = sum(_carry_out(handover, group, held, on) for group in groups.values())
        detail: dict[str, Any] = {"number": done, "lapsed": len(rows) - done}
        record(
            "handover.carry_out", by=CLOCK, committee=handover.committee, about=handover, **detail
        )
    return done


def _part(handover: Handover, pick: Pick, held: list[Held]) -> Part:
    holding = holding_of(pick.kind)
    rows = [one for one in held if one.holding.name == pick.kind]
    if pick.ids is not None:
        rows = [one for one in rows if one.pk in pick.ids]
        if len(rows) != len(pick.ids):
            raise ValidationError(_quicker(handover, pick), code="gone")
    if rows and (holding is None or pick.to not in holding.takes):
        raise ValidationError(_("该事项不能这样移交。"), code="not_so")
    if rows and pick.to == Transfer.To.MEMBER and pick.member is None:
        raise ValidationError(_("请写明接手委员。"), code="no_member")
    return pick, holding, rows  # type: ignore[return-value]


def _hand(handover: Handover, parts: list[Part], on: datetime.date, by: User) -> list[Transfer]:
    """Do what is done at once, agree what waits for its day, and keep both."""
    is_early = on > timezone.localdate()
    now = [part for part in parts if not (is_early and part[1].waits)]
    images, deed, at = _do(handover, now, on, by), uuid.uuid4(), timezone.now()
    return Transfer.objects.bulk_create(
        Transfer(
            committee=handover.committee,
            handover=handover,
            member_id=one.member_id,
            kind=pick.kind,
            ref=one.pk,
            what=one.line[:LONGEST_WHAT],
            to=pick.to,
            to_member=pick.member if pick.to == Transfer.To.MEMBER else None,
            on_date=on,
            by=by,
            done_at=None if is_early and holding.waits else at,
            deed=deed,
            images=images.get((pick.kind, one.pk), {}),
        )
        for pick, holding, rows in parts
        for one in rows
    )


def _do(
    handover: Handover, parts: list[Part], on: datetime.date, by: User
) -> dict[tuple[str, int], Images]:
    """Hand over by the verbs of the owning apps; what each thing's hand-over wrote."""
    watch = Watch(
        touch.source(one.key for one in rows)
        for _pick, holding, rows in parts
        for touch in holding.touches
    )
    watch.begin()
    for pick, holding, rows in parts:
        member = pick.member if pick.to == Transfer.To.MEMBER else None
        deed = Deed(handover=handover, to=pick.to, member=member, on=on, by=by)
        holding.hand([one.pk for one in rows], deed)
    return _shared_out(watch.end(), [one for _pick, _holding, rows in parts for one in rows])


def _shared_out(images: Images, held: list[Held]) -> dict[tuple[str, int], Images]:
    """Each row to the thing it is, else to all whose key it has: they take it back together."""
    shares: dict[tuple[str, int], Images] = {}
    itself = {(_label(one.holding), one.pk): one for one in held}
    for label, part in images.items():
        near = [
            (one, touch) for one in held for touch in one.holding.touches if touch.label == label
        ]
        entries = [
            *((pk, None, row) for pk, row in part["made"]),
            *((pk, before, after) for pk, before, after in part["changed"]),
            *((pk, row, None) for pk, row in part["gone"]),
        ]
        for pk, before, after in entries:
            own = itself.get((label, pk))
            states = [row for row in (before, after) if row]
            keyed = [one for one, touch in near if one.key in [touch.key(row) for row in states]]
            for one in [own] if own else keyed or [one for one, _touch in near]:
                add(shares.setdefault((one.holding.name, one.pk), {}), label, pk, before, after)
    return shares


def _label(holding: Holding) -> str:
    """Of the table that the refs of this kind are rows of, where a hand-over writes there."""
    return holding.touches[0].label if holding.touches else ""


def _put_back(handover: Handover, done: list[Transfer]) -> None:
    """Put the rows of these transfers back; what others of the same deed share stays theirs."""
    for kind in {one.kind for one in done}:
        holding = holding_of(kind)
        same = [one for one in done if one.kind == kind]
        if holding and holding.touches and any(one.deed is None for one in same):
            words = _("该项交接没有保留撤销所需的记录，不能撤销。")
            raise ValidationError(words, code="no_trace")
        if holding and (why := holding.built_on(same)):
            raise ValidationError(why, code="depends")
    others = Transfer.objects.filter(handover=handover, deed__in={one.deed for one in done}).live()
    others = others.exclude(pk__in=[one.pk for one in done]).exclude(done_at=None)
    kept = {
        (label, entry[0])
        for images in others.values_list("images", flat=True)
        for label, part in images.items()
        for entries in part.values()
        for entry in entries
    }
    images: Images = {}
    seen = set(kept)
    for one in done:
        for label, part in one.images.items():
            for name, entries in part.items():
                for entry in entries:
                    if (label, entry[0]) not in seen:
                        seen.add((label, entry[0]))
                        images.setdefault(label, {"made": [], "changed": [], "gone": []})
                        images[label][name].append(entry)
    if counted := changed_since(images):
        words = _("交接之后又有变动（%(what)s），不能撤销，可以再次移交。")
        raise ValidationError(words % {"what": named(counted)}, code="depends")
    put_back(images)


def _carry_out(
    handover: Handover, group: Sequence[Transfer], held: dict[Any, Held], on: datetime.date
) -> int:
    """Some of one kind to one taker: together, or where that is refused each for itself."""
    first, there = group[0], [one for one in group if (one.kind, one.ref) in held]
    for one in group:
        if one not in there:
            _lapse(one, _("离任委员已不再承担该事项。"))
    if not there:
        return 0
    holding = holding_of(first.kind)
    assert holding is not None
    pick = Pick(first.kind, first.to, first.to_member)
    try:
        with rules_told(), transaction.atomic():
            _check_takers(handover, [first.to_member], on)
            rows = [held[one.kind, one.ref] for one in there]
            images = _do(handover, [(pick, holding, rows)], on, first.by)
    except (ValidationError, PermissionDenied) as refused:
        if len(there) > 1:
            return sum(_carry_out(handover, [one], held, on) for one in there)
        _lapse(there[0], _why(refused))
        return 0
    deed, now = uuid.uuid4(), timezone.now()
    for one in there:
        one.done_at, one.deed, one.images = now, deed, images.get((one.kind, one.ref), {})
    Transfer.objects.bulk_update(there, ["done_at", "deed", "images"])
    return len(there)


def _why(refused: Exception) -> str:
    if isinstance(refused, ValidationError):
        return " ".join(refused.messages)
    return _("约定移交的工作人员已无此权限，请重新移交。")


def _lapse(one: Transfer, why: str) -> None:
    one.undone_at, one.note = timezone.now(), why[:300]
    one.save(update_fields=["undone_at", "note"])


def _check_takers(handover: Handover, members: Iterable[Member | None], on: datetime.date) -> None:
    """All of the committee and serving in the new term on that day; one statement."""
    takers = {one.pk: one for one in members if one is not None}
    if any(one.committee_id != handover.committee_id for one in takers.values()):
        raise ValidationError(_("请写明接手委员。"), code="no_member")
    rows = Membership.objects.filter(member__in=takers).on(on)
    serving = set(rows.values_list("member_id", flat=True)) if takers else set()
    for pk, one in takers.items():
        if pk not in serving:
            words = _("%(member)s在新一届不在任，请另选委员。") % {"member": one.name}
            raise ValidationError(words, code="not_serving")


def _quicker(handover: Handover, pick: Pick) -> str:
    """Who handed over meanwhile what was picked."""
    rows = Transfer.objects.filter(handover=handover, kind=pick.kind, ref__in=pick.ids or ())
    first = rows.live().select_related("by", "to_member").first()
    if first is None:
        return _("所选事项已由他人移交，请刷新后查看。")
    words = _("“%(what)s”已由%(by)s办理：%(to)s。请刷新后查看。")
    to = first.to_member.name if first.to_member else ""
    told = _("：").join(part for part in (str(first.get_to_display()), to) if part)
    return words % {"what": first.what, "by": first.by, "to": told}


def _undone(one: Transfer) -> str:
    if one.undone_by is None:
        return _("该项交接未能生效，不需要撤销。")
    day = timezone.localtime(one.undone_at)
    words = _("“%(what)s”的交接已由%(by)s于%(at)s撤销。")
    return words % {"what": one.what, "by": one.undone_by, "at": f"{day:%Y-%m-%d %H:%M}"}
