"""The official letter (转办函, 商请函, 通知) by GB/T 9704-2012."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.shared import Mm, Pt

from committees.official_document.sheet import (
    CENTRE,
    LEFT,
    LINE_PARTS,
    RIGHT,
    Paragraph,
    add_foot,
    add_line,
    add_masthead,
    add_paragraphs,
    add_title,
    blank_sheet,
    bytes_of,
    characters,
    day_in_words,
    draw_line,
)

SENDER_SIZE = 42  # points at most
ABOVE = Mm(8)  # above the sender: a letter (信函格式) begins higher than a decision (35 mm)
SEAL_LINES = 2  # blank lines above the signature, room for the seal
LABEL = "附件："


@dataclass(frozen=True, slots=True)
class Letter:
    """`sender` is the name in red (发文机关标志); `number` as printed: 望政协办函〔2026〕12号.

    `is_sealed`: a seal is to be pressed on the printed paper. `signed_on` None leaves room for the
    date. `code` is printed at the foot of every page, so that a scan finds its letter. `contact`
    is the note below the date.
    """

    sender: str
    number: str
    addressee: str
    title: str
    paragraphs: Sequence[Paragraph]
    attachments: Sequence[str] = ()
    signature: str = ""
    signed_on: datetime.date | None = None
    is_sealed: bool = True
    code: str = ""
    contact: str = ""


def letter_docx(paper: Letter) -> bytes:
    """The letter as a Word file."""
    document = blank_sheet(
        title=paper.title, maker=paper.sender, on=paper.signed_on, code=paper.code
    )
    add_masthead(document, paper.sender, largest=SENDER_SIZE, before=ABOVE)
    number = add_line(document, paper.number, align=CENTRE)
    number.paragraph_format.space_before = Pt(36)
    draw_line(number)
    add_line(document)
    add_title(document, paper.title)
    add_line(document)
    if paper.addressee:
        add_line(document, paper.addressee.rstrip("：:") + "：", align=LEFT)
    add_paragraphs(document, paper.paragraphs)
    document.paragraphs[-1].paragraph_format.keep_with_next = True  # no page with a date alone
    _add_attachments(document, paper.attachments)
    _sign(document, paper)
    if paper.contact:
        add_line(document, f"（{paper.contact}）", first=2)
    if paper.signed_on is not None:
        printed = f"{day_in_words(paper.signed_on)}印发"
        add_foot(document, [(paper.signature or paper.sender, printed)])
    return bytes_of(document)


def _add_attachments(document: Any, names: Sequence[str]) -> None:
    """附件说明 one line below the text; a name that runs on stands below its own first sign."""
    if not names:
        return
    add_line(document).paragraph_format.keep_with_next = True
    for place, name in enumerate(names, start=1):
        mark = f"{place}. " if len(names) > 1 else ""
        label = LABEL if place == 1 else ""
        hanging = characters(label + mark)
        left = 2 + characters(LABEL + mark)
        line = add_line(document, f"{label}{mark}{name}", align=LEFT, left=left, first=-hanging)
        line.paragraph_format.keep_with_next = True


def _sign(document: Any, paper: Letter) -> None:
    signature = paper.signature or paper.sender
    date = day_in_words(paper.signed_on)
    of_signature, of_date = places(signature, date, is_sealed=paper.is_sealed)
    for _line in range(SEAL_LINES if paper.is_sealed else 1):
        add_line(document).paragraph_format.keep_with_next = True
    line = add_line(document, signature, align=RIGHT, right=of_signature)
    line.paragraph_format.keep_with_next = True
    add_line(document, date, align=RIGHT, right=of_date)


def places(signature: str, date: str, *, is_sealed: bool) -> tuple[float, float]:
    """How many characters signature and date stand from the right (GB/T 9704-2012, 7.3.5).

    Sealed: the date four, the signature centred above it. Unsealed: the signature two, the date
    beginning two right of it; a date that is too long for that stands two from the right, and the
    signature moves on to the left.
    """
    written, dated = characters(signature), characters(date)
    if is_sealed:
        beside = (written - dated) / 2
        of_date = max(4, min(beside, LINE_PARTS - dated))
        return max(of_date - beside, 0), of_date
    of_date = written - dated
    if of_date >= 2:
        return 2, of_date
    return 4 + dated - written, 2
