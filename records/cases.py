"""What the office may choose from for its notable cases (典型案例): deeds of the period.

The list is for the office's eyes. What goes into the paper is what the office writes; a line to
begin from says when, where and what kind of deed it was, and nothing that a resident, a report or a
unit's answer said.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Coalesce, Left, NullIf, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.actors import Actor
from committees.models import Committee
from contacts.periods import Period
from records.figures import FIGURES
from records.periods import Subject

EACH = 10
TEXT = CharField()
KINDS = {
    "visit": _("走访联系"),
    "reception": _("办结的群众诉求"),
    "activity": _("活动"),
    "promise": _("落实的计划解决事项"),
}
VIEWS = {
    "visit": "contacts:visit",
    "reception": "workrooms:reception",
    "activity": "activities:detail",
}
FIGURE_OF = {
    "visit": "visits",
    "reception": "resolved",
    "activity": "activities",
    "promise": "kept",
}


COLUMNS: dict[str, tuple[Any, Any, Any]] = {
    "visit": ("happened_on", Coalesce(NullIf("place", Value("")), "channel__name"), F("place")),
    "reception": (
        "resulted_on",
        Left("said", 40),
        Coalesce("workroom__name", "liaison_group__name"),
    ),
    "activity": (
        TruncDate("starts_at", tzinfo=timezone.get_default_timezone()),
        F("title"),
        F("place"),
    ),
    "promise": ("settled_on", Left("what", 60), Cast("referral_id", TEXT)),
}
"""Day, what it is called, and where it was; of a promise its referral."""


@dataclass(frozen=True, slots=True)
class Case:
    """`title` says to the office which deed it is; `beginning` is the line to begin from."""

    kind: str
    pk: int
    day: datetime.date
    title: str
    place: str

    @property
    def label(self) -> Any:
        return KINDS[self.kind]

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.pk}"

    def url(self, committee: Committee) -> str:
        if self.kind == "promise":
            return reverse("referrals:detail", args=[committee.slug, int(self.place)])
        return reverse(VIEWS[self.kind], args=[committee.slug, self.pk])

    @property
    def beginning(self) -> str:
        when = f"{self.day.month}月{self.day.day}日，"
        at = f"在{self.place}" if self.place else ""
        return (
            when
            + {
                "visit": f"委员{at}走访联系群众。",
                "reception": f"{self.place}接待的一件群众诉求办结。",
                "activity": f"{at}开展“{self.title}”活动。",
                "promise": "一项计划解决事项落实。",
            }[self.kind]
        )


def proposed(committee: Committee, subject: Subject, period: Period, *, to: Actor) -> list[Case]:
    """The latest of each kind in the period, as far as this person may see them; one statement."""
    parts = [_part(kind, committee, subject, period, to) for kind in KINDS]
    order = list(KINDS)
    found = [Case(*row) for row in parts[0].union(*parts[1:], all=True)]
    return sorted(found, key=lambda it: (order.index(it.kind), -it.day.toordinal(), -it.pk))


def _part(kind: str, committee: Committee, subject: Subject, period: Period, to: Actor) -> Any:
    figure = FIGURES[FIGURE_OF[kind]]
    rows = figure.of_subject(subject.kind, subject.pk, committee, period)
    seen = rows.model.objects.in_committee(committee).visible_to(to)
    day, title, place = COLUMNS[kind]
    columns = {
        "c_kind": Value(kind, output_field=TEXT),
        "c_day": F(day) if isinstance(day, str) else day,
        "c_title": Cast(title, TEXT),
        "c_place": Cast(place, TEXT),
    }
    listed = rows.filter(pk__in=seen.values("pk")).annotate(**columns)
    values = listed.values_list("c_kind", "pk", "c_day", "c_title", "c_place")
    return values.order_by("-c_day", "-pk")[:EACH]
