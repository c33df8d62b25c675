"""Full text of reports: by words of the current texts that this person may read.

Two ways lead to the same rows. Along the list, the newest first, each text is looked at until a
page is full: quick for common words, and bounded to WALK rows. From the index (GIN over the pairs
of signs, committees/bigrams.py) all reports with the words: quick for rare ones. A page takes the
first way and, only where it did not fill the page, the second as well, in one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.expressions import RawSQL

from committees.bigrams import Phrase
from opinions.models import Manuscript, Opinion, Status

WALK = 2000  # rows looked at along the list; a word of one report in a hundred fills a page
OUT = (Status.ISSUED.value, Status.CLOSED.value)
OPINION, TEXT = Opinion._meta.db_table, Manuscript._meta.db_table
NEWER = f"""EXISTS (SELECT 1 FROM {TEXT} n
    WHERE n.opinion_id = m.opinion_id AND n.kind = m.kind AND n.version > m.version)"""


@dataclass(frozen=True, slots=True)
class Search:
    """Reports of which one current text has all the phrases.

    `offices` are the committees whose office asks: it reads the edited text at any time, everybody
    else once the report is issued. The rows that are narrowed were chosen by `visible_to`.
    """

    phrases: Sequence[Phrase]
    offices: Sequence[int]

    def narrow(self, queryset: Any) -> Any:
        """All of them, from the index."""
        if not self.phrases:
            return queryset.none()
        sql, params = self._indexed()
        return queryset.filter(_any_of(sql, params))

    def sieve(self, ordered: Any, wanted: int) -> Any:
        """The first `wanted` of an ordered list, at most; for `committees.keyset.page_of`."""
        if not self.phrases:
            return ordered.none()
        names = ordered.query.order_by
        columns = [name.lstrip("-") for name in names]
        # What `for_list` adds to a row is left out.
        walked = ordered.values("id", "status", "committee_id", *(set(columns) - {"id"}))
        try:
            near, near_params = walked.query.sql_with_params()
        except EmptyResultSet:  # Django knows already that this person sees nothing
            return ordered.none()
        holds, holds_params = self._holds("near.id", "near.status", "near.committee_id")
        indexed, indexed_params = self._indexed()
        falls = ["DESC" if name.startswith("-") else "ASC" for name in names]
        order = ", ".join(f"{name} {way}" for name, way in zip(columns, falls, strict=True))
        # The walk stops at `wanted`, for its rows come in order. Sub-selects without a row of their
        # own are worked out once, and only when asked for.
        sql = f"""WITH walk AS MATERIALIZED (
                SELECT near.id FROM ({near} LIMIT {WALK}) near WHERE {holds} > 0
                ORDER BY {order} LIMIT {wanted})
            SELECT id FROM walk UNION ALL
            SELECT found.id FROM ({indexed}) found(id)
            WHERE CASE WHEN (SELECT count(*) FROM walk) >= {wanted} THEN false
                ELSE (SELECT count(*) FROM ({near} LIMIT {WALK}) near) >= {WALK} END"""
        params = [*near_params, *holds_params, *indexed_params, *near_params]
        return ordered.filter(_any_of(sql, params))

    def _holds(self, pk: str, status: str, committee: str) -> tuple[str, list[Any]]:
        """How many current texts of one report have the phrases; counted, so that the planner asks
        report by report."""
        has, params = self._has()
        may_read, more = self._may_read(status, committee)
        sql = f"""(SELECT count(*) FROM {TEXT} m WHERE m.opinion_id = {pk}
            AND {has} AND {may_read} AND NOT {NEWER})"""
        return sql, [*params, *more]

    def _indexed(self) -> tuple[str, list[Any]]:
        """The ids of reports, some of them twice."""
        query = " & ".join(f"({phrase.query})" for phrase in self.phrases)
        has, params = self._has(but_exact=True)
        may_read, more = self._may_read("o.status", "o.committee_id")
        sql = f"""SELECT m.opinion_id FROM {TEXT} m JOIN {OPINION} o ON o.id = m.opinion_id
            WHERE m.vector @@ %s::tsquery AND {has} AND {may_read} AND NOT {NEWER}"""
        return sql, [query, *params, *more]

    def _has(self, *, but_exact: bool = False) -> tuple[str, list[Any]]:
        """The phrases stand in the plain text; those the index tells exactly may be left out."""
        asked = [one.plain for one in self.phrases if not (but_exact and one.is_exact)]
        if not asked:
            return "true", []
        # A phrase is letters, digits and spaces: nothing in it means anything to LIKE.
        return " AND ".join(["m.plain LIKE %s"] * len(asked)), [f"%{one}%" for one in asked]

    def _may_read(self, status: str, committee: str) -> tuple[str, list[Any]]:
        sql = f"(m.kind = %s OR {status} = ANY(%s) OR {committee} = ANY(%s))"
        return sql, [Manuscript.Kind.ORIGINAL.value, list(OUT), list(self.offices)]


def _any_of(sql: str, params: Sequence[Any]) -> RawSQL:
    """Rows are entered by their key: as an array the ids are worked out first, whatever the planner
    expects of their number."""
    whole = f'"{OPINION}"."id" = ANY(ARRAY({sql}))'
    return RawSQL(whole, list(params), output_field=models.BooleanField())
