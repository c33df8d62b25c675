"""What workers do for the roster: read and write big files, find those whose wake-up was lost."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from sectors.handover.transferring import carry_out
from sectors.models import Handover, Transfer
from sectors.roster_import.background import read_waiting, sweep_readings
from sectors.roster_import.confirming import sweep_writings, write_waiting
from sectors.roster_import.forgetting import forget_imports


@shared_task
def read_roster(import_id: int) -> bool:
    """Read one uploaded roster into its preview. Safe to run twice: a row is claimed once."""
    return read_waiting(import_id, timezone.now())


@shared_task
def write_roster(import_id: int) -> bool:
    """Write one confirmed preview. Safe to run twice: a row is claimed, and written, once."""
    return write_waiting(import_id, timezone.now())


@shared_task
def sweep_roster_readings() -> int:
    """Read and write what no worker took up in a minute, or whose worker died; how many."""
    return sweep_readings(timezone.now()) + sweep_writings(timezone.now())


@shared_task
def carry_out_transfers() -> int:
    """Carry out what was agreed for a day that has come (待生效); how many. Safe to run twice."""
    on = timezone.localdate()
    waiting = Transfer.objects.due(on).values("handover")
    return sum(carry_out(one, on) for one in Handover.objects.filter(pk__in=waiting).light())


@shared_task
def forget_roster_imports() -> int:
    """Drop what the roster's imports need no more; how many imports. Safe to run twice."""
    return forget_imports(timezone.now())
