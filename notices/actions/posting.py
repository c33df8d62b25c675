"""Telling people something exactly once, and taking in what they say back (意见反馈)."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.classification import refuse_marked
from committees.models import Committee, Role, User
from committees.permissions import is_clerk
from notices import letters
from notices.models import Feedback, Notice
from notices.permissions import can_give_feedback

log = logging.getLogger(__name__)

LONGEST_WAIT, REST = 1, 30  # seconds
_broker_rests_until = 0.0
CHUNK = 500  # people told by one INSERT, and notices named in one wake-up
MANY = 20  # people from whom on a text is rendered once for all of them
Row = TypeVar("Row")


def post(
    kind: str,
    *,
    to: User,
    key: str,
    about: models.Model | None,
    committee: Committee | None,
    path: str = "",
    **context: Any,
) -> Notice | None:
    """Tell one person something once; None where the person was told under this key before.

    Call it inside the deed's transaction: a deed undone tells nothing. `key` reads
    `<app>.<model>:<pk>:<kind>[:<date or round>]`; `path` is the page it leads to (`/city/…`).
    The texts are `templates/notices/<kind>.title.txt .inbox.html .sms.txt .mail.txt` and know
    `to`, `about`, `committee`, `path` and the context; of them only `.inbox.html` escapes.
    """
    new = post_many(kind, to=[to], key=key, about=about, committee=committee, path=path, **context)
    return new[0] if new else None


def post_many(
    kind: str,
    *,
    to: Iterable[User],
    key: str,
    about: models.Model | None,
    committee: Committee | None,
    path: str = "",
    **context: Any,
) -> list[Notice]:
    """The same to many people, in one statement per 500 of them; returns the new notices.

    A person named twice is told once. The people are taken in the order of their ids, so that two
    deeds telling the same people never wait for one another in a circle.
    """
    if path and not re.match(r"/[^/\\]", path):
        raise ValueError(f"A notice leads to a page of the portal, not to {path!r}")
    people = {person.pk: person for person in to}
    texts = {**context, "about": about, "committee": committee, "path": path}
    shared = {"kind": kind, "key": key, "committee": committee, "path": path}
    alike = letters.for_all(kind, texts) if len(people) >= MANY else None
    new: list[Notice] = []
    with transaction.atomic():
        if alike is not None:
            new = letters.insert_once(people, shared, alike)
        else:
            rows = [
                Notice(
                    recipient=people[pk],
                    **shared,
                    **letters.texts_of(kind, {**texts, "to": people[pk]}),
                )
                for pk in sorted(people)
            ]
            for chunk in _chunks(rows):
                new += insert_once(chunk)
        for told in _chunks(new):
            ids = [notice.pk for notice in told]
            transaction.on_commit(partial(wake, "notices.tasks.deliver_all", ids), robust=True)
    return new


def wake(task: str, *args: Any) -> None:
    """Wake a worker by the name of its task; costs a page at most a second, and never fails it.

    What must happen is a row that the sweeper finds, so a lost wake-up costs a minute or two. A
    broker that did not take the message within a second is left alone for half a minute.
    """
    global _broker_rests_until
    if time.monotonic() < _broker_rests_until:
        return
    attempt = threading.Thread(target=_send_task, args=(task, args), daemon=True)
    attempt.start()
    attempt.join(LONGEST_WAIT)
    if attempt.is_alive():
        log.warning("The broker does not answer; no wake-ups for %d seconds", REST)
        _broker_rests_until = time.monotonic() + REST


def _send_task(task: str, args: Sequence[Any]) -> None:
    try:
        current_app.send_task(task, args=args, retry=False, ignore_result=True)
    except Exception as error:  # every transport has errors of its own, and none may fail a page
        log.warning("No worker was woken for %s: %s", task, error)


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


COLUMNS = ("recipient_id", "committee_id", "kind", "key", "path", "title", "body", "sms", "mail")


def insert_once(rows: Sequence[Notice]) -> list[Notice]:
    """Those of the rows that were new, with their ids.

    Written by hand because `bulk_create(ignore_conflicts=True)` does not say which were new. While
    another transaction is telling the same thing, the statement waits for it to end.
    """
    now = timezone.now()
    places = ", ".join(["%s"] * len(COLUMNS))
    values = ", ".join([f"({places}, %s, 0)"] * len(rows))
    parameters = [
        value for row in rows for value in (*(getattr(row, name) for name in COLUMNS), now)
    ]
    table = connection.ops.quote_name(Notice._meta.db_table)
    names = ", ".join([*COLUMNS, "created_at", "attempts"])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES {values}"
            " ON CONFLICT (recipient_id, key) DO NOTHING RETURNING recipient_id, id",
            parameters,
        )
        ids = dict(cursor.fetchall())
    told = [row for row in rows if row.recipient_id in ids]
    for row in told:
        row.pk, row.created_at = ids[row.recipient_id], now
        row._state.adding, row._state.db = False, connection.alias
    return told


def mark_read(notice: Notice, *, by: User) -> Notice:
    """The recipient has opened it; the first time counts."""
    if notice.recipient_id != by.pk:
        raise PermissionDenied
    if notice.read_at is None:
        notice.read_at = timezone.now()
        Notice.objects.filter(pk=notice.pk).unread().update(read_at=notice.read_at)
    return notice


def mark_all_read(committee: Committee, *, by: User) -> int:
    """Everything unread in this committee's inbox; how many there were."""
    mine = Notice.objects.in_committee(committee).visible_to(by).unread()
    return mine.update(read_at=timezone.now())


