"""What a preview page shows of a plan, kept as JSON until the import is confirmed or dropped."""

from __future__ import annotations

from typing import Any

from members.models import Member
from sectors.roster_import.differences import commissions_after, groups_shown
from sectors.roster_import.plan import Entry, Plan
from sectors.roster_import.roster import Person

COUNTS = ("rows", "new", "changed", "unchanged", "leaves", "convenors", "standing", "female")


def full_report(plan: Plan) -> dict[str, Any]:
    """Return the counts, the errors and the people of each group; phones only masked."""
    led = led_by(plan)
    return {
        **plan.summary(),
        "new_sectors": plan.new_sectors,
        "new_commissions": plan.new_commissions,
        "known": plan.known,
        "ignored": plan.ignored,
        "new_streets": plan.new_streets,
        "opens_term": plan.roster.term is None,
        "groups": {
            "new": [
                _new(one, led.get(at, [])) for at, one in enumerate(plan.entries) if one.is_new
            ],
            "changed": [_changed(one) for one in plan.changed],
            "unchanged": [_unchanged(one) for one in plan.unchanged],
            "leaves": [_leaving(one) for one in plan.leaving],
            "ties": plan.ties.lines,
        },
    }


def kept_report(plan: Plan) -> dict[str, Any]:
    """Return the counts that stay when the rows are deleted; sectors in the committee's order."""
    summary = plan.summary()
    order = [*plan.roster.sectors, *plan.new_sectors]
    held = [[name, summary["sectors"][name]] for name in order if name in summary["sectors"]]
    return {name: summary[name] for name in COUNTS} | {"sectors": held}


def _annotated(name: str, sex: str | None, ethnicity: str | None) -> dict[str, str]:
    return {
        "name": name,
        "annotation": Member(sex=sex or "", ethnicity=ethnicity or "").annotation,
    }


def led_by(plan: Plan) -> dict[int, list[str]]:
    """Return index of an entry → the leaders whose contact with that person begins."""
    at = {one.person.member_id: at for at, one in enumerate(plan.entries) if one.person}
    found: dict[int, list[str]] = {}
    for one in plan.ties.begins:
        if one.target == "members":
            kind, pk = one.key
            place = pk if kind == "entry" else at.get(pk)
            if place is not None:
                found.setdefault(place, []).append(one.named)
    return found


def _new(entry: Entry, leaders: list[str]) -> dict[str, Any]:
    person = entry.person
    row = entry.row
    known = person.ethnicity if person else ""
    return {
        **_annotated(entry.name, entry.sex, row.get("ethnicity") or known),
        "sector": entry.sector,
        "place": entry.place,
        "is_standing": entry.is_standing,
        "commissions": commissions_after(entry),
        "street": groups_shown(entry.street or []),
        "leaders": leaders,
        "work": row.get("work") or "",
        "returns": person is not None,
        "has_account": person is None and entry.account.user_id is not None,
    }


def _changed(entry: Entry) -> dict[str, Any]:
    person = entry.person
    assert person is not None
    return {
        **_annotated(person.name, person.sex, person.ethnicity),
        "sector": person.sector,
        "differences": [[one.label, one.before, one.after] for one in entry.differences],
    }


def _unchanged(entry: Entry) -> dict[str, Any]:
    person = entry.person
    assert person is not None
    return {**_annotated(person.name, person.sex, person.ethnicity), "sector": person.sector}


def _leaving(person: Person) -> dict[str, Any]:
    return {**_annotated(person.name, person.sex, person.ethnicity), "sector": person.sector}
