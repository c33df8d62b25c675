"""The four texts of a notice: for one person, or rendered once and filled in by the database.

A text for many differs in the name only. It is rendered with a mark in the name's place, and the
`INSERT … SELECT` puts each person's name there; so 30,000 people cost what one person's texts and
one statement cost. A kind whose texts ask more of `to`, or name the person in the one-line texts
that are cut to length, is rendered for each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models.base import ModelState
from django.template import Context, Engine
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.text import Truncator

from committees.models import User
from notices.models import Notice

ENDINGS = {"title": "title.txt", "body": "inbox.html", "sms": "sms.txt", "mail": "mail.txt"}
ONE_LINE = {"title": 120, "sms": 200}
MARK = "\ue0001\ue000"  # private signs, which no text of ours holds
AT_ONCE = 5000  # people in one statement
ASKED = re.compile(r"\bto(?:\.\w+)+\|?|\bto\|")
ELSEWHERE = re.compile(r"{%\s*(include|extends)\b")


class _Anybody:
    """Stands for each recipient while the text for all is rendered."""

    name = MARK

    def __str__(self) -> str:
        return MARK


def texts_of(kind: str, context: Mapping[str, Any]) -> dict[str, str]:
    """The four texts, in the portal's language whatever the one who acts has chosen."""
    with translation.override(settings.LANGUAGE_CODE):
        texts = {name: _rendered(kind, ending, context) for name, ending in ENDINGS.items()}
    return texts | {name: _line(texts[name], limit) for name, limit in ONE_LINE.items()}


def _rendered(kind: str, ending: str, context: Mapping[str, Any]) -> str:
    template = Engine.get_default().get_template(f"notices/{kind}.{ending}")
    escaped = ending.endswith(".html")
    return template.render(Context(dict(context), autoescape=escaped)).strip()


def _line(text: str, limit: int) -> str:
    return Truncator(" ".join(text.split())).chars(limit)


def for_all(kind: str, context: Mapping[str, Any]) -> dict[str, str] | None:
    """The texts with MARK where the name belongs; None if each person needs texts of their own."""
    if not _asks_for_the_name_only(kind):
        return None
    texts = texts_of(kind, {**context, "to": _Anybody()})
    return None if any(MARK in texts[name] for name in ONE_LINE) else texts


@lru_cache(maxsize=500)
def _asks_for_the_name_only(kind: str) -> bool:
    engine = Engine.get_default()
    sources = [
        str(engine.get_template(f"notices/{kind}.{ending}").source) for ending in ENDINGS.values()
    ]
    asked = {found for source in sources for found in ASKED.findall(source)}
    return asked <= {"to.name"} and not any(ELSEWHERE.search(source) for source in sources)


ESCAPED = "u.name"
for _sign, _as in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("''", "&#x27;")):
    ESCAPED = f"replace({ESCAPED}, '{_sign}', '{_as}')"


def insert_once(
    people: Mapping[int, User], shared: Mapping[str, Any], texts: Mapping[str, str]
) -> list[Notice]:
    """Tell all these people the same, each by name; those who were not told before, with ids."""
    committee, now = shared["committee"], timezone.now()
    body = f"replace(%s, '{MARK}', {ESCAPED})" if MARK in texts["body"] else "%s"
    mail = f"replace(%s, '{MARK}', u.name)" if MARK in texts["mail"] else "%s"
    table, users = (connection.ops.quote_name(m._meta.db_table) for m in (Notice, User))
    statement = (
        f"INSERT INTO {table} (recipient_id, committee_id, kind, key, path, title, body, sms, mail,"
        " created_at, attempts)"
        f" SELECT u.id, %s, %s, %s, %s, %s, {body}, %s, {mail}, %s, 0"
        f" FROM {users} u WHERE u.id = ANY(%s) ORDER BY u.id"
        " ON CONFLICT (recipient_id, key) DO NOTHING RETURNING recipient_id, id"
    )
    given = [committee and committee.pk, shared["kind"], shared["key"], shared["path"]]
    given += [*(texts[name] for name in ("title", "body", "sms", "mail")), now]
    told: list[tuple[int, int]] = []
    ids = sorted(people)
    with connection.cursor() as cursor:
        for start in range(0, len(ids), AT_ONCE):
            cursor.execute(statement, [*given, ids[start : start + AT_ONCE]])
            told += cursor.fetchall()
    return _as_notices(told, people, shared, texts, now)


def _as_notices(
    told: Sequence[tuple[int, int]],
    people: Mapping[int, User],
    shared: Mapping[str, Any],
    texts: Mapping[str, str],
    now: Any,
) -> list[Notice]:
    """The rows as they stand in the database now, each with its recipient.

    Copies of one pattern: thirty thousand times through the model's own constructor would cost more
    than writing them did.
    """
    pattern = Notice(created_at=now, attempts=0, **shared, **texts)
    alike = {name: value for name, value in vars(pattern).items() if name != "_state"}
    is_named = {name: MARK in texts[name] for name in ("body", "mail")}
    made = []
    for recipient, pk in told:
        person, row = people[recipient], Notice.__new__(Notice)
        own: dict[str, Any] = {"id": pk, "recipient_id": recipient}
        if is_named["mail"]:
            own["mail"] = texts["mail"].replace(MARK, person.name)
        if is_named["body"]:
            own["body"] = texts["body"].replace(MARK, escape(person.name))
        state = ModelState()
        state.adding, state.db = False, connection.alias
        state.fields_cache = {"recipient": person, "committee": shared["committee"]}
        vars(row).update(alike, _state=state, **own)
        made.append(row)
    return made
