"""Rows and roster → what the import would do: new, changed, unchanged, leaving, and the errors."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from members.models import Sex
from sectors.roster_import.accounts import Account, Accounts
from sectors.roster_import.complaints import RowError
from sectors.roster_import.differences import Difference, differences
from sectors.roster_import.matching import match, repeated_in_file, same_name
from sectors.roster_import.names import CommissionNames, SectorNames
from sectors.roster_import.roster import Person, Roster
from sectors.roster_import.rows import Reading, Row

PLACES = (1, 2, 3)
COMMISSIONS = 2  # a member sits in none, one or two
MEMBER_FIELDS = ("number", "name", "sex", "ethnicity", "birth_month", "parties", "work", "note")


@dataclass(slots=True)
class Entry:
    """One row with what will be true of its person after the import.

    `person` is None for somebody the committee never had; `fields` are the member columns that
    change (all given ones for a new member).
    """

    row: Row
    person: Person | None
    sector: str | None
    is_convenor: bool
    is_standing: bool
    commissions: list[str]
    fields: dict[str, Any]
    account: Account = field(default_factory=lambda: Account(None))
    place: int | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether the person enters: for the first time or again."""
        return self.person is None or not self.person.is_serving

    @property
    def name(self) -> str:
        return self.row.get("name") or ""

    @property
    def sex(self) -> str | None:
        return self.row.get("sex") or (self.person.sex if self.person else None)


@dataclass(slots=True)
class Plan:
    """What confirming would do. With any error it can only be shown."""

    roster: Roster
    entries: list[Entry]
    leaving: list[Person]
    errors: list[RowError]
    new_sectors: list[str]
    new_commissions: list[str]
    known: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def new(self) -> list[Entry]:
        return [one for one in self.entries if one.is_new]

    @property
    def changed(self) -> list[Entry]:
        return [one for one in self.entries if not one.is_new and one.differences]

    @property
    def unchanged(self) -> list[Entry]:
        return [one for one in self.entries if not one.is_new and not one.differences]

    def summary(self) -> dict[str, Any]:
        """Return the counts and errors, as `import_roster --json` prints them."""
        return {
            "rows": len(self.entries),
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "leaves": len(self.leaving),
            "errors": [one.as_dict() for one in self.errors],
            "sectors": dict(Counter(one.sector for one in self.entries if one.sector)),
            "convenors": sum(one.is_convenor for one in self.entries),
            "standing": sum(one.is_standing for one in self.entries),
            "female": sum(one.sex == Sex.FEMALE for one in self.entries),
        }


def empty_summary() -> dict[str, Any]:
    """Return the summary of a file that could not be read at all."""
    counts = ("rows", "new", "changed", "unchanged", "leaves", "convenors", "standing", "female")
    return {**dict.fromkeys(counts, 0), "errors": [], "sectors": {}}


def make_plan(reading: Reading, roster: Roster, *, is_partial: bool) -> Plan:
    """Return the plan of importing what was read into the roster as it stands."""
    matched, doubts = match(reading.rows, roster.people)
    sectors = SectorNames(roster.sectors, roster.aliases)
    commissions = CommissionNames(roster.commissions)
    entries = [
        _entry(row, matched.get(at), sectors, commissions) for at, row in enumerate(reading.rows)
    ]
    kept = {one.member_id for one in matched.values()}
    absent = [one for one in roster.people if one.is_serving and one.member_id not in kept]
    staying = absent if is_partial else []
    errors = [
        *_about_file(reading, roster), *reading.errors, *doubts, *repeated_in_file(reading.rows),
        *_missing(entries), *_accounts(entries, roster), *_places(entries, staying),
    ]  # fmt: skip
    for entry in entries:
        entry.differences = differences(entry)
    return Plan(
        roster=roster,
        entries=entries,
        leaving=[] if is_partial else absent,
        errors=_in_file_order(errors, reading),
        new_sectors=list(sectors.proposed.values()),
        new_commissions=list(commissions.proposed.values()),
        known=reading.known,
        ignored=reading.ignored,
    )


