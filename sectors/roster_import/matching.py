"""Rows ↔ people: by 委员证号, else name + birth month + sex, else name + phone; never a guess."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from members.name_order import ranked_characters
from sectors.roster_import.complaints import RowError
from sectors.roster_import.readings import Row
from sectors.roster_import.roster import Person

Key = tuple[Any, ...]


def same_name(first: str, second: str) -> bool:
    """Return whether two spellings are one name: blanks, dots and annotations do not count."""
    return ranked_characters(first) == ranked_characters(second)


class Index:
    """Finds the candidates for a row among the people a committee has or had."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.numbers: dict[str, list[Person]] = defaultdict(list)
        self.births: dict[Key, list[Person]] = defaultdict(list)
        self.phones: dict[Key, list[Person]] = defaultdict(list)
        self.names: dict[str, list[Person]] = defaultdict(list)
        self.members: dict[int, Person] = {}
        for one in people:
            self.members[one.member_id] = one
            name = ranked_characters(one.name)
            self.names[name].append(one)
            if one.number:
                self.numbers[one.number].append(one)
            if one.birth_month:
                self.births[name, one.birth_month, one.sex].append(one)
            if one.phone_twin:
                self.phones[name, one.phone_twin].append(one)

    def candidates(self, row: Row) -> list[Person]:
        """Return the people the row may mean by the first rule that finds any."""
        if not self.members:
            return []
        if row.get("member_id"):
            return [self.members[row.get("member_id")]]
        number = row.get("number")
        if number and self.numbers.get(number):
            return self.numbers[number]
        name = ranked_characters(row.get("name") or "")
        rules = (
            (self.births, (name, row.get("birth_month"), row.get("sex"))),
            (self.phones, (name, row.phone_twin)),
        )
        for index, key in rules:
            if None not in key and (found := _of_number(index.get(key, []), number)):
                return found
        return []

    def doubtful(self, row: Row, recognised: set[int]) -> bool:
        """Return whether a namesake can be neither told apart from the row nor recognised in it.

        Only another 委员证号 or month of birth tells namesakes apart: a phone may be a new one.
        `recognised` are the member ids that other rows already mean.
        """
        return bool(self.names) and any(
            one.is_serving
            and one.member_id not in recognised
            and not (row.get("number") and one.number)
            and not (row.get("birth_month") and one.birth_month)
            for one in self.names.get(ranked_characters(row.get("name") or ""), [])
        )


def _of_number(found: list[Person], number: str | None) -> list[Person]:
    """Drop the people whose 委员证号 is another than the row's: they are somebody else."""
    return [one for one in found if not (number and one.number and one.number != number)]


def match(rows: list[Row], people: list[Person]) -> tuple[dict[int, Person], list[RowError]]:
    """Return (index of the row → person, complaints). A row that is in neither is a new member."""
    index = Index(people)
    matched: dict[int, Person] = {}
    errors: list[RowError] = []
    unknown: list[Row] = []
    taken: dict[int, Row] = {}
    for at, row in enumerate(rows):
        if not row.get("name"):
            continue
        found = index.candidates(row)
        if not found:
            unknown.append(row)
        elif len(found) > 1:
            sentence = _("有两名以上委员与本行相符，请填写委员证号。")
            errors.append(row.error("name", "two_candidates", sentence))
        else:
            errors += _doubts_about(row, found[0], taken)
            matched[at] = found[0]
            taken.setdefault(found[0].member_id, row)
    errors += [wrong for row in unknown for wrong in _doubts_about_new(row, index, set(taken))]
    return matched, errors


def _doubts_about(row: Row, person: Person, taken: dict[int, Row]) -> list[RowError]:
    if row.get("number") and row.get("number") == person.number and _is_another(row, person):
        sentence = _("该委员证号属于另一位委员，姓名和出生年月均不符，请核对。")
        return [row.error("number", "number_other_person", sentence)]
    if first := taken.get(person.member_id):
        return [row.error("name", "same_person_twice", _("与第 %d 行是同一位委员。") % first.line)]
    return []


def _doubts_about_new(row: Row, index: Index, recognised: set[int]) -> list[RowError]:
    if not row.is_sound:
        return []  # the cell that tells who it is may be the one that could not be read
    if not (row.get("number") or row.get("phone") or row.get("birth_month")):
        sentence = _("缺少委员证号、出生年月和手机号码，无法确认是哪一位委员。")
        return [row.error("name", "no_identity", sentence)]
    if index.doubtful(row, recognised):
        sentence = _("已有同名委员，但资料不足以确认是否同一人，请补充出生年月或委员证号。")
        return [row.error("name", "uncertain", sentence)]
    return []


def _is_another(row: Row, person: Person) -> bool:
    return not same_name(row.get("name") or "", person.name) and (
        row.get("birth_month") != person.birth_month
    )


def repeated_in_file(rows: list[Row]) -> list[RowError]:
    """Return a complaint for each row that repeats an earlier row's number, phone or person."""
    keys = (
        ("number", "number_twice", ("number",)),
        ("phone", "phone_twice", ("phone",)),
        ("name", "person_twice", ("name", "birth_month", "sex")),
    )
    sentences = {
        "number_twice": _("委员证号与第 %d 行相同。"),
        "phone_twice": _("手机号码与第 %d 行相同。"),
        "person_twice": _("姓名、出生年月、性别均与第 %d 行相同。"),
    }
    errors = []
    for column, code, fields in keys:
        seen: dict[Key, Row] = {}
        for row in rows:
            key = tuple(map(row.values.get, fields))
            if None in key:
                continue
            if (first := seen.setdefault(key, row)) is not row and not (
                code == "person_twice" and _numbered_apart(first, row)
            ):
                errors.append(row.error(column, code, sentences[code] % first.line))
    return errors


def _numbered_apart(first: Row, second: Row) -> bool:
    """Two people of one name, month and sex do exist: different 委员证号 tell them apart."""
    numbers = first.get("number"), second.get("number")
    return None not in numbers and numbers[0] != numbers[1]
