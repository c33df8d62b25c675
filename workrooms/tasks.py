"""What the clock does for the front posts: what ran out is forgotten.

Who has duty and what waits in the book is told by `workrooms.reminders`.
"""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from workrooms.actions import forget_public_entries


@shared_task
def forget_public_counts() -> int:
    """The counters of the public form and its tokens whose time is over; how many. Runs twice."""
    return forget_public_entries(timezone.now())
