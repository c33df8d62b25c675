"""What people are told about the monthly summary."""

from __future__ import annotations

from django.urls import reverse

from notices.actions import clerks_of, post_many
from notices.models import Notice
from records.models import MonthlySummary


def summary_ready(summary: MonthlySummary) -> list[Notice]:
    """The clock has drafted it: the clerks look it over. Once per month and person."""
    committee = summary.committee
    return post_many(
        "summary_ready",
        to=clerks_of(committee),
        key=f"records.monthlysummary:{summary.pk}:summary_ready",
        about=summary,
        committee=committee,
        path=reverse("records:summary", args=[committee.slug, f"{summary.month:%Y-%m}"]),
    )
