"""Several reports become one (合并, 综合稿), and apart again (撤销合并); every author is kept.

Nobody's authorship is copied: the authors of the whole are read through its parts. Whoever changes
who belongs to whom locks all rows concerned first, in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions import take_number
from committees.actors import Actor
from committees.audit import reference
from committees.broken_rules import rules_told
from committees.models import AuditEntry, Committee, User
from opinions import notices, workflow
from opinions.actions.writing import Kind, add_text, record_deed
from opinions.laying import laid_together
from opinions.milestones import MILESTONES, mark
from opinions.models import Manuscript, Opinion, Status, Step
from opinions.permissions import can_compose
from opinions.texts import Texts

OPEN = (Status.RECEIVED, Status.EDITING)
FEWEST, MOST = 2, 20  # parts of one composed report


def compose(parts: Iterable[Opinion], *, by: User, title: str = "") -> Opinion:
    """Make a composed report (综合稿), in editing, of reports that the office has in hand.

    Its text begins as theirs, one after another. ValidationError `too_few`, `too_many`, `too_long`,
    or what the move `merge` says of a part, with its number: then nothing was done.
    """
    chosen = {part.pk: part for part in parts}
    if not FEWEST <= len(chosen) <= MOST:
        words = _("请选择 %(least)s 至 %(most)s 件合并。") % {"least": FEWEST, "most": MOST}
        raise ValidationError(words, code="too_few" if len(chosen) < FEWEST else "too_many")
    committee = next(iter(chosen.values())).committee
    if not can_compose(by, committee):
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        lock_in_order(chosen)
        rows = _fresh(committee, chosen)
        texts = laid_together([Texts.of(_current(row)) for row in rows], title=title)
        texts.check()
        whole = _new(committee, rows, texts, by)
        add_text(whole, Kind.EDITED, texts, version=1, by=by)
        mark(whole, "composed", by=by)
        for row in rows:
            _merge_one(row, by=by, seen=chosen[row.pk].waiting_since)
            row.merged_into = whole
            row.save(update_fields=["merged_into"])
            record_deed("opinion.merge", row, by=by, into=whole.pk)
        whole.part_count = len(rows)
        whole.save(update_fields=["part_count"])
        record_deed("opinion.compose", whole, by=by, parts=[row.pk for row in rows])
    return whole


def merge_into(whole: Opinion, parts: Iterable[Opinion], *, by: User, note: str = "") -> Opinion:
    """Several reports go into one that is there already; all of them or none."""
    chosen = {part.pk: part for part in parts if part.pk != whole.pk}
    if not 1 <= len(chosen) <= MOST:
        words = _("请选择 %(least)s 至 %(most)s 件合并。") % {"least": FEWEST, "most": MOST}
        raise ValidationError(words, code="too_few" if not chosen else "too_many")
    if not can_compose(by, whole.committee):
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        lock_in_order([whole.pk, *chosen])
        for row in _fresh(whole.committee, chosen):
            _merge_one(row, by=by, seen=chosen[row.pk].waiting_since, note=note)
            record_deed("opinion.merge", row, by=by, **join(row, whole, by=by))
    return whole


def _merge_one(row: Opinion, *, by: User, seen: Any, note: str = "") -> None:
    """The move of one part; what it refuses says of which."""
    try:
        workflow.advance(row, "merge", by=by, note=note, seen=seen)
    except ValidationError as error:
        words = _("%(which)s：%(why)s") % {"which": row.label, "why": " ".join(error.messages)}
        raise ValidationError(words, code=error.code) from error
    notices.moved(row, "merge")


def _new(committee: Committee, rows: list[Opinion], texts: Texts, by: User) -> Opinion:
    """What all parts share it has too; it is urgent if one of them is.

    It was received on no day, and has no sector: its parts count there.
    """
    now = timezone.now()
    year = timezone.localdate(now).year
    return Opinion.objects.create(
        committee=committee,
        title=texts.title,
        status=Status.EDITING,
        waiting_since=now,
        is_composed=True,
        is_urgent=any(row.is_urgent for row in rows),
        is_for_superior=any(row.is_for_superior for row in rows),
        category_id=_shared(row.category_id for row in rows),
        theme_id=_shared(row.theme_id for row in rows),
        editor=by,
        created_by=by,
        year=year,
        number=take_number(committee, "opinion", year),
    )


def _shared(values: Iterable[int | None]) -> int | None:
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _fresh(committee: Committee, pks: Iterable[int]) -> list[Opinion]:
    """The locked rows as they are now, in the order of the numbers."""
    rows = Opinion.objects.in_committee(committee).for_moves().filter(pk__in=list(pks))
    return list(rows.order_by("year", "number", "pk"))


def _current(row: Opinion) -> Any:
    """The text the office has of it: the edited one, else the original."""
    texts = {text.kind: text for text in row.manuscripts.current()}
    return texts.get(Kind.EDITED) or texts.get(Kind.ORIGINAL)


def lock_in_order(pks: Iterable[int]) -> None:
    locked = Opinion.objects.select_for_update(no_key=True).filter(pk__in=list(pks))
    list(locked.order_by("pk").values_list("pk", flat=True))


def check_target(opinion: Opinion, into: Opinion | None, *, by: Actor) -> None:
    """Before the move `merge`: both rows locked, and the other one fit to take this one in.

    Silent where the move itself has more to say: it is not this person's, or its time is over.
    """
    rule = workflow.MOVES["merge"]
    if not rule.allowed(by, opinion):
        return
    lock_in_order([opinion.pk, *([into.pk] if into else [])])
    status = Opinion.objects.filter(pk=opinion.pk).values_list("status", flat=True).get()
    if status not in rule.sources:
        return
    if into is None or into.pk == opinion.pk or into.committee_id != opinion.committee_id:
        raise ValidationError(
            {"into": ValidationError(_("请选择合并到哪一件。"), code="into_needed")}
        )
    into.refresh_from_db(fields=workflow.LOCKED)
    if into.status not in OPEN or not workflow.NOT_CONFIDED.holds(into):
        words = _("%(which)s现为“%(now)s”，不能编入。")
        words %= {"which": into.label or into, "now": into.get_status_display()}
        raise ValidationError({"into": ValidationError(words, code="into_closed")})


def join(part: Opinion, whole: Opinion, *, by: Actor) -> dict[str, Any]:
    """After the move `merge`, both rows locked: the part belongs to the whole."""
    whole.refresh_from_db(fields=workflow.LOCKED)
    if whole.status not in OPEN or whole.merged_into_id is not None:
        raise workflow.moved(whole)
    part.merged_into = whole
    part.save(update_fields=["merged_into"])
    whole.part_count += 1
    whole.save(update_fields=["part_count"])
    mark(whole, "joined", by=by, note=part.label)
    return {"into": whole.pk}


def lock_with_whole(opinion: Opinion) -> Opinion | None:
    """Before the move `unmerge`: the report it went into, with both rows locked."""
    pk = Opinion.objects.filter(pk=opinion.pk).values_list("merged_into", flat=True).get()
    lock_in_order([opinion.pk, *([pk] if pk else [])])
    now = Opinion.objects.filter(pk=opinion.pk).values_list("merged_into", flat=True).get()
    if now != pk:
        raise workflow.moved(opinion)
    return Opinion.objects.for_moves().get(pk=pk) if pk else None


def lock_with_parts(whole: Opinion) -> None:
    """Before the move `dissolve`: the whole and its parts, in the order of `unmerge`."""
    pks = set(whole.parts.values_list("pk", flat=True))
    lock_in_order([whole.pk, *pks])
    if set(whole.parts.values_list("pk", flat=True)) - pks:
        raise workflow.moved(whole)


def leave(part: Opinion, whole: Opinion | None, *, by: Actor) -> dict[str, Any]:
    """After the move `unmerge`: the whole counts one less; one of the office's own ends empty."""
    if whole is None:
        return {}
    whole.part_count -= 1
    whole.save(update_fields=["part_count"])
    mark(whole, "parted", by=by, note=part.label)
    dissolves = workflow.MOVES["dissolve"]
    if whole.is_composed and not whole.part_count and whole.status in dissolves.sources:
        workflow.advance(whole, "dissolve", by=by)
        record_deed("opinion.dissolve", whole, by=by)
    return {"from": whole.pk}


