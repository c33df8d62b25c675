"""Whom the papers of the year are told to."""

from __future__ import annotations

from django.urls import reverse

from activities.models import YearPaper
from committees.models import User
from notices.actions import clerks_of, post, post_many


def submitted(paper: YearPaper, *, by: User) -> None:
    """The clerks, but whoever submitted it."""
    post_many(
        "year_paper_submitted",
        to=[clerk for clerk in clerks_of(paper.committee) if clerk.pk != by.pk],
        key=f"activities.yearpaper:{paper.pk}:year_paper_submitted:{paper.version}",
        about=paper,
        committee=paper.committee,
        path=_path(paper),
    )


def returned(paper: YearPaper, *, to: User | None) -> None:
    """Who submitted it."""
    if to is None or not to.is_active:
        return
    post(
        "year_paper_returned",
        to=to,
        key=f"activities.yearpaper:{paper.pk}:year_paper_returned:{paper.returned_at:%Y%m%dT%H%M%S}",
        about=paper,
        committee=paper.committee,
        path=_path(paper),
    )


def _path(paper: YearPaper) -> str:
    return reverse("responsibilities:paper", args=[paper.committee.slug, paper.pk])
