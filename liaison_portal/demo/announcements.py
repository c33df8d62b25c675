"""What the demo's office told its members: announcements with answers, rules, policy packs."""

from __future__ import annotations

import datetime
import random
from typing import Any

from django.utils import timezone

from committees.models import Theme, User
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from notices.actions.announcing import tell
from notices.audiences import people_of, words_of
from notices.models import (
    Acknowledgement,
    Announcement,
    Answer,
    Correction,
    Notice,
    PackItem,
    PolicyPack,
    Rule,
    RuleCategory,
    RuleVersion,
)

REASONS = ("单位有会议", "出差在外", "身体不适", "家中有事")
# Days since it was sent, what is asked, days from today to the deadline, the event, its days ahead.
SENT: tuple[dict[str, Any], ...] = (
    {
        "title": "关于召开界别群众工作座谈会的通知",
        "body": "为做好联系服务界别群众工作，定于近期召开座谈会，交流联系界别群众的做法和问题。\n"
        "请委员结合走访情况准备三分钟发言。",
        "ago": 2, "answering": "attend", "until": 3, "ahead": 5, "place": "市政协三楼会议室",
    },
    {
        "title": "关于报送年度履职小结的通知",
        "body": "请各位委员于年底前完成年度履职小结。\n"
        "平台中已有的走访、社情民意和活动记录不必重复填写。",
        "ago": 4, "answering": "read", "until": 8,
    },
    {
        "title": "关于公开征集协商议题线索的公告",
        "body": "现面向社会公开征集明年协商议题线索，欢迎群众通过委员工作室反映意见建议。\n"
        "涉及个人权益纠纷、信访和正在诉讼的事项，请按规定渠道反映。",
        "ago": 9, "answering": "none", "is_public": True,
    },
    {
        "title": "关于开展冬季走访慰问的通知",
        "body": "请委员结合界别实际，走访困难群众和一线职工，注意安全，轻车简从。",
        "ago": 15, "answering": "read", "until": -1,
    },
    {
        "title": "关于组织委员集体学习的通知",
        "body": "定于近日组织委员集体学习，请安排好工作，准时参加。",
        "ago": 30, "answering": "attend", "until": -22, "ahead": -20, "place": "市政协报告厅",
    },
)  # fmt: skip
RULES = {
    "委员履职": ("委员联系界别群众工作办法", "委员履职档案管理办法"),
    "社情民意信息": ("反映社情民意信息工作规则",),
    "委员工作室": ("委员工作室建设与管理办法",),
    "会议活动": ("委员请假和会议活动管理规定",),
}
ARTICLES = (
    "第一条　为规范有关工作，结合本会实际，制定本规定。\n"
    "第二条　坚持实事求是、务求实效，力戒形式主义，不增加基层和委员负担。\n"
    "第三条　本规定由办公室负责解释，自施行之日起执行。"
)
PACKS = (
    (
        "稳岗就业政策明白纸",
        "走访企业和社区时使用，先问情况，再讲政策，最后留下办理渠道。",
        (("对企业", "稳岗返还、吸纳就业补贴的条件和申请入口，请以人社部门公布的为准。"),
         ("对个人", "灵活就业社会保险补贴、创业担保贷款的办理窗口，请以人社部门公布的为准。")),
        120,
    ),
    (
        "医保参保缴费问答",
        "集中缴费期向群众说明参保办法。",
        (("什么时候缴", "集中缴费期以医保部门公告为准。"),
         ("怎样缴", "可通过税务部门公布的线上渠道或社区窗口办理。")),
        45,
    ),
    (
        "防汛避险提示",
        "汛期走访沿河社区使用。",
        (("记住转移路线", "请以社区张贴的转移路线图为准。"),),
        -60,
    ),
)  # fmt: skip


def announcements(place: Place, plan: Plan) -> None:
    """Nobody is sent anything: the demo accounts find it in their inbox."""
    rng = random.Random(f"{plan.today}:{place.committee.slug}:announcements")
    people = people_of(["everyone"], place.committee)
    for given in SENT:
        row = _sent(place, plan, given, ["everyone"], len(people))
        _answers(row, people, rng, plan)
    _of_a_sector(place, plan, rng)
    clerk = place.officers["clerk"][0]
    Announcement.objects.create(
        committee=place.committee, title="关于元旦春节期间值班安排的通知", signature=_office(place),
        body="现将节日期间委员工作室值班安排通知如下。", dated_on=plan.today, created_by=clerk,
        audience=["everyone"], audience_words="全体委员",
    )  # fmt: skip
    _rules(place, plan)
    _packs(place, plan)


