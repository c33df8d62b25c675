"""Whom an announcement may be addressed to. The apps above say who belongs to what.

`notices` stands below the roster and imports nothing of it. Each app that knows groups of people
registers an `Audience` in its own `audiences.py`, collected when the portal has started
(docs/decisions/0042). An announcement keeps entries as `everyone` or `sector:12`, and on the day it
is published the people of today are written down as its acknowledgements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.models import Committee, User
from committees.permissions import is_clerk
from notices.models.announcements import EVERYBODY, issuers_of


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person to be told, with the heading (界别) the lists are grouped by.

    `user` knows its name and whether it is active; a member's name is that of the roster.
    """

    user: User
    name: str
    name_key: str
    heading: str = ""
    heading_place: int = 0


@dataclass(frozen=True, slots=True)
class Audience:
    """A kind of group. `groups` are `(id, label)` of a committee's; `people` who is in them today.

    `is_long`: there may be hundreds; a form asks for their names, a line each, instead of boxes.
    """

    kind: str
    label: Any
    groups: Callable[[Committee], list[tuple[int, str]]]
    people: Callable[[Committee, set[int]], Iterable[Recipient]]
    is_long: bool = False


AUDIENCES: dict[str, Audience] = {}
"""By kind, in the order in which forms offer them."""


def register(audience: Audience) -> None:
    AUDIENCES[audience.kind] = audience


def entries_for(actor: Actor, committee: Committee) -> dict[str, list[tuple[str, str]]]:
    """Kind → `(entry, label)` this person may address, without the long kinds.

    A clerk addresses everybody; a convenor and a commission's office their own people.
    """
    own = None if is_clerk(actor, committee) else issuers_of(actor)
    found = {}
    for audience in AUDIENCES.values():
        if audience.is_long:
            continue
        rows = [(_entry(audience, pk), label) for pk, label in audience.groups(committee)]
        if rows := [row for row in rows if own is None or row[0] in own]:
            found[audience.kind] = rows
    return found


def long_kinds(actor: Actor, committee: Committee) -> list[Audience]:
    """Kinds of which a form asks the names; the clerk's."""
    if not is_clerk(actor, committee):
        return []
    return [audience for audience in AUDIENCES.values() if audience.is_long]


def entries_named(audience: Audience, committee: Committee, text: str) -> list[str]:
    """The entries of groups named a line each. ValidationError names the first unknown line."""
    known: dict[str, int] = {label: pk for pk, label in audience.groups(committee)}
    found = []
    for line in text.splitlines():
        if not (name := line.strip()):
            continue
        if name not in known:
            raise ValidationError(
                _("没有找到“%(name)s”，请按全称填写，每行一个。"),
                code="unknown",
                params={"name": name[:40]},
            )
        found.append(_entry(audience, known[name]))
    return list(dict.fromkeys(found))


def words_of(entries: Iterable[str], committee: Committee) -> list[str]:
    """全体委员, 教育界 …; an entry whose group is gone is left out."""
    found = []
    for kind, ids in _by_kind(entries).items():
        labels = dict(AUDIENCES[kind].groups(committee))
        found += [labels[pk] for pk in ids if pk in labels]
    return found


def people_of(entries: Iterable[str], committee: Committee) -> list[Recipient]:
    """Everybody addressed, each once, in the order of the lists."""
    found: dict[int, Recipient] = {}
    for kind, ids in _by_kind(entries).items():
        for person in AUDIENCES[kind].people(committee, set(ids)):
            found.setdefault(person.user.pk, person)
    return sorted(found.values(), key=lambda one: (one.heading_place, one.heading, one.name_key))


def _entry(audience: Audience, pk: int) -> str:
    return audience.kind if audience.kind == EVERYBODY else f"{audience.kind}:{pk}"


def _by_kind(entries: Iterable[str]) -> dict[str, list[int]]:
    """Only kinds somebody registered: an entry of an app that is gone reaches nobody."""
    found: dict[str, list[int]] = {}
    for entry in entries:
        kind, _colon, pk = entry.partition(":")
        if kind in AUDIENCES:
            found.setdefault(kind, []).append(int(pk or 0))
    return found
