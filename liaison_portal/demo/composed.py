"""Composed reports, one issued and one being edited; who edits what; a convenor on leave."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from committees.models import Role
from committees.spans import span_from
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from notices.models import Notice
from opinions import actions
from opinions.models import Adoption, DeskDuty, Opinion, Status, Step
from sectors.models import ConvenorLeave, Convenorship, Seat

TITLES = ("关于统筹改善居民身边公共服务的建议", "关于回应群众近期集中反映问题的建议")


def composed(place: Place, plan: Plan) -> None:
    """After the reports are written: their numbers go on from there."""
    _editors(place)
    if not place.is_city:
        return
    for number, title in enumerate(TITLES):
        parts = _parts(place, plan, 2 + number)
        if len(parts) > 1:
            _compose(place, plan, parts, title, is_issued=number == 0)
    _leave(place, plan)
    checkers, signers = place.officers[Role.CHECKER], place.officers[Role.SIGNER]
    for kind, task, people in (("urgent", "check", checkers), ("superior", "sign", signers)):
        DeskDuty.objects.create(committee=place.committee, kind=kind, task=task, user=people[0])


def _editors(place: Place) -> None:
    """Who took a report up edits it."""
    taken = Step.objects.filter(opinion=OuterRef("pk"), move="take_up").order_by("-at")
    rows = Opinion.objects.in_committee(place.committee)
    rows.update(editor=Subquery(taken.values("by_user")[:1]))


def _parts(place: Place, plan: Plan, count: int) -> list[Opinion]:
    """The latest that the office has in hand, not of the people whose screens are staged."""
    rows = Opinion.objects.in_committee(place.committee).for_moves()
    rows = rows.filter(status__in=[Status.RECEIVED, Status.EDITING], is_urgent=False)
    staged = rows.filter(authors__user__in=plan.accounts.values()).values("pk")
    return list(rows.exclude(pk__in=staged).order_by("-waiting_since", "-pk")[:count])


def _compose(
    place: Place, plan: Plan, parts: list[Opinion], title: str, *, is_issued: bool
) -> None:
    last = Step.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    editor = place.officers[Role.EDITOR][0]
    whole = actions.compose(parts, by=editor, title=title)
    if is_issued:
        for move, role in (
            ("send_to_check", Role.EDITOR),
            ("checked", Role.CHECKER),
            ("sign", Role.SIGNER),
        ):
            row = Opinion.objects.for_moves().get(pk=whole.pk)
            actions.move(row, move, by=place.officers[role][0])
    day = place.calendar.before(plan.today, 1)
    _date(Opinion.objects.get(pk=whole.pk), parts, last, day)


def _date(whole: Opinion, parts: list[Opinion], last: int, day: datetime.date) -> None:
    """What the clock of the machine wrote happened on the afternoon of `day`."""
    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(14)))
    steps = Step.objects.filter(pk__gt=last, opinion__in=[whole.pk, *(row.pk for row in parts)])
    for minutes, step in enumerate(steps.order_by("pk")):
        Step.objects.filter(pk=step.pk).update(at=at + datetime.timedelta(minutes=9 * minutes))
    dated: dict[str, Any] = {"waiting_since": at, "created_at": at}
    Opinion.objects.filter(pk=whole.pk).update(**dated)
    Opinion.objects.filter(pk__in=[row.pk for row in parts]).update(waiting_since=at)
    whole.manuscripts.update(written_at=at)
    Adoption.objects.filter(opinion=whole).update(adopted_on=day)
    if whole.issue:
        whole.issue.issued_on = day
        whole.issue.save(update_fields=["issued_on"])
    for row in (whole, *parts):
        told = Notice.objects.filter(key__startswith=f"opinions.opinion:{row.pk}:")
        told.filter(sent_at=None).update(created_at=at, sent_at=at, claimed_at=at)


def _leave(place: Place, plan: Plan) -> None:
    """The only convenor of a sector is away this week; a member of it stands in."""
    for sector in place.sectors.values():
        chairs = list(Convenorship.objects.on(plan.today).filter(sector=sector))
        if len(chairs) != 1 or chairs[0].seat.membership.member.user in plan.accounts.values():
            continue
        seats = Seat.objects.on(plan.today).filter(sector=sector).exclude(pk=chairs[0].seat_id)
        seat = seats.select_related("membership__member").order_by("pk").first()
        if seat is None:
            continue
        ConvenorLeave.objects.create(
            committee=place.committee,
            convenorship=chairs[0],
            span=span_from(plan.today - 2 * ONE_DAY, plan.today + 12 * ONE_DAY),
            stand_in=seat.membership.member,
            set_by=chairs[0].seat.membership.member.user,
        )
        return
