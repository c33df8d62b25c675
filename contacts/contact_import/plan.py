"""Rows and book → what the import would do: new, changed, unchanged, and the errors."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from committees.sealed import masked_phone, twin
from contacts.contact_import.book import Book, Known, Person
from contacts.models import Contact
from members.name_order import ranked_characters
from sectors.roster_import.complaints import RowError
from sectors.roster_import.names import SectorNames
from sectors.roster_import.rows import Reading, Row


@dataclass(slots=True)
class Entry:
    """One row with the contact it means; `values` are the columns it writes."""

    row: Row
    person: Person | None
    known: Known | None
    values: dict[str, Any] = field(default_factory=dict)
    differences: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """What confirming would do. With any error it can only be shown."""

    book: Book
    entries: list[Entry]
    errors: list[RowError]
    known: list[str]
    ignored: list[str]

    @property
    def new(self) -> list[Entry]:
        return [one for one in self.entries if one.person and one.known is None]

    @property
    def changed(self) -> list[Entry]:
        return [one for one in self.entries if one.known and one.differences]

    @property
    def unchanged(self) -> list[Entry]:
        return [one for one in self.entries if one.known and not one.differences]

    def counts(self) -> dict[str, int]:
        return {
            "rows": len(self.entries),
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
        }

    def report(self) -> dict[str, Any]:
        return {
            **self.counts(),
            "errors": [one.as_dict() for one in self.errors],
            "known": self.known,
            "ignored": self.ignored,
            "groups": {
                name: [_shown(one) for one in getattr(self, name)]
                for name in ("new", "changed", "unchanged")
            },
        }


def _shown(entry: Entry) -> dict[str, Any]:
    person, known = entry.person, entry.known
    kind = entry.values.get("kind") or (known.kind if known else Contact.Kind.PERSON)
    return {
        "name": entry.row.get("name"),
        "kind": str(Contact.Kind(kind).label),
        "phone": masked_phone(entry.row.get("phone") or ""),
        "place": entry.row.get("place") or "",
        "member": person.name if person else "",
        "sector": (person.sector if person else "") or "",
        "differences": entry.differences,
    }


def make_plan(reading: Reading, book: Book) -> Plan:
    """Return the plan of importing what was read into the book as it stands."""
    sectors = SectorNames(book.sectors, book.aliases)
    errors = [*reading.errors]
    if not reading.rows:
        errors.append(RowError("", 0, "", "no_rows", _("表头之下没有联系人。")))
    entries, taken = [], dict[Any, Row]()
    for row in reading.rows:
        person, wrong = _member(row, book, sectors)
        known = None
        if person is not None and row.get("name"):
            known, more = _known(row, person, book, taken)
            wrong += more
        entry = Entry(row, person, known)
        wrong += _fill(entry, book)
        errors += wrong
        entries.append(entry)
    places = {(row.sheet, row.line): at for at, row in enumerate(reading.rows)}
    errors.sort(key=lambda one: places.get((one.sheet, one.row), -1))
    return Plan(book, entries, errors, reading.known, reading.ignored)


def _member(row: Row, book: Book, sectors: SectorNames) -> tuple[Person | None, list[RowError]]:
    """The serving member by 委员证号, else by name; namesakes are told apart by their sector."""
    number, name, sector = row.get("number"), row.get("member"), row.get("sector")
    column = "member" if "member" in row.headers else "number"
    if not (number or name):
        is_read = column in row.values
        said = [row.error(column, "member_missing", _("缺少联系委员。"))] if is_read else []
        return None, said
    found = [one for one in book.people if number and one.number == number]
    if name:
        wanted = ranked_characters(name)
        named = [one for one in book.people if ranked_characters(one.name) == wanted]
        found = [one for one in found if one in named] if number else named
    if sector and len(found) > 1:
        found = [one for one in found if one.sector == sectors.find(sector)]
    if len(found) == 1:
        if found[0].sector_id is None:
            sentence = _("委员%s目前没有界别，请先安排界别。") % found[0].name
            return None, [row.error(column, "no_sector", sentence)]
        return found[0], []
    if found:
        sentence = _("有多名委员叫“%s”，请填写委员证号或界别。") % name
        return None, [row.error(column, "member_twice", sentence)]
    sentence = _("没有找到在任委员“%s”。") % (name or number)
    return None, [row.error(column, "member_unknown", sentence)]


def _known(
    row: Row, person: Person, book: Book, taken: dict[Any, Row]
) -> tuple[Known | None, list[RowError]]:
    """The contact the row means: the member's by phone, else by name; never a guess."""
    phone, name = row.get("phone"), ranked_characters(row.get("name"))
    mark = twin(phone) if phone else None
    known = book.by_phone.get((person.member_id, mark)) if mark else None
    if known is None:
        same = book.by_name.get((person.member_id, name), [])
        if len(same) > 1:
            sentence = _("该委员有两名以上同名联系人，请填写原登记的联系电话。")
            return None, [row.error("name", "two_candidates", sentence)]
        known = same[0] if same else None
    keys: list[Any] = [("phone", person.member_id, mark)] if mark else []
    if known:
        keys.append(("row", known.pk))
    elif not mark:
        keys.append(("name", person.member_id, name))
    for key in keys:
        if (first := taken.setdefault(key, row)) is not row:
            column = "phone" if key[0] == "phone" else "name"
            sentence = _("与第 %d 行是同一名联系人。") % first.line
            return known, [row.error(column, "contact_twice", sentence)]
    return known, []


