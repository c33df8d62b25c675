"""A member's own activities on the home: what awaits an answer, and where a place is held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import CharField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import Activity, Enrolling, Enrolment, State
from committees.models import Committee, User
from committees.templatetags.portal import moment
from liaison_portal.pages.home_line import Row

MOST = 5
COLUMNS = ("of", "activity_pk", "text", "state", "at", "note")  # as home_rows.COLUMNS lie


def _own(user: User, committee: Committee, members: Iterable[int]) -> Any:
    """Enrolments of these members at activities still to come, the next one first."""
    coming = Activity.objects.visible_to(user).in_committee(committee).taking_place().upcoming()
    rows = Enrolment.objects.filter(member__in=members, activity__in=coming.order_by())
    return rows.filter(given_up_at=None).order_by("activity__starts_at", "id")


def _shaped(of: str, rows: Any, at: Any, state: Any, note: str) -> QuerySet:
    named = {
        "of": Cast(Value(of), CharField()),
        "activity_pk": F("activity"),
        "text": Cast("activity__title", CharField()),
        "state": Cast(state, CharField()),
        "at": Cast(at, DateTimeField()),
        "note": Cast(note, CharField()),
    }
    shaped: QuerySet = rows.annotate(**named).values(*COLUMNS)[:MOST]
    return shaped


def invitations(user: User, committee: Committee, members: Iterable[int]) -> QuerySet:
    """Where an answer is awaited; `at` is until when, `note` whose answer."""
    rows = _own(user, committee, members).unanswered().exclude(activity__enrolment=Enrolling.NONE)
    until = Coalesce("activity__enrol_until", "activity__starts_at")
    return _shaped("invitation", rows, until, Value(""), "member__name")


def enrolments(user: User, committee: Committee, members: Iterable[int]) -> QuerySet:
    """The others, with their state."""
    rows = _own(user, committee, members).with_state().exclude(state_word=State.INVITED)
    return _shaped("enrolment", rows, "activity__starts_at", F("state_word"), "activity__place")


def invitation(row: dict[str, Any], slug: str, names_them: bool) -> Row:
    """Whose answer is awaited is said only to who sees those of several members."""
    said = {"who": row["note"], "until": moment(row["at"])}
    return Row(
        url=_detail(row, slug),
        title=_("请答复：%(what)s") % {"what": row["text"]},
        meta=(
            _("%(who)s · 请在 %(until)s 前答复能否参加")
            if names_them
            else _("请在 %(until)s 前答复能否参加")
        )
        % said,
        dot="due",
        pill=str(State.INVITED.label),
        pill_tone="due",
    )


def todo(found: Mapping[str, Any], slug: str, *, names_them: bool) -> list[Row]:
    return [invitation(row, slug, names_them) for row in found["invitation"]]


def enrolment(row: dict[str, Any], slug: str) -> Row:
    state = State(row["state"])
    return Row(
        url=_detail(row, slug),
        title=row["text"],
        meta=" · ".join(part for part in (moment(row["at"]), row["note"]) if part),
        pill=str(state.label),
        pill_tone=state.value,
    )


def _detail(row: dict[str, Any], slug: str) -> str:
    return reverse("activities:detail", kwargs={"slug": slug, "pk": row["pk"]})
