"""The most similar reports and receptions, each with as much of it as the reader may know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.models import Committee
from opinions.duplicates import Span, bigrams, fingerprint, jaccard, normalised
from opinions.duplicates import shared_passages as passages_of
from opinions.models import Fingerprint, Opinion, ReadRequest, Seconding
from opinions.texts import stored_whole
from workrooms.models import Reception

LOOKED_AT = 60  # candidates whose texts are compared
LEAST_ALIKE = 0.1  # two reports that share their language alone have about 0.05
AROUND = 16  # signs shown on either side of a passage
LONGEST_PASSAGE = 160


@dataclass(frozen=True, slots=True)
class Passage:
    before: str
    shared: str
    after: str


@dataclass(frozen=True, slots=True)
class Similar:
    """A report or a reception. `is_readable`: whole; otherwise only what a colleague may know.

    `passages` are those of its text that also stand in the text asked about, where it is readable;
    `same` counts their signs.
    """

    row: Any
    likeness: float
    is_report: bool
    is_readable: bool
    opens: bool = False
    is_own: bool = False
    is_seconded: bool = False
    passages: list[Passage] = field(default_factory=list)
    same: int = 0

    @property
    def degree(self) -> str:
        if self.likeness >= 0.5:
            return _("内容大体相同")
        return _("部分内容相同") if self.likeness >= 0.25 else _("话题相近")


def similar_to(
    text: str,
    committee: Committee,
    actor: Actor,
    *,
    limit: int = 10,
    leave_out: int | None = None,
) -> list[Similar]:
    """The most similar texts of the committee that the actor may know of, the nearest first.

    `leave_out` is the id of the report that is asked about. One statement for the candidates,
    one for their texts; none for a text that is too short.
    """
    bands, _count = fingerprint(text, committee.pk)
    shared = Counter(Fingerprint.objects.sharing(bands))
    # Most bands first, then the most recent.
    nearest = sorted(shared, key=lambda pk: (shared[pk], pk), reverse=True)[:LOOKED_AT]
    if not nearest:
        return []
    rows = known_to(actor, committee).filter(pk__in=nearest)
    own = bigrams(normalised(text))
    found = [
        _similar(row, likeness)
        for row in rows
        if (row.opinion_id is None or row.opinion_id != leave_out)
        and (likeness := jaccard(own, bigrams(normalised(row.text)))) >= LEAST_ALIKE
    ]
    found.sort(key=lambda pair: (-pair[0].likeness, -pair[0].row.pk))
    return [_with_passages(one, theirs, text) for one, theirs in found[:limit]]


def known_to(actor: Actor, committee: Committee) -> Any:
    """Fingerprints of what the actor may know of, each with its `text` and how much may be read.

    Never a draft of somebody else's, never an entry against a person.
    """
    people = actor.standing.scopes("member", "delegate", committee=committee)
    report = Q(pk=OuterRef("opinion"))
    asked = ReadRequest.objects.agreed_to(people).filter(opinion=OuterRef("opinion"))
    seconded = Seconding.objects.filter(opinion=OuterRef("opinion"), member__in=people)
    heard = Reception.objects.visible_to(actor).filter(pk=OuterRef("reception"))
    rows = (
        Fingerprint.objects.in_committee(committee)
        .select_related("opinion__sector", "opinion__category", "opinion__issue")
        .select_related("reception__category", "reception__workroom", "reception__liaison_group")
        .defer("bands", "reception__resident_name", "reception__resident_phone")
        .annotate(
            text=Coalesce(
                stored_whole("opinion"),
                F("reception__said"),
                Value(""),
                output_field=TextField(),
            ),
            is_seen=Exists(Opinion.objects.visible_to(actor).filter(report)),
            is_known=Exists(Opinion.objects.shown_to_peers(actor).filter(report)),
            is_own=Exists(Opinion.objects.of_members(people).filter(report)),
            is_let=Exists(asked),
            is_seconded=Exists(seconded),
            is_heard=Exists(heard),
        )
    )
    of_reception = Q(reception__isnull=False) & ~Q(reception__nature=Reception.Nature.PERSON)
    if not people:
        of_reception &= Q(is_heard=True)
    return rows.filter(Q(is_seen=True) | Q(is_known=True) | of_reception)


def _similar(row: Any, likeness: float) -> tuple[Similar, str]:
    if row.reception_id:
        return Similar(row.reception, likeness, is_report=False, is_readable=row.is_heard), row.text
    is_let = row.is_known and (row.opinion.is_open_to_peers or row.is_let)
    one = Similar(
        row.opinion,
        likeness,
        is_report=True,
        is_readable=row.is_seen or is_let,
        opens=row.is_seen,
        is_own=row.is_own,
        is_seconded=row.is_seconded,
    )
    return one, row.text


def _with_passages(one: Similar, theirs: str, text: str) -> Similar:
    if not one.is_readable:
        return one
    spans = passages_of(theirs, text)
    shown = sorted(sorted(spans, key=lambda span: span[0] - span[1])[:3])
    same = sum(len(normalised(theirs[start:end])) for start, end in spans)
    return replace(one, passages=[_passage(theirs, span) for span in shown], same=same)


def _passage(text: str, span: Span) -> Passage:
    start, end = span
    shared = text[start:end]
    if len(shared) > LONGEST_PASSAGE:
        shared = f"{shared[: LONGEST_PASSAGE - 40]}……{shared[-40:]}"
    return Passage(text[max(start - AROUND, 0) : start], shared, text[end : end + AROUND])
