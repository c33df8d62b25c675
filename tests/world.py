"""A world around the cast: at least one row of every model in each committee, under a label.

`world["e_draft"]` is a row; labels begin with where they belong: `e_` education, `b_` business,
`m_` minorities (shielded), `c_` the county, `s_` the stranger's committee, `o_` the city's own.
Texts carry CANARY words, one a place, which must never be read by whom they are not for.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from activities.models import Participant
from committees.audit import record
from committees.files import store_file
from committees.models import Attachment
from contacts.models import Contact, ContactBatch, ContactImport, Reveal
from members.models import Member
from notices.models import Preference
from opinions.models import (
    Matter,
    ProposalKind,
    ProposalSetting,
    ProposalStatus,
    ReferralRule,
    ReplyFile,
    Status,
)
from sectors.models import LiaisonGroup, ListColumns, Responsibility, RosterImport
from tests import make
from tests.cast import Cast, assemble
from tests.make import (
    aftermath,
    alike,
    announcing,
    changing,
    composing,
    handling,
    outcomes,
    proposals,
    reminding,
    searching,
    submitters,
    turning,
    yearly,
)
from workrooms.models import ReceptionPhoto

CANARY = {
    "e": "金丝雀教育",
    "b": "金丝雀工商",
    "m": "金丝雀民宗",
    "c": "金丝雀县里",
    "s": "金丝雀外市",
}


# What a preview keeps of a file without a row.
REPORT = {
    **dict.fromkeys(["rows", "new", "changed", "unchanged", "leaves"], 0),
    **dict.fromkeys(["convenors", "standing", "female"], 0),
    **{key: [] for key in ("errors", "new_sectors", "new_commissions", "known", "ignored")},
    "sectors": {},
    "opens_term": False,
    "groups": {key: [] for key in ("new", "changed", "unchanged", "leaves")},
}


@dataclass
class World:
    cast: Cast
    rows: dict[str, models.Model] = field(default_factory=dict)

    def __getitem__(self, label: str) -> Any:
        return self.rows[label]

    def __setitem__(self, label: str, row: models.Model) -> None:
        assert label not in self.rows
        self.rows[label] = row

    def labels(self, rows: Any) -> set[str]:
        """The labels of rows of one model; a row without one is named by its key."""
        known = {(type(row), row.pk): label for label, row in self.rows.items()}
        return {known.get((type(row), row.pk), f"{type(row).__name__}:{row.pk}") for row in rows}


def build() -> World:
    world = World(assemble())
    for fill in (
        _dictionaries,
        _roster,
        _ties,
        _years,
        _contacts,
        _duty,
        _opinions,
        _alike,
        _diary,
        _aftermath,
        _telling,
        _announced,
        _units,
        _following,
        _proposals,
    ):
        fill(world)
    return world


def _places(cast: Cast) -> dict[str, Any]:
    return {"o": cast.city, "c": cast.county, "s": cast.stranger}


def _dictionaries(world: World) -> None:
    for mark, committee in _places(world.cast).items():
        world[f"{mark}_category"] = make.category(committee=committee)
        world[f"{mark}_theme"] = make.theme(committee=committee)
        world[f"{mark}_workday"] = make.workday(committee=committee)
        world[f"{mark}_channel"] = make.channel(committee=committee)
        world[f"{mark}_occasion"] = make.occasion(committee=committee)
        world[f"{mark}_target"] = make.target(committee=committee)
        world[f"{mark}_public_limit"] = make.public_limit(committee=committee)


def _roster(world: World) -> None:
    people = {"o": "member", "c": "countymember", "s": "stranger_member"}
    for mark, name in people.items():
        member = world.cast.member_of(name)
        world[f"{mark}_position"] = make.position(member=member)
        world[f"{mark}_commission_seat"] = make.commission_seat(member=member)
        world[f"{mark}_street_seat"] = make.street_seat(member=member)
        world[f"{mark}_change"] = changing.change(member=member)
        world[f"{mark}_group_change"] = changing.group_change(committee=member.committee)
        world[f"{mark}_change_proposal"] = changing.change_proposal(member=member)
    sectors = {
        "o": world.cast.education,
        "c": world.cast.county_sector,
        "s": world.cast.stranger_sector,
    }
    for mark, sector in sectors.items():
        world[f"{mark}_alias"] = make.sector_alias(sector=sector)
        if mark != "o":
            world[f"{mark}_convenor"] = make.convenor(sector=sector)
            world[f"{mark}_unit"] = make.unit(committee=sector.committee)


def _supervision(world: World) -> None:
    cast, today = world.cast, timezone.localdate()
    for mark, committee in _places(cast).items():
        world[f"{mark}_supervision_group"] = make.supervision_group(committee=committee)
        if mark != "o":
            world[f"{mark}_liaison_group"] = make.liaison_group(committee=committee)
    world["o_supervision_group"].members.add(cast.member_of("member2"))
    world["o_group_posting"] = make.posting(supervision_group=world["o_supervision_group"])
    to_unit = {"posting": world["o_unit_posting"]}
    world["o_passed_supervision"] = make.supervision(**to_unit, passed_on=today, due_on=today)
    world["o_supervision"] = make.supervision(**to_unit, finding=CANARY["e"])
    world["s_supervision"] = make.supervision(posting=world["s_posting"], finding=CANARY["s"])
    world["o_talk"] = make.talk(leader=cast.leader, member=cast.member_of("member"))
    world["o_other_talk"] = make.talk(member=cast.member_of("member2"))
    world["s_talk"] = make.talk(member=cast.member_of("stranger_member"))


def _years(world: World) -> None:
    """Papers of the year, submitted and drafts, and reports that leaders heard."""
    cast = world.cast
    world["e_year_paper"] = yearly.year_paper(sector=cast.education)
    world["b_year_paper"] = yearly.year_paper(sector=cast.business)
    world["e_year_draft"] = yearly.year_paper(
        sector=cast.education, kind="summary", is_submitted=False
    )
    world["o_year_draft"] = yearly.year_paper(commission=cast.learning, is_submitted=False)
    world["c_year_paper"] = yearly.year_paper(sector=cast.county_sector)
    world["s_year_paper"] = yearly.year_paper(sector=cast.stranger_sector)
    world["e_hearing"] = yearly.hearing(sector=cast.education, paper=world["e_year_paper"])
    world["o_hearing"] = yearly.hearing(commission=cast.learning)
    world["c_hearing"] = yearly.hearing(sector=cast.county_sector)
    world["s_hearing"] = yearly.hearing(sector=cast.stranger_sector)


def _ties(world: World) -> None:
    cast = world.cast
    world["o_unit_posting"] = make.posting(member=cast.member_of("member"), unit=cast.unit)
    world["o_other_posting"] = make.posting(member=cast.member_of("member2"))
    world["s_posting"] = make.posting(member=cast.member_of("stranger_member"))
    world["o_leader_contact"] = make.leader_contact(leader=cast.leader, sector=cast.education)
    world["o_other_leader_contact"] = make.leader_contact(sector=cast.business)
    world["s_leader_contact"] = make.leader_contact(sector=cast.stranger_sector)
    _supervision(world)
    for mark, committee in _places(cast).items():
        world[f"{mark}_responsibility"] = Responsibility.objects.create(
            committee=committee, year=2026, title="反映诉求"
        )
        world[f"{mark}_import"] = RosterImport.objects.create(
            committee=committee,
            file_name="名册.xlsx",
            sha256="0" * 64,
            on_date=timezone.localdate(),
            report=REPORT,
            uploaded_by=cast.clerk,
        )
        leaver = Member.objects.filter(committee=committee).order_by("pk").first()
        row = turning.handover(committee=committee, leaves=[leaver], prepared_by=cast.clerk)
        world[f"{mark}_handover"] = row
        world[f"{mark}_transfer"] = turning.transfer(handover=row, member=leaver)


AUTHORS = {
    "e": "member",
    "b": "member2",
    "m": "shielded",
    "c": "countymember",
    "s": "stranger_member",
}


def _contacts(world: World) -> None:
    cast = world.cast
    for mark, name in AUTHORS.items():
        member = cast.member_of(name)
        contact = make.contact(member=member, name=f"{CANARY[mark]}某", place=CANARY[mark])
        world[f"{mark}_contact"] = contact
        world[f"{mark}_visit"] = make.visit(
            member=member, contacts=[contact], place=CANARY[mark], said=f"{CANARY[mark]}说的话"
        )
        clerk = {"c": "countyclerk", "s": "stranger_clerk"}.get(mark, "editor")
        world[f"{mark}_offer"] = make.help_offer(member=member, by=cast[clerk])
    _areas(world)
    make.visit_photo(visit=world["e_visit"])
    both = [cast.member_of("member"), cast.member_of("member2")]
    world["e_joint_visit"] = make.visit(members=both, said="同去的一次")
    for mark in ("c", "s"):
        committee = _places(cast)[mark]
        world[f"{mark}_room"] = make.workroom(committee=committee, name=CANARY[mark])
        world[f"{mark}_room_member"] = make.room_member(workroom=world[f"{mark}_room"])
        world[f"{mark}_room_code"] = make.room_code(workroom=world[f"{mark}_room"])
        world[f"{mark}_reception"] = make.reception(
            workroom=world[f"{mark}_room"], said=CANARY[mark], resident_name=CANARY[mark]
        )
    other = make.workroom(committee=cast.city, name="工商联界委员工作室")
    for mark, room, person in (("e", cast.room, both[0]), ("b", other, both[1])):
        over = {"workroom": room, "members": [person], "resident_name": f"{CANARY[mark]}人"}
        world[f"{mark}_reception"] = make.reception(said=f"{CANARY[mark]}来访", **over)
        world[f"{mark}_confided"] = make.reception(
            said=f"{CANARY[mark]}反映某人", nature="person", **over
        )
    world["o_liaison_group"] = LiaisonGroup.objects.create(committee=cast.city, name="望川联络组")
    stored = {"sha256": "0" * 64, "name": "照片.png", "content_type": "image/png", "size": 1}
    photo = Attachment.objects.create(committee=cast.city, state="clean", **stored)
    world["e_photo"] = ReceptionPhoto.objects.create(
        reception=world["e_reception"], attachment=photo
    )
    world["e_room_code"] = make.room_code(workroom=cast.room)
    world["e_room_member"] = make.room_member(workroom=cast.room, member=both[0])
    rooms = {"o": cast.room, "c": world["c_room"], "s": world["s_room"]}
    for mark, room in rooms.items():
        world[f"{mark}_photo"] = make.room_photo(workroom=room, caption=CANARY.get(mark, "门口"))
        world[f"{mark}_evidence"] = make.evidence(
            workroom=room,
            text=CANARY.get(mark, "已挂牌"),
            attachment=world[f"{mark}_photo"].attachment,
        )


def _duty(world: World) -> None:
    """Duty in one room of each committee; the city's room has a plan and two requests as well."""
    cast = world.cast
    rooms = {"e": cast.room, "c": world["c_room"], "s": world["s_room"]}
    for mark, room in rooms.items():
        member = cast.member_of(AUTHORS[mark])
        world[f"{mark}_rule"] = make.duty_rule(workroom=room)
        world[f"{mark}_shift"] = make.duty_shift(workroom=room, member=member)
        world[f"{mark}_leave"] = make.duty_leave(member=member)
        world[f"{mark}_wish"] = make.duty_wish(member=member)
        token = {"token": "world-feed"} if mark == "e" else {}
        world[f"{mark}_feed"] = make.calendar_feed(user=member.user, **token)
    member = cast.member_of("member")
    world["e_plan"] = make.duty_shift(workroom=cast.room, member=member, days=3, state="planned")
    other = world["e_open_shift"] = make.duty_shift(workroom=cast.room, member=member, days=2)
    convenor = cast.member_of("convenor")
    world["e_swap"] = make.duty_swap(shift=world["e_shift"], colleague=convenor)
    world["e_open_swap"] = make.duty_swap(shift=other)
    for mark in "cs":
        world[f"{mark}_swap"] = make.duty_swap(shift=world[f"{mark}_shift"])
    for name in ("b", "m"):
        member = cast.member_of(AUTHORS[name])
        world[f"{name}_leave"] = make.duty_leave(member=member)
        world[f"{name}_wish"] = make.duty_wish(member=member)


