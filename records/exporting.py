"""The summary as a Word file in the briefing layout and as a workbook of its tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from committees.official_document import Article, Briefing, Paragraph, Table, briefing_docx
from committees.workbooks import workbook_of
from records.models import MonthlySummary
from records.paper import Words, name_of, owner_of, sections, table, tables_below, words_of


def word(summary: MonthlySummary, late: list[Any]) -> bytes:
    """`late`: (figure, then, now) of what has changed since approval."""
    with translation.override(settings.LANGUAGE_CODE):  # a Chinese paper, whoever saves it
        return briefing_docx(briefing_of(summary, late))


def briefing_of(summary: MonthlySummary, late: list[Any]) -> Briefing:
    said = words_of(summary)
    tables = tables_of(summary)
    if summary.approved_at and late:
        today = timezone.localdate()
        title = f"补记　审定后登记的事项（截至{today.year}年{today.month}月{today.day}日）"
        rows = [[str(figure.label), then, now] for figure, then, now in late]
        tables.append(Table(title, ["项目", "审定时", "现为"], rows))
    return Briefing(
        masthead=name_of(summary),
        number=summary.number or 0,
        total_number=0,
        year=summary.month.year,
        editor=f"{summary.committee.office_name}编",
        issued_on=timezone.localdate(summary.approved_at or summary.drafted_at),
        articles=[Article(f"{owner_of(summary)}{said.title}", _paragraphs(summary))],
        tables=tables,
    )


def _paragraphs(summary: MonthlySummary) -> list[Paragraph]:
    found = []
    for section in sections(summary):
        found.append(Paragraph(f"{section.numeral}、{section.heading}", "h1"))
        found += [Paragraph(line.strip()) for line in section.text.splitlines() if line.strip()]
    return found


def tables_of(summary: MonthlySummary) -> list[Table]:
    said = words_of(summary)
    headings, rows = _main_table(summary, said)
    found = [Table(_numbered(1, "主要数据"), headings, rows, texts=2)]
    for place, below in enumerate(tables_below(summary), start=2):
        columns = [below.first, *(str(figure.label) for figure in below.columns)]
        lines: list[list[object]] = [
            [line.name, f"{said.this}无"]
            if line.is_silent
            else [line.name, *(number for number, _url in line.numbers)]
            for line in below.lines
        ]
        found.append(Table(_numbered(place, below.title), columns, lines, below.note))
    return found


def _main_table(summary: MonthlySummary, said: Words) -> tuple[list[str], list[list[object]]]:
    last = [said.year_ago] if said.year_ago else []
    headings = ["项目", "单位", said.this, said.before, *last]
    rows: list[list[object]] = []
    for row in table(summary):
        cells: list[object] = [str(row.figure.label), str(row.figure.unit), row.now, row.before]
        ago: list[object] = ["" if row.year_ago is None else row.year_ago] if last else []
        rows.append(cells + ago)
    return headings, rows


def _numbered(place: int, title: str) -> str:
    return f"附表{place}　{title}"


def workbook(summary: MonthlySummary) -> bytes:
    """A sheet a table."""
    with translation.override(settings.LANGUAGE_CODE):
        tables = tables_of(summary)
    return workbook_of(
        (one.title.split("\u3000")[-1], list(one.headings), one.rows) for one in tables
    )
