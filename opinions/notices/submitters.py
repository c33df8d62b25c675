"""Co-authors are asked once, and the first author hears who declined."""

from __future__ import annotations

from committees.models import User
from opinions.models import Authorship, Opinion
from opinions.notices.reports import tell


def asked(opinion: Opinion, members: list[int]) -> int:
    """To members asked to be co-authors or drafters, once a report; how many heard."""
    people = list(User.objects.filter(members__in=members))
    return tell("opinion_coauthor_asked", opinion, people, once=True)


def declined(opinion: Opinion, part: Authorship) -> int:
    """To whoever asked: the first author, or who filed for a body."""
    people = User.objects.filter(members__in=opinion.author_ids[:1]) or [opinion.created_by]
    return tell("opinion_coauthor_declined", opinion, list(people), round=part.pk, part=part)
