"""Sets of opinion reports: whose they are, what they wait for, with what a page needs of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject
from django.utils import timezone

from committees.actors import Actor
from committees.models import Role
from committees.scoping import OFFICE, CommitteeQuerySet
from committees.workdays import ONE_DAY, Calendar
from members.models import Member
from opinions.models.authorships import Authorship
from opinions.models.duties import DeskDuty
from opinions.models.manuscripts import Manuscript
from opinions.models.open_matters import matters_ended_since, open_matters
from opinions.models.statuses import OUT, SHOWN_TO_PEERS, Status
from opinions.models.steps import CHECKING, Step, first_check
from sectors.models import Seat


def written_by(parts: Any, members: Iterable[int]) -> Any:
    """The reports that these of the authorships say the members wrote, and the issued ones that
    theirs were merged into."""
    parts = parts.of_members(members)
    own = models.Exists(parts.filter(opinion=models.OuterRef("pk")))
    shared = models.Exists(parts.filter(opinion__merged_into=models.OuterRef("pk")))
    return models.Q(own) | models.Q(shared, status__in=OUT)


CONFIDED = models.Q(reception__nature="person")
"""Begun from an entry that turned out to be against a person."""

DUTY_KIND = models.Case(
    models.When(is_for_superior=True, then=models.Value("superior")),
    models.When(is_urgent=True, then=models.Value("urgent")),
    default=models.Value("ordinary"),
    output_field=models.CharField(),
)


class OpinionQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """Opinions are internal paper.

        Authors and their delegates: their own, and what theirs was merged into once that is issued;
        so those who were asked to be co-authors, until they decline, whereafter they see it no
        more. Who files for a body (convenors for their sector, a commission's office for the
        commission): the body's, drafts as well.
        Convenors, those who stand in for them and the matched commission's office: those
        of the sector that were not sent straight to the office (直报机关 is meant for what touches
        the convenor). The office: all but drafts. Leaders: what was issued. Nobody else.
        """
        standing = actor.standing
        seen: Any = models.Q(pk__in=[])
        if people := standing.scopes("member", "delegate"):
            seen |= written_by(Authorship.objects.standing(), people)
        not_draft = ~models.Q(status=Status.DRAFT)
        if offices := standing.committees(*OFFICE):
            seen |= models.Q(committee__in=offices) & not_draft
        through_sector = not_draft & models.Q(is_direct=False)
        if sectors := standing.scopes("convenor", "stand_in"):
            seen |= models.Q(sector__in=sectors) & through_sector
        if convened := standing.scopes("convenor"):
            seen |= models.Q(body_sector__in=convened)
        if commissions := standing.scopes(Role.COMMISSION):
            seen |= models.Q(sector__commission__in=commissions) & through_sector
            seen |= models.Q(body_commission__in=commissions)
        if leading := standing.committees(Role.LEADER):
            seen |= models.Q(committee__in=leading, status__in=OUT)
        return self.filter(seen)

    def shown_to_peers(self, actor: Actor) -> Any:
        """Of which a member may know title, sector and status: sent, and not withdrawn since.

        Not those sent straight to the office, nor of a sector whose people are shielded; nor what
        may be made of such: a composed report, and one that a lower committee sent.
        """
        where = actor.standing.committees("member", "delegate")
        rows = self.filter(committee__in=where, status__in=SHOWN_TO_PEERS, is_direct=False)
        return rows.filter(is_composed=False, source=None).exclude(sector__is_shielded=True)

    def with_seconders(self) -> Any:
        """Adds `seconder_names` in stroke order, in the same statement."""
        secondings: Any = self.model._meta.get_field("secondings").related_model
        rows = secondings.objects.filter(opinion=models.OuterRef("pk"))
        rows = rows.order_by("member__name_key", "id")
        return self.annotate(seconder_names=ArraySubquery(rows.values("member__name")))

    def by_member(self, member: Member) -> Any:
        return self.of_members([member.pk])

    def of_members(self, members: Iterable[int]) -> Any:
        """Those of which one of these members is an author, issued composed ones included; what is
        only asked is no credit."""
        return self.filter(written_by(Authorship.objects.confirmed(), members))

    def concerning(self, members: Iterable[int]) -> Any:
        """Those of which one of these members is an author or was asked to be one."""
        return self.filter(written_by(Authorship.objects.standing(), members))

    def reviewed_by(self, actor: Actor) -> Any:
        """Those of the sectors this person convenes, the own ones left out."""
        opinions: Any = self.model.objects  # type: ignore[attr-defined]
        own = opinions.concerning(actor.standing.scopes("member", "delegate"))
        convened = actor.standing.scopes("convenor", "stand_in")
        return self.filter(sector__in=convened).exclude(pk__in=own.values("pk"))

    def awaiting_review(self) -> Any:
        """Waiting for the convenors' first view."""
        return self.filter(status=Status.WITH_CONVENOR)

    def overdue(self, calendar: Calendar, *, workdays: int, on: datetime.date) -> Any:
        """Those whose `workdays` whole working days had passed before the day `on` began.

        The day on which a report came in does not count (期间开始之日不计入), so with two working
        days one of a Monday is overdue on Thursday.
        """
        latest = calendar.before(on - ONE_DAY, workdays)
        midnight = datetime.datetime.combine(latest + ONE_DAY, datetime.time())
        return self.filter(waiting_since__lt=timezone.make_aware(midnight))

    def finished(self, *, days: int, on: datetime.date) -> Any:
        """Issued, with nothing open, for `days` whole days when the day `on` began."""
        midnight = datetime.datetime.combine(on - days * ONE_DAY, datetime.time())
        latest = timezone.make_aware(midnight)
        issued = self.filter(status=Status.ISSUED, waiting_since__lt=latest)
        return issued.filter(~open_matters() & ~matters_ended_since(latest))

    def waiting_longest(self) -> Any:
        return self.order_by("waiting_since", "id")

    def with_authors(self) -> Any:
        """Adds `author_ids` and `author_names`, the first author first, and of those who have not
        answered yet `asked_ids` and `asked_names`, in the same statement.

        Of a composed report the authors are the own ones, then those of its parts: nothing is
        copied, so whoever leaves a part leaves it here too.
        """
        return self.annotate(**_authors())

    def for_moves(self) -> Any:
        """With everything the table of moves asks about a report, in one statement."""
        return (
            self.with_authors()
            .select_related("committee", "sector", "reception", "merged_into")
            .annotate(duty_kind=DUTY_KIND)
            .annotate(**_asked_by_moves(timezone.localdate()))
        )

    def with_what_was_asked(self) -> Any:
        """Adds `asked`, the note with which the report was last returned."""
        returned = Step.objects.filter(opinion=models.OuterRef("pk"), target=Status.RETURNED)
        last = returned.order_by("-at", "-id").values("note")[:1]
        return self.annotate(asked=models.Subquery(last))

    def sent_from(self, opinion: models.Model) -> Any:
        """What became of a report sent on: words for its own committee, never the rows."""
        rows = self.filter(source=opinion).order_by("created_at", "id")
        return rows.values("pk", "status", "created_at", to=models.F("committee__name"))

    def for_list(self) -> Any:
        """Latest movement first, with what a row shows, in one statement."""
        return (
            self.with_authors()
            .select_related("sector", "category", "issue", "editor")
            .order_by("-waiting_since", "-id")
        )


