"""Read a table file in a process of its own: `python -I workbook_child.py KIND < FILE > JSON`.

KIND is xlsx, xls, html or xml.

A roster comes from outside, and calamine allocates the whole used range at once: one stray cell at
XFD1048576 makes it ask for hundreds of gigabytes and abort. So this script imports nothing of the
project, limits its own memory and time, streams the sheets' XML first for their last filled cell,
and only then reads. Output: `{"sheets": [{"name", "rows", "formulas", "merges"}]}`, all counted
from 1, or `{"refused", …}`.
"""

import datetime
import io
import json
import posixpath
import re
import resource
import sys
import zipfile
import zlib
from typing import IO, Any
from xml.parsers import expat

MEMORY = 300 * 1024 * 1024  # bytes
ADDRESS_SPACE = 1024 * 1024 * 1024  # bytes; mappings count here that never become memory
SECONDS = 40
MAX_ROWS, MAX_COLUMNS = 20_050, 200
MAX_MERGES = 50_000
MAX_UNPACKED = 200 * 1024 * 1024  # bytes
BLOCK = 256 * 1024  # bytes of XML at a time
REFERENCE = re.compile(r"([A-Z]{1,4})(\d{1,9})")
# Whole rows of values within the bounds, as spreadsheets write them: every attribute known, each
# cell with its own place (A1 to FZ19999), nothing computed, nothing but ASCII. All of it in one
# step of C; whatever differs in the least is left to the parser. Not possessive, though nothing is
# ever tried twice: Python before 3.11.5 matches too much with possessive groups (gh-106052).
PLAIN_ROWS = re.compile(
    rb'(?:<row r="(1?\d{1,4})"(?: (?!r=)[\w:]+="[\w.: -]*")*>'
    rb'(?:<c r="[A-F]?[A-Z]1?\d{1,4}"(?: (?:s="\d+"|t="[a-z]+"))*'
    rb"(?:/>|>(?:<v>[ -%'-;=?-~]*</v>)?</c>))*</row>)+"
)
ROW_END = b"</row>"


class Refused(Exception):
    def __init__(self, code: str, **place: object) -> None:
        super().__init__(code)
        self.answer = {"refused": code, **place}


def limit_this_process() -> None:
    for kind, most in (
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard < 0 else min(most, hard), hard))


def local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(" ")[2]


def elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return every element of a small part as (name, attributes), names without their space."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, attributes: found.append(
        (local(tag), {local(name): value for name, value in attributes.items()})
    )
    parser.Parse(xml, True)
    return found


