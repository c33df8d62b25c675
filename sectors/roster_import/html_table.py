"""The tables of a web page saved as .xls: `read_html(content)` for `workbook_child`.

Office systems write such files and Excel opens them. Only the standard library is imported: the
child runs this file alone. Merged cells come from colspan and rowspan, a computed cell is one with
Excel's x:fmla, and the bounds are those of a workbook.
"""

import codecs
import re
from html.parser import HTMLParser

MAX_ROWS, MAX_COLUMNS = 20_050, 200
MAX_CELL = 10_000  # characters
MAX_TABLES = 50
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)")
SHEET_NAME = re.compile(r"<x:Name>\s*([^<]{1,60}?)\s*</x:Name>")
SCIENTIFIC = re.compile(r"\s*\d(\.\d+)?E\+?\d+\s*")
GB = {"gb2312", "gbk", "x-gbk", "gb_2312-80", "cp936", "gb18030"}
SILENT = {"style", "script", "title"}


class Beyond(Exception):
    """A cell outside the bounds; `answer` is what the child prints."""

    def __init__(self, code: str, **place: str) -> None:
        super().__init__(code)
        self.answer: dict[str, object] = {"refused": code, **place}


class Table:
    """One table as it grows: rows of text, merged ranges, computed cells (places from 1)."""

    def __init__(self) -> None:
        self.rows: list[list[object]] = []
        self.merges: list[list[int]] = []
        self.formulas: list[tuple[int, int]] = []
        self.taken: dict[int, int] = {}  # column index → first row (from 1) that is free again

    def next_row(self) -> None:
        self.rows.append([])

    def add(self, value: object, attributes: dict[str, str]) -> None:
        """Put a cell at the next free place of the last row."""
        if not self.rows:
            self.next_row()
        row, line = self.rows[-1], len(self.rows)
        while self.taken.get(len(row), 0) > line:
            row.append(None)
        at = len(row)
        if value and (at >= MAX_COLUMNS or line > MAX_ROWS):
            raise Beyond(
                "too_many_rows" if line > MAX_ROWS else "stray_cell",
                sheet="",
                cell=f"{letters(at + 1)}{line}",
            )
        across = min(span(attributes, "colspan"), MAX_COLUMNS - at)
        if across < 1:
            return  # blank and beyond: nothing to keep
        down = span(attributes, "rowspan")
        row += [value] + [None] * (across - 1)
        if "x:fmla" in attributes:
            self.formulas.append((line, at + 1))
        if across > 1 or down > 1:
            self.merges.append([line, at + 1, min(line + down - 1, MAX_ROWS), at + across])
        for column in range(at, at + across):
            self.taken[column] = line + down


def span(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name) or ""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class Reader(HTMLParser):
    """Collects the outermost tables; what a table inside a cell says is text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self.names: list[str] = []
        self.depth = 0
        self.silent = 0
        self.cell: dict[str, str] | None = None
        self.text: list[str] = []
        self.length = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self._open_table()
        elif tag in SILENT:
            self.silent += 1
        elif tag in ("br", "p", "div"):
            self.handle_data("\n")
        elif self.depth == 1 and tag == "tr":
            self._close_cell()
            self.tables[-1].next_row()
        elif self.depth == 1 and tag in ("td", "th"):
            self._close_cell()
            self.cell = {name: value or "" for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.depth:
            if self.depth == 1:
                self._close_cell()
            self.depth -= 1
        elif tag in SILENT and self.silent:
            self.silent -= 1
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.silent and self.length <= MAX_CELL:
            self.text.append(data[: MAX_CELL + 1])
            self.length += len(data)

    def handle_comment(self, data: str) -> None:
        self.names += SHEET_NAME.findall(data[:100_000])

    def _open_table(self) -> None:
        if len(self.tables) >= MAX_TABLES:
            raise Beyond("too_large")
        self.tables.append(Table())

    def _close_cell(self) -> None:
        if self.cell is None:
            return
        value: object = "".join(self.text).strip(" \t\r\n\xa0") or None
        number = self.cell.get("x:num", "")
        if value and number and SCIENTIFIC.fullmatch(str(value)):
            value = as_number(number) or value  # shown as 1.39E+10, held in full
        self.tables[-1].add(value, self.cell)
        self.cell, self.text, self.length = None, [], 0

    def close(self) -> None:
        super().close()
        if self.depth:
            self._close_cell()


def as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def decoded(content: bytes) -> str | None:
    """Return the text: by its mark, by the page's own word, else UTF-8, else GB18030."""
    marked = [name for mark, name in MARKS if content.startswith(mark)]
    found = CHARSET.search(content[:4096])
    declared = found[1].decode().lower() if found else "utf-8"
    said = "gb18030" if declared in GB else declared
    for encoding in marked or [said, "utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return None


def read_html(content: bytes) -> dict[str, object]:
    """Return `{"sheets": [{"name", "rows", "formulas", "merges"}]}` or `{"refused", …}`."""
    text = decoded(content)
    if text is None:
        return {"refused": "encoding"}
    reader = Reader()
    try:
        reader.feed(text)
        reader.close()
    except Beyond as beyond:
        return beyond.answer
    filled = [one for one in reader.tables if any(cell for row in one.rows for cell in row)]
    if not filled:
        return {"refused": "html_no_table"}
    if len(reader.names) == len(filled):
        names = reader.names
    else:
        names = [f"表{at}" if len(filled) > 1 else "" for at in range(1, len(filled) + 1)]
    return {
        "sheets": [
            {"name": name, "rows": one.rows, "formulas": one.formulas, "merges": one.merges}
            for name, one in zip(names, filled, strict=True)
        ]
    }