# What is made once here serves every query: an annotation is copied when it is taken up, and a
# page that asks for one report spent more time on putting these together than on the report.


@cache
def _authors() -> dict[str, Any]:
    reports: Any = apps.get_model("opinions", "Opinion")._default_manager
    own, outer = models.OuterRef("pk"), models.OuterRef(models.OuterRef("pk"))
    whole = reports.filter(models.Q(pk=outer) | models.Q(merged_into=outer))
    big = models.BigIntegerField()
    rank = models.Case(models.When(opinion=own, then=0), default="opinion_id", output_field=big)
    place = models.functions.Cast("place", big)
    first = models.Min(models.ExpressionWrapper(rank * 1000 + place, output_field=big))
    parts = Authorship.objects.confirmed().filter(opinion__in=whole.values("pk")).order_by()
    parts = parts.values("member").annotate(first=first).order_by("first")
    asked = Authorship.objects.waiting().of_opinion(own)
    return {
        "author_ids": ArraySubquery(parts.values("member_id")),
        "author_names": ArraySubquery(parts.values("member__name")),
        "asked_ids": ArraySubquery(asked.values("member_id")),
        "asked_names": ArraySubquery(asked.values("member__name")),
    }


@lru_cache(maxsize=2)
def _asked_by_moves(today: datetime.date) -> dict[str, Any]:
    """Who sits and who holds a duty is asked of `today`."""
    reports: Any = apps.get_model("opinions", "Opinion")._default_manager
    texts = Manuscript.objects.filter(opinion=models.OuterRef("pk"))
    originals = texts.filter(kind=Manuscript.Kind.ORIGINAL).order_by("-version")
    edited = texts.filter(kind=Manuscript.Kind.EDITED).order_by("-version")
    suggestions = Step.objects.filter(opinion=models.OuterRef("pk"), move="suggest")
    author = models.Q(membership__member__authorships__opinion=models.OuterRef("pk"))
    seats = Seat.objects.on(today).filter(author, membership__member__authorships__place=1)
    checks = Step.objects.filter(opinion=models.OuterRef("pk"), move__in=CHECKING)
    same = models.Q(committee=models.OuterRef("committee"), kind=models.OuterRef("duty_kind"))
    named = DeskDuty.objects.in_force(today).filter(same).order_by("id")
    parts = reports.filter(CONFIDED, merged_into=models.OuterRef("pk"))
    return {
        "first_checker_id": models.Subquery(first_check(checks).values("checker")[:1]),
        "duties": ArraySubquery(named.values(row=JSONObject(task="task", user="user"))),
        "situation": models.Subquery(originals.values("situation")[:1]),
        "was_suggested": models.Exists(suggestions),
        "last_editor_id": models.Subquery(edited.values("written_by")[:1]),
        "seat_sector_id": models.Case(
            models.When(body_kind="", then=models.Subquery(seats.values("sector")[:1])),
            default=models.F("body_sector"),
            output_field=models.BigIntegerField(),
        ),
        "has_open_matters": open_matters(),
        "has_confided_parts": models.Exists(parts),
    }