def _fill(entry: Entry, book: Book) -> list[RowError]:
    """What the row writes; a missing column or a blank cell leaves what is there."""
    row, known = entry.row, entry.known
    values = {
        name: row.get(name)
        for name in ("kind", "name", "phone", "place")
        if row.get(name) is not None
    }
    errors = []
    if area := row.get("area"):
        if area in book.areas:
            values["area_id"] = book.areas[area]
        else:
            sentence = _("没有名为“%s”的界别责任区，请先登记。") % area
            errors.append(row.error("area", "area_unknown", sentence))
    day = row.get("consented_on")
    if day:
        values["consented_on"] = datetime.date.fromisoformat(day)
        if values["consented_on"] > timezone.localdate():
            errors.append(row.error("consented_on", "future", _("日期不能晚于今天。")))
    entry.values = values
    kind = values.get("kind") or (known.kind if known else Contact.Kind.PERSON)
    has_consent = bool(day) or (known is not None and known.consented_on is not None)
    can_say = "consented_on" in row.values or "consented_on" not in row.headers
    if kind == Contact.Kind.PERSON and not has_consent and can_say:
        sentence = _("登记个人须先征得本人同意，请填写同意日期。")
        errors.append(row.error("consented_on", "no_consent", sentence))
    if known is not None:
        entry.differences = _differences(values, known, book)
    return errors


def _differences(values: dict[str, Any], known: Known, book: Book) -> list[list[str]]:
    """`[label, before, after]` of every column that changes; phones only masked."""
    areas = {pk: name for name, pk in book.areas.items()}
    found = []
    for name, label in (("name", _("姓名或单位名称")), ("place", _("所在社区（单位）"))):
        if name in values and values[name] != getattr(known, name):
            found.append([label, getattr(known, name), values[name]])
    if "kind" in values and values["kind"] != known.kind:
        pair = [str(Contact.Kind(kind).label) for kind in (known.kind, values["kind"])]
        found.append([_("类型"), *pair])
    if "phone" in values and twin(values["phone"]) != known.phone_twin:
        before = _("已有号码") if known.phone_twin else ""
        found.append([_("联系电话"), before, masked_phone(values["phone"])])
    if "area_id" in values and values["area_id"] != known.area_id:
        before = areas.get(known.area_id, "") if known.area_id else ""
        found.append([_("界别责任区"), before, areas[values["area_id"]]])
    day = values.get("consented_on")
    if day and day != known.consented_on:
        before = known.consented_on.isoformat() if known.consented_on else ""
        found.append([_("本人同意日期"), before, day.isoformat()])
    if not known.is_active:
        found.append([_("状态"), _("已停用"), _("使用中")])
    elif not known.is_confirmed:
        found.append([_("状态"), _("待确认"), _("已确认")])
    return found
