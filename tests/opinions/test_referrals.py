"""Putting a matter to units, and answering what they ask."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from notices.models import Notice
from opinions.actions import referrals as actions
from opinions.actions.moving import move
from opinions.models import (
    Opinion,
    Referral,
    ReferralExtension,
    ReferralRule,
    ReferralStep,
    Status,
    Step,
    Urging,
)
from opinions.reminders import tell_overdue, warn_units
from opinions.timeline import events_of
from tests import make
from tests.make import handling
from workrooms.models import Reception

TEXTS = {"title": "关于改善路口通行的建议", "text": "早晚高峰拥堵，建议增设左转车道。"}
DAY = datetime.timedelta(days=1)


@pytest.fixture
def issued(cast):
    return make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=Status.ISSUED
    )


def refer(cast, matter, **over):
    given = {"by": cast.editor, "lead": cast.unit, **TEXTS} | over
    return actions.refer(matter, **given)


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("recipient__sign_in_name", flat=True))


def test_a_lead_and_its_joint_units_are_asked_at_once(cast, issued):
    second, third = (make.unit(committee=cast.city) for _ in range(2))
    made = refer(cast, issued, joints=[second, third], request="请研究办理。")
    assert [(row.unit, row.part, row.lead, row.number) for row in made] == [
        (cast.unit, "lead", None, 1),
        (second, "joint", made[0], 2),
        (third, "joint", made[0], 3),
    ]
    assert len({row.code for row in made}) == 3
    assert [step.deed for row in made for step in row.steps.all()] == ["refer"] * 3
    assert told("referral_new") == {"handler"}
    assert told("opinion_referred") == {"member"}
    step = Step.objects.filter(opinion=issued, move="refer").first()
    assert (step.source, step.target, step.note) == ("issued", "issued", cast.unit.name)
    told_so = [event for event in events_of(issued, inside=False) if "已商请" in event.title]
    assert [event.title for event in told_so] == ["已商请有关单位办理（3件）"]


def test_times_run_in_working_days_by_the_committees_rule(cast, issued):
    ReferralRule.objects.filter(committee=cast.city).delete()
    ReferralRule.objects.create(
        committee=cast.city, matter="opinion", refuse_workdays=1, due_workdays=2
    )
    today = timezone.localdate()
    make.workday(committee=cast.city, day=today + DAY, is_working=False)
    for days in (2, 3):
        make.workday(committee=cast.city, day=today + days * DAY, is_working=True)
    (row,) = refer(cast, issued)
    assert (row.refuse_until, row.due_on) == (today + 2 * DAY, today + 3 * DAY)
    other = make.opinion(committee=cast.city, sector=cast.education, status=Status.ISSUED)
    (chosen,) = refer(cast, other, due_on=today + 90 * DAY)
    assert chosen.due_on == today + 90 * DAY


def test_through_a_relaying_office(cast, issued):
    relay = make.unit(committee=cast.city, is_relaying=True)
    (row,) = refer(cast, issued, lead=None, via=relay)
    assert (row.unit, row.owner, row.answering_unit) == (None, relay, relay)
    row.refusal_asked_at, row.unit = timezone.now(), cast.unit
    row.save()
    with pytest.raises(PermissionDenied):
        actions.decide_refusal(row, by=cast.clerk, is_granted=True, answer="同意")


@pytest.mark.parametrize(
    ("over", "field", "code"),
    [
        ({"lead": None}, "lead", "no_unit"),
        ({"due_on": datetime.date(2020, 1, 1)}, "due_on", "due"),
        ({"due_on": datetime.date(9999, 12, 31)}, "due_on", "due"),
        ({"title": " "}, "title", "title"),
        ({"title": "题" * 101}, "title", "title"),
        ({"text": ""}, "text", "text"),
        ({"text": "文" * 20_001}, "text", "text"),
        ({"request": "请" * 1001}, "request", "request"),
    ],
)
def test_what_is_not_taken_is_said_beside_its_field(cast, issued, over, field, code):
    with pytest.raises(ValidationError) as refused:
        refer(cast, issued, **over)
    assert [error.code for error in refused.value.error_dict[field]] == [code]
    assert not Referral.objects.exists()


def test_units_that_cannot_be_asked_together(cast, issued):
    plain, elsewhere = make.unit(committee=cast.city), make.unit(committee=cast.county)
    for over, code in [
        ({"joints": [cast.unit]}, "same_unit"),
        ({"lead": None, "via": plain}, "relaying"),
        ({"lead": elsewhere}, "other_committee"),
        ({"lead": None, "via": make.unit(committee=cast.city, is_relaying=True),
          "joints": [plain]}, "no_unit"),
    ]:  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            refer(cast, issued, **over)
        codes = [e.code for errors in refused.value.error_dict.values() for e in errors]
        assert codes == [code]


def test_the_same_unit_is_asked_once_while_it_is_open(cast, issued):
    (row,) = refer(cast, issued)
    with pytest.raises(ValidationError) as refused:
        refer(cast, issued)
    assert refused.value.messages == ["此件已转该单位，正在办理。"]
    actions.take_back(row, by=cast.clerk, reason="转错单位")
    assert len(refer(cast, issued)) == 1
    assert [r.number for r in Referral.objects.order_by("number")] == [1, 2]


@pytest.mark.parametrize("status", [s for s in Status if s != Status.ISSUED])
def test_only_an_issued_report_is_referred(cast, status):
    row = make.opinion(author=cast.member_of("member"), status=status)
    with pytest.raises(ValidationError) as refused:
        refer(cast, row)
    assert refused.value.code == "not_referable"
    assert not Referral.objects.exists()


@pytest.mark.parametrize("who", ["member", "convenor", "checker", "signer", "leader", "handler"])
def test_referring_is_the_work_of_clerks_and_editors(cast, issued, who):
    with pytest.raises(PermissionDenied):
        refer(cast, issued, by=cast[who])


def test_nothing_of_a_resident_travels(cast):
    entry = make.reception(
        committee=cast.city,
        workroom=cast.room,
        resident_name="王小丫",
        resident_phone="13912345678",
    )
    for text in ("王小丫反映路灯不亮", "来电 139-1234-5678"):
        with pytest.raises(ValidationError) as refused:
            refer(cast, entry, text=text)
        assert refused.value.error_dict["text"][0].code == "resident"
    report = make.opinion(author=cast.member_of("member"), status=Status.ISSUED, reception=entry)
    with pytest.raises(ValidationError):
        refer(cast, report, text="王小丫反映路灯不亮")
    (row,) = refer(cast, entry, text="路灯不亮")
    entry.refresh_from_db()
    assert (entry.disposal, entry.unit, row.reception) == ("unit", cast.unit, entry)
    assert not told("opinion_referred")


def test_an_entry_that_became_a_report_is_referred_from_there(cast):
    entry = make.reception(
        committee=cast.city, workroom=cast.room, disposal=Reception.Disposal.OPINION
    )
    with pytest.raises(ValidationError) as refused:
        refer(cast, entry)
    assert refused.value.code == "not_referable"
    person = make.reception(committee=cast.city, workroom=cast.room, nature="person")
    with pytest.raises(PermissionDenied):
        refer(cast, person)


def test_a_refusal_is_granted_or_not(cast):
    for is_granted, state, notice in [(True, "returned", 1), (False, "handling", 2)]:
        row = handling.referral(
            unit=cast.unit,
            opinion=make.opinion(author=cast.member_of("member"), status=Status.ISSUED),
            signed_for_at=timezone.now(),
            refusal_asked_at=timezone.now(),
            refusal_cause="不属本单位职责",
        )
        actions.decide_refusal(row, by=cast.clerk, is_granted=is_granted, answer="已阅")
        assert Referral.objects.with_state().get(pk=row.pk).state == state
        assert Notice.objects.filter(kind="referral_refusal_decided").count() == notice
        with pytest.raises(ValidationError) as refused:
            actions.decide_refusal(row, by=cast.clerk, is_granted=True, answer="又一次")
        assert refused.value.code == "moved"


def test_more_time_moves_the_due_day_or_leaves_it(cast):
    row = handling.referral(
        unit=cast.unit, opinion=make.opinion(author=cast.member_of("member"), status=Status.ISSUED)
    )
    before = row.due_on

    def asked():
        return ReferralExtension.objects.create(
            referral=row, until=before + 20 * DAY, reason="需论证", asked_at=timezone.now()
        )

    with pytest.raises(ValidationError):
        actions.decide_extension(asked(), by=cast.clerk, is_granted=False)
    one = row.extensions.get()
    actions.decide_extension(one, by=cast.clerk, is_granted=False, answer="时间充裕")
    row.refresh_from_db()
    assert row.due_on == before
    actions.decide_extension(asked(), by=cast.editor, is_granted=True)
    row.refresh_from_db()
    assert row.due_on == before + 20 * DAY
    with pytest.raises(ValidationError) as refused:
        actions.decide_extension(row.extensions.last(), by=cast.editor, is_granted=True)
    assert refused.value.code == "moved"
    assert told("referral_extension_decided") == {"handler"}
    with pytest.raises(PermissionDenied):
        actions.decide_extension(asked(), by=cast.member, is_granted=True)


def test_urging_is_numbered_reminding_is_not(cast):
    row = handling.referral(
        unit=cast.unit, opinion=make.opinion(author=cast.member_of("member"), status=Status.ISSUED)
    )
    actions.urge(row, by=cast.clerk, kind="remind", seen=0)
    actions.urge(row, by=cast.clerk, kind="urge", words="请尽快", seen=1)
    assert list(row.urgings.values_list("kind", "number")) == [("remind", None), ("urge", 1)]
    with pytest.raises(ValidationError) as refused:
        actions.urge(row, by=cast.clerk, kind="urge", seen=1)  # the same form sent again
    assert refused.value.code == "moved"
    with pytest.raises(ValidationError):
        actions.urge(row, by=cast.clerk, kind="supervise", seen=2)
    handling.reply(referral=row)
    with pytest.raises(ValidationError):
        actions.urge(row, by=cast.clerk, kind="urge", seen=2)
    with pytest.raises(ValidationError):
        actions.take_back(row, by=cast.clerk, reason="转错")
    assert Urging.objects.count() == 2


def states():
    now = timezone.now()
    yield "waiting", {}, None
    yield "handling", {"signed_for_at": now}, None
    yield "refusing", {"refusal_asked_at": now}, None
    yield "handling", {"signed_for_at": now, "refusal_asked_at": now, "refusal_decided_at": now,
                       "is_refusal_granted": False}, None  # fmt: skip
    yield "returned", {"ended_at": now, "is_refusal_granted": True}, None
    yield "taken_back", {"ended_at": now}, None
    yield "closed", {"closed_at": now}, None
    yield "answered", {}, lambda row: handling.reply(referral=row)
    yield "following", {}, lambda row: handling.promise(referral=row)
    yield "evaluating", {}, lambda row: handling.evaluation(reply=handling.reply(referral=row))
    yield (
        "extending",
        {},
        lambda row: ReferralExtension.objects.create(
            referral=row, until=row.due_on, reason="需论证", asked_at=now
        ),
    )


def test_every_state_is_read_from_dates(cast):
    expected = {}
    for state, dates, deed in states():
        row = handling.referral(**dates)
        if deed:
            deed(row)
        expected[row.pk] = state
    found = Referral.objects.with_state().values_list("pk", "state")
    assert dict(found) == expected


def watched(cast, day, month):
    on = datetime.date(2026, month, day)
    return warn_units(cast.city, on), tell_overdue(cast.city, on)


def test_the_clock_warns_before_and_tells_after(cast):
    friday = datetime.date(2026, 11, 27)
    near = handling.referral(
        unit=cast.unit,
        opinion=make.opinion(author=cast.member_of("member"), status=Status.ISSUED),
        due_on=datetime.date(2026, 12, 1),
    )
    handling.referral(unit=cast.unit, committee=cast.city, opinion=None, due_on=friday + 90 * DAY)
    answered = handling.referral(committee=cast.city, opinion=None, due_on=friday - DAY)
    handling.reply(referral=answered)
    assert watched(cast, 28, 11) == (0, 0)
    assert watched(cast, 27, 11) == (1, 0)
    assert watched(cast, 27, 11) == (0, 0)
    assert watched(cast, 2, 12) == (0, 2)
    assert told("referral_overdue") == {"handler", "clerk"}
    near.due_on = datetime.date(2026, 12, 4)
    near.save()
    assert watched(cast, 3, 12) == (1, 0)


def test_five_working_days_before_one_before_and_after(cast):
    """2026-12-15 is a Tuesday; each word is said once, whatever is run twice."""
    handling.referral(
        unit=cast.unit,
        opinion=make.opinion(author=cast.member_of("member"), status=Status.ISSUED),
        due_on=datetime.date(2026, 12, 15),
    )
    heard = {day: (watched(cast, day, 12), watched(cast, day, 12)) for day in range(1, 25)}
    assert {day: counts for day, counts in heard.items() if any(map(any, counts))} == {
        8: ((1, 0), (0, 0)),
        14: ((1, 0), (0, 0)),
        16: ((0, 2), (0, 0)),
    }


def test_a_clock_that_stood_still_says_the_last_word_only(cast):
    opinion = make.opinion(author=cast.member_of("member"), status=Status.ISSUED)
    handling.referral(unit=cast.unit, opinion=opinion, due_on=datetime.date(2026, 12, 15))
    assert [watched(cast, day, 12) for day in (14, 15, 16)] == [(1, 0), (0, 0), (0, 2)]


def test_a_report_taken_offline_leaves_its_units_nothing(cast, issued):
    (row,) = refer(cast, issued, request="金丝雀商请")
    handling.promise(referral=row, what="金丝雀计划")
    fresh = Opinion.objects.for_moves().get(pk=issued.pk)
    move(fresh, "go_offline", by=cast.clerk)
    row.refresh_from_db()
    assert (row.title, row.text, row.request) == ("—", "—", "")
    assert row.ended_at is not None
    assert list(row.promises.values_list("what", flat=True)) == [""]
    assert list(row.replies.values_list("text", flat=True)) == [""]
    assert told("referral_taken_back") == {"handler"}
    assert ReferralStep.objects.filter(referral=row).exclude(note="").count() == 0
