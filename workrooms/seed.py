"""Sample rows of the workrooms for a new committee."""

from __future__ import annotations

from committees.models import Committee
from workrooms.models import PublicLimit
from workrooms.public_limits import SAMPLES


def seed(committee: Committee) -> None:
    """Idempotent: rows the office has changed stay as they are."""
    lay_public_limits(committee)


def lay_public_limits(committee: Committee) -> None:
    PublicLimit.objects.bulk_create(
        [
            PublicLimit(committee=committee, measure=measure, number=number, is_sample=True)
            for measure, number in SAMPLES.items()
        ],
        ignore_conflicts=True,
    )
