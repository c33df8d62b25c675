"""The clock on the reception book: reminders once, on working days, to the right people."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from notices.models import Notice
from tests import make
from workrooms.models import Reception
from workrooms.reminders.receptions import remind_of_receptions

MONDAY = datetime.date(2026, 11, 2)
DAY = datetime.timedelta(days=1)
NOTHING = {"waiting": 0, "office": 0, "overdue": 0, "to_tell": 0}


def at(day, hour=10):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def entry(cast, **over):
    over.setdefault("created_at", at(over.get("received_on") or MONDAY))
    return make.reception(workroom=cast.room, **{"received_on": MONDAY} | over)


def run(cast, day):
    return remind_of_receptions(cast.city, day)


def told():
    rows = Notice.objects.values_list("kind", "recipient__sign_in_name")
    return {(kind, str(name)) for kind, name in rows}


def test_unanswered_the_keeper_hears_after_two_working_days_the_office_after_five(cast):
    entry(cast)
    heard = [run(cast, MONDAY + n * DAY) for n in range(1, 10)]
    # the day of the entry does not count: Tue and Wed have passed on Thu, five on the next Tue
    assert [day["waiting"] for day in heard] == [0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert [day["office"] for day in heard] == [0, 0, 0, 0, 0, 0, 0, 1, 0]
    assert told() == {("reception_waiting", "keeper"), ("reception_waiting_office", "clerk")}


def test_a_holiday_stretches_the_time_and_tells_nothing(cast):
    for n in (1, 2):
        make.workday(committee=cast.city, day=MONDAY + n * DAY, is_working=False)
    entry(cast)
    heard = [run(cast, MONDAY + n * DAY)["waiting"] for n in range(1, 8)]
    assert heard == [0, 0, 0, 0, 0, 0, 1]
    assert run(cast, MONDAY + 5 * DAY) == NOTHING  # a Saturday


@pytest.mark.parametrize(
    "over", [{"disposal": "opinion"}, {"is_from_paper": True}, {"nature": "person"}]
)
def test_what_is_disposed_of_from_paper_or_closed_reminds_no_keeper(cast, over):
    entry(cast, **over)
    heard = run(cast, MONDAY + 9 * DAY)
    assert (heard["waiting"], heard["office"]) == (0, 0)


def test_a_due_date_that_has_passed_is_told_once_a_date(cast):
    row = entry(cast, disposal="unit", due_on=MONDAY + 2 * DAY)
    row.members.add(cast.member_of("member"))
    assert run(cast, MONDAY + 2 * DAY)["overdue"] == 0
    assert [run(cast, MONDAY + 3 * DAY)["overdue"] for _ in "12"] == [2, 0]
    Reception.objects.update(due_on=MONDAY + 3 * DAY)
    assert run(cast, MONDAY + 4 * DAY)["overdue"] == 2
    Reception.objects.update(resulted_on=MONDAY, due_on=MONDAY)
    assert run(cast, MONDAY + 7 * DAY)["overdue"] == 0


def test_where_it_belongs_is_told_ahead_of_the_fifteenth_day_and_after(cast):
    entry(cast, nature="petition", disposal="not_ours")
    days = [MONDAY + n * DAY for n in (9, 10, 11, 15, 16, 17)]
    assert [run(cast, day)["to_tell"] for day in days] == [0, 1, 0, 0, 1, 0]
    assert told() == {("reception_tell_due", "keeper"), ("reception_tell_late", "clerk")}


def test_of_a_report_on_a_person_only_the_confidant_hears(cast):
    entry(cast, nature="person")
    for n in range(1, 30):
        run(cast, MONDAY + n * DAY)
    assert told() == {("reception_tell_due", "confidant"), ("reception_tell_late", "confidant")}


def test_an_entry_of_a_liaison_group_is_the_offices(cast):
    from sectors.models import LiaisonGroup

    group = LiaisonGroup.objects.create(committee=cast.city, name="联络组")
    make.reception(liaison_group=group, received_on=MONDAY, created_at=at(MONDAY))
    run(cast, MONDAY + 3 * DAY)
    assert told() == {("reception_waiting", "clerk")}
