"""Lists of commissions and street groups → the rows of the people they name.

What a list says becomes a value of the person's row, so that one plan covers both:
`commission_list` [[commission, duty], …] and `street_list` [[group, duty], …]. In a whole roster a
list is the whole truth for the members of the file: who is in no list sits in none. In a partial
one, or a file of lists alone, a list adds and changes what it names and ends nothing it does not.
Somebody of the roster whom the file's own members do not include gets a row with nothing but the
name and `member_id`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from members.name_order import ranked_characters
from sectors.roster_import.complaints import RowError
from sectors.roster_import.lists import Listed
from sectors.roster_import.names import plain_commission
from sectors.roster_import.readings import Reading, Row
from sectors.roster_import.roster import Person, Roster

VALUES = {"commissions": "commission_list", "streets": "street_list"}


class Names:
    """Finds the row or the member a list's name means."""

    def __init__(self, reading: Reading, roster: Roster, *, is_whole: bool) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.people: dict[str, list[Person]] = defaultdict(list)
        self.added: dict[int, Row] = {}
        for row in reading.rows:
            self.rows[ranked_characters(row.get("name") or "")].append(row)
        for one in roster.people if not is_whole else ():
            if one.is_serving:
                self.people[ranked_characters(one.name)].append(one)

    def find(self, listed: Listed) -> list[Row]:
        """Return the rows that may be meant: one, or none, or the namesakes."""
        name, telling = ranked_characters(listed.name), listed.telling
        rows = [one for one in self.rows[name] if _fits(telling, _of_row(one))]
        if rows:
            return rows
        people = [one for one in self.people[name] if _fits(telling, _of_person(one))]
        return [self.added.get(one.member_id) or self._added(one, listed) for one in people]

    def _added(self, person: Person, listed: Listed) -> Row:
        values = {"name": person.name, "member_id": person.member_id}
        return Row(listed.row.sheet, listed.row.line, values, listed.row.headers)


def _of_row(row: Row) -> dict[str, Any]:
    return {**row.values, "phone_twin": row.phone_twin}


def _of_person(person: Person) -> dict[str, Any]:
    named = ("number", "birth_month", "sex", "phone_twin")
    return {name: getattr(person, name) for name in named}


def _fits(telling: dict[str, str], known: dict[str, Any]) -> bool:
    return all(known.get(name) in (value, None, "") for name, value in telling.items())


def join_lists(reading: Reading, roster: Roster, *, is_partial: bool) -> list[RowError]:
    """Write the lists into `reading.rows`; return what is wrong with them."""
    present = [kind for kind in VALUES if kind in reading.kinds]
    if not present:
        return []
    is_whole = bool(reading.rows) and not is_partial
    for row in reading.rows if is_whole else ():
        row.values.update({VALUES[kind]: [] for kind in present})
    names = Names(reading, roster, is_whole=is_whole)
    errors = []
    for listed in reading.lists:
        found = names.find(listed)
        if len(found) != 1:
            errors.append(_not_one(listed, len(found), is_whole))
        else:
            errors += _join(listed, found[0], names)
    reading.rows += names.added.values()
    return errors


def _not_one(listed: Listed, number: int, is_whole: bool) -> RowError:
    if number:
        sentence = _("有 %(count)d 名委员叫“%(name)s”，请在本表加填委员证号或手机号码。") % {
            "count": number,
            "name": listed.name,
        }
        return listed.row.error(listed.fieldname, "listed_namesakes", sentence)
    if is_whole:
        sentence = _("本文件的名册中没有“%s”，请核对姓名。") % listed.name
    else:
        sentence = _("在任委员中没有“%s”，请核对姓名。") % listed.name
    return listed.row.error(listed.fieldname, "listed_unknown", sentence)


def _join(listed: Listed, row: Row, names: Names) -> list[RowError]:
    if member_id := row.get("member_id"):
        names.added[member_id] = row
    held = row.values.setdefault(VALUES[listed.kind], [])
    plain = plain_commission(listed.group)
    for group, duty in held:
        if plain_commission(group) == plain:
            if duty == listed.duty:
                return []  # the same thing said twice
            sentence = _("“%s”在同一名单中出现两次，职务不同，请核对。") % listed.name
            return [listed.row.error(listed.fieldname, "listed_twice", sentence)]
    if listed.kind == "streets" and held:
        sentence = _("“%s”已列入另一个委员组，每名委员只参加一个委员组。") % listed.name
        return [listed.row.error(listed.fieldname, "two_street_groups", sentence)]
    held.append([listed.group, listed.duty])
    return []
