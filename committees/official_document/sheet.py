"""The sheet both layouts share: page, grid, fonts, headings, page number, lines.

Measures are those of GB/T 9704-2012: A4, 22 lines of 28 characters, body 仿宋 of size 三号 (16 pt).
"""

from __future__ import annotations

import datetime
import io
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE_FONT, BODY_FONT = "方正小标宋简体", "仿宋_GB2312"
BLACK_FONT, KAI_FONT, PAGE_FONT = "黑体", "楷体_GB2312", "宋体"
APART = "\u3000\u3000"  # between the names or the blanks of a line
TITLE_SIZE, BODY_SIZE, SMALL_SIZE, CODE_SIZE = 22, 16, 14, 10.5  # points
PITCH = 28.95  # points from line to line: 22 lines in 225 mm
CHARACTER = 320  # twentieths of a point: one body character
GRID = {"type": "lines", "linePitch": "579"}
CLOSER = -5  # twentieths of a point between signs: 28 of 16 pt are wider than 156 mm
WIDTH = Mm(156)
LYING_WIDTH = Mm(225)  # of a sheet that lies, for tables that are wide
LINE_PARTS = 28
RED = RGBColor(0xFF, 0, 0)
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
BOTH, LEFT = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT

HEADINGS = {"h1": BLACK_FONT, "h2": KAI_FONT, "h3": BODY_FONT, "h4": BODY_FONT}
UNDATED = datetime.date(2013, 12, 23)  # what the library's empty document says of itself
_laid = threading.local()
# What XML cannot hold: control signs, halves of pairs and non-characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`kind`: body, h1 (一、), h2 （一）, h3 (1.), h4 （1）, or title-less: flush left, no indent.

    A text of several lines becomes as many paragraphs.
    """

    text: str
    kind: str = "body"


def blank_sheet(
    *, title: str, maker: str, on: datetime.date | None, code: str = "", is_lying: bool = False
) -> Any:
    """A document without a word, with page, grid, fonts and numbers laid; `is_lying`: landscape.

    Laying them costs as much as a short paper, so a sheet without a code is laid once a thread and
    emptied for the next paper: write one, take its bytes, and only then begin another.
    """
    document = _new_sheet(code) if code or is_lying else _emptied()
    if is_lying:
        _lay_down(document.sections[0])
    properties = document.core_properties
    properties.title, properties.author = plain(title), plain(maker)
    properties.last_modified_by, properties.comments = plain(maker), ""
    made = datetime.datetime.combine(on or UNDATED, datetime.time())
    properties.created = properties.modified = made
    return document


def _emptied() -> Any:
    document = getattr(_laid, "sheet", None)
    if document is None:
        document = _laid.sheet = _new_sheet("")
    body = document.element.body
    for element in list(body):
        if element is not body.sectPr:
            body.remove(element)
    return document


def _new_sheet(code: str) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)  # the number stands 7 mm below the text
    _set_grid(section)
    _set_default_fonts(document)
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(section.footer, code, is_odd=True)
    _number_pages(section.even_page_footer, code, is_odd=False)
    return document


def _lay_down(section: Any) -> None:
    """The head of a lying page stands at the binding: the left margin is now the top one."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(35), Mm(37)
    section.footer_distance = Mm(15)


def _set_grid(section: Any) -> None:
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    for name, value in GRID.items():
        grid.set(qn(f"w:{name}"), value)
    section._sectPr.append(grid)


