"""Saved filters of the demo's clerk. What reports are found by is written with their texts."""

from __future__ import annotations

from liaison_portal.demo.plan import Place, Plan
from opinions.models import SavedFilter

KEPT = (("待审核急件", "status=received&urgent=1"), ("转办超期未答复", "overdue=1"))


def saved_filters(place: Place, plan: Plan) -> None:
    clerk = plan.accounts["clerk"]
    SavedFilter.objects.bulk_create(
        SavedFilter(committee=place.committee, user=clerk, name=name, query=query)
        for name, query in KEPT
    )
