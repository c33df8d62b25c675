"""The minutes of a consultation (协商议事纪要) as they are printed: one content, page and Word.

The paper goes to units and residents: the agenda's own words only, nothing of an entry or a report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from docx.shared import Mm

from activities.models import ActivityText, AgendaItem, Enrolment, Participant, Resolution
from committees.official_document import Paragraph
from committees.official_document.sheet import (
    add_line,
    add_masthead,
    add_paragraphs,
    add_title,
    blank_sheet,
    bytes_of,
    draw_line,
)

MASTHEAD_SIZE = 42  # points at most
NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Minutes:
    """`facts` are pairs of label and value; resolutions carry who and until when."""

    sender: str
    title: str
    day: Any
    facts: list[tuple[str, str]]
    agenda: list[str]
    text: str
    resolutions: list[str] = field(default_factory=list)

    @property
    def sections(self) -> list[tuple[str, list[str]]]:
        """Headings 一、二、三 with their paragraphs; what is empty is left out."""
        found = [
            (_("协商议题"), [f"{n}. {words}" for n, words in enumerate(self.agenda, start=1)]),
            (_("协商情况"), [line for line in self.text.splitlines() if line.strip()]),
            (_("议定事项"), [f"{n}. {row}" for n, row in enumerate(self.resolutions, start=1)]),
        ]
        kept = [(heading, lines) for heading, lines in found if lines]
        return [
            (f"{NUMERALS[place]}、{heading}", lines) for place, (heading, lines) in enumerate(kept)
        ]


def with_minutes(rows: Any) -> Any:
    """Adds `came_names`, in stroke order, and `minutes_text` to activities, in the same
    statement."""
    mine = {"activity": OuterRef("pk")}
    came = Enrolment.objects.filter(**mine).came().order_by("member__name_key", "id")
    texts = ActivityText.objects.filter(**mine, kind=ActivityText.Kind.MINUTES)
    return rows.annotate(
        came_names=ArraySubquery(came.values("member__name")),
        minutes_text=Coalesce(
            Subquery(texts.values("text")[:1]), Value(""), output_field=TextField()
        ),
    )


def minutes_of(activity: Any) -> Minutes:
    """Of a consultation read `with_minutes`."""
    with translation.override(settings.LANGUAGE_CODE):  # a paper is written in Chinese
        agenda = AgendaItem.objects.filter(activity=activity)
        begins = timezone.localtime(activity.starts_at)
        facts = [
            (_("时间"), f"{begins:%Y}年{begins.month}月{begins.day}日 {begins:%H:%M}"),
            (_("地点"), activity.place),
            (_("主办"), str(activity.organiser)),
            (_("出席委员"), "、".join(activity.came_names)),
            (_("其他参加方"), "、".join(str(row) for row in _others(activity))),
        ]
        return Minutes(
            sender=_("%(office)s协商议事纪要") % {"office": activity.committee.short_name},
            title=activity.title,
            day=begins.date(),
            facts=[(label, value) for label, value in facts if value],
            agenda=[item.words for item in agenda],
            text=activity.minutes_text,
            resolutions=[_resolved(row) for row in _resolutions(activity)],
        )


def _others(activity: Any) -> Any:
    return Participant.objects.filter(activity=activity).select_related("unit")


def _resolutions(activity: Any) -> Any:
    return Resolution.objects.for_list().filter(activity=activity)


def _resolved(row: Resolution) -> str:
    due = f"{row.due_on.year}年{row.due_on.month}月{row.due_on.day}日"
    given = {"what": row.what.rstrip("。；;"), "who": row.responsible, "due": due}
    return _("%(what)s（责任方：%(who)s，完成时限：%(due)s）。") % given


def minutes_docx(paper: Minutes) -> bytes:
    with translation.override(settings.LANGUAGE_CODE):
        document = blank_sheet(title=paper.title, maker=paper.sender, on=paper.day)
        add_masthead(document, paper.sender, largest=MASTHEAD_SIZE, before=Mm(2))
        draw_line(add_line(document))
        add_line(document)
        add_title(document, paper.title)
        add_line(document)
        for label, value in paper.facts:
            add_line(document, f"{label}：{value}", first=2)
        for heading, lines in paper.sections:
            shown = [Paragraph(heading, "h1"), *(Paragraph(line) for line in lines)]
            add_paragraphs(document, shown)
        return bytes_of(document)
