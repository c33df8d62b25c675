"""Whom a report's moves are told to. No title, text or note travels: a notice leads to the page.

Inbox, SMS and mail are outside the report's own page, and a report that goes offline (转线下办理)
must leave nothing behind there.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.urls import reverse

from committees.models import User
from notices.actions import post_many
from opinions.models import Opinion, Status


def tell(
    kind: str, opinion: Opinion, to: list[User], *, once: bool = False, round: Any = "", **more: Any
) -> int:
    """Once a report, once a `round`, or once each time the report comes into its present status;
    how many heard."""
    key = f"opinions.opinion:{opinion.pk}:{kind}"
    if round:
        key += f":{round}"
    elif not once:
        key += f":{opinion.waiting_since:%Y%m%dT%H%M%S.%f}"
    told = post_many(
        kind,
        to=[person for person in to if person.is_active],
        key=key,
        about=opinion,
        committee=opinion.committee,
        path=reverse("opinions:detail", args=[opinion.committee.slug, opinion.pk]),
        **more,
    )
    return len(told)


def authors(opinion: Opinion) -> list[User]:
    return list(User.objects.filter(members__in=opinion.author_ids))


def awaits_review(opinion: Opinion) -> None:
    tell("opinion_awaits_review", opinion, opinion.reviewers)


def reminded(opinion: Opinion, *, by_day: datetime.date) -> int:
    """To the convenors, once a clock: after `by_day` the report goes on by itself.

    Returns how many were told now.
    """
    return tell("opinion_reminder", opinion, opinion.reviewers, by_day=by_day)


def passed_on(opinion: Opinion) -> None:
    tell("opinion_passed_on", opinion, authors(opinion))


def returned(opinion: Opinion) -> None:
    is_advice = opinion.returned_from == Status.WITH_CONVENOR
    tell("opinion_returned", opinion, authors(opinion), is_advice=is_advice)


def shelved(opinion: Opinion) -> None:
    tell("opinion_shelved", opinion, authors(opinion))


def issued(opinion: Opinion) -> None:
    """The author is told, once."""
    tell("opinion_issued", opinion, authors(opinion), once=True, issue=opinion.issue)


def taken_offline(opinion: Opinion) -> None:
    tell("opinion_offline", opinion, authors(opinion), once=True)


def merged(opinion: Opinion) -> None:
    """To the part's own authors, each time it goes into another."""
    tell("opinion_merged", opinion, authors(opinion))


def unmerged(opinion: Opinion) -> None:
    tell("opinion_unmerged", opinion, authors(opinion))


def handed_to(opinion: Opinion, editor: User) -> None:
    """Once for each stretch of editing: who has it on the desk next need not hear it twice."""
    tell("opinion_to_edit", opinion, [editor])


ARRIVED: dict[str, Callable[[Opinion], None]] = {
    Status.WITH_CONVENOR: awaits_review,
    Status.RETURNED: returned,
    Status.SHELVED: shelved,
    Status.OFFLINE: taken_offline,
    Status.MERGED: merged,
}


def moved(opinion: Opinion, move: str) -> None:
    """Tell those whom this move concerns; the office finds its queues on the review desk."""
    if move == "pass_on":
        passed_on(opinion)
    elif move == "sign":
        issued(opinion)
    elif move == "unmerge":
        unmerged(opinion)
    elif move != "note" and opinion.status in ARRIVED:
        ARRIVED[opinion.status](opinion)
