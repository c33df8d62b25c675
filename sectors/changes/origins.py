"""What of a member's dated life came by a roster import or a handover, read from what these kept.

Nothing is written for it: an import keeps the ids of the rows it made and changed so that it can be
undone (`RosterTrace`), a handover likewise (`Handover.before`), and the trail keeps who confirmed
them. What was undone has lost its rows and is not told.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from committees.models import AuditEntry, User
from members.life import Event
from members.models import Member
from sectors.changes.state import BOOKS
from sectors.models import Handover, RosterImport, RosterTrace

# The names of the books in a handover's `before`.
IN_HANDOVER = {
    "convenor": "convenorship",
    "commission": "commission_seat",
    "street": "street_seat",
    "leader": "leader_contact",
}
PLAIN = ("name", "number", "sex", "birth_month", "ethnicity", "parties", "work", "note")

# Columns: of, pk, name, on, meeting, at, by, by_name, book, row, is_made, diff.
STATEMENT = """
WITH mine AS (
    SELECT *, to_jsonb(pk) AS one, jsonb_build_array(jsonb_build_array(pk)) AS listed
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) AS m (book, label, part, pk)
)
SELECT 'import', i.id, i.file_name, i.on_date, i.meeting, i.confirmed_at, u.id, u.name,
    m.book, m.pk, t.created @> m.listed, (
        SELECT e FROM jsonb_array_elements(t.changed) AS e
        WHERE m.book IN ('member', 'account') AND e->0 = m.one
    )
FROM {done} AS i JOIN {trace} AS t ON t.roster_import_id = i.id
JOIN mine AS m ON m.label = t.label AND (t.created @> m.listed OR t.changed @> m.listed)
LEFT JOIN {trail} AS a ON a.committee_id = i.committee_id
    AND a.about = 'sectors.rosterimport:' || i.id AND a.action = 'roster_import.confirm'
LEFT JOIN {user} AS u ON u.id = a.by_user_id
WHERE i.committee_id = %s AND i.state = 'confirmed'
UNION ALL
SELECT 'handover', h.id, h.ordinal::text, h.on_date, h.meeting, h.settled_at, u.id, u.name,
    m.book, m.pk, h.before->'made'->m.part @> m.one
        OR h.before->'images'->m.label->'made' @> m.listed, NULL
FROM {handover} AS h
JOIN mine AS m ON h.before->'made'->m.part @> m.one OR h.before->m.part ? m.pk::text
    OR h.before->'images'->m.label->'made' @> m.listed
    OR h.before->'images'->m.label->'changed' @> m.listed
LEFT JOIN {user} AS u ON u.id = h.settled_by_id
WHERE h.committee_id = %s AND h.state = 'opened' AND m.book NOT IN ('member', 'account')
"""


@dataclass(slots=True)
class Origin:
    """One import or handover and the member's rows that it made or ended, as `seat:12`."""

    of: str  # import or handover
    pk: int
    name: str  # the file's, or the ordinal of the new term
    on: datetime.date
    meeting: str
    made_by: User | None
    made_at: datetime.datetime
    made: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    amended: list[str] = field(default_factory=list)  # labels of the particulars

    @property
    def title(self) -> str:
        label = _("名册导入") if self.of == "import" else _("换届")
        return _("%(label)s：%(what)s") % {"label": label, "what": self.name}


def origins_of(member: Member, life: Iterable[Event]) -> list[Origin]:
    """The imports and handovers that stand and touched the member, the latest first; one statement.

    A row that an import wrote inside a handover is the handover's.
    """
    events = list(life)
    keys = [(event.of, event.pk) for event in events]
    keys += [("member", member.pk), ("account", member.user_id)]
    found: dict[tuple[str, int], Origin] = {}
    by_handover: set[str] = set()
    for of, pk, name, on, meeting, at, by, by_name, book, row, is_made, diff in _rows(member, keys):
        origin = found.get((of, pk))
        if origin is None:
            who = User(pk=by, name=by_name) if by else None
            origin = found[of, pk] = Origin(of, pk, name, on, meeting, who, at)
        key = f"{book}:{row}"
        if of == "handover":
            by_handover.add(key)
        if book in ("member", "account"):
            origin.amended += _amended(diff)
        else:
            (origin.made if is_made else origin.ended).add(key)
    for origin in found.values():
        if origin.of == "import":
            origin.made -= by_handover
            origin.ended -= by_handover
        origin.ended &= {
            f"{event.of}:{event.pk}"
            for event in events
            if event.of == "membership" or event.span.upper == origin.on
        }
    told = [one for one in found.values() if one.made or one.ended or one.amended]
    return sorted(told, key=lambda one: one.made_at, reverse=True)


def lines_of(origin: Origin, life: Iterable[Event]) -> list[str]:
    """`登记：六届委员（增补）、教育界`, `终止：…` and `更正资料：…`, each where there is any."""
    titles = {f"{event.of}:{event.pk}": event.title for event in life}
    parts = (
        (_("登记"), [titles[key] for key in titles if key in origin.made]),
        (_("终止"), [titles[key] for key in titles if key in origin.ended]),
        (_("更正资料"), origin.amended),
    )
    return [
        _("%(label)s：%(what)s") % {"label": label, "what": "、".join(named)}
        for label, named in parts
        if named
    ]


def _amended(diff: Any) -> list[str]:
    """The labels of the columns that differ between `[id, before, after]`; never their values.

    A sealed phone reads anew each time it is written: its twin tells whether it changed.
    """
    if not diff:
        return []
    _pk, before, after = json.loads(diff) if isinstance(diff, str) else diff
    if "phone_twin" in after:
        is_same = before["phone_twin"] == after["phone_twin"]
        return [] if is_same else [str(User._meta.get_field("phone").verbose_name)]
    changed = [name for name in PLAIN if before[name] != after[name]]
    return [str(Member._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]


def _rows(member: Member, keys: list[tuple[str, int]]) -> list[tuple[Any, ...]]:
    """STATEMENT over the traces and the handovers; `@>` asks for an id without unpacking all."""
    models = {
        "trace": RosterTrace,
        "done": RosterImport,
        "handover": Handover,
        "trail": AuditEntry,
        "user": User,
    }
    tables = {name: connection.ops.quote_name(m._meta.db_table) for name, m in models.items()}
    columns: list[list[Any]] = [
        [of for of, _pk in keys],
        [BOOKS[of][0]._meta.label_lower for of, _pk in keys],
        [IN_HANDOVER.get(of, of) for of, _pk in keys],
        [pk for _of, pk in keys],
    ]
    committee = member.committee_id
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(**tables), [*columns, committee, committee])
        return cursor.fetchall()
