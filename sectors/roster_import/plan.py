"""Rows and roster → what the import would do: new, changed, unchanged, leaving, and the errors."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from members.models import Sex
from sectors.roster_import.accounts import Account, Accounts
from sectors.roster_import.blocks import block_errors
from sectors.roster_import.complaints import RowError
from sectors.roster_import.differences import Difference, differences
from sectors.roster_import.joining import join_lists
from sectors.roster_import.lists import HEAD
from sectors.roster_import.matching import match, repeated_in_file, same_name
from sectors.roster_import.names import CommissionNames, SectorNames, StreetNames
from sectors.roster_import.readings import Reading, Row
from sectors.roster_import.roster import Person, Roster, load_ties
from sectors.roster_import.tie_plan import TiePlan, plan_ties
from sectors.roster_import.ties import Tie

PLACES = (1, 2, 3)
NONE_YET = Account(None)
COMMISSIONS = 2  # a member sits in none, one or two
MEMBER_FIELDS = ("number", "name", "sex", "ethnicity", "birth_month", "parties", "work", "note")


@dataclass(slots=True)
class Entry:
    """One row with what will be true of its person after the import.

    `person` is None for somebody the committee never had; `fields` are the member columns that
    change (all given ones for a new member). `duties` commission → duty where a list tells it,
    `column` the commissions of the row's own column; `street` the street group and whether as its
    head, empty for none, None where the file says nothing.
    """

    row: Row
    person: Person | None
    sector: str | None
    is_convenor: bool
    is_standing: bool
    commissions: list[str]
    fields: dict[str, Any]
    account: Account = NONE_YET
    place: int | None = None
    duties: dict[str, str] = field(default_factory=dict)
    column: list[str] | None = None
    street: list[tuple[str, bool]] | None = None
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
    new_streets: list[str] = field(default_factory=list)
    ties: TiePlan = field(default_factory=TiePlan)
    said: list[Tie] = field(default_factory=list)

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
    if needs_ties(reading):
        load_ties(roster)
    unlisted = join_lists(reading, roster, is_partial=is_partial)
    has_people = any(not row.get("member_id") for row in reading.rows)
    is_partial = is_partial or not has_people
    matched, doubts = match(reading.rows, roster.people)
    sectors = SectorNames(roster.sectors, roster.aliases)
    commissions = CommissionNames(roster.commissions)
    streets = StreetNames(roster.ties.streets if roster.ties else ())
    names = (sectors, commissions, streets)
    entries = [
        _entry(row, matched.get(at), names, adds=is_partial) for at, row in enumerate(reading.rows)
    ]
    kept = {one.member_id for one in matched.values()}
    absent = [one for one in roster.people if one.is_serving and one.member_id not in kept]
    staying = absent if is_partial else []
    blocks = block_errors(entries)
    errors = [
        *_about_file(reading, roster), *reading.errors, *unlisted, *doubts,
        *repeated_in_file(reading.rows), *blocks, *_missing(entries, blocks),
        *_accounts(entries, roster), *_places(entries, staying),
    ]  # fmt: skip
    ties = plan_ties(reading.ties, roster, entries, (sectors, commissions), is_partial=is_partial)
    errors += ties.errors
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
        new_streets=list(streets.proposed.values()),
        ties=ties,
        said=reading.ties,
    )


def needs_ties(reading: Reading) -> bool:
    """Whether what was read speaks of street groups, pairings or leaders' contacts."""
    values = ("street_list", "street_group")
    spoken = any(name in row.values for row in reading.rows for name in values)
    return bool(reading.ties or "streets" in reading.kinds or spoken)


