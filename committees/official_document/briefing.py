"""The briefing (社情民意信息, 简报, 月报): red masthead, no document number, no seal."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from committees.official_document.sheet import (
    BODY_FONT,
    BODY_SIZE,
    CENTRE,
    KAI_FONT,
    LEFT,
    WIDTH,
    Paragraph,
    add_foot,
    add_line,
    add_masthead,
    add_paragraphs,
    add_title,
    blank_sheet,
    bytes_of,
    day_in_words,
    draw_line,
    plain,
    set_font,
)
from committees.official_document.tables import Table, add_titled_table

MASTHEAD_SIZE = 54  # points at most
CONTENTS = "本期要目"


@dataclass(frozen=True, slots=True)
class Article:
    """One text of a briefing. `byline` stands below its title as it is."""

    title: str
    paragraphs: Sequence[Paragraph]
    byline: str = ""


@dataclass(frozen=True, slots=True)
class Briefing:
    """`masthead` is its name in red, `editor` the editing unit (编发单位).

    `report_to`, `send_to`, `copy_to` are the lists after 报, 送, 发; `copies` 0 leaves the number
    of prints out, `total_number` 0 the running number, `number` 0 is a draft. `tables` follow the
    articles.
    """

    masthead: str
    number: int
    total_number: int
    year: int
    editor: str
    issued_on: datetime.date
    articles: Sequence[Article]
    report_to: str = ""
    send_to: str = ""
    copy_to: str = ""
    copies: int = 0
    tables: Sequence[Table] = ()

    @property
    def number_line(self) -> str:
        if not self.number:
            return "（草稿）"
        total = f"（总第{self.total_number}期）" if self.total_number else ""
        return f"第{self.number}期{total}"

    @property
    def foot(self) -> list[tuple[str, str]]:
        """Rows of the foot: 报, 送, 发, and 共印×份 on the right."""
        named = (("报", self.report_to), ("送", self.send_to), ("发", self.copy_to))
        rows = [(f"{label}：{listed}", "") for label, listed in named if listed.strip()]
        return [*rows, ("", f"共印{self.copies}份")] if self.copies else rows


def briefing_docx(paper: Briefing) -> bytes:
    """The briefing as a Word file."""
    document = blank_sheet(
        title=f"{paper.masthead}{paper.year}年{paper.number_line}",
        maker=paper.editor,
        on=paper.issued_on,
    )
    add_masthead(document, paper.masthead, largest=MASTHEAD_SIZE, before=Mm(2))
    number = add_line(document, paper.number_line, align=CENTRE)
    number.paragraph_format.space_before = number.paragraph_format.space_after = Pt(8)
    line = add_line(document, f"\u3000{paper.editor}", align=LEFT)
    line.paragraph_format.tab_stops.add_tab_stop(WIDTH - Pt(BODY_SIZE), WD_TAB_ALIGNMENT.RIGHT)
    set_font(line.add_run(f"\t{plain(day_in_words(paper.issued_on))}"), BODY_FONT, BODY_SIZE)
    draw_line(line)
    if len(paper.articles) > 1:
        add_line(document)
        add_line(document, CONTENTS, font="黑体", align=CENTRE)
        for article in paper.articles:
            add_line(document, f"○{article.title}", first=2)
    for article in paper.articles:
        add_line(document)
        add_title(document, article.title).paragraph_format.keep_with_next = True
        if article.byline:
            add_line(document, article.byline, font=KAI_FONT, align=CENTRE)
        add_line(document)
        add_paragraphs(document, article.paragraphs)
    for table in paper.tables:
        add_titled_table(document, table)
    add_foot(document, paper.foot)
    return bytes_of(document)
