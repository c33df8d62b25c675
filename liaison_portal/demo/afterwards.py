"""What stayed of activities, consultations with their resolutions, and outcomes."""

from __future__ import annotations

import datetime
import random
from typing import Any

from django.utils import timezone

from activities.models import (
    Activity,
    ActivityText,
    AgendaItem,
    FollowUp,
    Outcome,
    OutcomeAuthor,
    Participant,
    Resolution,
)
from activities.outcome_authors import sector_of
from activities.write_up_words import known_sentences, with_facts
from committees.models import Session, Theme, Unit
from liaison_portal.demo import places
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from workrooms.models import Reception

WRITTEN, FOLLOWED = 0.5, 0.2  # shares of what was held
MATTERS: tuple[tuple[str, str, str], ...] = (
    ("小区电动车集中充电点选址", "在小区北侧建设集中充电棚", "充电棚已建成，可停放六十辆。"),
    ("老旧小区楼道堆物清理", "开展楼道堆物集中清理并建立巡查制度", "已清理三栋楼，物业每周巡查。"),
    ("学校周边上下学时段停车", "增设限时停车泊位和护学岗", "已施划二十个限时泊位。"),
    ("农贸市场周边环境整治", "规范摊位并增加保洁频次", "摊位已入市经营，每日保洁四次。"),
    ("社区老年食堂运营补助", "研究运营补助办法并试点", "补助办法已印发，两个社区先行试点。"),
    ("小微企业用工信息对接", "搭建企业与社区用工信息对接群", "已对接企业十二家，提供岗位八十个。"),
)
REMAINS = ("整理并报送意见建议", "向参加单位反馈意见", "组织回访", "汇总资料归档")
TITLES: dict[str, tuple[str, ...]] = {
    Outcome.Kind.REPORT: (
        "关于优化课后服务的调研报告", "关于中小企业数字化转型的调研报告",
        "关于社区养老服务供给的调研报告", "关于河道水环境治理的调研报告",
    ),
    Outcome.Kind.SPEECH: (
        "推动职业教育与产业融合发展", "以数字化提升基层治理效能", "加快补齐公共停车短板",
    ),
    Outcome.Kind.ADVICE: ("关于完善物业服务监管的协商建议", "关于支持民营企业发展的协商建议"),
    Outcome.Kind.HELP: ("为社区老人配备助听设备", "协调解决学校门前路灯", "帮助企业对接贷款"),
}  # fmt: skip
ADDRESSEES = ("市政协常委会", "市教育局", "市住房和城乡建设局", "市工业和信息化局")
OUTCOMES_OF_CITY, CONSULTATIONS_OF_CITY = 60, 14


def afterwards(place: Place, plan: Plan) -> None:
    rng = random.Random(f"afterwards:{place.committee.slug}:{plan.today}")
    _consultations(place, plan, rng)
    _texts(place, plan, rng)
    _outcomes(place, plan, rng)


def _held(place: Place, plan: Plan) -> Any:
    rows = Activity.objects.in_committee(place.committee).for_list()
    midnight = timezone.make_aware(datetime.datetime.combine(plan.today, datetime.time()))
    return rows.filter(starts_at__lt=midnight).order_by("starts_at", "id")


def _texts(place: Place, plan: Plan, rng: random.Random) -> None:
    """Write-ups of some, minutes of consultations, and what is still to be done."""
    texts, todo = [], []
    clerk = place.officers["clerk"][0]
    for row in with_facts(_held(place, plan)):
        by = {"activity": row, "written_by": clerk, "written_at": row.ends_at + ONE_DAY}
        if rng.random() < WRITTEN:
            words = f"{known_sentences(row)}\n与会人员围绕主题深入交流，提出意见建议。"
            texts.append(ActivityText(**by, kind=ActivityText.Kind.WRITE_UP, text=words))
        if row.kind == Activity.Kind.CONSULTATION:
            words = "各方介绍了情况，委员和群众代表逐项发表意见，就解决办法达成一致。"
            texts.append(ActivityText(**by, kind=ActivityText.Kind.MINUTES, text=words))
        if rng.random() < FOLLOWED:
            due_on = timezone.localdate(row.starts_at) + ONE_DAY * rng.randint(7, 30)
            done_on = due_on - ONE_DAY * 2 if rng.random() < 0.8 and due_on < plan.today else None
            todo.append(
                FollowUp(
                    committee=place.committee,
                    activity=row,
                    what=rng.choice(REMAINS),
                    who="办公室",
                    due_on=due_on,
                    done_on=done_on,
                    done_by=clerk if done_on else None,
                    created_by=clerk,
                )
            )
    ActivityText.objects.bulk_create(texts)
    FollowUp.objects.bulk_create(todo)


def _consultations(place: Place, plan: Plan, rng: random.Random) -> None:
    """In rooms, from the reception book; one is to come."""
    number = CONSULTATIONS_OF_CITY if place.is_city else 2
    units = list(Unit.objects.filter(committee=place.committee, is_relaying=False).order_by("id"))
    if not units:  # of a county
        return
    days = sorted(plan.today - ONE_DAY * rng.randint(10, 330) for _ in range(number))
    for count, day in enumerate([*days, plan.today + ONE_DAY * 12]):
        room = place.rooms[count % min(len(place.rooms), 8)]
        starts_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(14, 30)))
        row = Activity.objects.create(
            committee=place.committee, workroom=room, kind=Activity.Kind.CONSULTATION,
            title=f"{room.name}协商议事", place=room.host or room.address, starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(hours=2),
            published_at=min(starts_at - ONE_DAY * 7, timezone.now()),
            created_by=place.officers["clerk"][0],
        )  # fmt: skip
        _agenda(row, rng, units, plan.today)