def sheet_paths(book: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return (sheet name, path inside the archive) in the workbook's order."""
    relations = elements(book.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for _, one in relations}
    sheets = []
    for tag, one in elements(book.read("xl/workbook.xml")):
        if tag == "sheet":
            target = targets.get(one.get("id", ""), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            sheets.append((one.get("name", ""), posixpath.normpath(path)))
    return sheets


class Scout:
    """Streams one sheet's XML: refuses a filled cell beyond the limits.

    Notes the computed cells and the merged ranges (top, left, bottom, right).
    """

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.row = self.column = 0
        self.formulas: list[tuple[int, int]] = []
        self.merges: list[tuple[int, int, int, int]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = local(tag)
        if tag == "c":
            self._move_to(attributes.get("r"))
        elif tag == "row":
            given = attributes.get("r", "")
            self.row = int(given) if given.isdigit() else self.row + 1
            self.column = 0
        elif tag in ("v", "t") and (self.row > MAX_ROWS or self.column > MAX_COLUMNS):
            cell = f"{letters(self.column)}{self.row}"
            code = "too_many_rows" if self.row > MAX_ROWS else "stray_cell"
            raise Refused(code, sheet=self.sheet, cell=cell)
        elif tag == "f":
            self.formulas.append((self.row, self.column))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _move_to(self, reference: str | None) -> None:
        if found := place(reference or ""):
            self.row, self.column = found
        else:
            self.column += 1

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if (start := place(first)) and (end := place(last)):
            self.merges.append((*start, *end))
        if len(self.merges) > MAX_MERGES:
            raise Refused("too_large")


def place(reference: str) -> tuple[int, int] | None:
    """Return (row, column) of a reference like AB12, both from 1."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def scout(content: bytes) -> list[dict[str, Any] | None]:
    """Return each sheet's formulas and merges in the book's order, after checking the bounds.

    None for a sheet that is not where the book says: calamine is not to read it unchecked.
    """
    book = zipfile.ZipFile(io.BytesIO(content))
    if sum(one.file_size for one in book.infolist()) > MAX_UNPACKED:
        raise Refused("too_large")
    known = set(book.namelist())
    found: list[dict[str, Any] | None] = []
    for name, path in sheet_paths(book):
        if path not in known:
            found.append(None)
            continue
        seen = Scout(name)
        with book.open(path) as stream:
            stream_past(stream, seen)
        found.append({"formulas": seen.formulas, "merges": seen.merges})
    return found


def stream_past(stream: IO[bytes], seen: Scout) -> None:
    """Let `seen` look at the sheet's XML, without the rows that PLAIN_ROWS already knows."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = seen.start
    rest = b""
    while block := stream.read(BLOCK):
        text, at = rest + block, 0
        end = text.rfind(ROW_END) + len(ROW_END) if ROW_END in text else len(text)
        for run in PLAIN_ROWS.finditer(text, 0, end):
            parser.Parse(text[at : run.start()])
            seen.row, at = int(run[1]), run.end()
        parser.Parse(text[at:end])
        rest = text[end:]
    parser.Parse(rest, True)


def beside(module: str, verb: str, content: bytes) -> dict[str, Any]:
    """Run a reader that lies beside this file and, like it, imports nothing of the project."""
    from runpy import run_path

    path = posixpath.join(posixpath.dirname(__file__), f"{module}.py")
    answer = run_path(path)[verb](content)
    if code := answer.pop("refused", ""):
        raise Refused(code, **answer)
    return answer


def plain(cell: object) -> object:
    """Return as JSON what JSON does not know: a date as {"date": ISO}, a time of day as text."""
    if isinstance(cell, datetime.datetime):
        return {"date": cell.date().isoformat()}
    if isinstance(cell, datetime.date):
        return {"date": cell.isoformat()}
    return str(cell)


def read(content: bytes, seen: list[dict[str, Any] | None]) -> list[dict[str, object]]:
    """`seen` holds what was found of each sheet, in the book's order."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets: list[dict[str, object]] = []
    for at, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        if at >= len(seen) or (told := seen[at]) is None:
            raise Refused("broken")
        sheet = book.get_sheet_by_name(about.name)
        if sheet.height > MAX_ROWS or sheet.width > MAX_COLUMNS:
            raise Refused("too_many_rows", sheet=about.name, cell="")
        rows = sheet.to_python(skip_empty_area=False)
        sheets.append({"name": about.name, "rows": rows, **told})
    return sheets


def answer(kind: str, content: bytes) -> dict[str, object]:
    try:
        if kind == "html":
            return beside("html_table", "read_html", content)
        if kind == "xml":
            return beside("xml_table", "read_xml", content)
        if kind == "xls":
            return {"sheets": read(content, beside("biff_scout", "scout_xls", content)["sheets"])}
        return {"sheets": read(content, scout(content))}
    except Refused as refused:
        return refused.answer
    except MemoryError:
        return {"refused": "too_large"}
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError):
        return {"refused": "broken"}
    except Exception as strange:  # whatever a hostile file provokes is one more broken file
        locked = "password" in f"{type(strange).__name__} {strange}".lower()
        return {"refused": "locked" if locked else "broken"}


if __name__ == "__main__":
    limit_this_process()
    outcome = answer(sys.argv[1], sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(outcome, default=plain))