def _set_default_fonts(document: Any) -> None:
    style = document.styles["Normal"]
    set_font(style, BODY_FONT, BODY_SIZE)
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(CLOSER))
    style.element.get_or_add_rPr().insert_element_before(spacing, "w:kern", "w:position", "w:sz")
    style.paragraph_format.widow_control = False
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(PITCH)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for fonts in defaults.iter(qn("w:rFonts")):
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), BODY_FONT)
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def set_font(styled: Any, name: str, size: float, *, color: RGBColor | None = None) -> None:
    """Of a run or style: the same font for Chinese signs, letters and digits."""
    styled.font.name, styled.font.size = name, Pt(size)
    if color is not None:
        styled.font.color.rgb = color
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def add_line(
    document: Any,
    text: str = "",
    *,
    font: str = BODY_FONT,
    size: float = BODY_SIZE,
    align: Any = BOTH,
    first: float = 0,
    left: float = 0,
    right: float = 0,
    color: RGBColor | None = None,
) -> Any:
    """One paragraph; `first`, `left` and `right` indent by characters of the body."""
    line = document.add_paragraph()
    line.alignment = align
    if text:
        set_font(line.add_run(plain(text)), font, size, color=color)
    indent(line, first=first, left=left, right=right)
    return line


def indent(line: Any, **by: float) -> None:
    """By characters: `first` (negative: hanging), `left`, `right`. Both units are written."""
    names = {"first": "firstLine", "left": "left", "right": "right"}
    given = {side: count for side, count in by.items() if count}
    if not given:
        return
    element = line._p.get_or_add_pPr().get_or_add_ind()
    for side, count in given.items():
        name = "hanging" if side == "first" and count < 0 else names[side]
        element.set(qn(f"w:{name}Chars"), str(round(abs(count) * 100)))
        element.set(qn(f"w:{name}"), str(round(abs(count) * CHARACTER)))


def add_paragraphs(document: Any, paragraphs: Iterable[Paragraph]) -> None:
    for paragraph in paragraphs:
        font = HEADINGS.get(paragraph.kind, BODY_FONT)
        first = 0 if paragraph.kind == "title-less" else 2
        for text in paragraph.text.splitlines():
            if text := text.strip():
                line = add_line(document, text, font=font, first=first)
                line.paragraph_format.keep_with_next = paragraph.kind in HEADINGS


def add_title(document: Any, text: str) -> Any:
    return add_line(document, text, font=TITLE_FONT, size=TITLE_SIZE, align=CENTRE)


