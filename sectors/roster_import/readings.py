"""What was read of a file: rows of people, lists, ties, and every complaint at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from committees.sealed import twin
from sectors.roster_import.columns import plain_header
from sectors.roster_import.complaints import RowError, column_letters
from sectors.roster_import.headers import Header
from sectors.roster_import.reading import Sheet

SERIAL = ("序号", "编号", "No", "NO.")  # counts the lines and is nobody's number


@dataclass(slots=True)
class Row:
    """One person of the file. `values` has a key for every known column of the file, no other.

    Values: text, ISO date (birth_month), list of codes (parties), bool, or None for a blank cell.
    `headers` gives field → (header text, column index) for complaints that come later.
    """

    sheet: str
    line: int
    values: dict[str, Any]
    headers: dict[str, tuple[str, int]]
    is_sound: bool = True
    _twin: str | None = field(default=None, init=False, repr=False, compare=False)

    def error(self, fieldname: str, code: str, message: str) -> RowError:
        """Return a complaint placed at the cell of `fieldname`, or at the row when it has none."""
        title, at = self.headers.get(fieldname, ("", -1))
        cell = f"{column_letters(at)}{self.line}" if at >= 0 else ""
        return RowError(self.sheet, self.line, title, code, message, cell)

    def get(self, fieldname: str) -> Any:
        return self.values.get(fieldname)

    @property
    def phone_twin(self) -> str | None:
        """The twin of the phone, made once: the row is looked for by it, and stored with it."""
        if self._twin is None and (phone := self.values.get("phone")):
            self._twin = twin(phone)
        return self._twin


@dataclass(slots=True)
class Reading:
    """What a file said: `rows` in its order and everything wrong with single cells.

    `known` and `ignored` are the header texts that were understood and that were not. `lists` are
    the commissions' and street groups' lists, `ties` the statements of 对口联系 and 领导联系
    (`lists.py`), `sheets` the names of the sheets that were read.
    """

    rows: list[Row] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    lists: list[Any] = field(default_factory=list)
    ties: list[Any] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)


def tell_columns(sheet: Sheet, header: Header, known: set[int], reading: Reading) -> None:
    """Note which columns were understood; one that is there twice is an error."""
    for at, title in header.titles.items():
        heard = reading.known if at in known or at in header.twice else reading.ignored
        if title and title not in heard and title not in SERIAL:
            heard.append(title)
    if header.unclear is not None:
        title, line = header.titles[header.unclear], header.bottom + 1
        sentence = _("“%s”是名单中的职务还是单位职务不能确定，请改为“专委会职务”或“单位职务”。")
        cell = f"{column_letters(header.unclear)}{line}"
        reading.errors.append(
            RowError(sheet.name, line, title, "duty_unclear", sentence % title, cell)
        )
    for at in header.twice:
        title, line = header.titles[at], header.bottom + 1
        reading.errors.append(
            RowError(
                sheet.name, line, title, "column_twice",
                _("列“%s”出现两次，请只保留一列。") % plain_header(title),
                f"{column_letters(at)}{line}",
            )
        )  # fmt: skip


def formula_sentence() -> str:
    return _("单元格是公式或像公式，请改为文字或数字后重新上传。")