def _areas(world: World) -> None:
    """An area in each place, the city's with contacts of two sectors; and what clerks did."""
    cast = world.cast
    answers_for = {"o": "member", "c": "countymember", "s": "stranger_member"}
    clerks = {"o": "clerk", "c": "countyclerk", "s": "stranger_clerk"}
    contacts = {"o": "e_contact", "c": "c_contact", "s": "s_contact"}
    for mark, committee in _places(cast).items():
        area = world[f"{mark}_area"] = make.area(committee=committee)
        world[f"{mark}_grid"] = make.grid(area=area)
        member = cast.member_of(answers_for[mark])
        world[f"{mark}_area_member"] = make.area_member(area=area, member=member)
        clerk, contact = cast[clerks[mark]], world[contacts[mark]]
        in_place = {"committee": committee}
        world[f"{mark}_contact_import"] = ContactImport.objects.create(
            file_name="联系人.xlsx", report=REPORT, uploaded_by=clerk, **in_place
        )
        world[f"{mark}_batch"] = ContactBatch.objects.create(deed="retire", by=clerk, **in_place)
        world[f"{mark}_reveal"] = Reveal.objects.create(
            user=clerk, contact=contact, until=timezone.now(), **in_place
        )
    for mark in ("e", "b", "m"):
        Contact.objects.filter(pk=world[f"{mark}_contact"].pk).update(area=world["o_area"])


