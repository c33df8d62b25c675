"""Which rows exist for whom: every model with `visible_to` × every person, exactly these rows.

What everybody in a committee sees is told by where a person is at home; everything else is spelt
out per label. A model without an expectation fails.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from committees.actors import CLOCK
from committees.models import Appointment, Committee, User
from committees.spans import ended
from opinions.models import Opinion
from tests.world import World, build

OFFICE = {"clerk", "editor", "checker", "signer"}
CITY = OFFICE | {
    "leader", "commission", "convenor", "convenor2", "member", "member2", "delegate", "keeper",
    "handler", "liaison", "confidant", "auditor", "sysadmin", "secadmin", "shielded",
    "shielded_convenor",
}  # fmt: skip
# Who reads what was published of activities; a handler what the unit is invited to.
AT_ACTIVITIES = CITY - {"handler", "liaison", "auditor", "sysadmin", "secadmin"}
HOME = (
    dict.fromkeys(CITY, "city")
    | dict.fromkeys(["countyclerk", "countymember"], "county")
    | dict.fromkeys(["stranger_clerk", "stranger_member"], "stranger")
)

# Models of which everybody in a committee sees all rows of that committee, and of no other.
OF_THE_HOUSE = {
    "committees.term", "committees.workday", "committees.unit", "committees.category",
    "committees.theme", "members.member", "members.membership", "members.position",
    "sectors.commission", "sectors.sector", "sectors.sectoralias", "sectors.streetgroup",
    "sectors.seat", "sectors.convenorship", "sectors.commissionseat", "sectors.streetseat",
    "sectors.responsibility", "sectors.liaisongroup", "sectors.supervisiongroup",
    "contacts.channel", "contacts.occasion", "contacts.target", "workrooms.workroom",
    "workrooms.roommember", "workrooms.roomphoto", "workrooms.standard", "workrooms.evidence",
    "workrooms.roomcode", "workrooms.publiclimit", "workrooms.dutyrule",
    "contacts.area", "contacts.areamember", "opinions.replyclass", "opinions.referralrule",
    "notices.rule", "notices.rulecategory", "notices.policypack",
}  # fmt: skip

# Label → who sees it. Only labels of a model named in SPELT_OUT are compared.
WRITERS_E = {"member", "delegate"}
KEEPS = {"keeper", "clerk"}
KEEPS_IN_TOUCH = OFFICE | WRITERS_E | {
    "leader", "commission", "liaison", "member2", "convenor", "convenor2", "shielded",
    "shielded_convenor",
}  # fmt: skip
THROUGH_E = {"convenor", "commission"}
ANSWERED = ("referral", "reply", "reply_file")
BECAME = ("adoption", "instruction")
FOLLOWED = ("followed", "said", "promise", "evaluation")
AFTERWARDS = ("consultation", "activity_file", "activity_photo", "text", "follow_up", "item")
AFTERWARDS += ("participant", "resolution")
PLANNED = ("activity", "series", "enrolment")
OUTCOMES = ("outcome", "outcome_file", "waiting_outcome")
TOLD = {"member", "member2", "convenor", "convenor2", "shielded", "shielded_convenor"}
IN_THE_HOUSE = OFFICE | TOLD | {"leader", "commission", "delegate", "keeper"}
OWN_WISHES = ("member", "countymember", "stranger_member")
READERS: dict[str, set[str]] = {
    # changes by hand: the office; proposed corrections: the own, the delegates', the clerks'
    "o_change": OFFICE,
    "c_change": {"countyclerk"},
    "s_change": {"stranger_clerk"},
    "o_group_change": OFFICE,
    "c_group_change": {"countyclerk"},
    "s_group_change": {"stranger_clerk"},
    "o_change_proposal": WRITERS_E | {"clerk"},
    "c_change_proposal": {"countyclerk", "countymember"},
    "s_change_proposal": {"stranger_clerk", "stranger_member"},
    # contacts: the own, the sector's convenors, the office; shielded ones the office alone
    "e_contact": OFFICE | WRITERS_E | {"convenor"},
    "b_contact": OFFICE | {"member2", "convenor2"},
    "m_contact": OFFICE,
    "c_contact": {"countyclerk", "countymember"},
    "s_contact": {"stranger_clerk", "stranger_member"},
    # visits: those who took part, their sectors' convenors, who follows all sectors
    "e_visit": OFFICE | WRITERS_E | {"convenor", "leader", "commission"},
    "b_visit": OFFICE | {"member2", "convenor2", "leader", "commission"},
    "m_visit": OFFICE | {"shielded", "shielded_convenor", "leader", "commission"},
    "e_joint_visit": OFFICE
    | WRITERS_E
    | {"convenor", "member2", "convenor2", "leader", "commission"},
    "c_visit": {"countyclerk", "countymember"},
    "s_visit": {"stranger_clerk", "stranger_member"},
    # offers of help: the member, whoever may offer the same, who offered
    "e_offer": OFFICE | WRITERS_E | {"convenor", "commission"},
    "b_offer": OFFICE | {"member2", "convenor2"},
    "m_offer": OFFICE | {"shielded", "shielded_convenor"},
    "c_offer": {"countyclerk", "countymember"},
    "s_offer": {"stranger_clerk", "stranger_member"},
    # receptions: the room's keepers, who received, the office; of a person only the confidant
    "e_reception": OFFICE | WRITERS_E | {"keeper"},
    "b_reception": OFFICE | {"member2"},
    "c_reception": {"countyclerk"},
    "s_reception": {"stranger_clerk"},
    "e_confided": {"confidant"},
    "b_confided": {"confidant"},
    # papers of the year: who writes them, and once submitted leaders and the matched commission
    "e_year_paper": OFFICE | {"convenor", "commission", "leader"},
    "b_year_paper": OFFICE | {"convenor2", "leader"},
    "e_year_draft": OFFICE | {"convenor"},
    "o_year_draft": OFFICE | {"commission"},
    "c_year_paper": {"countyclerk"},
    "s_year_paper": {"stranger_clerk"},
    "e_hearing": OFFICE | {"convenor", "leader"},
    "o_hearing": OFFICE | {"commission", "leader"},
    "c_hearing": {"countyclerk"},
    "s_hearing": {"stranger_clerk"},
    # duty: what is published everybody reads; plans, leave and requests those whom they concern
    "e_shift": CITY,
    "e_open_shift": CITY,
    "e_plan": KEEPS,
    "c_shift": {"countyclerk", "countymember"},
    "s_shift": {"stranger_clerk", "stranger_member"},
    "e_swap": KEEPS | WRITERS_E | {"convenor"},
    "e_open_swap": KEEPS | WRITERS_E,
    "c_swap": {"countyclerk", "countymember"},
    "s_swap": {"stranger_clerk", "stranger_member"},
    **{f"e_{row}": KEEPS | WRITERS_E for row in ("leave", "wish")},
    **{f"b_{row}": {"clerk", "member2"} for row in ("leave", "wish")},
    **{f"m_{row}": {"clerk", "shielded"} for row in ("leave", "wish")},
    **{f"c_{row}": {"countyclerk", "countymember"} for row in ("leave", "wish")},
    **{f"s_{row}": {"stranger_clerk", "stranger_member"} for row in ("leave", "wish")},
    "e_feed": {"member"},
    "c_feed": {"countymember"},
    "s_feed": {"stranger_member"},
    # grids: who keeps in touch; imports, batches and reveals: who made them
    "o_grid": KEEPS_IN_TOUCH,
    "c_grid": {"countyclerk", "countymember"},
    "s_grid": {"stranger_clerk", "stranger_member"},
    **{f"o_{kind}": {"clerk"} for kind in ("contact_import", "batch", "reveal")},
    **{f"c_{kind}": {"countyclerk"} for kind in ("contact_import", "batch", "reveal")},
    **{f"s_{kind}": {"stranger_clerk"} for kind in ("contact_import", "batch", "reveal")},
    # opinions: drafts are the authors' own; the office reads all others; leaders what is issued
    "e_draft": WRITERS_E,
    "e_with_convenor": OFFICE | WRITERS_E | THROUGH_E,
    "e_direct": OFFICE | WRITERS_E,
    "e_issued": OFFICE | WRITERS_E | THROUGH_E | {"leader"},
    "e_joint": OFFICE | WRITERS_E | THROUGH_E | {"member2"},
    "e_part_of_whole": OFFICE | WRITERS_E | THROUGH_E,
    "e_part_of_whole_issued": OFFICE | WRITERS_E | THROUGH_E,
    # what others' reports went into: their authors read it once it is issued
    "b_whole": OFFICE | {"member2", "convenor2"},
    "b_whole_issued": OFFICE | WRITERS_E | {"member2", "convenor2", "leader"},
    "b_whole_issue": OFFICE | {"leader"},
    "b_whole_adoption": OFFICE | WRITERS_E | {"leader", "member2", "convenor2"},
    "o_desk_duty": OFFICE,
    "c_desk_duty": {"countyclerk"},
    "s_desk_duty": {"stranger_clerk"},
    "o_convenor_leave": OFFICE | {"convenor", "member"},
    "c_convenor_leave": {"countyclerk"},
    "s_convenor_leave": {"stranger_clerk"},
    "b_draft": {"member2"},
    # asked to be a co-author: seen until declined; a body's drafts: its drafters and who files
    "b_asked": {"member2"} | WRITERS_E,
    "b_declined": {"member2"},
    "e_body": {"convenor"},
    # files: as the report; the office's own inside until the issue
    "e_file": OFFICE | WRITERS_E | THROUGH_E,
    "b_file": OFFICE | {"member2", "convenor2"},
    "c_file": {"countyclerk", "countymember"},
    "s_file": {"stranger_clerk", "stranger_member"},
    "e_office_file": OFFICE,
    "e_issued_file": OFFICE | WRITERS_E | THROUGH_E | {"leader"},
    "b_with_convenor": OFFICE | {"member2", "convenor2"},
    "b_issued": OFFICE | {"member2", "convenor2", "leader"},
    "m_draft": {"shielded"},
    "m_with_convenor": OFFICE | {"shielded", "shielded_convenor"},
    "m_issued": OFFICE | {"shielded", "shielded_convenor", "leader"},
    "c_draft": {"countymember"},
    "c_with_convenor": {"countyclerk", "countymember"},
    "c_issued": {"countyclerk", "countymember"},
    "s_draft": {"stranger_member"},
    "s_with_convenor": {"stranger_clerk", "stranger_member"},
    "s_issued": {"stranger_clerk", "stranger_member"},
    # referrals and answers given: who reads the report, and the unit; a draft the unit alone
    **{f"e_{kind}": OFFICE | WRITERS_E | THROUGH_E | {"leader", "handler"} for kind in ANSWERED},
    **{f"b_{kind}": OFFICE | {"member2", "convenor2", "leader"} for kind in ANSWERED},
    **{f"c_{kind}": {"countyclerk", "countymember"} for kind in ANSWERED},
    **{f"s_{kind}": {"stranger_clerk", "stranger_member"} for kind in ANSWERED},
    **{f"e_{kind}": {"handler"} for kind in ("draft_reply", "draft_reply_file")},
    **{f"{mark}_{kind}": set() for mark in "bcs" for kind in ("draft_reply", "draft_reply_file")},
    **{f"{mark}_unit_link": OFFICE for mark in "eb"},
    "c_unit_link": {"countyclerk"},
    "s_unit_link": {"stranger_clerk"},
    # issues and adoptions: the register is the office's and the leaders'
    **{f"{mark}_issue": OFFICE | {"leader"} for mark in "ebm"},
    "c_issue": {"countyclerk"},
    "s_issue": {"stranger_clerk"},
    # what was asked of a unit and answered: whoever sees the report, and the unit; a draft of an
    # answer is the unit's own, an evaluation reaches it once it was given
    **{
        f"e_{row}": OFFICE | WRITERS_E | THROUGH_E | {"leader", "handler"}
        for row in ("followed", "said", "promise", "evaluated")
    },
    "e_evaluation": OFFICE | WRITERS_E | THROUGH_E | {"leader"},
    "e_reply_draft": set(),  # of another unit; the handler's only relays it
    **{f"b_{row}": OFFICE | {"member2", "convenor2", "leader"} for row in FOLLOWED},
    **{f"s_{row}": {"stranger_clerk", "stranger_member"} for row in FOLLOWED},
    # referrals: whoever sees the report, and the unit
    "e_referral": OFFICE | WRITERS_E | THROUGH_E | {"leader", "handler"},
    "b_referral": OFFICE | {"member2", "convenor2", "leader"},
    "m_referral": OFFICE | {"shielded", "shielded_convenor", "leader"},
    "c_referral": {"countyclerk", "countymember"},
    "s_referral": {"stranger_clerk", "stranger_member"},
    # seconding: with the report, and one's own; asking to read: who asks and who is asked
    "e_seconding": OFFICE | WRITERS_E | THROUGH_E | {"member2"},
    "c_seconding": {"countyclerk", "countymember"},
    "s_seconding": {"stranger_clerk", "stranger_member"},
    "e_read_request": WRITERS_E | {"member2"},
    "c_read_request": {"countymember"},
    "s_read_request": {"stranger_member"},
    "o_category_model": {"clerk", "sysadmin"},
    "c_category_model": {"countyclerk"},
    "s_category_model": {"stranger_clerk"},
    # adoptions and instructions: whoever sees the issued report
    **{f"e_{row}": OFFICE | {"leader"} | WRITERS_E | THROUGH_E for row in BECAME},
    **{f"b_{row}": OFFICE | {"leader", "member2", "convenor2"} for row in BECAME},
    **{f"m_{row}": OFFICE | {"leader", "shielded", "shielded_convenor"} for row in BECAME},
    **{f"c_{row}": {"countyclerk", "countymember"} for row in BECAME},
    **{f"s_{row}": {"stranger_clerk", "stranger_member"} for row in BECAME},
    # sent on: the city's row is the city's own, what flows back is the county's
    **{f"c_sent{row}": OFFICE | {"leader"} for row in ("", "_issue", "_adoption")},
    "c_echo": {"countyclerk", "countymember"},
    # proposals: drafts are the signers' own; the office reads all others; leaders what is filed
    "e_proposal_draft": WRITERS_E,
    "e_proposal_asked": WRITERS_E | {"convenor"},
    "b_proposal_draft": {"member2"},
    "m_proposal_draft": {"shielded"},
    "c_proposal_draft": {"countymember"},
    "s_proposal_draft": {"stranger_member"},
    "e_proposal": OFFICE | WRITERS_E | {"leader"},
    "b_proposal": OFFICE | {"member2", "leader"},
    "m_proposal": OFFICE | {"shielded", "leader"},
    "c_proposal": {"countyclerk", "countymember"},
    "s_proposal": {"stranger_clerk", "stranger_member"},
    "o_proposal_setting": OFFICE,
    "c_proposal_setting": {"countyclerk"},
    "s_proposal_setting": {"stranger_clerk"},
    # what is published and what stays of it: who reads activities, the unit that is invited or
    # responsible; an outcome: the same people once it is confirmed, its files and what waits the
    # office and whose it is
    **{
        f"{mark}_{row}": people
        for mark, people in {
            "o": AT_ACTIVITIES | {"handler"},
            "c": {"countyclerk", "countymember"},
            "s": {"stranger_clerk", "stranger_member"},
        }.items()
        for row in AFTERWARDS
    },
    **{f"o_{row}": AT_ACTIVITIES for row in PLANNED},
    **{f"c_{row}": {"countyclerk", "countymember"} for row in PLANNED},
    **{f"s_{row}": {"stranger_clerk", "stranger_member"} for row in PLANNED},
    "b_resolution": AT_ACTIVITIES | {"handler"},
    **{f"{mark}_outcome": AT_ACTIVITIES for mark in "ebm"},
    **{
        f"{mark}_{row}": {"countyclerk", "countymember"}
        if mark == "c"
        else {"stranger_clerk", "stranger_member"}
        for mark in "cs"
        for row in OUTCOMES
    },
    **{
        f"{mark}_{row}": OFFICE | people
        for mark, people in {"e": WRITERS_E, "b": {"member2"}, "m": {"shielded"}}.items()
        for row in OUTCOMES[1:]
    },
    "e_body_outcome": OFFICE | {"convenor"},
    "o_draft_summary": OFFICE,
    "o_summary": OFFICE | {"leader"},
    "o_sector_draft_summary": OFFICE,
    "o_sector_summary": OFFICE | {"leader", "convenor", "commission"},
    "o_commission_draft_summary": OFFICE,
    "o_commission_summary": OFFICE | {"leader", "commission"},
    "o_workroom_draft_summary": OFFICE,
    "o_workroom_summary": OFFICE | {"leader", "keeper"},
    "o_daily_figure": OFFICE,
    "c_daily_figure": {"countyclerk"},
    "s_daily_figure": {"stranger_clerk"},
    "c_draft_summary": {"countyclerk"},
    "c_summary": {"countyclerk"},
    "s_draft_summary": {"stranger_clerk"},
    "s_summary": {"stranger_clerk"},
    "o_import": {"clerk"},
    "c_import": {"countyclerk"},
    "s_import": {"stranger_clerk"},
    **{f"o_{row}": {"clerk", "leader"} for row in ("handover", "transfer")},
    **{f"c_{row}": {"countyclerk"} for row in ("handover", "transfer")},
    **{f"s_{row}": {"stranger_clerk"} for row in ("handover", "transfer")},
    "o_unit_posting": OFFICE | WRITERS_E | {"handler"},
    "o_other_posting": OFFICE | {"member2"},
    "s_posting": {"stranger_clerk", "stranger_member"},
    "o_group_posting": OFFICE | {"member2"},
    # a finding: the unit reads it once the office has passed it on
    "o_passed_supervision": OFFICE | WRITERS_E | {"handler"},
    "o_supervision": OFFICE | WRITERS_E,
    "s_supervision": {"stranger_clerk", "stranger_member"},
    "o_talk": OFFICE | {"leader"},
    "o_other_talk": OFFICE,
    "s_talk": {"stranger_clerk"},
    "o_leader_contact": OFFICE | {"leader"},
    "o_other_leader_contact": OFFICE,
    "s_leader_contact": {"stranger_clerk"},
    "o_feedback": {"clerk", "member"},
    "c_feedback": {"countyclerk", "countymember"},
    "s_feedback": {"stranger_clerk", "stranger_member"},
    **{f"o_reminder_{row}": {"clerk"} for row in ("run", "setting")},
    **{f"c_reminder_{row}": {"countyclerk"} for row in ("run", "setting")},
    **{f"s_reminder_{row}": {"stranger_clerk"} for row in ("run", "setting")},
    "o_list_columns": {"clerk"},
    "c_list_columns": {"countyclerk"},
    "s_list_columns": {"stranger_clerk"},
    "o_saved_filter": {"clerk"},
    "c_saved_filter": {"countyclerk"},
    "s_saved_filter": {"stranger_clerk"},
    "o_entry": {"auditor"},
    "c_entry": set(),
    "s_entry": set(),
    **{f"notice_{name}": {name} for name in [*HOME, "nobody"]},
    **{f"notice_of_{mark}": set() for mark in "ocs"},
    **{f"{what}_{name}": {name} for what in ("way", "wish") for name in OWN_WISHES},
    **{f"o_{row}": {"clerk"} for row in ("delivery", "call")},
    **{f"c_{row}": {"countyclerk"} for row in ("delivery", "call")},
    **{f"s_{row}": {"stranger_clerk"} for row in ("delivery", "call")},
    "o_delegate": OFFICE | WRITERS_E,
    # announcements: whom they were sent to, the house where all were, the office; drafts clerks
    "o_announcement": IN_THE_HOUSE,
    "e_announcement": OFFICE | WRITERS_E | {"convenor"},
    "c_announcement": {"countyclerk", "countymember"},
    "s_announcement": {"stranger_clerk", "stranger_member"},
    "o_draft_announcement": {"clerk"},
    "c_draft_announcement": {"countyclerk"},
    "s_draft_announcement": {"stranger_clerk"},
    # answers: one's own, by one's delegate, and who manages the announcement
    **{f"o_told_{name}": {"clerk", name} for name in TOLD - {"member"}},
    "o_told_member": {"clerk"} | WRITERS_E,
    "e_told_member": {"clerk", "convenor"} | WRITERS_E,
    "e_told_convenor": {"clerk", "convenor"},
    "c_told_countymember": {"countyclerk", "countymember"},
    "s_told_stranger_member": {"stranger_clerk", "stranger_member"},
}
SPELT_OUT = {
    "contacts.contact", "contacts.helpoffer", "contacts.visit", "opinions.opinion",
    "opinions.issue", "opinions.adoption", "opinions.referral", "records.monthlysummary",
    "records.dailyfigure",
    "sectors.rosterimport", "sectors.listcolumns", "sectors.handover", "sectors.transfer",
    "opinions.instruction",
    "sectors.posting", "sectors.leadercontact", "sectors.supervision", "sectors.talk",
    "notices.feedback", "notices.notice", "notices.announcement", "notices.acknowledgement",
    "committees.auditentry", "members.delegate",
    "members.change", "members.changeproposal",
    "notices.delivery", "notices.preference", "notices.way",
    "notices.reminderrun", "notices.remindersetting",
    "workrooms.reception", "workrooms.dutyshift", "workrooms.dutyswap", "workrooms.dutyleave",
    "workrooms.dutywish", "workrooms.calendarfeed", "contacts.grid", "contacts.contactimport",
    "contacts.contactbatch", "contacts.reveal", "opinions.deskduty", "sectors.convenorleave",
    "opinions.seconding", "opinions.readrequest", "opinions.categorymodel",
    "opinions.reply", "opinions.replyfile", "opinions.unitlink",
    "opinions.promise", "opinions.evaluation", "opinions.opinionfile",
    "opinions.savedfilter",
    "activities.activityfile", "activities.activityphoto", "activities.activitytext",
    "activities.activity", "activities.followup", "activities.resolution",
    "activities.series", "activities.enrolment",
    "activities.agendaitem", "activities.participant", "activities.outcome",
    "activities.outcomefile",
    "opinions.proposal", "opinions.proposalsetting",
    "activities.yearpaper", "activities.hearing",
}  # fmt: skip
BY_HAND = {"committees.committee", "committees.appointment"}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """One world for all tests here: they look and do not touch, or are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        people = {name: world.cast.again(name) for name in world.cast.people}
        for person in people.values():
            person.standing  # noqa: B018  read once, for the many tests that only look
        with django_db_blocker.block():
            yield world, people
        transaction.set_rollback(True)


