"""So many reports that searching them means something, and the pages that search them."""

from __future__ import annotations

import datetime
import io
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.db import connection, models
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from committees.bigrams import tokens_of
from committees.keyset import cursor_of
from committees.models import Committee, User
from liaison_portal.bench.measuring import Figure, in_turns
from liaison_portal.bench.pages import asking
from members.models import Member
from opinions.models import Authorship, Manuscript, Opinion, Status

COMMON, MIDDLING, RARE = "交通", "排水", "海绵城市试点"
SENTENCES, IN_A_TEXT, SIGNS = 2000, 8, 36
FIRST_DAY = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
SEARCH_LIMIT = 3  # times the first page of the list


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    tokens: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Sentence:
        return cls(text, frozenset(tokens_of(text)))


def invented_texts(count: int) -> Iterator[list[Sentence]]:
    """Invented sentences, some far more frequent than others, and one in each text that is its own.

    COMMON stands in a fifth, MIDDLING in one of a hundred, RARE in six, the oldest among them.
    """
    rng = random.Random(100_000)
    signs = [chr(0x4E00 + 3 * n) for n in range(3000)]
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(signs))))

    def sentence() -> str:
        return "".join(rng.choices(signs, cum_weights=weights, k=SIGNS))

    known = [Sentence.of(sentence()) for _ in range(SENTENCES)]
    shares = list(accumulate(1 / (rank + 50) for rank in range(SENTENCES)))
    common, middling, rare = (Sentence.of(f"关于{word}的意见") for word in (COMMON, MIDDLING, RARE))
    step = max(count // 6, 1)
    for number in range(count):
        texts = [*rng.choices(known, cum_weights=shares, k=IN_A_TEXT), Sentence.of(sentence())]
        texts += [common] * (number % 5 == 0) + [middling] * (number % 100 == 0)
        yield texts + [rare] * (number % step == 0)


def copied(rows: Iterable[models.Model]) -> None:
    """Rows of one model by COPY, their keys given; every column as the model would save it."""
    text, columns, table = io.StringIO(), "", ""
    for row in rows:
        if not columns:
            fields = row._meta.concrete_fields
            columns = ", ".join(f'"{field.column}"' for field in fields)
            table = row._meta.db_table
        values = (_cell(getattr(row, field.attname)) for field in fields)
        text.write("\t".join(values) + "\n")
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    text = json.dumps(value) if isinstance(value, dict | list) else str(value)
    return text.replace("\\", "\\\\").replace("\t", " ").replace("\n", "\\n")


def write_reports(committee: Committee, count: int, *, by: User, authors: list[int]) -> None:
    """`count` received reports, one a quarter of an hour from FIRST_DAY on."""
    index = next(one for one in Manuscript._meta.indexes if one.name == "manuscript_words")
    with connection.schema_editor(atomic=False) as editor:  # one build is quicker than many inserts
        editor.remove_index(Manuscript, index)
    now, first = timezone.now(), _last_pk(Opinion) + 1
    made: list[tuple[Opinion, list[Sentence]]] = []
    for number, sentences in enumerate(invented_texts(count)):
        row = Opinion(
            pk=first + number,
            committee=committee,
            year=2000,
            number=number + 1,
            title=sentences[0].text[:20],
            status=Status.RECEIVED,
            waiting_since=FIRST_DAY + datetime.timedelta(minutes=15 * number),
            created_by=by,
            created_at=now,
            submitted_on=FIRST_DAY.date(),
            received_on=FIRST_DAY.date(),
        )
        made.append((row, sentences))
        if len(made) == 10_000 or number == count - 1:
            _write(made, by, authors)
            made = []
    for model in (Opinion, Manuscript, Authorship):
        _renew_sequence(model)
    with connection.schema_editor(atomic=False) as editor:
        connection.check_constraints()  # what is still to be checked would forbid it
        editor.execute("SET maintenance_work_mem = '256MB'")  # of a throw-away database
        editor.add_index(Manuscript, index)


def _write(made: list[tuple[Opinion, list[Sentence]]], by: User, authors: list[int]) -> None:
    copied(row for row, _ in made)
    text, part, now = _last_pk(Manuscript), _last_pk(Authorship), timezone.now()
    texts = (
        _text(text + n, row, sentences, by, now) for n, (row, sentences) in enumerate(made, start=1)
    )
    copied(texts)
    copied(
        Authorship(
            pk=part + n, opinion=row, member_id=authors[n % len(authors)], place=1, confirmed_at=now
        )
        for n, (row, _) in enumerate(made, start=1)
    )


def _text(pk: int, row: Opinion, sentences: list[Sentence], by: User, now: Any) -> Manuscript:
    parts = [one.text for one in sentences]
    return Manuscript(
        pk=pk,
        opinion=row,
        kind=Manuscript.Kind.ORIGINAL,
        title=row.title,
        situation="。".join(parts),
        written_by=by,
        written_at=now,
        vector=" ".join(set().union(*(one.tokens for one in sentences))),
        plain=f" {row.title} \n {' '.join(parts)} ",
    )


def _last_pk(model: Any) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _renew_sequence(model: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
            [model._meta.db_table, _last_pk(model)],
        )


SEARCHES = {
    "search-common": {"q": COMMON},
    "search-middling": {"q": MIDDLING},
    "search-rare": {"q": RARE},
    "search-none": {"q": "没有这样的话"},
    "search-last": {"q": COMMON, "before": ""},
    "list-last": {"before": ""},
}


def address_of(slug: str, name: str = "") -> str:
    """The page that is measured; without a name their floor, the first page of the list."""
    asked = dict(SEARCHES.get(name, {}))
    if "before" in asked:
        asked["before"] = last_cursor()
    return reverse("opinions:list", kwargs={"slug": slug}) + (f"?{urlencode(asked)}" * bool(asked))


def last_cursor() -> str:
    """Before the oldest of all: the page that ends the list."""
    return cursor_of(Opinion(pk=0, waiting_since=FIRST_DAY - datetime.timedelta(1)))


def write_once(
    committee: Committee, count: int, *, say: Callable[[str], None], is_vacuumed: bool = True
) -> None:
    """Before the first search that is measured; pages measured before see the demo's reports."""
    if Opinion.objects.in_committee(committee).filter(year=2000).exists():
        return
    say(f"{count} reports")
    authors = list(Member.objects.in_committee(committee).values_list("pk", flat=True)[:100])
    clerk = User.objects.get(sign_in_name="clerk")
    write_reports(committee, count, by=clerk, authors=authors)
    if is_vacuumed:  # not inside a transaction
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def measure(name: str, committee: Committee, *, rounds: int) -> Figure:
    """A search beside the first page of the list, as the same clerk."""
    floor = asking("clerk", address_of(committee.slug))
    ask = asking("clerk", address_of(committee.slug, name))
    return Figure(name, *in_turns(floor, ask, rounds=rounds), SEARCH_LIMIT)
