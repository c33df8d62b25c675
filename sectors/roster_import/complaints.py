"""What is wrong with a file or a cell, in a sentence the office can act on."""

from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError


class FileRefused(ValidationError):
    """The file as a whole cannot be read; the message says what to do."""


class Complaint(ValueError):
    """One cell cannot be taken; `code` for programs, `sentence` for people."""

    def __init__(self, code: str, sentence: Any) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class RowError:
    """A complaint and its place. `row` is the row number as a spreadsheet shows it, 0 for the file.

    `column` is the header's text in the file, `cell` the reference (E12) where there is one.
    """

    sheet: str
    row: int
    column: str
    code: str
    message: str
    cell: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_file(cls, refused: ValidationError) -> "RowError":
        """Return a refusal of the whole file as a complaint like the others."""
        return cls(
            "", 0, "", getattr(refused, "code", None) or "refused", " ".join(refused.messages)
        )


def column_letters(index: int) -> str:
    """Return the letters of a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
