"""The entries of the reception book behind a matter: none of their residents leaves with it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opinions.models import Opinion, Proposal, Referral
from workrooms.models import Reception


def receptions_of(matter: Any) -> Any:
    """Entries that a report, a proposal, an entry or a referral of one began with, as a QuerySet.

    Of a report also those of its parts, of the reports below that it or a part was sent from, and
    of what went into such a one; of a proposal those of the report it was made of.
    """
    if isinstance(matter, Referral):
        matter = matter.matter
    if matter is None:
        return Reception.objects.none()
    if isinstance(matter, Reception):
        return Reception.objects.filter(pk=matter.pk)
    pk = matter.opinion_id if isinstance(matter, Proposal) else matter.pk
    if pk is None:
        return Reception.objects.none()
    ways = ["merged_into", "sent_rows", "sent_rows__merged_into", "merged_into__sent_rows"]
    ways.append("sent_rows__sent_rows")
    rows = Opinion.objects.order_by().values("reception")
    begun = rows.filter(pk=pk).union(*(rows.filter(**{way: pk}) for way in ways))
    return Reception.objects.filter(pk__in=begun)


def named_in(matter: Any, *texts: str) -> list[str]:
    """群众姓名, 联系电话: what of these entries' residents stands in the texts."""
    found: dict[str, None] = {}
    for entry in _entries(matter):
        found |= dict.fromkeys(entry.named_in(*texts))
    return list(found)


def refuse_named(matter: Any, field: str, *texts: str) -> None:
    """ValidationError `resident` on the field: what goes to a unit names no resident."""
    if not any(texts):
        return
    if named := named_in(matter, *texts):
        words = _("转办不带群众姓名和电话，请删去文中的%(what)s。") % {"what": "、".join(named)}
        raise ValidationError({field: ValidationError(words, code="resident")})


def is_confided(matter: Any) -> bool:
    """One of them turned out to be against a person: only the confidant acts on it."""
    return any(entry.is_closed_to_others for entry in _entries(matter))


def _entries(matter: Any) -> list[Reception]:
    """The same entries as rows; where there can be only the own one, it is asked of nobody."""
    if isinstance(matter, Referral):
        matter = matter.matter
    if isinstance(matter, Reception):
        return [matter]
    if isinstance(matter, Opinion) and not (matter.part_count or matter.source_id):
        return [matter.reception] if matter.reception else []
    return list(receptions_of(matter))
