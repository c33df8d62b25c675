"""One message a working morning for what can wait: never empty, never twice.

A digest is a notice of its own kind; its key names the day, so `notice_once` is what keeps two
beats, a redelivered task and a worker that died from sending a second one. What it gathers is
marked in the same transaction. After days without power everything older is in one digest.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from committees.models import Committee, User
from committees.workdays import calendar_of
from notices.actions.posting import insert_once, wake
from notices.letters import texts_of
from notices.models.delivery import Topic, WhenTold
from notices.models.notices import DIGEST, Notice
from notices.topics import topic_of
from notices.wishes import clock

PEOPLE = 200  # in one transaction
LINES = 30  # of a committee in one letter; the rest stands in the inbox


def key_of(day: datetime.date) -> str:
    return f"notices.digest:{day.isoformat()}"


def is_time(day: datetime.date, now: datetime.datetime) -> bool:
    return now >= _cut(day)


def _cut(day: datetime.date) -> datetime.datetime:
    """What came later is the next morning's."""
    at = clock(settings.NOTICE_DIGEST_AT)
    return timezone.make_aware(datetime.datetime.combine(day, at))


def due(day: datetime.date) -> Any:
    """What the digest of a day holds: the daily ones, and the weekly ones of the weeks before."""
    monday = day - datetime.timedelta(days=day.weekday())
    midnight = timezone.make_aware(datetime.datetime.combine(monday, datetime.time()))
    of_the_week = Q(waits_for=WhenTold.WEEKLY, created_at__lt=midnight)
    rows = Notice.objects.waiting().filter(created_at__lt=_cut(day))
    return rows.filter(Q(waits_for=WhenTold.DAILY) | of_the_week)


def committees_due(day: datetime.date) -> list[int]:
    """Those with something to gather; a notice about the account itself goes with the last used."""
    own = set(due(day).exclude(committee=None).values_list("committee_id", flat=True).distinct())
    accounts = due(day).filter(committee=None).exclude(recipient__last_committee=None)
    own |= set(accounts.values_list("recipient__last_committee_id", flat=True).distinct())
    return sorted(own)


def send_digests(committee: Committee, day: datetime.date) -> int:
    """Make the digests of a committee's people; how many. None on a day that is no working day."""
    if not calendar_of(committee).is_workday(day):
        return 0
    made = 0
    had = Notice.objects.filter(recipient=OuterRef("recipient"), key=key_of(day))
    here = Q(committee=committee) | Q(committee=None, recipient__last_committee=committee)
    waiting = due(day).filter(here).exclude(Exists(had)).filter(recipient__is_active=True)
    people = sorted(set(waiting.values_list("recipient_id", flat=True)))
    for start in range(0, len(people), PEOPLE):
        made += _gather(committee, day, people[start : start + PEOPLE])
    return made


def _gather(committee: Committee, day: datetime.date, people: list[int]) -> int:
    with transaction.atomic():
        gathered: dict[int, list[Notice]] = defaultdict(list)
        for notice in due(day).filter(recipient__in=people).order_by("id"):
            gathered[notice.recipient_id].append(notice)
        accounts = User.objects.in_bulk(gathered)
        rows = [_digest(committee, day, accounts[pk], gathered[pk]) for pk in sorted(gathered)]
        told = insert_once(rows) if rows else []
        now = timezone.now()
        for row in told:
            ids = [notice.pk for notice in gathered[row.recipient_id]]
            Notice.objects.filter(pk__in=ids).update(digest=row, sent_at=now)
        # It repeats what stands in the inbox, so it is not one more unread thing there.
        Notice.objects.filter(pk__in=[row.pk for row in told]).update(read_at=now)
        if told:
            ids = [row.pk for row in told]
            transaction.on_commit(lambda: wake("notices.tasks.deliver_all", ids), robust=True)
    return len(told)


def _digest(
    committee: Committee, day: datetime.date, person: User, notices: list[Notice]
) -> Notice:
    counted = Counter(topic_of(notice.kind) for notice in notices)
    groups = [(topic.label, counted[topic]) for topic in Topic if counted[topic]]
    context: dict[str, Any] = {
        "to": person,
        "committee": committee,
        "day": day,
        "count": len(notices),
        "groups": groups,
        "sections": _sections(committee, notices),
        "path": reverse("notices:inbox", args=[committee.slug]),
    }
    return Notice(
        recipient=person,
        committee=committee,
        kind=DIGEST,
        key=key_of(day),
        path=context["path"],
        **texts_of(DIGEST, context),
    )


def _sections(committee: Committee, notices: list[Notice]) -> list[dict[str, Any]]:
    """The notices by committee, that of the digest first: each with its name and its inbox. What is
    about the account itself stands with the first."""
    by_committee: dict[int, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_committee[notice.committee_id or committee.pk].append(notice)
    others = Committee.objects.in_bulk(by_committee.keys() - {committee.pk})
    found = []
    for one in [committee, *(others[pk] for pk in sorted(others))]:
        if rows := by_committee[one.pk]:
            path = reverse("notices:inbox", args=[one.slug])
            section = {"office": one.short_name, "path": path, "count": len(rows)}
            section["url"] = settings.PUBLIC_URL.rstrip("/") + path if settings.PUBLIC_URL else ""
            section["lines"] = [_bare(notice) for notice in rows[:LINES]]
            section["more"] = max(len(rows) - LINES, 0)
            found.append(section)
    return found


def _bare(notice: Notice) -> str:
    """The SMS line without its 【office】: made to hold nothing internal."""
    text = notice.sms or notice.title
    return text.partition("】")[2] if text.startswith("【") and "】" in text else text
