"""Who acts: a User, or a Guest (the clock, a unit's link, a resident's receipt)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from committees.models import Committee, User


class Standing(frozenset):
    """What a person is today: `(role, committee_id, scope_id)` triples.

    `scope_id` is the unit of a handler, the commission of its office, the member of a member or
    delegate, the sector of a convenor or who stands in, the workroom of a keeper, else None.
    """

    def has(self, committee: Committee | int, *roles: str) -> bool:
        wanted = committee if isinstance(committee, int) else committee.pk
        return any(c == wanted and r in roles for r, c, _ in self)

    def belongs_to(self, committee: Committee | int) -> bool:
        wanted = committee if isinstance(committee, int) else committee.pk
        return any(c == wanted for _, c, _ in self)

    def committees(self, *roles: str) -> set[int]:
        """Ids of the committees where one of the roles is held (any role when none is named)."""
        return {c for r, c, _ in self if not roles or r in roles}

    def scopes(self, *roles: str, committee: Committee | None = None) -> set[int]:
        """Ids the roles are held for: members, sectors, rooms, units …"""
        return {
            s
            for r, c, s in self
            if r in roles and s is not None and (committee is None or c == committee.pk)
        }


NOBODY = Standing()


@dataclass(frozen=True, slots=True)
class Guest:
    """An actor without an account. `kind` is clock, unit_link or receipt; `ref` tells which one."""

    kind: str
    ref: str = ""

    @property
    def standing(self) -> Standing:
        return NOBODY

    @property
    def is_authenticated(self) -> bool:
        return False

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}" if self.ref else self.kind


CLOCK = Guest("clock")

Actor: TypeAlias = "User | Guest"


def actor_columns(by: User | Guest) -> dict[str, Any]:
    """The three columns by which Step and AuditEntry remember who acted."""
    if isinstance(by, Guest):
        return {"by_user": None, "by_guest": by.kind, "by_ref": by.ref}
    return {"by_user": by, "by_guest": "", "by_ref": ""}