def _agenda(row: Activity, rng: random.Random, units: list[Unit], today: datetime.date) -> None:
    by = row.created_by
    chosen = rng.sample(MATTERS, 2)
    entries = list(
        Reception.objects.filter(workroom=row.workroom, nature=Reception.Nature.ORDINARY)
        .filter(agenda_items=None, passed_at__lt=row.starts_at)
        .order_by("id")[:1]
    )
    Participant.objects.bulk_create(
        [
            Participant(activity=row, kind=Participant.Kind.UNIT, unit=rng.choice(units)),
            Participant(
                activity=row,
                kind=Participant.Kind.RESIDENTS,
                name=f"{rng.choice(places.COMMUNITIES)}居民",
                count=rng.randint(4, 12),
            ),
        ]
    )
    for number, (words, what, result) in enumerate(chosen, start=1):
        entry = entries[0] if entries and number == 1 else None
        item = AgendaItem.objects.create(
            activity=row, place=number, words=words, reception=entry, added_by=by
        )
        if timezone.localdate(row.starts_at) <= today:
            _resolved(row, item, what, result, rng, units, today)


def _resolved(
    row: Activity,
    item: AgendaItem,
    what: str,
    result: str,
    rng: random.Random,
    units: list[Unit],
    today: datetime.date,
) -> None:
    """Most are done and judged; some late, some not judged yet. The first unit has its share."""
    held_on = timezone.localdate(row.starts_at)
    due_on = held_on + ONE_DAY * rng.choice([30, 60, 90])
    made = Resolution(
        committee=row.committee, activity=row, item=item, what=what, due_on=due_on,
        unit=units[0] if rng.random() < 0.3 else rng.choice(units), created_by=row.created_by,
    )  # fmt: skip
    if due_on < today and rng.random() < 0.8:
        made.result, made.resulted_on = result, due_on - ONE_DAY * rng.randint(1, 9)
        made.resulted_by = row.created_by
        if rng.random() < 0.85:
            made.grade = rng.choice(["satisfied", "satisfied", "fairly", "dissatisfied"])
            made.judge = rng.choice(Resolution.Judge.values)
            made.graded_on = made.resulted_on
    made.save()


def _outcomes(place: Place, plan: Plan, rng: random.Random) -> None:
    """Of every kind; the demo member has some of each state."""
    number = OUTCOMES_OF_CITY if place.is_city else 6
    shown = [m for m in place.members if m.user and m.user.sign_in_name in ("member", "convenor")]
    themes = list(Theme.objects.filter(committee=place.committee).order_by("id"))
    sessions = list(Session.objects.filter(term__committee=place.committee).order_by("starts_on"))
    held = list(_held(place, plan))
    parts: list[OutcomeAuthor] = []
    kinds = list(TITLES)
    for count in range(number):
        kind = kinds[count % len(kinds)]
        authors = [shown[count % len(shown)]] if shown and count < 8 else []
        authors = authors or rng.sample(place.members, rng.choice([1, 1, 2]))
        done_on = plan.today - ONE_DAY * (3 + count * 300 // number)
        own = [OutcomeAuthor(place=n, member=m) for n, m in enumerate(authors, start=1)]
        row = Outcome(
            committee=place.committee, kind=kind, done_on=done_on,
            title=f"{rng.choice(TITLES[kind])}",
            text="一、基本情况。二、存在问题。三、意见建议。（演示内容）",
            addressee=rng.choice(ADDRESSEES), sector_id=sector_of(own, done_on),
            theme=rng.choice(themes) if themes and rng.random() < 0.4 else None,
            activity=rng.choice(held) if held and rng.random() < 0.3 else None,
            created_by=authors[0].user or place.officers["clerk"][0],
            created_at=timezone.now(),
        )  # fmt: skip
        if kind == Outcome.Kind.SPEECH:
            row.form = rng.choice(Outcome.Form.values)
            row.session = sessions[-1] if sessions else None
        _judged(row, count, place, plan, rng)
        row.save()
        for part in own:
            part.outcome = row
        parts += own
    OutcomeAuthor.objects.bulk_create(parts)


def _judged(row: Outcome, count: int, place: Place, plan: Plan, rng: random.Random) -> None:
    if count in (0, 5, 9):
        return  # wait for the clerk
    if count == 1:
        row.returned_at, row.returned_why = timezone.now(), "请补充数据来源。"
        return
    row.confirmed_at, row.confirmed_by = timezone.now(), place.officers["clerk"][0]
    if rng.random() < 0.4 and row.done_on + ONE_DAY * 20 < plan.today:
        row.adopted_by, row.adopted_on = rng.choice(ADDRESSEES[1:]), row.done_on + ONE_DAY * 15
        row.adoption_note = "所提建议写入年度工作方案。"
