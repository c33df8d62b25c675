"""A column's cells → what each says, every distinct text judged once.

Ten thousand rows hold a few hundred distinct texts in most columns, and in the others hardly one
that is not its own value. So the readers of `cells` are asked for the rest only.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from types import NoneType
from typing import Any

from sectors.roster_import.cells import NOTHING, PLAIN, READERS, is_formula, split_annotation
from sectors.roster_import.columns import BY_NAME, plain_header
from sectors.roster_import.complaints import Complaint
from sectors.roster_import.readings import formula_sentence

# Only texts and blanks are remembered: 1, 1.0 and True are one key of a dict, but not one cell.
REMEMBERED = {str, NoneType}


class Column(dict[Any, Any]):
    """Text → its value in one column, or the Complaint about it.

    Rows share what is remembered, lists as well: nobody may change a value in place.
    """

    def __init__(self, fieldname: str, on: datetime.date) -> None:
        super().__init__()
        self.read = READERS[fieldname]
        self.on = on
        self.is_plain = PLAIN[fieldname].fullmatch if fieldname in PLAIN else None

    def __missing__(self, text: str | None) -> Any:
        is_plain = self.is_plain is not None and text and self.is_plain(text)
        said = text if is_plain and text not in NOTHING else self.judged(text)
        self[text] = said
        return said

    def all(self, cells: Iterable[Any]) -> list[Any]:
        """Return what each cell says, in order."""
        return [self[one] if type(one) in REMEMBERED else self.judged(one) for one in cells]

    def judged(self, cell: Any) -> Any:
        """Return the value or the Complaint, without looking it up."""
        if is_formula(cell):
            return computed()
        try:
            return self.value(cell)
        except Complaint as wrong:
            return wrong.with_traceback(None)

    def value(self, cell: Any) -> Any:
        return self.read(cell, self.on)


class Names(Column):
    """The column of names. `said` holds what stands in brackets after a name: sex, ethnicity.

    `titles` are the texts that are a column's name: there the header is printed once more.
    """

    def __init__(self, fieldname: str, on: datetime.date) -> None:
        super().__init__(fieldname, on)
        self.said: dict[Any, dict[str, str]] = {}
        self.titles: set[Any] = set(BY_NAME)

    def value(self, cell: Any) -> Any:
        if plain_header(cell) in BY_NAME:
            self.titles.add(cell)
        name, said = split_annotation(cell)
        if said:
            self.said[cell] = said
        return self.read(name, self.on)

    def is_beside_more(self, cell: Any, said: tuple[Any, ...]) -> bool:
        """Whether `cell` says a name and its line, of which all is `said`, something else too."""
        return bool(self.get(cell)) and cell not in self.titles and sum(map(bool, said)) > 1


def computed() -> Complaint:
    return Complaint("formula", formula_sentence())
