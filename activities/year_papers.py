"""Plan and summary of the year: the text they start from, and the sheet they are printed on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from activities.facts import Tick, facts
from activities.models import YearPaper
from committees.official_document import Letter, Paragraph
from committees.templatetags.portal import day
from sectors.models import Measure

NUMBERS = "一二三四五六七八九十"
NAMED = 12  # activities a summary begins with by name
HELD = (Measure.STUDY, Measure.ACTIVITY, Measure.SERVICE)
PAPERS = (Measure.PLAN, Measure.SUMMARY)


def starting_text(subject: Any, kind: str, year: int, ticks: list[Tick]) -> str:
    """What is known already: a heading a responsibility, and for a summary its facts.

    Titles of opinion reports stay out: only their number is named.
    """
    with translation.override(settings.LANGUAGE_CODE):
        kept = [tick for tick in ticks if tick.row.measure not in PAPERS]
        parts = []
        for number, tick in zip(NUMBERS, kept, strict=False):
            words = _facts_in_words(subject, tick, year) if kind == YearPaper.Kind.SUMMARY else ""
            parts.append(f"{number}、{tick.row.title}\n{words}".rstrip())
        return "\n\n".join(parts)


def _facts_in_words(subject: Any, tick: Tick, year: int) -> str:
    if not tick.row.measure:
        return ""
    if not tick.count:
        return _("本年度暂无记录。")
    told = {"what": tick.row.get_measure_display(), "count": tick.count}
    sentence = _("本年度%(what)s %(count)s 次（件）。") % told
    if tick.row.measure not in HELD:
        return sentence
    of = subject._meta.model_name
    rows = facts(tick.row.measure, of, subject, subject.committee, year)
    rows = rows.order_by("starts_at", "id")
    named = [f"{day(row.starts_at)}{row.title}" for row in rows[:NAMED]]
    return sentence + "；".join(named) + "。"


def letter_of(paper: YearPaper) -> Letter:
    """A paper without number or seal, signed with the body's name and the day it was submitted."""
    committee = paper.committee
    signature = paper.sector.title if paper.sector else str(paper.commission)
    return Letter(
        sender=committee.name,
        number="",
        addressee="",
        title=paper.title,
        paragraphs=[_paragraph(line) for line in paper.text.split("\n") if line.strip()],
        signature=signature,
        signed_on=timezone.localdate(paper.submitted_at) if paper.submitted_at else None,
        is_sealed=False,
    )


def _paragraph(line: str) -> Paragraph:
    """`一、` and `（一）` at the beginning of a line make it a heading."""
    line = line.strip()
    if len(line) > 1 and line[0] in NUMBERS and line[1] == "、":
        return Paragraph(line, "h1")
    if len(line) > 2 and line[0] == "（" and line[1] in NUMBERS and line[2] == "）":
        return Paragraph(line, "h2")
    return Paragraph(line)