def _opinions(world: World) -> None:
    cast = world.cast
    author = {mark: cast.member_of(name) for mark, name in AUTHORS.items()}

    def report(label: str, status: str, **over: Any) -> None:
        mark = label[0]
        over.setdefault("authors", [author[mark]])
        title = f"关于{CANARY[mark]}的建议"
        world[label] = make.opinion(
            status=status, title=title, situation=f"{CANARY[mark]}的情况", **over
        )

    report("e_draft", Status.DRAFT)
    report("e_with_convenor", Status.WITH_CONVENOR)
    report("e_direct", Status.RECEIVED, is_direct=True)
    report("e_issued", Status.ISSUED)
    report("e_joint", Status.RECEIVED, authors=[author["e"], author["b"]])
    for mark in ("b", "m", "c", "s"):
        report(f"{mark}_draft", Status.DRAFT)
        report(f"{mark}_with_convenor", Status.WITH_CONVENOR)
        report(f"{mark}_issued", Status.ISSUED)
    _composed(world, author)
    _submitters(world, report)
    for mark in AUTHORS:
        issued = world[f"{mark}_issued"]
        world[f"{mark}_issue"] = issued.issue
        world[f"{mark}_adoption"] = issued.adoptions.get()
        world[f"{mark}_instruction"] = outcomes.instruction(opinion=issued)
        world[f"{mark}_referral"] = handling.referral(
            opinion=issued,
            title=issued.title,
            text=f"{CANARY[mark]}的情况",
            **({"unit": world.cast.unit} if mark == "e" else {}),
        )
    for mark, committee in _places(world.cast).items():
        world[f"{mark}_reply_class"] = handling.reply_class(committee=committee, letter="甲")
        world[f"{mark}_referral_rule"] = ReferralRule.objects.create(
            committee=committee, matter=Matter.OPINION
        )
    _sent_on(world)


