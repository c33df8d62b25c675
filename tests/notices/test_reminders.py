"""Every reminder: whom a dry run lists is whom a run tells, in as many statements for many rows."""

import datetime
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import transaction

from committees.seed import publish_calendar
from committees.workdays import Calendar, calendar_of
from contacts.periods import Every, Period
from contacts.reminders import asked_on
from notices.models import Notice
from notices.reminders import (
    REMINDERS,
    Missed,
    Reminder,
    first_working_day_from,
    register,
    told_before,
    working_days,
)
from records.actions import draft_all
from tests import make
from tests.budgets import cost_of
from tests.make import aftermath
from tests.make.reminding import DAY, at, busy, enrolment

ON = datetime.date(2026, 12, 21)  # a Monday; nobody has published 2027
NAMES = {
    "duty-tomorrow",
    "receptions-due",
    "targets-below",
    "reports-waiting",
    "referrals-due",
    "referrals-overdue",
    "promises-due",
    "evaluations-due",
    "enrolment-closing",
    "activity-tomorrow",
    "room-without-activity",
    "resolutions-due",
    "follow-ups-due",
    "responsibilities-of-year",
    "summary-to-edit",
    "calendar-missing",
}
KINDS = {
    "duty-tomorrow": {"duty_tomorrow"},
    "receptions-due": {
        "reception_waiting",
        "reception_waiting_office",
        "reception_overdue",
        "reception_tell_due",
    },
    "targets-below": {"targets_below", "targets_below_office"},
    "reports-waiting": {"opinion_reminder"},
    "referrals-due": {"referral_due_soon"},
    "referrals-overdue": {"referral_overdue"},
    "promises-due": {"promise_due", "promise_late", "promises_asked", "promises_due"},
    "evaluations-due": {"evaluation_reminder"},
    "enrolment-closing": {"enrolment_closing"},
    "activity-tomorrow": {"activity_tomorrow"},
    "room-without-activity": {"room_without_activity"},
    "resolutions-due": {"resolution_due", "resolution_overdue"},
    "follow-ups-due": {"follow_up_due"},
    "responsibilities-of-year": {"responsibilities_of_year"},
    "summary-to-edit": {"summary_ready"},
    "calendar-missing": {"calendar_missing"},
}


def test_the_registry_holds_them_all():
    assert set(REMINDERS) == NAMES == set(KINDS)


def test_a_name_is_given_once():
    known = REMINDERS["duty-tomorrow"]
    register(known)
    with pytest.raises(ValueError, match="duty-tomorrow"):
        register(Reminder("duty-tomorrow", "", "", working_days, lambda c, d: [], lambda c, d: 0))


@pytest.fixture
def world(cast):
    publish_calendar(cast.city, range(2026, 2027))
    busy(cast, ON)
    cache.clear()
    return cast


def told():
    return set(Notice.objects.values_list("recipient", "key", "kind", "path"))


@contextmanager
def undone():
    """What happens inside leaves no trace: each reminder meets the same world."""
    mark = transaction.savepoint()
    yield
    transaction.savepoint_rollback(mark)
    cache.clear()


def test_the_dry_run_lists_whom_the_run_tells(world):
    for name, reminder in REMINDERS.items():
        with undone():
            listed = reminder.whom(world.city, ON)
            assert told() == set(), name
            count = reminder.send(world.city, ON)
            expected = {(row.person.pk, row.key, row.kind, row.path) for row in listed}
            assert told() == expected, name
            assert count == len(listed) == len(expected), name
            assert {row.kind for row in listed} == KINDS[name]
            assert all(str(row.about) for row in listed)
            assert reminder.send(world.city, ON) == 0, name
            assert told() == expected, name
            again = reminder.whom(world.city, ON)
            assert told_before(again) == {(row.person.pk, row.key) for row in again}, name


def test_other_committees_are_left_alone(world):
    heard = {}
    for name, reminder in REMINDERS.items():
        with undone():
            reminder.send(world.stranger, ON)
            heard[name] = {person for person, _key, _kind, _path in told()}
    nobody = {name: set() for name in NAMES}
    assert heard == nobody | {"calendar-missing": {world.stranger_clerk.pk}}


