"""The whole folder."""

from tests.sectors.roster_folder import cases, sheets, wrong
from tests.sectors.roster_folder.cases import Case


def folder() -> list[Case]:
    """Every case with its oracle; the same on every call."""
    return [*cases.folder(), *sheets.books(), *wrong.refused()]