def _composed(world: World, author: dict[str, Any]) -> None:
    """A report of business that took one of education in: one in editing, one issued."""
    for name, status in (("whole", Status.EDITING), ("whole_issued", Status.ISSUED)):
        whole = make.opinion(author=author["b"], status=status, title="合办", part_count=1)
        part = make.opinion(
            author=author["e"], status=Status.MERGED, title="并入", merged_into=whole
        )
        world[f"b_{name}"], world[f"e_part_of_{name}"] = whole, part
    world["b_whole_issue"] = world["b_whole_issued"].issue
    world["b_whole_adoption"] = world["b_whole_issued"].adoptions.get()
    clerks = {"o": "clerk", "c": "countyclerk", "s": "stranger_clerk"}
    chairs = {
        "o": world.cast.member_of("convenor").memberships.get().seats.get().convenorships.get(),
        "c": world["c_convenor"],
        "s": world["s_convenor"],
    }
    ahead = timezone.localdate() + datetime.timedelta(days=30)
    for mark, committee in _places(world.cast).items():
        clerk = world.cast[clerks[mark]]
        world[f"{mark}_desk_duty"] = composing.desk_duty(
            committee=committee, user=clerk, kind="superior"
        )
        over = {"stand_in": author["e"]} if mark == "o" else {}
        world[f"{mark}_convenor_leave"] = composing.convenor_leave(
            convenorship=chairs[mark], first=ahead, last=ahead, **over
        )


