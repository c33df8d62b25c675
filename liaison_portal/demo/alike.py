"""Fingerprints of what was written, colleagues who second and read, and what categories teach."""

from __future__ import annotations

import datetime
import random

from django.utils import timezone

from liaison_portal.demo.plan import Place, Plan
from opinions.actions.categorising import train_categories
from opinions.actions.fingerprints import sweep_fingerprints
from opinions.models import Opinion, ReadRequest, Seconding
from opinions.permissions.similar import SECONDED

WORDS = (
    "我走访的小区也有同样情况，建议一并考虑。",
    "本界别委员多次谈到这件事，赞成文中建议。",
    "",
    "",
)


def alike(place: Place, plan: Plan) -> None:
    """Reports of the demo share topics, so that most have twins; some are seconded and open."""
    sweep_fingerprints(place.committee)
    if not place.is_city:
        return
    rng = random.Random(f"{place.committee.slug}:{plan.today}:alike")
    waiting = Opinion.objects.in_committee(place.committee).filter(
        status__in=SECONDED, is_direct=False
    )
    rows = list(waiting.with_authors().order_by("pk"))
    opened = [row.pk for row in rows if rng.random() < 0.3]
    Opinion.objects.filter(pk__in=opened).update(is_open_to_peers=True)
    _second(place, rng, [row for row in rows if rng.random() < 0.6])
    _ask(place, rng, [row for row in rows if row.pk not in opened])
    train_categories(place.committee)


def _since(rng: random.Random, row: Opinion) -> datetime.datetime:
    """A moment between the report's last movement and now."""
    passed = (timezone.now() - row.waiting_since).total_seconds()
    return row.waiting_since + datetime.timedelta(seconds=max(passed, 0) * rng.random())


def _second(place: Place, rng: random.Random, rows: list[Opinion]) -> None:
    made = []
    for row in rows:
        others = [member for member in place.members if member.pk not in row.author_ids]
        for member in rng.sample(others, k=rng.choice((1, 1, 2, 3))):
            given = {"member": member, "by": member.user, "words": rng.choice(WORDS)}
            at = _since(rng, row)
            made.append(Seconding(committee=place.committee, opinion=row, at=at, **given))
    Seconding.objects.bulk_create(made)


def _ask(place: Place, rng: random.Random, rows: list[Opinion]) -> None:
    """One colleague waits for the answer of each demo member, others were answered."""
    named = {m.pk for m in place.members if m.user.sign_in_name in {"member", "member2"}}
    made = []
    for row in rows:
        is_shown = not named.isdisjoint(row.author_ids)
        if not is_shown and rng.random() > 0.2:
            continue
        others = [member for member in place.members if member.pk not in row.author_ids]
        member, at = rng.choice(others), _since(rng, row)
        said = None if is_shown else rng.random() < 0.7
        asked = ReadRequest(committee=place.committee, opinion=row, member=member, asked_at=at)
        asked.asked_by, asked.is_agreed = member.user, said
        asked.answered_at = None if is_shown else timezone.now()
        made.append(asked)
    ReadRequest.objects.bulk_create(made)