def add_masthead(document: Any, text: str, *, largest: float, before: Any) -> None:
    """The red name above everything, in one line whatever its length."""
    size = min(largest, WIDTH.pt // max(len(text), 1))
    line = add_line(document, text, font=TITLE_FONT, size=size, align=CENTRE, color=RED)
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    line.paragraph_format.space_before = before
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(_switched_off("snapToGrid"), "w:spacing", "w:ind", "w:jc")


def draw_line(line: Any, *, eighths: int = 18) -> None:
    """A red line over the whole width below a paragraph, `eighths` of a point thick."""
    borders, border = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    given = {"val": "single", "sz": str(eighths), "space": "1", "color": str(RED)}
    for name, value in given.items():
        border.set(qn(f"w:{name}"), value)
    borders.append(border)
    after = ("shd", "tabs", "suppressAutoHyphens", "snapToGrid", "spacing", "ind", "jc", "rPr")
    line._p.get_or_add_pPr().insert_element_before(borders, *(f"w:{name}" for name in after))


def add_signers(document: Any, words: Sequence[str]) -> None:
    """填表人, 审核人, 日期, each with room to write behind it; nothing where nobody signs."""
    if words:
        add_line(document)
        blanks = APART.join(f"{word}：{APART * 2}" for word in words)
        add_line(document, blanks, font=BODY_FONT, size=SMALL_SIZE, align=LEFT)


def add_foot(document: Any, rows: list[tuple[str, str]]) -> None:
    """版记: rows of `(left, right)` between lines, at the foot of the last page.

    A table that floats at the lower margin; the outer lines are thicker than the inner ones.
    """
    if not rows:
        return
    table = document.add_table(rows=len(rows), cols=1)
    table.autofit = False
    properties = table._tbl.tblPr
    _put_at_the_foot(properties)
    _rule_off(properties)
    for cell, (left, right) in zip(table.columns[0].cells, rows, strict=True):
        cell.width = WIDTH
        _write_foot(cell.paragraphs[0], left, right)
    last = document.add_paragraph().paragraph_format
    last.line_spacing = Pt(1)  # a Word file cannot end with a table


def _write_foot(line: Any, left: str, right: str) -> None:
    """14 points, one body character from either edge; a list hangs below its own first sign."""
    line.alignment = LEFT
    line.paragraph_format.keep_with_next = True  # the rows stay on one page
    label = 1.75 if left[1:2] == "：" else 0
    indent(line, left=1 + label, first=-label, right=1)
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(WIDTH - Pt(BODY_SIZE), WD_TAB_ALIGNMENT.RIGHT)
    words = f"{plain(left)}\t{plain(right)}" if right else plain(left)
    set_font(line.add_run(words), BODY_FONT, SMALL_SIZE)


def _put_at_the_foot(properties: Any) -> None:
    place = OxmlElement("w:tblpPr")
    given = {"vertAnchor": "margin", "horzAnchor": "margin", "tblpXSpec": "left"}
    given |= {"tblpYSpec": "bottom", "leftFromText": "0", "rightFromText": "0"}
    for name, value in given.items():
        place.set(qn(f"w:{name}"), value)
    properties.insert_element_before(
        place, "w:tblOverlap", "w:tblW", "w:jc", "w:tblBorders", "w:tblLayout", "w:tblLook"
    )


def _rule_off(properties: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    for side, eighths in (("top", "8"), ("bottom", "8"), ("insideH", "6")):
        border = OxmlElement(f"w:{side}")
        for name, value in {
            "val": "single",
            "sz": eighths,
            "space": "0",
            "color": "000000",
        }.items():
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.insert_element_before(margins, "w:tblLook")


def _switched_off(name: str) -> Any:
    element = OxmlElement(f"w:{name}")
    element.set(qn("w:val"), "0")
    return element


def _number_pages(footer: Any, code: str, *, is_odd: bool) -> None:
    """— 1 — on the outer side, one character from the edge; the code on the other side."""
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.style = None  # Normal: the footer's own style brings stops of its own
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    line.paragraph_format.tab_stops.add_tab_stop(WIDTH - Pt(SMALL_SIZE), WD_TAB_ALIGNMENT.RIGHT)
    indent(line, left=SMALL_SIZE / BODY_SIZE)
    line.alignment = LEFT
    printed = f"编码：{plain(code)}" if code else ""
    if is_odd:
        _write_code(line, f"{printed}\t")
    _write_number(line)
    if not is_odd and printed:
        _write_code(line, f"\t{printed}")


def _write_code(line: Any, text: str) -> None:
    set_font(line.add_run(text), PAGE_FONT, CODE_SIZE)


def _write_number(line: Any) -> None:
    set_font(line.add_run("— "), PAGE_FONT, SMALL_SIZE)
    for kind in ("begin", "instr", "separate", "text", "end"):
        run = line.add_run()
        set_font(run, PAGE_FONT, SMALL_SIZE)
        if kind == "text":
            run.text = "1"
        elif kind == "instr":
            instruction = OxmlElement("w:instrText")
            instruction.text = "PAGE"
            run._r.append(instruction)
        else:
            sign = OxmlElement("w:fldChar")
            sign.set(qn("w:fldCharType"), kind)
            run._r.append(sign)
    set_font(line.add_run(" —"), PAGE_FONT, SMALL_SIZE)


def plain(text: str) -> str:
    """Without the signs a Word file cannot hold."""
    return _UNWRITABLE.sub("", str(text))


def day_in_words(day: datetime.date | None) -> str:
    """2026年11月28日; room to write it by hand where there is none yet."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　　　年　　月　　日"


def characters(text: str) -> float:
    """Its width in body characters: letters and digits are half as wide as Chinese signs."""
    return sum(0.5 if ord(sign) < 0x2000 else 1 for sign in text)


def bytes_of(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_response(content: bytes, name: str) -> HttpResponse:
    """To be saved as `name`.docx (RFC 5987), never kept by a proxy."""
    response = HttpResponse(content, content_type=DOCX)
    disposition = content_disposition_header(True, f"{plain(name)}.docx")
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
