"""The clock on fingerprints and on what is learnt of categories."""

from __future__ import annotations

import datetime

from celery import shared_task
from django.db.models import Exists, OuterRef
from django.utils import timezone

from committees.models import Committee
from opinions.actions.categorising import train_categories
from opinions.actions.fingerprints import sweep_fingerprints
from opinions.models import Opinion
from workrooms.models import Reception

LOOK_BACK = datetime.timedelta(days=2)


@shared_task
def run_fingerprints(since: str | None = None, whole: bool = False) -> int:
    """Start `sweep_fingerprints_of` of every committee that has a report or an entry.

    Between the whole sweeps of the night only what was written in the last two days is looked at.
    """
    moment = "" if whole else since or (timezone.now() - LOOK_BACK).isoformat()
    ids = _with_texts()
    for committee_id in ids:
        sweep_fingerprints_of.delay(committee_id, moment)
    return len(ids)


@shared_task
def sweep_fingerprints_of(committee_id: int, since: str = "") -> dict[str, int]:
    """Make what lacks, drop what is closed or gone. Safe to run twice, and twice at once."""
    moment = datetime.datetime.fromisoformat(since) if since else None
    return sweep_fingerprints(Committee.objects.get(pk=committee_id), since=moment)


@shared_task
def run_category_training() -> int:
    """Start `train_categories_of` of every committee that has reports; how many those are."""
    labelled = Opinion.objects.filter(committee=OuterRef("pk"), category__isnull=False)
    found = Committee.objects.filter(Exists(labelled)).order_by("pk")
    ids = list(found.values_list("pk", flat=True))
    for committee_id in ids:
        train_categories_of.delay(committee_id)
    return len(ids)


@shared_task
def train_categories_of(committee_id: int) -> int:
    """Learn anew; how many reports it was learnt from, 0 where they are too few."""
    model = train_categories(Committee.objects.get(pk=committee_id))
    return model.texts if model else 0


def _with_texts() -> list[int]:
    reports = Exists(Opinion.objects.filter(committee=OuterRef("pk")))
    entries = Exists(Reception.objects.filter(committee=OuterRef("pk")))
    found = Committee.objects.filter(reports | entries).order_by("pk")
    return list(found.values_list("pk", flat=True))
