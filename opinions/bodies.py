"""Bodies that submit reports: sectors, commissions, parties, people's organisations and others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.dictionaries import rows_of
from committees.models import Committee, Role
from opinions.models import BodyKind
from sectors.models import Commission, Sector, StreetGroup

LONGEST_NAME = 60
ROWS: dict[str, tuple[str, Any]] = {
    BodyKind.SECTOR: ("body_sector", Sector),
    BodyKind.COMMISSION: ("body_commission", Commission),
    BodyKind.STREET_GROUP: ("body_street_group", StreetGroup),
}
"""Kinds that are rows of the committee: the column that points to them, and their model."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it stands on a report; `row` where it is one of the committee's own groups."""

    kind: str
    name: str
    row: Any = None

    @classmethod
    def of(cls, row: Any) -> Body:
        """教育 → 教育界; the others are called as they are."""
        kind = next(kind for kind, (_column, model) in ROWS.items() if isinstance(row, model))
        return cls(kind, row.title if isinstance(row, Sector) else row.name, row)

    @property
    def key(self) -> str:
        """Its value in a form: `sector-5`."""
        return f"{self.kind}-{self.row.pk}" if self.row else self.kind

    @property
    def columns(self) -> dict[str, Any]:
        """As an Opinion keeps it."""
        own = {column: None for column, _model in ROWS.values()}
        if self.row is not None:
            own[ROWS[self.kind][0]] = self.row
        return own | {"body_kind": self.kind, "body_name": self.name}


def bodies_of(actor: Actor, committee: Committee) -> list[Body]:
    """Those for which this person files here: the sectors convened, the commission's office."""
    standing = actor.standing
    held: list[tuple[Any, set[int]]] = [
        (Sector, standing.scopes("convenor", committee=committee)),
        (Commission, standing.scopes(Role.COMMISSION, committee=committee)),
    ]
    return [
        Body.of(row)
        for model, scopes in held
        if scopes
        for row in rows_of(model, committee)
        if row.pk in scopes
    ]


def body_named(committee: Committee, kind: str, name: str) -> Body:
    """The body of that name as a paper calls it; a group of the committee must be one of its rows.

    ValidationError `no_such_body` for a sector, commission or street group nobody knows.
    """
    name = " ".join(name.split())
    if kind not in ROWS:
        return Body(kind, name)
    called = _bare(name)
    for row in rows_of(ROWS[kind][1], committee):
        if called == _bare(row.name):
            return Body.of(row)
    words = _("没有找到“%(name)s”，请填写本级政协的%(kind)s全称。")
    given = {"name": name, "kind": BodyKind(kind).label}
    raise ValidationError(words % given, code="no_such_body")


def _bare(name: str) -> str:
    """教育界 and 教育, 教科卫体委员会 and 教科卫体委 are one."""
    name = "".join(name.split())
    for ending in ("界别", "界", "委员会", "委"):
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return name
