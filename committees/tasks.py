"""What the clock does for accounts and files."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from committees.files import sweep
from committees.models import Committee
from committees.sign_in_codes import forget_codes


@shared_task
def clear_sessions() -> int:
    """Forget sessions that have run out; how many were forgotten. Safe to run twice.

    Asked-for codes of yesterday go as well.
    """
    forget_codes(timezone.now())
    deleted, _by_model = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return deleted


@shared_task
def sweep_files() -> int:
    """Start one task per committee that forgets files nobody links to; how many were started."""
    started = 0
    ids = Committee.objects.order_by("pk").values_list("pk", flat=True)
    for committee_id in ids.iterator(chunk_size=500):
        sweep_files_of.delay(committee_id)
        started += 1
    return started


@shared_task
def sweep_files_of(committee_id: int) -> int:
    """How many stored files of one committee went. Safe to run twice."""
    return sweep(Committee.objects.get(pk=committee_id))