@pytest.fixture
def world(built, db):
    return built[0]


@pytest.fixture
def everybody(built, db):
    """Name → person, as they stand in the untouched world."""
    return built[1]


def scoped_models():
    return {
        model._meta.label_lower: model
        for model in apps.get_models()
        if hasattr(model._default_manager.all(), "visible_to")
    }


def test_every_scoped_model_has_an_expectation():
    assert set(scoped_models()) == OF_THE_HOUSE | SPELT_OUT | BY_HAND


def people(world: World):
    return {name: world.cast.again(name) for name in world.cast.people}


@pytest.mark.parametrize("label", sorted(OF_THE_HOUSE))
def test_rows_of_the_house(world, everybody, label):
    model = scoped_models()[label]
    at_home = {
        slug: set(model._default_manager.filter(committee__slug=slug).values_list("pk", flat=True))
        for slug in ("city", "county", "stranger")
    }
    assert all(at_home.values()), "the world lacks a row of this model in some committee"
    seen = {
        name: set(model._default_manager.visible_to(person).values_list("pk", flat=True))
        for name, person in everybody.items()
    }
    assert seen == {name: at_home.get(HOME.get(name), set()) for name in seen}


@pytest.mark.parametrize("label", sorted(SPELT_OUT))
def test_rows_spelt_out(world, everybody, label):
    model = scoped_models()[label]
    if label == "members.delegate":
        world["o_delegate"] = model.objects.get()
    everything = world.labels(model._default_manager.all())
    unknown = {one for one in everything if one not in READERS}
    assert unknown == set(), "rows without an expectation"
    seen = {
        name: world.labels(model._default_manager.visible_to(person))
        for name, person in everybody.items()
    }
    assert seen == {
        name: {one for one in everything if name in READERS[one]} for name in world.cast.people
    }


