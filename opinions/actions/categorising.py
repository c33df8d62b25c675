"""Learning categories from filed reports, and putting a report into one: a person decides."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from committees.actors import CLOCK
from committees.audit import record
from committees.models import Category, Committee, User
from opinions import categories, workflow
from opinions.actions.writing import lock, record_deed
from opinions.models import CategoryModel, Opinion, Status
from opinions.permissions.similar import can_categorise
from opinions.texts import stored_whole

MOST_TEXTS = 4000  # the most recent ones; wording changes with the years
FILED = workflow.IN_OFFICE | {Status.ISSUED, Status.CLOSED, Status.SHELVED, Status.MERGED}


def train_categories(committee: Committee) -> CategoryModel | None:
    """Learn anew from what is filed; None, and no model left, without enough of it.

    Safe to run twice: the same reports give the same model.
    """
    learnt = categories.learn(_labelled(committee))
    with transaction.atomic():
        if learnt is None:
            CategoryModel.objects.in_committee(committee).delete()
            return None
        row, _ = CategoryModel.objects.update_or_create(
            committee=committee,
            defaults={
                "weights": categories.packed(learnt.weights),
                "categories": learnt.categories,
                "texts": learnt.texts,
                "held_out": learnt.held_out,
                "accuracy": learnt.accuracy,
                "trained_at": timezone.now(),
            },
        )
        record(
            "opinion.train_categories",
            by=CLOCK,
            committee=committee,
            about=row,
            texts=row.texts,
            percent=row.percent,
        )
    return row


def _labelled(committee: Committee) -> list[tuple[str, int]]:
    filed = Opinion.objects.in_committee(committee).filter(
        status__in=FILED, received_on__isnull=False, category__is_active=True
    )
    rows: Any = filed.annotate(words=stored_whole()).order_by("-pk")
    found = list(rows.values_list("words", "category")[:MOST_TEXTS])
    return [(text, category) for text, category in reversed(found) if text]


def suggest_category(committee: Committee, text: str) -> tuple[int, CategoryModel] | None:
    """The id of the category a text resembles, and the model that says so; None without one.

    One statement, two when the weights are not at hand in this process.
    """
    rows = CategoryModel.objects.in_committee(committee).defer("weights")
    model = rows.first()
    if model is None:
        return None
    weights = _weights(model.pk, model.trained_at, len(model.categories))
    if weights is None:
        return None
    found = categories.suggested(weights, model.categories, text)
    return (found, model) if found is not None else None


@lru_cache(maxsize=8)
def _weights(pk: int, trained_at: datetime.datetime, count: int) -> Any:
    """Of the model trained at that moment; None where a newer one has taken its place meanwhile."""
    rows = CategoryModel.objects.filter(pk=pk, trained_at=trained_at)
    content = rows.values_list("weights", flat=True).first()
    return categories.unpacked(bytes(content), count) if content else None


def categorise(opinion: Opinion, category: Category | None, *, by: User) -> Opinion:
    """The office puts a report into a category, or takes it out; `moved` once it left its hands."""
    with transaction.atomic():
        lock(opinion)
        if not can_categorise(by, opinion):
            raise PermissionDenied
        if opinion.status not in FILED:
            raise workflow.moved(opinion)
        opinion.category = category
        opinion.save(update_fields=["category"])
        record_deed(
            "opinion.categorise", opinion, by=by, category=category.pk if category else None
        )
    return opinion