def _entry(
    row: Row, person: Person | None, sectors: SectorNames, commissions: CommissionNames
) -> Entry:
    """A missing column says nothing; a blank cell says no only in the last three columns here."""
    now = person if person and person.is_serving else None
    sector = now.sector if now else None
    if row.get("sector"):
        sector = sectors.find(row.get("sector"))
    convenes = bool(now and now.place and now.sector == sector)
    named = row.get("commissions")
    return Entry(
        row=row,
        person=person,
        sector=sector,
        is_convenor=row.values.get("is_convenor", convenes),
        is_standing=row.values.get("is_standing", bool(now and now.standing_id)),
        commissions=(commissions.find(named) if named else [])
        if "commissions" in row.values
        else list(now.commissions if now else ()),
        fields=_changed_fields(row, person),
    )


def _changed_fields(row: Row, person: Person | None) -> dict[str, Any]:
    given = {name: row.get(name) for name in MEMBER_FIELDS if row.get(name) is not None}
    if person is None:
        return given
    changed = {name: value for name, value in given.items() if value != getattr(person, name)}
    if same_name(changed.get("name", ""), person.name):
        del changed["name"]  # 王　伟 and 王伟 are one name
    if sorted(changed.get("parties", ())) == sorted(person.parties):
        changed.pop("parties", None)
    return changed


def _about_file(reading: Reading, roster: Roster) -> list[RowError]:
    errors = []
    if not reading.rows:
        errors.append(RowError("", 0, "", "no_rows", _("表头之下没有委员。")))
    if roster.term is None and roster.has_terms:
        sentence = _("%s不在任何一届的任期内。请先在后台登记届次。") % roster.on.isoformat()
        errors.append(RowError("", 0, "", "no_term", sentence))
    if roster.changed_after:
        sentence = _("名册在%s已有变动，生效日期不能早于该日。") % roster.changed_after.isoformat()
        errors.append(RowError("", 0, "", "date_too_early", sentence))
    return errors


def _missing(entries: list[Entry]) -> list[RowError]:
    errors = []
    for one in entries:
        row = one.row
        if one.sex is None and ("sex" in row.values or "sex" not in row.headers):
            errors.append(row.error("sex", "sex_missing", _("缺少性别。")))
        if one.sector is None and one.is_new and ("sector" in row.values or row.is_sound):
            errors.append(row.error("sector", "sector_missing", _("缺少界别。")))
        if len(one.commissions) > COMMISSIONS:
            sentence = _("每名委员最多参加两个专门委员会。")
            errors.append(row.error("commissions", "too_many_commissions", sentence))
    return errors


def _accounts(entries: list[Entry], roster: Roster) -> list[RowError]:
    accounts = Accounts(roster.committee, [(one.row, one.person) for one in entries], roster.people)
    errors = []
    for one in entries:
        one.account, wrong = accounts.of(one.row, one.person)
        errors += [wrong] if wrong else []
    return errors


def _places(entries: list[Entry], staying: list[Person]) -> list[RowError]:
    """Give the convenors of each sector their places; who convenes already keeps his."""
    free: dict[str | None, list[int]] = defaultdict(lambda: list(PLACES))
    for person in staying:
        if person.place in free[person.sector]:
            free[person.sector].remove(person.place)
    for one in entries:
        held = one.person.place if one.person and one.person.sector == one.sector else None
        if one.is_convenor and held in free[one.sector]:
            one.place = held
            free[one.sector].remove(held)
    errors = []
    for one in entries:
        if not one.is_convenor or one.place or one.sector is None:
            continue
        if free[one.sector]:
            one.place = free[one.sector].pop(0)
        else:
            sentence = _("界别“%s”的召集人超过三名。") % one.sector
            errors.append(one.row.error("is_convenor", "too_many_convenors", sentence))
    return errors


def _in_file_order(errors: list[RowError], reading: Reading) -> list[RowError]:
    sheets = {row.sheet: at for at, row in reversed(list(enumerate(reading.rows)))}
    columns = {(row.sheet, title): at for row in reading.rows for title, at in row.headers.values()}

    def place(one: RowError) -> tuple[int, int, int]:
        return sheets.get(one.sheet, -1), one.row, columns.get((one.sheet, one.column), -1)

    return sorted(errors, key=place)
