"""Democratic supervision as one city reports it: 85 members in 42 units, 5 groups for 43 units."""

from __future__ import annotations

import datetime
import random

from committees.models import Unit
from committees.spans import span_from
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from members.models import Member
from sectors.models import LeaderContact, Posting, Supervision, SupervisionGroup, Talk

MEMBERS_OF, ALONE_UNITS, ALONE, GROUPS, GROUP_UNITS = 360, 42, 85, 5, 43
TOPICS = (
    (
        "窗口服务和一次性告知",
        "部分窗口材料清单未公示，群众往返两次以上。",
        "已补齐清单并在大厅和网上公示。",
    ),
    ("惠企政策兑现", "企业反映申报入口多、口径不一致。", "已合并申报入口，统一解释口径。"),
    ("投诉办理时限", "个别投诉超过承诺时限未回复。", "已逐件回复并建立到期提醒。"),
    ("经费使用公开", "公开栏更新不及时。", "已按季度更新公开内容。"),
    ("老年人办事便利", "自助机缺少人工引导。", "已增设引导岗和大字版说明。"),
)


def postings(place: Place, plan: Plan) -> None:
    """In the proportion of the city's size; the demo member is sent to the demo handler's unit."""
    rng = random.Random(f"{plan.today}:{place.committee.slug}:supervision")
    units = list(Unit.objects.filter(committee=place.committee, is_relaying=False).order_by("id"))
    share = min(1.0, len(place.members) / MEMBERS_OF)
    began = datetime.date(plan.today.year - 1, 3, 1)
    term = span_from(began, datetime.date(plan.today.year + 1, 3, 1))
    common = {"committee": place.committee, "span": term}
    rows = [
        Posting(**common, member=member, unit=units[number % min(ALONE_UNITS, len(units))])
        for number, member in enumerate(_sent(place, rng, max(2, round(ALONE * share))))
    ]
    groups = _groups(place, rng, share)
    rows += [
        Posting(**common, supervision_group=groups[number % len(groups)], unit=unit)
        for number, unit in enumerate(units[: max(5, round(GROUP_UNITS * share))])
    ]
    for number, row in enumerate(rows, start=1):
        if number <= len(rows) * 9 // 10:  # the latest have no letter yet
            row.letter_number = f"{began.year}-{number:03d}"
    made = Posting.objects.bulk_create(rows)
    Supervision.objects.bulk_create(_visits(place, plan, rng, made))
    _talks(place, plan, rng)


def _sent(place: Place, rng: random.Random, number: int) -> list[Member]:
    """The demo member first, to the first unit."""
    demo = [m for m in place.members if m.user.sign_in_name == "member"]
    others = [m for m in place.members if m.user.sign_in_name != "member"]
    return demo + rng.sample(others, min(number - len(demo), len(others)))


def _groups(place: Place, rng: random.Random, share: float) -> list[SupervisionGroup]:
    names = ("经济发展", "城乡建设", "民生保障", "法治建设", "生态环境")
    groups = SupervisionGroup.objects.bulk_create(
        SupervisionGroup(committee=place.committee, name=f"{name}民主监督小组", position=number)
        for number, name in enumerate(names[:GROUPS], start=1)
    )
    for group in groups:
        group.members.set(rng.sample(place.members, min(6, len(place.members))))
    return groups


def _visits(
    place: Place, plan: Plan, rng: random.Random, postings: list[Posting]
) -> list[Supervision]:
    """In every state; the demo posting has one of each."""
    first, others = postings[0], postings[1:]
    chosen = [(first, state) for state in range(4)]
    chosen += [(row, rng.randrange(4)) for row in rng.sample(others, len(others) // 3)]
    return [_visit(place, plan, rng, row, state) for row, state in chosen]


def _visit(
    place: Place, plan: Plan, rng: random.Random, posting: Posting, state: int
) -> Supervision:
    """`state` 0 waits for the office, 1 for the unit, 2 is answered, 3 concluded."""
    topic, finding, answer = rng.choice(TOPICS)
    happened_on = plan.today - ONE_DAY * rng.randint(
        5 if state < 2 else 60, 30 if state < 2 else 300
    )
    row = Supervision(
        committee=place.committee,
        posting=posting,
        happened_on=happened_on,
        topic=topic,
        finding=finding,
        created_by=posting.member.user if posting.member else place.officers["clerk"][0],
    )
    passed_on, answered_on = happened_on + ONE_DAY * 3, happened_on + ONE_DAY * 23
    if state > 0:
        row.passed_on, row.due_on = passed_on, place.calendar.after(passed_on, 30)
    if state > 1:
        row.answer, row.answered_on = answer, answered_on
    if state > 2:
        row.result = rng.choice(Supervision.Result.values)
        row.concluded_on = answered_on + ONE_DAY * 10
    return row


def _talks(place: Place, plan: Plan, rng: random.Random) -> None:
    """The demo leader has talked with some of those assigned."""
    leader = plan.accounts.get("leader")
    if leader is None:
        return
    assigned = LeaderContact.objects.filter(committee=place.committee, leader=leader)
    members = [row.member for row in assigned.exclude(member=None).select_related("member")][:2]
    members += rng.sample(place.members, min(6, len(place.members)))
    Talk.objects.bulk_create(
        Talk(
            committee=place.committee,
            leader=leader,
            member=member,
            held_on=plan.today - ONE_DAY * (7 + 20 * number),
            created_by=leader,
        )
        for number, member in enumerate(dict.fromkeys(members))
    )
