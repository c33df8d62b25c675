"""To which sectors, commissions and rooms a row belongs, declared once and read in two ways.

`narrow` is the condition on the rows of one subject, `ids` the array of all subjects of a row: what
a figure's list shows and what the figures of single days count follow from the same columns.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q

from activities.models import CoHost
from contacts.models import VisitMember
from opinions.models import Opinion
from records.models import Of

Columns = dict[str, Sequence[str]]
IDS = ArrayField(BigIntegerField())


@dataclass(frozen=True, slots=True)
class Link:
    """Rows beside it whose subjects are its own as well: `joins` is their column, `own` its key."""

    model: Any
    joins: str
    columns: Columns
    own: str = "pk"

    def rows(self) -> Any:
        return self.model.objects.filter(**{self.joins: OuterRef(self.own)}).order_by()


@dataclass(frozen=True, slots=True)
class Belonging:
    """`columns` are paths to one related row each, by kind of subject; a kind without has none."""

    columns: Columns = field(default_factory=dict)
    links: Sequence[Link] = ()

    def narrow(self, kind: str, pk: int) -> Q:
        """Rows of this sector, commission or room; of the committee all."""
        if kind == Of.COMMITTEE:
            return Q()
        found = Q(pk__in=[])
        for column in self.columns.get(kind, ()):
            found |= Q(**{column: pk})
        for link in self.links:
            if columns := link.columns.get(kind, ()):
                beside = Q()
                for column in columns:
                    beside |= Q(**{column: pk})
                found |= Q(Exists(link.rows().filter(beside)))
        return found

    def has(self, kinds: Collection[str]) -> bool:
        """Whether a row may belong to one of these kinds of subject."""
        named = [self.columns, *(link.columns for link in self.links)]
        return any(columns.get(kind) for columns in named for kind in kinds)

    def ids(self, kind: str) -> Any:
        """The ids as an array, in which one may stand twice, and nulls."""
        columns = [F(column) for column in self.columns.get(kind, ())]
        whole: Any = _Array(*columns, output_field=IDS)
        for link in self.links:
            for column in link.columns.get(kind, ()):
                more = ArraySubquery(link.rows().values(column))
                whole = Func(whole, more, function="array_cat", output_field=IDS)
        return whole

    def below(self, path: str) -> Belonging:
        """The same, seen from a row that leads to it by `path`."""
        own = {"pk": path}
        return Belonging(
            {kind: [f"{path}__{name}" for name in names] for kind, names in self.columns.items()},
            [
                Link(it.model, it.joins, it.columns, own.get(it.own, f"{path}__{it.own}"))
                for it in self.links
            ],
        )

    def __or__(self, other: Belonging) -> Belonging:
        kinds = {*self.columns, *other.columns}
        both: Columns = {
            kind: [*self.columns.get(kind, ()), *other.columns.get(kind, ())] for kind in kinds
        }
        return Belonging(both, [*self.links, *other.links])


class _Array(Func):
    template = "ARRAY[%(expressions)s]::bigint[]"


HOSTS: Columns = {
    Of.SECTOR: ["sector"],
    Of.COMMISSION: ["commission", "sector__commission"],
    Of.WORKROOM: ["workroom"],
}
"""Organiser or co-organiser; a commission also follows what its sectors hold."""
BY_HOST = Belonging(HOSTS, [Link(CoHost, "activity", HOSTS)])
BY_VISITOR = Belonging(
    {},
    [
        Link(
            VisitMember,
            "visit",
            {Of.SECTOR: ["sector"], Of.COMMISSION: ["sector__commission"]},
        )
    ],
)
BY_SECTOR = Belonging({Of.SECTOR: ["sector"], Of.COMMISSION: ["sector__commission"]})
BY_ROOM = Belonging({Of.WORKROOM: ["workroom"]})
BY_PLACE = BY_SECTOR | BY_ROOM
WRITTEN: Columns = {
    Of.SECTOR: ["sector"],
    Of.COMMISSION: ["sector__commission", "body_commission"],
    Of.WORKROOM: ["reception__workroom"],
}
BY_WRITER = Belonging(WRITTEN)
"""The report's own sector alone."""
BY_AUTHOR = Belonging(WRITTEN, [Link(Opinion, "merged_into", WRITTEN)])
"""The report's own sector, and those of the reports that were composed into it."""
BY_MATTER = BY_AUTHOR.below("opinion") | BY_PLACE.below("reception")
"""Of a referral: the report's or the reception's."""
OF_ITSELF = Belonging({Of.SECTOR: ["pk"], Of.COMMISSION: ["commission"]})