def test_a_dry_run_costs_the_same_for_many(cast):
    publish_calendar(cast.city, range(2026, 2027))

    def measured():
        cache.clear()
        found = {name: len(one.whom(cast.city, ON)) for name, one in REMINDERS.items()}
        costs = {name: cost_of(one.whom, cast.city, ON) for name, one in REMINDERS.items()}
        return found, costs

    with undone():
        busy(cast, ON)
        few, cost = measured()
    busy(cast, ON, times=4)
    for _n in range(3):
        make.officer("clerk", cast.city)
    many, cost_of_many = measured()
    assert cost_of_many == cost
    assert max(cost.values()) == 6
    grown = {name for name in NAMES if many[name] > few[name]}
    assert grown == NAMES - {"responsibilities-of-year"}  # the convenors are the same


# Days -------------------------------------------------------------------------------------------

CALENDAR = Calendar(
    {datetime.date(2026, 10, day): False for day in (1, 2, 5, 6, 7)}
    | {datetime.date(2026, 10, 10): True}
)


def days_of(days, first, last, calendar=CALENDAR):
    number = (last - first).days + 1
    return [day for n in range(number) if days(calendar, day := first + n * DAY)]


def october(*days):
    return [datetime.date(2026, 10, day) for day in days]


def test_a_marked_day_that_is_free_moves_to_the_next_working_day():
    first = first_working_day_from(lambda day: day.day in (1, 3, 9, 25))
    found = days_of(first, datetime.date(2026, 9, 28), datetime.date(2026, 10, 31))
    assert found == october(8, 9, 26)
    assert days_of(working_days, *october(3, 12)) == october(8, 9, 10, 12)


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("responsibilities-of-year", {(10, 8)}),
        ("summary-to-edit", {(9, 1), (10, 8), (11, 2), (12, 1)}),
        ("room-without-activity", {(9, 21), (10, 20), (11, 20), (12, 21)}),
        ("calendar-missing", {(12, 1), (12, 7), (12, 14), (12, 21), (12, 28)}),
        ("targets-below", {(9, 8), (9, 23), (10, 8), (10, 26), (11, 23), (12, 9), (12, 24)}),
    ],
)
def test_the_days_of_the_autumn(name, days):
    first, last = datetime.date(2026, 9, 1), datetime.date(2026, 12, 31)
    found = days_of(REMINDERS[name].days, first, last)
    assert {(day.month, day.day) for day in found} == days


def test_what_is_missed_is_made_up_for_within_a_week_or_not_at_all():
    later, skipped = REMINDERS["room-without-activity"], REMINDERS["duty-tomorrow"]
    calendar = Calendar({})
    due = {day: later.due_on(calendar, day) for day in october(19, 20, 21, 23, 24, 27, 28)}
    twentieth = october(20)[0]
    assert [day.day for day, on in due.items() if on == twentieth] == [20, 21, 23, 27]
    assert set(due.values()) == {twentieth, None}
    assert skipped.due_on(calendar, october(24)[0]) is None
    assert later.missed == Missed.LATER and skipped.missed == Missed.SKIPPED
    never = Reminder("never", "", "", lambda c, d: False, lambda c, d: [], lambda c, d: 0)
    assert never.next_on(calendar, twentieth) is None


def test_three_quarters_of_a_period():
    day = datetime.date(2026, 11, 15)
    assert [asked_on(Period.of(every, day)) for every in Every] == [
        datetime.date(2026, 11, 23),
        datetime.date(2026, 12, 9),
        datetime.date(2026, 10, 1),
    ]


# The single rules -------------------------------------------------------------------------------


def names(rows, kind=None):
    return {row.person.sign_in_name for row in rows if kind in (None, row.kind)}


def test_targets_are_told_to_those_who_are_short(cast):
    make.target(committee=cast.city, number=1, every="quarter")
    for who in ("member2", "convenor", "convenor2", "shielded", "shielded_convenor"):
        make.visit(member=cast.member_of(who), happened_on=datetime.date(2026, 11, 5))
    whom = REMINDERS["targets-below"].whom
    assert whom(cast.city, datetime.date(2026, 12, 8)) == []
    rows = whom(cast.city, datetime.date(2026, 12, 9))
    assert names(rows, "targets_below") == {"member"}
    assert names(rows, "targets_below_office") == {"clerk"}
    make.visit(member=cast.member_of("member"), happened_on=datetime.date(2026, 12, 1))
    assert whom(cast.city, datetime.date(2026, 12, 9)) == []


def test_a_committee_without_targets_hears_nothing(cast):
    assert REMINDERS["targets-below"].whom(cast.city, ON) == []


