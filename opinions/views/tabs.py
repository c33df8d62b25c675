"""The tabs of one report: its texts, and the pages that hang on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from opinions.models import Opinion, Status
from opinions.permissions import OUT, can_change_authors


def anyone(actor: Actor, opinion: Opinion) -> bool:
    return True


def is_out(actor: Actor, opinion: Opinion) -> bool:
    return opinion.status in OUT


@dataclass(frozen=True, slots=True)
class Tab:
    """`view` takes slug and pk; `shown` is asked of the row as fetched, and costs no statement."""

    view: str
    label: Any
    shown: Callable[[Actor, Opinion], bool] = anyone


def has_authors_page(actor: Actor, opinion: Opinion) -> bool:
    """Of several, or of one who may still ask others."""
    is_open = opinion.status in (Status.DRAFT, Status.RETURNED)
    return len(opinion.author_ids) + len(opinion.asked_ids) > 1 or (
        is_open and can_change_authors(actor, opinion)
    )


TABS = [
    Tab("opinions:detail", _("文稿")),
    Tab(
        "opinions:parts",
        _("合并情况"),
        lambda actor, row: bool(row.is_composed or row.part_count or row.merged_into_id),
    ),
    Tab("opinions:similar", _("相近信息")),
    Tab("opinions:secondings", _("附议")),
    Tab("opinions:outcomes", _("采用和批示"), is_out),
    Tab("opinions:handling", _("办理情况"), is_out),
    Tab("opinions:authors", _("反映人"), has_authors_page),
]


def tabs_of(opinion: Opinion, request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """Rows for components/tabs.html; none where a report has only one page for this person."""
    shown = [tab for tab in TABS if tab.shown(request.user, opinion)]
    place = {"slug": request.committee.slug, "pk": opinion.pk}
    rows = [
        {"label": tab.label, "url": reverse(tab.view, kwargs=place), "is_current": tab.view == here}
        for tab in shown
    ]
    return rows if len(rows) > 1 else []