def _sent(
    place: Place,
    plan: Plan,
    given: dict[str, Any],
    audience: list[str],
    told: int,
    by: User | None = None,
    **more: Any,
) -> Announcement:
    at = timezone.make_aware(
        datetime.datetime.combine(plan.today - ONE_DAY * given["ago"], datetime.time(9, 30))
    )
    row = Announcement.objects.create(
        committee=place.committee,
        title=given["title"],
        body=given["body"],
        audience=audience,
        audience_words="、".join(words_of(audience, place.committee)),
        answering=given["answering"],
        answer_until=_on(plan, given["until"], 18) if "until" in given else None,
        event_at=_on(plan, given["ahead"], 14) if "ahead" in given else None,
        event_place=given.get("place", ""),
        is_public=given.get("is_public", False),
        signature=more.pop("signature", _office(place)),
        dated_on=at.date(),
        published_at=at,
        told=told,
        created_by=by or place.officers["clerk"][0],
        **more,
    )
    row.created_at = at
    row.save(update_fields=["created_at"])
    return row


def _on(plan: Plan, days: int, hour: int) -> datetime.datetime:
    day = plan.today + ONE_DAY * days
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def _answers(row: Announcement, people: Any, rng: random.Random, plan: Plan) -> None:
    """Most have answered, a few are on leave; a demo account has not where it still may."""
    demo = {user.pk for user in plan.accounts.values()}
    at = row.published_at or timezone.now()
    is_open = row.answer_until is not None and row.answer_until.date() >= plan.today
    rows = []
    for one in people:
        answer, reason = _answer_of(row, rng)
        if is_open and one.user.pk in demo:
            answer, reason = Answer.NONE, ""
        rows.append(
            Acknowledgement(
                committee=row.committee,
                announcement=row,
                recipient=one.user,
                name=one.name,
                name_key=one.name_key,
                heading=one.heading,
                heading_place=one.heading_place,
                answer=answer,
                reason=reason,
                answered_at=at + datetime.timedelta(minutes=rng.randint(5, 900))
                if answer
                else None,
                answered_by=one.user if answer else None,
            )
        )
    Acknowledgement.objects.bulk_create(rows, batch_size=1000)
    tell("announcement_published", row, [one.user for one in people if one.user.pk in demo])
    told = Notice.objects.filter(key=f"notices.announcement:{row.pk}:announcement_published")
    told.update(created_at=at, sent_at=at, read_at=None if is_open else at)


def _answer_of(row: Announcement, rng: random.Random) -> tuple[str, str]:
    dice = rng.random()
    if row.answering == "none" or dice > 0.86:
        return Answer.NONE, ""
    if row.answering == "read":
        return Answer.READ, ""
    return (Answer.LEAVE, rng.choice(REASONS)) if dice < 0.08 else (Answer.ATTEND, "")


def _of_a_sector(place: Place, plan: Plan, rng: random.Random) -> None:
    """The demo convenor's own, corrected once."""
    convenor = plan.accounts["convenor"]
    sector = next(
        place.sectors[name]
        for name in sorted(place.sectors)
        if any(one.user_id == convenor.pk for one in place.convenors[place.sectors[name].pk])
    )
    given = {
        "title": f"{sector.title}小组学习的通知", "body": "本月小组学习改在委员工作室举行。",
        "ago": 3, "answering": "attend", "until": 2, "ahead": 4, "place": "委员工作室",
    }  # fmt: skip
    entry = [f"sector:{sector.pk}"]
    people = people_of(entry, place.committee)
    more = {"issuer": entry[0], "signature": sector.title, "version": 2}
    row = _sent(place, plan, given, entry, len(people), convenor, **more)
    _answers(row, people, rng, plan)
    before = {"event_place": "市政协二楼会议室"}
    note = "地点改为委员工作室"
    made = {"announcement": row, "number": 1, "note": note, "before": before}
    correction = Correction.objects.create(**made, made_by=convenor)
    later = row.created_at + ONE_DAY
    Correction.objects.filter(pk=correction.pk).update(made_at=later)


def _rules(place: Place, plan: Plan) -> None:
    clerk, year = place.officers["clerk"][0], plan.today.year
    categories = {row.name: row for row in RuleCategory.objects.in_committee(place.committee)}
    for name, titles in RULES.items():
        for title in titles:
            rule = Rule.objects.create(
                committee=place.committee, category=categories[name], title=title, created_by=clerk
            )
            begins = [datetime.date(year - 2, 3, 1), datetime.date(year, 1, 1)]
            for number, day in enumerate(begins, start=1):
                RuleVersion.objects.create(
                    rule=rule, number=number, text=ARTICLES, effective_from=day, issued_by=clerk,
                    note="按新要求修订" if number > 1 else "",
                )  # fmt: skip


def _packs(place: Place, plan: Plan) -> None:
    clerk = place.officers["clerk"][0]
    theme = Theme.objects.filter(committee=place.committee).order_by("id").first()
    for title, about, items, days in PACKS:
        pack = PolicyPack.objects.create(
            committee=place.committee, title=title, about=about, theme=theme,
            valid_until=plan.today + ONE_DAY * days, created_by=clerk,
            published_at=_on(plan, -90, 9),
        )  # fmt: skip
        PackItem.objects.bulk_create(
            PackItem(pack=pack, position=position, title=name, text=text)
            for position, (name, text) in enumerate(items, start=1)
        )


def _office(place: Place) -> str:
    return place.committee.office_name
