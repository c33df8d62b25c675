"""Papers told apart by their content: PDF, and the open office formats without macros."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{_OFFICE}wordprocessingml.document"
XLSX = f"{_OFFICE}spreadsheetml.sheet"
PPTX = f"{_OFFICE}presentationml.presentation"
PAPERS = {PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx", PPTX: ".pptx"}

_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_WORDY = re.compile(
    r"word/(document|header\d*|footer\d*)\.xml|xl/sharedStrings\.xml|ppt/slides/slide\d+\.xml"
)
# A paragraph (w:p, a:p) or a cell's string (si) ends a line; every other tag is nothing.
_LINE_END = re.compile(r"</(?:\w+:p|(?:\w+:)?si)>")
_TAG = re.compile(r"<[^>]{0,2000}>")
MOST_PARTS = 5000
MOST_WORDS = 8 * 1024 * 1024  # bytes read of all parts together, unpacked


def paper_kind(content: bytes) -> str | None:
    """The content type of a paper we take, else None. Macros and locked papers are not taken."""
    if content.startswith(b"%PDF-"):
        return PDF
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if has_macros or len(names) > MOST_PARTS or "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)


def words_of(content: bytes, kind: str) -> Iterator[str]:
    """The words of an office paper, part by part, to look for marks in; of a PDF none."""
    if kind == PDF:
        return
    left = MOST_WORDS
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for part in parts.infolist():
            if left > 0 and _WORDY.fullmatch(part.filename):
                xml = _unpacked(parts, part, left)
                left -= len(xml)
                yield _TAG.sub("", _LINE_END.sub("\n", xml.decode(errors="replace")))


def _unpacked(parts: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with parts.open(part) as stream:
            return stream.read(most)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError):
        return b""  # broken or locked: nobody can read words there
