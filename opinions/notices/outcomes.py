"""Whom to tell that a report was adopted or instructed upon; kind and link, never a word of it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone

from committees.models import Appointment, Role, User
from notices.actions import post_many
from opinions.models import Adoption, Instruction, Opinion


def _tell(kind: str, opinion: Opinion, row: models.Model, to: list[User], **more: object) -> int:
    """Once a fact: its key names the row."""
    told = post_many(
        kind,
        to=[person for person in to if person.is_active],
        key=f"{row._meta.label_lower}:{row.pk}:{kind}",
        about=opinion,
        committee=opinion.committee,
        path=reverse("opinions:outcomes", args=[opinion.committee.slug, opinion.pk]),
        **more,
    )
    return len(told)


def _authors(opinion: Opinion) -> list[User]:
    return list(User.objects.filter(members__in=opinion.author_ids))


def _editors(opinion: Opinion) -> list[User]:
    """The clerks and editors of the report's committee, today."""
    held = Appointment.objects.filter(
        committee=opinion.committee,
        role__in=[Role.CLERK, Role.EDITOR],
        span__contains=timezone.localdate(),
    )
    return list(User.objects.filter(appointments__in=held).distinct())


def adopted(row: Adoption) -> None:
    """The author is told each adoption, once; that of signing is told as 签发."""
    level = row.get_level_display()
    _tell("opinion_adopted", row.opinion, row, _authors(row.opinion), level=level)


def instructed(row: Instruction) -> None:
    _tell("opinion_instructed", row.opinion, row, _authors(row.opinion))


def adopted_above(opinion: Opinion, row: Adoption) -> None:
    """What a higher committee made of it: the author, and the office that sent it."""
    level = row.get_level_display()
    _tell("opinion_adopted", opinion, row, _authors(opinion), level=level)
    _tell("opinion_adopted_above", opinion, row, _editors(opinion), level=level)


def source_offline(opinion: Opinion) -> None:
    """The office above: the lower committee took its report offline; the number, no word of it."""
    kind, place = "opinion_source_offline", [opinion.committee.slug, opinion.pk]
    post_many(
        kind,
        to=[person for person in _editors(opinion) if person.is_active],
        key=f"{opinion._meta.label_lower}:{opinion.pk}:{kind}",
        about=opinion,
        committee=opinion.committee,
        path=reverse("opinions:detail", args=place),
    )