def _alike(world: World) -> None:
    """A colleague seconds and asks to read; what was learnt of categories."""
    cast = world.cast
    for mark, name in {"e": "member2", "c": "", "s": ""}.items():
        by = {"member": cast.member_of(name)} if name else {}
        row = world[f"{mark}_with_convenor"]
        world[f"{mark}_seconding"] = alike.seconding(opinion=row, words=CANARY[mark], **by)
        world[f"{mark}_read_request"] = alike.read_request(opinion=row, **by)
    for mark, committee in _places(cast).items():
        row = alike.category_model(committee=committee, categories=[world[f"{mark}_category"].pk])
        world[f"{mark}_category_model"] = row


def _announced(world: World) -> None:
    """To everybody in each place, to one sector by its convenor, a draft; rules and packs."""
    cast = world.cast
    clerks = {"o": cast.clerk, "c": cast.countyclerk, "s": cast.stranger_clerk}
    people = {person.pk: name for name, person in cast.people.items()}
    for mark, committee in _places(cast).items():
        given = {"committee": committee, "created_by": clerks[mark]}
        words = {"title": f"{CANARY.get(mark, '全市')}通知", "is_public": mark == "o"}
        world[f"{mark}_announcement"] = announcing.sent(**given, **words)
        world[f"{mark}_draft_announcement"] = announcing.announcement(**given)
        world[f"{mark}_house_rule"] = announcing.rule(committee=committee, by=clerks[mark])
        world[f"{mark}_pack"] = announcing.pack(committee=committee, by=clerks[mark])
        world[f"{mark}_rule_category"] = world[f"{mark}_house_rule"].category
    own = f"sector:{cast.education.pk}"
    world["e_announcement"] = announcing.sent(
        committee=cast.city, audience=[own], issuer=own, created_by=cast.convenor,
        title=f"{CANARY['e']}小组通知", body=f"{CANARY['e']}小组通知",
    )  # fmt: skip
    for mark in "ocse":
        for row in world[f"{mark}_announcement"].acknowledgements.all():
            if name := people.get(row.recipient_id):
                world[f"{mark}_told_{name}"] = row
            else:  # members beside the cast
                row.delete()


def _units(world: World) -> None:
    """Education's matter is at the handler's unit, answered and drafted again; others elsewhere."""
    for mark in "ebcs":
        row = world[f"{mark}_referral"]
        kind = world[f"{'o' if mark in 'eb' else mark}_reply_class"]
        given = {"referral": row, "reply_class": kind}
        world[f"{mark}_reply"] = handling.reply(**given)
        world[f"{mark}_draft_reply"] = handling.reply(**given, answered_at=None)
        for label in (f"{mark}_reply", f"{mark}_draft_reply"):
            stored = make.attachment(committee=row.committee)
            world[f"{label}_file"] = ReplyFile.objects.create(reply=world[label], attachment=stored)
        world[f"{mark}_unit_link"] = handling.unit_link(unit=row.unit)


def _sent_on(world: World) -> None:
    """The county's issued report in the city, adopted there, and what flowed back of it."""
    sent = world["c_sent"] = outcomes.sent(world["c_issued"], status=Status.ISSUED)
    world["c_sent_issue"], above = sent.issue, sent.adoptions.get()
    world["c_sent_adoption"] = above
    world["c_echo"] = make.adoption(
        opinion=world["c_issued"], level="city", body=world.cast.city.name, origin=above
    )