def test_each_period_says_its_own_targets(cast):
    make.target(committee=cast.city, number=2, every="quarter")
    make.target(committee=cast.city, number=9, every="year")
    member = cast.member_of("member")
    REMINDERS["targets-below"].send(cast.city, datetime.date(2026, 10, 8))
    REMINDERS["targets-below"].send(cast.city, datetime.date(2026, 12, 9))
    rows = Notice.objects.filter(recipient=member.user).order_by("id")
    said = [(row.title, "9" in row.body, "2，" in row.body) for row in rows]
    assert said == [
        ("2026年度联系目标进度", True, False),
        ("2026年第四季度联系目标进度", False, True),
    ]


def test_who_has_answered_is_not_reminded_of_an_enrolment(cast):
    activity = make.activity(
        committee=cast.city, enrolment="open", starts_at=at(ON + 9 * DAY), enrol_until=at(ON + DAY)
    )
    asked = {"invited_at": at(ON), "enrolled_at": None}
    enrolment(activity=activity, member=cast.member_of("member"), **asked)
    for who, over in {
        "member2": {"enrolled_at": at(ON)},
        "convenor": {"waiting_since": at(ON)},
        "convenor2": {"given_up_at": at(ON)},
        "shielded": {"leave_asked_at": at(ON)},
        "shielded_convenor": {"invited_at": None},
    }.items():
        enrolment(activity=activity, member=cast.member_of(who), **asked | over)
    whom = REMINDERS["enrolment-closing"].whom
    assert names(whom(cast.city, ON)) == {"member"}
    assert [whom(cast.city, day) for day in (ON - DAY, ON + DAY)] == [[], []]
    activity.called_off_at = at(ON)
    activity.save()
    assert whom(cast.city, ON) == []


def test_a_friday_tells_of_the_weekend_and_of_monday(cast):
    friday = datetime.date(2026, 12, 18)
    for n in range(5):
        row = make.activity(committee=cast.city, starts_at=at(friday + n * DAY))
        enrolment(activity=row, member=cast.member_of("member"))
    whom = REMINDERS["activity-tomorrow"].whom
    assert [len(whom(cast.city, friday + n * DAY)) for n in range(4)] == [3, 0, 0, 1]


def test_rooms_with_an_activity_of_the_month_are_left_in_peace(cast):
    whom = REMINDERS["room-without-activity"].whom
    assert names(whom(cast.city, ON)) == {"keeper"}
    assert whom(cast.city, ON.replace(day=19)) == []
    row = make.activity(workroom=cast.room, starts_at=at(ON + 9 * DAY))
    assert whom(cast.city, ON) == []
    row.called_off_at = at(ON)
    row.save()
    assert names(whom(cast.city, ON)) == {"keeper"}
    together = make.activity(committee=cast.city, starts_at=at(ON))
    together.co_hosts.create(workroom=cast.room)
    assert whom(cast.city, ON) == []


def test_a_room_that_opened_this_month_or_closed_is_left_in_peace(cast):
    whom = REMINDERS["room-without-activity"].whom
    cast.room.opened_on = ON.replace(day=2)
    cast.room.save()
    assert whom(cast.city, ON) == []
    cast.room.opened_on, cast.room.closed_on = None, ON - DAY
    cast.room.save()
    assert whom(cast.city, ON) == []


def test_a_resolution_is_reminded_of_five_days_and_one_before_and_once_after(cast):
    held = {"committee": cast.city, "created_by": cast.clerk, "starts_at": at(ON - 30 * DAY)}
    row = aftermath.consultation(**held)
    due = datetime.date(2026, 12, 28)  # a Monday; 21 and 25 December are five days and one before
    for over in (
        {"unit": cast.unit},
        {"workroom": cast.room},
        {"member": cast.member_of("member")},
        {"other": "物业公司"},
    ):
        aftermath.resolution(activity=row, what=f"{over}"[:40], due_on=due, **over)
    responsible = {"handler", "keeper", "member"}
    told = {}
    for n in range(-4, 12):
        on = ON + n * DAY
        before = set(Notice.objects.values_list("pk", flat=True))
        REMINDERS["resolutions-due"].send(cast.city, on)
        rows = Notice.objects.exclude(pk__in=before)
        if rows:
            told[on.day] = {(one.kind, one.recipient.sign_in_name) for one in rows}
    late = responsible | {"clerk"}
    assert told == {
        21: {("resolution_due", who) for who in responsible},
        25: {("resolution_due", who) for who in responsible},
        29: {("resolution_overdue", who) for who in late},
    }
    assert Notice.objects.filter(kind="resolution_overdue").count() == 3 + 4


