"""The sheets of an XML spreadsheet of 2003: `read_xml(content)` for `workbook_child`.

Only the standard library is imported: the child runs this file alone. Expat fetches nothing, and a
document type, with whatever entities it would declare, is refused.
"""

import datetime
from typing import Any
from xml.parsers import expat

MAX_ROWS, MAX_COLUMNS, MAX_CELL, MAX_MERGES = 20_050, 200, 10_000, 50_000


class Beyond(Exception):
    """A cell outside the bounds; `answer` is what the child prints."""

    def __init__(self, code: str, **place: str) -> None:
        super().__init__(code)
        self.answer: dict[str, object] = {"refused": code, **place}


class Book:
    """What the parser tells, as it comes; `line` and `at` count rows and columns from 1."""

    def __init__(self) -> None:
        self.sheets: list[dict[str, Any]] = []
        self.line = self.at = self.next_line = self.next_at = 1
        self.kind: str | None = None  # of the data that is open
        self.text = ""

    def start(self, tag: str, given: dict[str, str]) -> None:
        tag, told = plain(tag), {plain(name): value for name, value in given.items()}
        if tag == "Worksheet":
            self.sheets.append({"name": told.get("Name", ""), "rows": [], "formulas": []})
            self.sheets[-1]["merges"] = []
            self.next_line = 1
        elif tag == "Row":
            self.line, self.next_at = number(told, "Index", self.next_line), 1
            self.next_line = self.line + 1 + number(told, "Span", 0)
        elif tag == "Cell":
            across, down = number(told, "MergeAcross", 0), number(told, "MergeDown", 0)
            self.at = number(told, "Index", self.next_at)
            self.next_at = self.at + 1 + across
            if across or down:
                range_ = [self.line, self.at, self.line + down, self.at + across]
                self.sheets[-1]["merges"].append(range_)
            if "Formula" in told:
                self.sheets[-1]["formulas"].append((self.line, self.at))
            if len(self.sheets[-1]["merges"]) > MAX_MERGES:
                raise Beyond("too_large")
        elif tag in ("Data", "Visible", "Comment"):
            self.kind, self.text = told.get("Type") if tag == "Data" else tag, ""

    def say(self, text: str) -> None:
        if self.kind and len(self.text) <= MAX_CELL:
            self.text += text

    def end(self, tag: str) -> None:
        if plain(tag) == "Data" and self.kind and self.text:
            self.put(value(self.kind, self.text))
        elif plain(tag) == "Visible" and self.text.startswith("Sheet"):  # SheetHidden
            self.sheets.pop()
        if plain(tag) in ("Data", "Visible", "Comment"):
            self.kind = None

    def put(self, found: object) -> None:
        if self.line > MAX_ROWS or self.at > MAX_COLUMNS:
            code = "too_many_rows" if self.line > MAX_ROWS else "stray_cell"
            raise Beyond(code, sheet=self.sheets[-1]["name"], cell=f"R{self.line}C{self.at}")
        rows = self.sheets[-1]["rows"]
        rows += [[] for _ in range(self.line - len(rows))]
        row = rows[self.line - 1]
        row += [None] * (self.at - len(row))
        row[self.at - 1] = found


def plain(name: str) -> str:
    return name.rpartition(" ")[2]


def number(told: dict[str, str], name: str, otherwise: int) -> int:
    text = told.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else otherwise


def value(kind: str, text: str) -> object:
    if kind == "Number":
        return int(float(text)) if float(text).is_integer() else float(text)
    if kind == "DateTime":
        return {"date": datetime.datetime.fromisoformat(text).date().isoformat()}
    return text == "1" if kind == "Boolean" else text


def read_xml(content: bytes) -> dict[str, object]:
    """Return `{"sheets": [{"name", "rows", "formulas", "merges"}]}` or `{"refused", …}`."""
    book = Book()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = book.start, book.end
    parser.CharacterDataHandler = book.say
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except Beyond as beyond:
        return beyond.answer
    return {"sheets": book.sheets}


def refuse(*_doctype: object) -> None:
    raise Beyond("broken")
