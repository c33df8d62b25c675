"""Composed reports, one issued and one being edited; who edits what; a convenor on leave."""

from __future__ import annotations

import datetime
import random

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from committees.models import Category, Role
from committees.spans import span_from
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from notices.models import Notice
from opinions import actions
from opinions.milestones import MILESTONES
from opinions.models import Adoption, DeskDuty, Issue, Manuscript, Opinion, Step
from opinions.texts import Texts
from sectors.models import ConvenorLeave, Convenorship, Seat

Text = tuple[str, str, str]
MATTERS: tuple[tuple[str, list[Text]], ...] = (
    (
        "关于规范电动自行车停放充电的建议",
        [
            (
                "关于增设小区充电车棚的建议",
                "老旧小区电动自行车进楼充电，车棚不足。",
                "利用边角地增设充电车棚。",
            ),
            (
                "关于治理飞线充电的建议",
                "部分楼栋仍有飞线充电，存在隐患。",
                "由社区和物业联合巡查。",
            ),
        ],
    ),
    (
        "关于完善社区养老助餐服务的建议",
        [
            (
                "关于增加老年助餐点的建议",
                "助餐点分布不均，部分老人步行较远。",
                "在远离助餐点的小区设取餐点。",
            ),
            (
                "关于助餐补贴的建议",
                "助餐价格偏高，高龄老人负担较重。",
                "对高龄老人给予助餐补贴。",
            ),
            ("关于送餐上门的建议", "行动不便的老人取餐困难。", "由志愿者送餐上门。"),
        ],
    ),
)
"""The composed report's title, then title, situation and suggestion of each part."""


def composed(place: Place, plan: Plan) -> None:
    """After the reports are written: their numbers go on from there."""
    _editors(place)
    if not place.is_city:
        return
    for number, (title, texts) in enumerate(MATTERS):
        _compose(place, plan, title, texts, is_issued=number == 0)
    _leave(place, plan)
    checkers, signers = place.officers[Role.CHECKER], place.officers[Role.SIGNER]
    for kind, task, people in (("urgent", "check", checkers), ("superior", "sign", signers)):
        DeskDuty.objects.create(committee=place.committee, kind=kind, task=task, user=people[0])


def _editors(place: Place) -> None:
    """Who took a report up edits it."""
    taken = Step.objects.filter(opinion=OuterRef("pk"), move="take_up").order_by("-at")
    rows = Opinion.objects.in_committee(place.committee)
    rows.update(editor=Subquery(taken.values("by_user")[:1]))


def _compose(
    place: Place, plan: Plan, title: str, texts: list[tuple[str, str, str]], *, is_issued: bool
) -> None:
    """Parts sent straight to the office by the demo member and others, then one report of them."""
    rng = random.Random(f"{plan.today}:{place.committee.slug}:{title}")
    last = Step.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    strangers = [m for m in place.members if m.user not in plan.accounts.values()]
    authors = rng.sample(strangers, len(texts))
    if is_issued:
        authors[0] = next(m for m in place.members if m.user == plan.accounts["member"])
    parts = []
    for author, (name, situation, suggestion) in zip(authors, texts, strict=True):
        words = Texts(name, situation, "", suggestion)
        part = actions.start(author, words, by=author.user, category=_category(place))
        parts.append(actions.move(part, "submit_straight", by=author.user))
    whole = actions.compose(parts, by=place.officers[Role.EDITOR][0], title=title)
    for move, role in WAY if is_issued else ():
        row = Opinion.objects.for_moves().get(pk=whole.pk)
        actions.move(row, move, by=place.officers[role][0])
    _date(Opinion.objects.get(pk=whole.pk), parts, last, place.calendar.before(plan.today, 1))


WAY = (("send_to_check", Role.EDITOR), ("checked", Role.CHECKER), ("sign", Role.SIGNER))


def _category(place: Place) -> Category | None:
    return next(iter(place.categories.values()), None)


def _date(whole: Opinion, parts: list[Opinion], last: int, day: datetime.date) -> None:
    """What the clock of the machine wrote happened on the afternoon of `day`."""
    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(14)))
    rows = Opinion.objects.filter(pk__in=[whole.pk, *(row.pk for row in parts)])
    rows.update(created_at=at, waiting_since=at)
    rows.filter(is_composed=False).update(submitted_on=day, received_on=day)
    Manuscript.objects.filter(opinion__in=rows).update(written_at=at)
    steps = Step.objects.filter(pk__gt=last, opinion__in=rows).order_by("pk")
    for minutes, step in enumerate(steps):
        step.at = at + datetime.timedelta(minutes=9 * minutes)
        step.save(update_fields=["at"])
        if step.move not in MILESTONES:
            Opinion.objects.filter(pk=step.opinion_id).update(waiting_since=step.at)
    Adoption.objects.filter(opinion=whole).update(adopted_on=day)
    Issue.objects.filter(opinions=whole).update(issued_on=day)
    for row in (whole, *parts):
        told = Notice.objects.filter(key__startswith=f"opinions.opinion:{row.pk}:")
        told.update(created_at=at, sent_at=at, claimed_at=at)


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