def _following(world: World) -> None:
    """Referrals of what was issued, answered, promised and evaluated; the unit relays the first."""
    cast = world.cast
    for mark in ("e", "b", "s"):
        issued = world[f"{mark}_issued"]
        via = cast.unit if mark == "e" else None
        asked = handling.referral(opinion=issued, via=via)
        klass = handling.reply_class(committee=issued.committee, letter="乙", is_planned=True)
        over = {"reply_class": klass, "text": f"{CANARY[mark]}答复"}
        said = handling.reply(referral=asked, **over)
        world[f"{mark}_followed"], world[f"{mark}_said"] = asked, said
        world[f"{mark}_promise"] = handling.promise(reply=said, what=f"{CANARY[mark]}计划")
        world[f"{mark}_evaluation"] = handling.evaluation(reply=said)
    draft = {"referral": world["e_followed"], "answered_at": None, "text": "草稿"}
    world["e_reply_draft"] = handling.reply(reply_class=world["o_reply_class"], **draft)
    world["e_evaluated"] = handling.evaluation(
        reply=world["e_said"],
        member=cast.member_of("convenor"),
        words=CANARY["e"],
        given_at=timezone.now(),
        handling="fairly",
        result="dissatisfied",
    )


def _submitters(world: World, report: Any) -> None:
    """Co-authors asked and declined, a sector's own draft, files of the authors and the office."""
    cast = world.cast
    report("b_asked", Status.DRAFT)
    submitters.authorship(world["b_asked"], cast.member_of("member"))
    report("b_declined", Status.DRAFT)
    gone = {"declined_at": timezone.now()}
    submitters.authorship(world["b_declined"], cast.member_of("member"), **gone)
    body = {"body_kind": "sector", "body_name": "教育界", "body_sector": cast.education}
    report("e_body", Status.DRAFT, authors=[cast.member_of("convenor")], **body)

    def attached(label: str, to: str, **over: Any) -> None:
        opinion, name = world[to], f"{CANARY[label[0]]}.pdf"
        upload = submitters.pdf(name=name)
        attachment = store_file(opinion.committee, upload, by=opinion.created_by)
        world[label] = submitters.file(opinion, attachment=attachment, **over)

    for mark in ("e", "b", "c", "s"):
        attached(f"{mark}_file", f"{mark}_with_convenor")
    attached("e_office_file", "e_joint", is_office=True)
    attached("e_issued_file", "e_issued", is_office=True)


def _proposals(world: World) -> None:
    """A draft and a filed one in each place; one that waits for the convenor of education."""
    cast = world.cast
    for mark, name in AUTHORS.items():
        author, title = cast.member_of(name), f"关于{CANARY[mark]}的提案"
        said = {"title": title, "situation": title, "suggestion": title}
        world[f"{mark}_proposal_draft"] = proposals.proposal(author=author, **said)
        filed = proposals.proposal(author=author, status=ProposalStatus.FILED, **said)
        world[f"{mark}_proposal"] = filed
    author, kind = cast.member_of("member"), ProposalKind.SECTOR
    world["e_proposal_asked"] = proposals.proposal(author=author, kind=kind)
    for mark, committee in _places(cast).items():
        row = ProposalSetting.objects.create(committee=committee)
        world[f"{mark}_proposal_setting"] = row


def _diary(world: World) -> None:
    month = timezone.localdate().replace(day=1)
    earlier = (month - datetime.timedelta(days=40)).replace(day=1)
    for mark, committee in _places(world.cast).items():
        clerk = {"o": "clerk", "c": "countyclerk", "s": "stranger_clerk"}[mark]
        world[f"{mark}_activity"] = make.activity(
            committee=committee,
            title=CANARY.get(mark, "全体委员学习"),
            created_by=world.cast[clerk],
        )
        held = world[f"{mark}_activity"]
        world[f"{mark}_series"] = make.series(committee=committee, title=held.title)
        world[f"{mark}_enrolment"] = make.enrolment(activity=held)
        world[f"{mark}_draft_summary"] = make.summary(committee=committee)
        world[f"{mark}_summary"] = make.summary(
            committee=committee,
            month=earlier,
            approved_at=timezone.now(),
            approved_by=world.cast[clerk],
        )
        world[f"{mark}_daily_figure"] = make.daily_figure(committee=committee)
    approved = {"approved_at": timezone.now(), "approved_by": world.cast["clerk"]}
    below = {"sector": world.cast.education, "workroom": world.cast.room}
    below["commission"] = world.cast.learning
    for kind, row in below.items():
        given = {"committee": world.cast.city, kind: row}
        world[f"o_{kind}_draft_summary"] = make.summary(**given)
        world[f"o_{kind}_summary"] = make.summary(**given, month=earlier, **approved)