def test_a_committee_is_seen_from_inside(world):
    seen = {
        name: set(Committee.objects.visible_to(person).values_list("slug", flat=True))
        for name, person in people(world).items()
    }
    assert seen == {name: {HOME[name]} if name in HOME else set() for name in seen}


def test_offices_are_seen_by_administrators_clerks_and_their_holders(world):
    of_city = set(Appointment.objects.filter(committee=world.cast.city))
    of_county = set(Appointment.objects.filter(committee=world.cast.county))
    of_stranger = set(Appointment.objects.filter(committee=world.cast.stranger))
    expected = {
        name: set(Appointment.objects.filter(user=world.cast[name])) for name in world.cast.people
    }
    expected |= dict.fromkeys(["clerk", "auditor", "sysadmin", "secadmin"], of_city)
    expected |= {"countyclerk": of_county, "stranger_clerk": of_stranger}
    seen = {
        name: set(Appointment.objects.visible_to(person)) for name, person in people(world).items()
    }
    assert seen == expected


@pytest.mark.parametrize("label", sorted(OF_THE_HOUSE | SPELT_OUT | BY_HAND))
def test_the_clock_and_guests_see_nothing(world, label):
    assert list(scoped_models()[label]._default_manager.visible_to(CLOCK)) == []


def test_an_ended_office_sees_nothing_more(world):
    office = world.cast.clerk.appointments.get()
    office.span = ended(office.span, timezone.localdate())
    office.save()
    assert list(Opinion.objects.visible_to(User.objects.get(pk=world.cast.clerk.pk))) == []
