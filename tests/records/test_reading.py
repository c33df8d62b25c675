"""Who reads whose summary, and who is told of it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from committees.models import AuditEntry, Role
from contacts.periods import Every, Period
from notices.models import Notice
from records.actions import approve, approve_many, draft_all, draft_summary
from records.models import MonthlySummary, Of
from records.periods import Subject
from tests import make
from tests.budgets import cost_of

OCTOBER = Period.parse("2026-10")


class Place:
    """A committee with one of each below it, and somebody who reads each."""

    def __init__(self):
        self.committee = make.committee()
        self.clerk = make.officer(Role.CLERK, self.committee)
        self.leader = make.officer(Role.LEADER, self.committee)
        self.commission = make.commission(committee=self.committee)
        self.sector = make.sector(committee=self.committee, commission=self.commission)
        self.room = make.workroom(committee=self.committee, sector=self.sector)
        self.convenor = make.convenor(sector=self.sector).seat.membership.member.user
        scope = {"scope_id": self.commission.pk}
        self.office = make.officer(Role.COMMISSION, self.committee, **scope)
        self.keeper = make.room_member(workroom=self.room, is_keeper=True).member.user
        self.other = make.convenor(sector=make.sector(committee=self.committee))
        self.stranger = self.other.seat.membership.member.user

    def approve_all(self):
        for row in MonthlySummary.objects.with_subject().order_by("pk"):
            row.committee = self.committee
            approve(row, by=self.clerk)


@pytest.fixture
def place(db):
    return Place()


def seen(user):
    rows = MonthlySummary.objects.visible_to(user).with_subject()
    return {row.of for row in rows}


def test_drafts_are_the_offices(place):
    draft_all(place.committee, OCTOBER)
    for user in (place.leader, place.convenor, place.office, place.keeper, place.stranger):
        assert seen(user) == set()
    assert seen(place.clerk) == set(Of)


def test_approved_ones_are_read_by_whom_they_are_for(place):
    draft_all(place.committee, OCTOBER)
    place.approve_all()
    assert seen(place.leader) == set(Of)
    assert seen(place.convenor) == {Of.SECTOR}
    assert seen(place.office) == {Of.SECTOR, Of.COMMISSION}
    assert seen(place.keeper) == {Of.WORKROOM}
    mine = MonthlySummary.objects.visible_to(place.convenor).get()
    theirs = MonthlySummary.objects.visible_to(place.stranger).get()
    assert (mine.sector, theirs.sector.pk) == (place.sector, place.other.sector_id)


def test_approval_tells_its_readers(place):
    draft_all(place.committee, OCTOBER)
    Notice.objects.all().delete()
    place.approve_all()
    told = {(notice.recipient, notice.path.split("/")[-3]) for notice in Notice.objects.all()}
    sector, commission = f"sector-{place.sector.pk}", f"commission-{place.commission.pk}"
    assert told == {
        (place.leader, "summaries"),
        (place.convenor, sector),
        (place.office, sector),
        (place.office, commission),
        (place.keeper, f"workroom-{place.room.pk}"),
        (place.stranger, f"sector-{place.other.sector_id}"),
    }
    titles = set(Notice.objects.values_list("title", flat=True))
    assert f"{place.sector.title}2026年10月工作月报已审定" in titles


def test_ticked_ones_are_approved_at_once_and_told_once_each(place):
    draft_all(place.committee, OCTOBER)
    Notice.objects.all().delete()
    rows = list(MonthlySummary.objects.order_by("pk"))
    picked = [(row.pk, row.version) for row in rows]
    assert approve_many(place.committee, picked, by=place.clerk) == (len(rows), 0)
    people = [place.leader, place.convenor, place.office, place.keeper, place.stranger]
    assert sorted(it.recipient_id for it in Notice.objects.all()) == sorted(it.pk for it in people)
    frozen = MonthlySummary.objects.all()
    assert {row.number for row in frozen} == {1, 10}
    assert all(len(row.digest) == 64 and row.words for row in frozen)
    entry = AuditEntry.objects.get(action="summary.approve_many")
    assert set(entry.detail["digests"]) == {str(row.pk) for row in rows}
    assert approve_many(place.committee, picked, by=place.clerk) == (0, len(rows))


def test_what_changed_or_is_not_over_is_passed_over(place):
    draft_all(place.committee, OCTOBER)
    draft_all(place.committee, Period.parse("2026-11"))
    picked = [(row.pk, row.version) for row in MonthlySummary.objects.all()]
    changed = MonthlySummary.objects.of(Of.SECTOR).during(OCTOBER).first()
    MonthlySummary.objects.filter(pk=changed.pk).update(version=9)
    done, left = approve_many(place.committee, picked, by=place.clerk)
    assert (done, left) == (4, 6)
    assert not MonthlySummary.objects.get(pk=changed.pk).approved_at


def test_only_the_committees_own_are_approved(place):
    stranger = make.committee()
    draft_all(stranger, OCTOBER)
    row = MonthlySummary.objects.get()
    assert approve_many(place.committee, [(row.pk, row.version)], by=place.clerk) == (0, 1)
    for role in (Role.EDITOR, Role.LEADER):
        with pytest.raises(PermissionDenied):
            approve_many(place.committee, [], by=make.officer(role, place.committee))


def test_approving_many_costs_the_same_with_three_and_thirty(place):
    def deed(rows):
        approve_many(place.committee, [(row.pk, row.version) for row in rows], by=place.clerk)

    draft_all(place.committee, OCTOBER)
    three = list(MonthlySummary.objects.of(Of.SECTOR))
    few = cost_of(deed, three)
    for _ in range(30):
        make.sector(committee=place.committee)
    draft_all(place.committee, OCTOBER)
    many = list(MonthlySummary.objects.of(Of.SECTOR).drafts())
    assert len(many) == 30
    assert (few, cost_of(deed, many)) == (7, 5)  # nobody convenes these: no notice is written


def test_numbers_of_those_below_are_their_periods(place):
    subject = Subject(Of.WORKROOM, place.room.pk)
    for every, number in ((Every.MONTH, 7), (Every.QUARTER, 3)):
        day = datetime.date(2026, 7, 1)
        row = draft_summary(place.committee, day, by=place.clerk, subject=subject, every=every)
        assert approve(row, by=place.clerk).number == number
    year = datetime.date(2025, 1, 1)
    row = draft_summary(place.committee, year, by=place.clerk, every=Every.YEAR)
    assert approve(row, by=place.clerk).number == 1


# The counties -----------------------------------------------------------------------------------


def test_a_city_reads_what_its_counties_published(place):
    counties = [make.committee(level="county", parent=place.committee) for _ in range(2)]
    clerks = [make.officer(Role.CLERK, county) for county in counties]
    for county, clerk in zip(counties, clerks, strict=True):
        make.visit(
            member=make.member(sector=make.sector(committee=county)),
            happened_on=OCTOBER.starts_on,
            people_count=6,
        )
        draft_summary(county, OCTOBER.starts_on, by=clerk)
    row = draft_summary(place.committee, OCTOBER.starts_on, by=place.clerk)
    assert "counties" not in row.tables
    published = MonthlySummary.objects.of(Of.COMMITTEE).get(committee=counties[0])
    published.committee = counties[0]
    approve(published, by=clerks[0])
    draft_summary(counties[1], datetime.date(2026, 9, 1), by=clerks[1])
    for one in (
        draft_summary(place.committee, OCTOBER.starts_on, by=place.clerk),
        MonthlySummary.objects.of(Of.COMMITTEE).get(committee=place.committee),
    ):
        assert one.tables["counties"] == [
            {
                "id": counties[0].pk,
                "name": counties[0].short_name,
                "number": 1,
                "activities": 0,
                "visits": 1,
                "people": 6,
                "received": 0,
                "issued": 0,
            }
        ]
    assert row.figures["visits"] == 0  # what the counties did is not the city's own
    before = draft_all(place.committee, OCTOBER)
    assert (
        before
        and MonthlySummary.objects.of(Of.COMMITTEE)
        .get(committee=place.committee)
        .tables["counties"]
    )
    assert seen(place.clerk) == set(Of)
    assert not MonthlySummary.objects.visible_to(place.clerk).filter(committee__in=counties)
