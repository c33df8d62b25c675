"""What people are told about the summaries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from committees.models import Committee, Role, User
from notices.actions import clerks_of, post_many
from notices.models import Notice
from records.addresses import address
from records.models import MonthlySummary, Of


def summary_ready(summary: MonthlySummary) -> list[Notice]:
    """The clock has drafted it: the clerks look it over. Once per period and person."""
    return post_many(
        "summary_ready",
        to=clerks_of(summary.committee),
        key=f"records.monthlysummary:{summary.pk}:summary_ready",
        about=summary,
        committee=summary.committee,
        path=address(summary),
    )


def summary_approved(summary: MonthlySummary) -> list[Notice]:
    """Its readers: see `readers_of`."""
    return post_many(
        "summary_approved",
        to=readers_of(summary.committee, [summary]),
        key=f"records.monthlysummary:{summary.pk}:summary_approved",
        about=summary,
        committee=summary.committee,
        path=address(summary),
        title=_in_chinese(lambda: str(summary)),
    )


def summaries_approved(committee: Committee, rows: list[MonthlySummary]) -> list[Notice]:
    """Several at once: one notice a reader, which leads to the list."""
    first = rows[0]
    return post_many(
        "summary_approved",
        to=readers_of(committee, rows),
        key=f"records.monthlysummary:{first.pk}:summary_approved:{len(rows)}",
        about=None,
        committee=committee,
        path=reverse("records:summaries", args=[committee.slug]),
        title=_in_chinese(lambda: f"{first.period.label}{first.name}"),
    )


def _in_chinese(said: Callable[[], str]) -> str:
    """Notices are Chinese whatever language the screen of the one who approves has."""
    with translation.override(settings.LANGUAGE_CODE):
        return said()


def readers_of(committee: Committee, rows: Iterable[MonthlySummary]) -> Any:
    """Accounts whom the papers are for: the leaders of the committee's own; a sector's convenors
    and its commission's office; a commission's office; a room's keepers. In one statement."""
    today = timezone.localdate()
    scopes: dict[Of, set[int]] = {kind: set() for kind in Of}
    for row in rows:
        scopes[row.of].add(row.scope)
        if row.of == Of.SECTOR and row.sector and row.sector.commission_id:
            scopes[Of.COMMISSION].add(row.sector.commission_id)
    held = {"appointments__committee": committee, "appointments__span__contains": today}
    found = Q(pk__in=[])
    if scopes[Of.COMMITTEE]:
        found |= Q(pk__in=_people(**held, appointments__role=Role.LEADER))
    if offices := scopes[Of.COMMISSION]:
        appointed = {"appointments__role": Role.COMMISSION, "appointments__scope_id__in": offices}
        found |= Q(pk__in=_people(**held, **appointed))
    if sectors := scopes[Of.SECTOR]:
        seat = "members__memberships__seats__convenorships"
        found |= Q(
            pk__in=_people(
                **{
                    "members__memberships__span__contains": today,
                    f"{seat}__span__contains": today,
                    f"{seat}__sector__in": sectors,
                }
            )
        )
    if rooms := scopes[Of.WORKROOM]:
        for path in ("room_duties", "members__room_memberships"):
            kept = {
                f"{path}__is_keeper": True,
                f"{path}__span__contains": today,
                f"{path}__workroom__in": rooms,
            }
            found |= Q(pk__in=_people(**kept))
    return User.objects.filter(found, is_active=True)


def _people(**where: Any) -> Any:
    return User.objects.filter(**where).values("pk")