def give_feedback(committee: Committee, *, by: Actor, text: str, page: str = "") -> Feedback:
    """Take in a word about the portal and tell the clerks. ValidationError for a text with marks.

    `page` is the address the writer came from; it is cut to what the column holds.
    """
    if not (isinstance(by, User) and can_give_feedback(by, committee)):
        raise PermissionDenied
    feedback = Feedback(committee=committee, author=by, text=text.strip(), page=page[:200])
    feedback.clean_fields(exclude=["committee", "author"])
    refuse_marked(feedback.text)
    with transaction.atomic():
        feedback.save(force_insert=True)
        record("feedback.give", by=by, committee=committee, about=feedback)
        post_many(
            "feedback_given",
            to=clerks_of(committee),
            key=f"notices.feedback:{feedback.pk}:feedback_given",
            about=feedback,
            committee=committee,
            path=reverse("notices:answer", args=[committee.slug, feedback.pk]),
        )
    return feedback


def answer_feedback(feedback: Feedback, *, by: Actor, answer: str) -> Feedback:
    """Answer once and tell the writer once.

    Of two clerks who answer at the same time one wins; the other gets ValidationError `answered`.
    """
    if not (isinstance(by, User) and is_clerk(by, feedback.committee)):
        raise PermissionDenied
    if not answer.strip():
        raise ValidationError({"answer": _("请填写答复。")})
    refuse_marked(answer)
    with transaction.atomic():
        locked = Feedback.objects.select_for_update(of=["self"]).get(pk=feedback.pk)
        if locked.answered_at:
            raise ValidationError(_("这条意见已有答复。"), code="answered")
        locked.answer, locked.answered_by, locked.answered_at = answer.strip(), by, timezone.now()
        locked.clean_fields(exclude=["committee", "author", "answered_by"])
        locked.save(update_fields=["answer", "answered_by", "answered_at"])
        record("feedback.answer", by=by, committee=feedback.committee, about=locked)
        post(
            "feedback_answered",
            to=feedback.author,
            key=f"notices.feedback:{feedback.pk}:feedback_answered",
            about=locked,
            committee=feedback.committee,
            path=reverse("notices:feedback", args=[feedback.committee.slug]),
        )
    return locked


def clerks_of(committee: Committee) -> Any:
    """The accounts of today's clerks (机关工作人员) of a committee."""
    today = timezone.localdate()
    return User.objects.filter(
        is_active=True,
        appointments__committee=committee,
        appointments__role=Role.CLERK,
        appointments__span__contains=today,
    ).distinct()