def _aftermath(world: World) -> None:
    """A consultation in each place with one of everything; outcomes confirmed and waiting."""
    cast = world.cast
    clerks = {"o": "clerk", "c": "countyclerk", "s": "stranger_clerk"}
    for mark, committee in _places(cast).items():
        word = CANARY.get(mark, "")
        row = aftermath.consultation(
            committee=committee, title=f"{word}协商", created_by=cast[clerks[mark]]
        )
        of = {"activity": row}
        world[f"{mark}_consultation"] = row
        for kind in ("file", "photo"):
            world[f"{mark}_activity_{kind}"] = getattr(aftermath, kind)(**of)
        for kind in ("text", "follow_up", "item"):
            world[f"{mark}_{kind}"] = getattr(aftermath, kind)(**of)
        unit = {"unit": cast.unit} if mark == "o" else {}
        asked = unit | {"kind": Participant.Kind.UNIT} if mark == "o" else {}
        world[f"{mark}_participant"] = aftermath.participant(**of, **asked)
        world[f"{mark}_resolution"] = aftermath.resolution(**of, **unit)
    # of a consultation to which the unit that is responsible was not invited
    held = world["o_activity"]
    world["b_resolution"] = aftermath.resolution(activity=held, unit=cast.unit)
    for mark, name in AUTHORS.items():
        author, text = cast.member_of(name), {"text": f"{CANARY[mark]}报告正文"}
        made = world[f"{mark}_outcome"] = aftermath.outcome(author=author, **text)
        world[f"{mark}_outcome_file"] = aftermath.outcome_file(outcome=made)
        waits = {"title": f"{CANARY[mark]}报告", "confirmed_at": None}
        world[f"{mark}_waiting_outcome"] = aftermath.outcome(author=author, **waits, **text)
    world["e_body_outcome"] = aftermath.outcome(
        committee=cast.city, body_name="教育界", body_sector=cast.education, confirmed_at=None
    )


def _telling(world: World) -> None:
    cast = world.cast
    for name, person in cast.people.items():
        world[f"notice_{name}"] = make.notice(recipient=person, committee=cast.city)
    for name in ("member", "countymember", "stranger_member"):
        world[f"way_{name}"] = make.way(user=cast[name])
        world[f"wish_{name}"] = Preference.objects.create(
            user=cast[name], topic="progress", when="weekly"
        )
    for mark, committee in _places(cast).items():
        told = make.notice(committee=committee)
        world[f"notice_of_{mark}"] = told
        world[f"{mark}_delivery"] = make.delivery(notice=told)
        world[f"{mark}_call"] = make.delivery(notice=told, channel="phone", state="to_call")
    writers = {"o": cast.member, "c": cast.countymember, "s": cast.stranger_member}
    for mark, committee in _places(cast).items():
        world[f"{mark}_feedback"] = make.feedback(author=writers[mark], committee=committee)
        clerk = cast[{"o": "clerk", "c": "countyclerk", "s": "stranger_clerk"}[mark]]
        off = {"name": "activity-tomorrow", "changed_by": clerk}
        world[f"{mark}_reminder_setting"] = reminding.setting(committee=committee, **off)
        world[f"{mark}_reminder_run"] = reminding.run(committee=committee)
        world[f"{mark}_saved_filter"] = searching.saved_filter(user=clerk, committee=committee)
        world[f"{mark}_list_columns"] = ListColumns.objects.create(user=clerk, committee=committee)
        world[f"{mark}_entry"] = record("tried", by=writers[mark], committee=committee)