def test_only_what_takes_place_and_is_open_is_reminded_of(cast):
    due = {"due_on": ON - DAY, "member": cast.member_of("member")}
    after = {"due_on": ON - DAY, "created_by": cast.clerk}
    held = {"committee": cast.city, "created_by": cast.clerk, "starts_at": at(ON - 30 * DAY)}
    for over in ({"published_at": None}, {"called_off_at": at(ON)}, {}):
        row = aftermath.consultation(**held, **over)
        done = aftermath.resolution(activity=row, what="已办", **due)
        done.result, done.resulted_on = "已办", ON - DAY
        done.save()
        aftermath.follow_up(activity=row, what="已办", done_on=ON - DAY, **after)
        aftermath.resolution(activity=row, what="未办", **due)
        aftermath.follow_up(activity=row, what="未办", **after)
    rows = REMINDERS["resolutions-due"].whom(cast.city, ON)
    assert names(rows) == {"member", "clerk"} and len({one.key for one in rows}) == 1
    rows = REMINDERS["follow-ups-due"].whom(cast.city, ON)
    assert [(one.person, one.context["what"]) for one in rows] == [(cast.clerk, "未办")]


def test_the_calendar_is_asked_for_until_it_is_there(cast):
    whom = REMINDERS["calendar-missing"].whom
    days = [datetime.date(2026, 12, 1), datetime.date(2026, 12, 7), datetime.date(2027, 1, 4)]
    assert [row.about for day in days for row in whom(cast.city, day)] == [
        "2027年工作日历尚未录入"
    ] * 3
    assert len({row.key for day in days for row in whom(cast.city, day)}) == 3
    make.workday(committee=cast.city, day=datetime.date(2027, 1, 1), is_working=False)
    assert [whom(cast.city, day) for day in days] == [[], [], []]
    assert calendar_of(cast.city).is_published(2027)


def test_convenors_hear_of_a_list_that_exists(cast):
    from sectors.models import Responsibility

    whom = REMINDERS["responsibilities-of-year"].whom
    on = datetime.date(2026, 10, 8)
    assert whom(cast.city, on) == []
    Responsibility.objects.create(committee=cast.city, year=2026, title="反映诉求")
    assert names(whom(cast.city, on)) == {"convenor", "convenor2", "shielded_convenor"}
    assert whom(cast.city, on.replace(year=2027)) == []


def test_an_approved_summary_needs_nobody(cast):
    whom = REMINDERS["summary-to-edit"].whom
    row = make.summary(committee=cast.city, month=datetime.date(2026, 11, 1))
    assert names(whom(cast.city, datetime.date(2026, 12, 1))) == {"clerk"}
    assert whom(cast.city, datetime.date(2026, 11, 2)) == []
    row.approved_at = at(ON)
    row.save()
    assert whom(cast.city, datetime.date(2026, 12, 1)) == []


def test_the_summaries_of_rooms_and_sectors_and_of_a_quarter_are_not_told_one_by_one(cast):
    """The clock has drafted them all on the 1st, and has told the clerks of the committee's own."""
    october = Period(Every.MONTH, datetime.date(2026, 10, 1))
    assert draft_all(cast.city, october) > 5
    draft_all(cast.city, Period(Every.QUARTER, datetime.date(2026, 10, 1)), by=cast.clerk)
    before = told()
    reminder = REMINDERS["summary-to-edit"]
    assert len(reminder.whom(cast.city, datetime.date(2026, 11, 2))) == 1
    assert reminder.send(cast.city, datetime.date(2026, 11, 2)) == 0
    assert told() == before
    assert {kind for _person, _key, kind, _path in before} == {"summary_ready"} and len(before) == 1


def test_what_is_closed_to_others_is_marked(world):
    rows = REMINDERS["receptions-due"].whom(world.city, ON)
    assert {row.person.sign_in_name for row in rows if row.is_closed} == {"confidant"}
    assert "confidant" not in names(row for row in rows if not row.is_closed)


def test_a_day_off_tells_nobody(world):
    sunday, calendar = ON - DAY, calendar_of(world.city)
    daily = {name for name, one in REMINDERS.items() if one.days is working_days}
    assert {name for name in daily if REMINDERS[name].whom(world.city, sunday)} == set()
    assert {name for name in daily if REMINDERS[name].send(world.city, sunday)} == set()
    assert {name for name, one in REMINDERS.items() if one.days(calendar, sunday)} == set()
