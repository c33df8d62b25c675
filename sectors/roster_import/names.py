"""Which sector or commission a cell means: offices spell the same one in several ways."""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from sectors.roster_import.complaints import Complaint

LONGEST_NAME = 5  # parts of one name that holds 、
ALIASES = Path(__file__).resolve().parents[1] / "data" / "sector_aliases.csv"


def plain_sector(text: str) -> str:
    """Return a sector's name without blanks, leading number, quotes and the ending 界 or 界别."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    text = re.sub(r"^\d+[.、)]?", "", text).strip("“”\"'《》").replace(",", "、")
    return re.sub(r"(?<=.)界别?$", "", text)


def plain_commission(text: str) -> str:
    """Return a commission's name without blanks, ending in 委 however long it was written."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"委员会$", "委", text)


def split_known(text: str, known: Callable[[str], str | None]) -> list[str]:
    """Return the names joined in a cell by 、 ， ； / or blanks; a name may hold 、 itself.

    Raises Complaint for a name nobody knows, and where the parts of a joined name are names too.
    """
    if found := known(text):
        return [found]
    parts = [part for part in re.split(r"[、，,;；/\s]+", text) if part]
    names, at = [], 0
    while at < len(parts):
        ends = range(min(len(parts), at + LONGEST_NAME), at, -1)
        end = next((end for end in ends if known("、".join(parts[at:end]))), None)
        if end is None:
            raise Complaint(
                "name_unknown", _("“%s”无法识别，请按已登记的名称填写。") % parts[at][:20]
            )
        if end - at > 1 and all(map(known, parts[at:end])):
            sentence = _("“%s”是一个还是几个不能确定，请分行填写。") % "、".join(parts[at:end])[:40]
            raise Complaint("name_ambiguous", sentence)
        names.append(known("、".join(parts[at:end])) or "")
        at = end
    return list(dict.fromkeys(names))


@cache
def shipped_aliases() -> dict[str, str]:
    """Return plain alias → canonical name, as seen in published rosters, plans and pages."""
    with ALIASES.open(encoding="utf-8-sig", newline="") as lines:
        return {plain_sector(row["alias"]): row["canonical"] for row in csv.DictReader(lines)}


class SectorNames:
    """Finds the sector meant by a cell: own name, then the committee's alias, then a shipped one.

    A name nobody knows is proposed as a new sector, in the order of the file.
    """

    def __init__(self, own: Iterable[str], aliases: dict[str, str]) -> None:
        """`own`: names of the committee's sectors; `aliases`: alias → own name."""
        self.own = list(own)
        self.exact = set(self.own)
        self.plain: dict[str, str] = {}
        for name in self.own:
            self.plain.setdefault(plain_sector(name), name)
        self.aliases = {plain_sector(alias): name for alias, name in aliases.items()}
        self.proposed: dict[str, str] = {}
        self.found: dict[str, str] = {}  # many rows name one sector

    def find(self, text: str) -> str:
        """Return the sector's name: one of `own`, or a proposed one."""
        if text not in self.found:
            new = re.sub(r"^\d+", "", text.strip()) or text
            known = self._known(text)
            self.found[text] = known or self.proposed.setdefault(plain_sector(text), new)
        return self.found[text]

    def known(self, text: str) -> str | None:
        """Return the sector's name if there is one, or if it is proposed already."""
        return self._known(text) or self.proposed.get(plain_sector(text))

    def _known(self, text: str) -> str | None:
        plain = plain_sector(text)
        if text in self.exact:
            return text
        return self.plain.get(plain) or self.aliases.get(plain) or self._shipped(plain)

    def _shipped(self, plain: str) -> str | None:
        canonical = shipped_aliases().get(plain)
        return self.plain.get(plain_sector(canonical)) if canonical else None


class CommissionNames:
    """Finds the commissions meant by a cell, which may name two."""

    def __init__(self, own: Iterable[str]) -> None:
        self.plain = {plain_commission(name): name for name in own}
        self.proposed: dict[str, str] = {}

    def find(self, text: str) -> list[str]:
        """Return the names, each once: known ones in their own spelling, others as proposed."""
        if plain_commission(text) in self.plain:
            return [self.plain[plain_commission(text)]]
        parts = [part.strip() for part in re.split(r"[、，,;；/]", text) if part.strip()]
        if not all(plain_commission(part).endswith("委") for part in parts):
            parts = [text]
        return list(dict.fromkeys(self._one(part) for part in parts))

    def known(self, text: str) -> str | None:
        """Return the commission's name if there is one, or if it is proposed already."""
        plain = plain_commission(text)
        return self.plain.get(plain) or self.proposed.get(plain)

    def _one(self, text: str) -> str:
        plain = plain_commission(text)
        full = re.sub(r"委$", "委员会", text)  # the name of one that is new is not its short form
        return self.plain.get(plain) or self.proposed.setdefault(plain, full)


class StreetNames:
    """Finds the street group meant by a cell: its blanks, and 委员组 at its end, do not count."""

    def __init__(self, own: Iterable[str]) -> None:
        self.plain = {plain_street(name): name for name in own}
        self.proposed: dict[str, str] = {}

    def find(self, text: str) -> str:
        """Return the group's name: an own one, or a proposed one."""
        plain = plain_street(text)
        return self.plain.get(plain) or self.proposed.setdefault(plain, text)


def plain_street(text: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"(?<=.)(政协)?委员(小)?组$", "", text)