def _entry(
    row: Row,
    person: Person | None,
    names: tuple[SectorNames, CommissionNames, StreetNames],
    *,
    adds: bool,
) -> Entry:
    """A missing column says nothing; a blank cell says no only in the last three columns here.

    `adds`: the commissions' lists add to what is, as in a partial file; else they are all there is.
    """
    sectors, commissions, streets = names
    now = person if person and person.is_serving else None
    sector = now.sector if now else None
    if row.get("sector"):
        sector = sectors.find(row.get("sector"))
    convenes = bool(now and now.place and now.sector == sector)
    named = row.get("commissions")
    column = (commissions.find(named) if named else []) if "commissions" in row.values else None
    listed = _listed(row, commissions)
    sits = column if column is not None else list(now.commissions if now else ())
    if listed is not None:
        sits = list(dict.fromkeys([*sits, *listed])) if adds else list(listed)
    return Entry(
        row=row,
        person=person,
        sector=sector,
        is_convenor=row.values.get("is_convenor", convenes),
        is_standing=row.values.get("is_standing", bool(now and now.standing_id)),
        commissions=sits,
        fields=_changed_fields(row, person),
        duties={name: duty for name, duty in (listed or {}).items() if duty},
        column=column if listed is not None else None,
        street=_street(row, streets),
    )


def _listed(row: Row, commissions: CommissionNames) -> dict[str, str | None] | None:
    """Return commission → duty as the commissions' lists tell, None where there are none."""
    if "commission_list" not in row.values:
        return None
    said = row.get("commission_list")
    return {name: duty for text, duty in said for name in commissions.find(text)}


def _street(row: Row, streets: StreetNames) -> list[tuple[str, bool]] | None:
    if "street_list" in row.values:
        said = row.get("street_list")
        return [(streets.find(group), duty == HEAD) for group, duty in said]
    return [(streets.find(row.get("street_group")), False)] if row.get("street_group") else None


def _changed_fields(row: Row, person: Person | None) -> dict[str, Any]:
    said = row.values.get
    given = {name: value for name in MEMBER_FIELDS if (value := said(name)) is not None}
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
    if not reading.rows and not reading.ties:
        errors.append(RowError("", 0, "", "no_rows", _("表头之下没有委员。")))
    if roster.term is None and roster.has_terms:
        sentence = _("%s不在任何一届的任期内。请先在后台登记届次。") % roster.on.isoformat()
        errors.append(RowError("", 0, "", "no_term", sentence))
    if roster.changed_after:
        sentence = _("名册在%s已有变动，生效日期不能早于该日。") % roster.changed_after.isoformat()
        errors.append(RowError("", 0, "", "date_too_early", sentence))
    return errors


def _missing(entries: list[Entry], told: list[RowError]) -> list[RowError]:
    """`told` has complained of some blank sectors already, and better."""
    errors = []
    complained = {(one.sheet, one.row) for one in told}
    for one in entries:
        row = one.row
        if one.sex is None and ("sex" in row.values or "sex" not in row.headers):
            errors.append(row.error("sex", "sex_missing", _("缺少性别。")))
        lacks = one.sector is None and one.is_new and (row.sheet, row.line) not in complained
        if lacks and ("sector" in row.values or row.is_sound):
            errors.append(row.error("sector", "sector_missing", _("缺少界别。")))
        if one.column is not None and set(one.column) != set(one.commissions):
            sentence = _("所属专委会与专委会名单不一致，请核对。")
            errors.append(row.error("commissions", "lists_differ", sentence))
        if one.street and row.get("street_group") not in (None, "", *_said_groups(row)):
            sentence = _("委员组与委员组名单不一致，请核对。")
            errors.append(row.error("street_group", "lists_differ", sentence))
        if len(one.commissions) > COMMISSIONS:
            sentence = _("每名委员最多参加两个专门委员会，导入后将有：%s。")
            sentence %= _("、").join(one.commissions)
            errors.append(row.error("commissions", "too_many_commissions", sentence))
    return errors


def _said_groups(row: Row) -> list[str]:
    return [group for group, _duty in row.get("street_list") or [[row.get("street_group"), ""]]]


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
    if not errors:
        return []
    sheets = {name: at for at, name in enumerate(reading.sheets)}
    placed = [*reading.rows, *(one.row for one in [*reading.lists, *reading.ties])]
    columns = {(row.sheet, title): at for row in placed for title, at in row.headers.values()}

    def place(one: RowError) -> tuple[int, int, int]:
        return sheets.get(one.sheet, -1), one.row, columns.get((one.sheet, one.column), -1)

    return sorted(errors, key=place)