def give_back_parts(whole: Opinion, *, by: Actor) -> dict[str, Any]:
    """Before the move `dissolve` is done: all parts go back to the office, each by its own move."""
    ids = list(whole.parts.order_by("pk").values_list("pk", flat=True))
    lock_in_order([whole.pk, *ids])
    parts = whole.parts.filter(status=Status.MERGED).for_moves()  # type: ignore[attr-defined]
    found = list(parts.order_by("pk"))
    if {part.pk for part in found} - set(ids):
        raise workflow.moved(whole)
    for part in found:
        workflow.advance(part, "unmerge", by=by)
        record_deed("opinion.unmerge", part, by=by, **{"from": whole.pk})
        notices.moved(part, "unmerge")
    Opinion.objects.filter(pk=whole.pk).update(part_count=0)
    return {"parts": [part.pk for part in found]}


def refuse_left_behind(part: Opinion) -> None:
    """Before a report's content is deleted: it may have been parted from one whose texts keep its
    words. Which it was in only the trail knows. ValidationError `once_merged_in` names it."""
    about = {"committee": part.committee_id, "about": reference(part), "action": "opinion.merge"}
    merged = list(AuditEntry.objects.filter(**about).values_list("at", "detail__into"))
    if not merged:
        return
    since = min(at for at, _pk in merged)
    texts = Manuscript.objects.filter(opinion=OuterRef("pk"))
    held = Q(Exists(texts), is_composed=True)  # its first text was laid together of the parts'
    held |= Q(Exists(texts.filter(kind=Kind.EDITED, written_at__gte=since)))
    wholes = Opinion.objects.filter(held, pk__in=[pk for _at, pk in merged])
    whole = wholes.exclude(status=Status.OFFLINE).order_by("pk").first()
    if whole is not None:
        words = _("此件曾编入%(which)s，那里还留有此件的文字，请先将其转线下办理。")
        raise ValidationError(words % {"which": whole.label or whole}, code="once_merged_in")


def tell_parts(whole: Opinion, *, by: User) -> None:
    """The whole is issued: it stands in the timeline of every part."""
    assert "composed_issued" in MILESTONES
    now, parts = timezone.now(), whole.parts.filter(status=Status.MERGED)
    Step.objects.bulk_create(
        Step(
            opinion_id=pk,
            move="composed_issued",
            source=Status.MERGED,
            target=Status.MERGED,
            at=now,
            by_user=by,
        )
        for pk in parts.values_list("pk", flat=True)
    )
