"""Targets, offers of help, periods, and who could help: rules and verbs."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from committees.actors import CLOCK
from committees.models import AuditEntry
from committees.spans import span_from
from contacts import actions
from contacts.coverage import who_could
from contacts.models import Area, AreaMember, Contact, HelpOffer, Measure, Target
from contacts.periods import Every, Period
from contacts.seed import seed
from notices.models import Notice
from tests import make

TODAY = datetime.date(2026, 11, 24)


def test_who_could_are_neighbours_and_colleagues(cast):
    member, colleague = cast.member_of("member"), cast.member_of("convenor")
    area = Area.objects.create(committee=cast.city, name="甲区")
    for person in (member, cast.member_of("member2")):
        AreaMember.objects.create(
            committee=cast.city, area=area, member=person, span=span_from(make.BEGAN_ON)
        )
    contact = make.contact(member=member, area=area)
    today = datetime.date(2026, 6, 1)
    make.visit(members=[colleague, member], contacts=[contact], happened_on="2026-01-05")
    make.visit(members=[colleague], contacts=[contact], happened_on="2025-12-05")
    make.visit(members=[cast.member_of("convenor2")], contacts=[contact], happened_on="2026-01-06")
    [row] = who_could(Contact.objects.filter(pk=contact.pk), today)
    assert (row.neighbours, row.acquainted) == ([cast.member2.name], [cast.convenor.name])
    [row] = who_could(Contact.objects.filter(pk=contact.pk), datetime.date(2027, 6, 1))
    assert row.acquainted == []


def test_a_target_names_one_scope_and_stands_once(cast):
    common = {
        "committee": cast.city,
        "measure": Measure.VISITS,
        "every": Every.YEAR,
        "number": 2,
        "span": span_from(make.BEGAN_ON),
    }
    Target.objects.create(**common)
    Target.objects.create(**common, sector=cast.education)
    for wrong in (
        {},
        {"sector": cast.education, "number": 5},
        {"sector": cast.business, "commission": cast.learning},
        {"sector": cast.business, "number": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Target.objects.create(**common | wrong)


@pytest.mark.parametrize(
    ("text", "first", "end", "label"),
    [
        ("2024-02", "2024-02-01", "2024-03-01", "2024年2月"),
        ("2024-12", "2024-12-01", "2025-01-01", "2024年12月"),
        ("2024-Q1", "2024-01-01", "2024-04-01", "2024年第一季度"),
        ("2024-Q4", "2024-10-01", "2025-01-01", "2024年第四季度"),
        ("2024", "2024-01-01", "2025-01-01", "2024年度"),
    ],
)
def test_periods(text, first, end, label):
    period = Period.parse(text)
    assert (str(period.starts_on), str(period.ends_on), period.label) == (first, end, label)
    assert str(period) == text
    assert period.next.previous == period == Period.of(period.every, period.last_day)
    assert (period.previous.ends_on, period.next.starts_on) == (period.starts_on, period.ends_on)


@pytest.mark.parametrize("text", ["", "2024-Q5", "2024-13", "24", "1900", "9999-01", "2024-1", "x"])
def test_what_is_no_period(text):
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


# Verbs ------------------------------------------------------------------------------------------


def new_target(cast, **over):
    values = {"committee": cast.city, "measure": Measure.VISITS, "every": Every.YEAR, "number": 2}
    return Target(**values | {"span": span_from(make.BEGAN_ON)} | over)


def test_clerks_keep_targets_and_the_trail_says_so(cast):
    target = actions.keep_target(new_target(cast), by=cast.clerk, fields=["number"])
    target.number = 3
    actions.keep_target(target, by=cast.clerk, fields=["number"])
    assert Target.objects.get().number == 3
    told = AuditEntry.objects.filter(action__startswith="target.").order_by("id")
    assert list(told.values_list("action", flat=True)) == ["target.add", "target.amend"]
    for who in ("editor", "member", "leader", "commission", "stranger_clerk"):
        with pytest.raises(PermissionDenied):
            actions.keep_target(new_target(cast), by=cast[who])


def test_a_target_that_breaks_a_rule_is_a_sentence(cast):
    actions.keep_target(new_target(cast), by=cast.clerk)
    for over, code in (
        ({}, "target_once"),
        ({"sector": cast.education, "commission": cast.learning}, "target_one_scope"),
        ({"sector": cast.stranger_sector}, "other_committee"),
        ({"number": 0, "sector": cast.education}, None),
    ):
        with pytest.raises(ValidationError) as refused:
            actions.keep_target(new_target(cast, **over), by=cast.clerk)
        assert code == getattr(refused.value, "code", None)
    assert Target.objects.count() == 1


def test_samples_are_laid_once_and_left_alone(cast):
    seed(cast.city)
    seed(cast.city)
    laid = Target.objects.in_committee(cast.city)
    assert {(t.measure, t.every, t.number, t.is_sample) for t in laid} == {
        ("contacts", "year", 3, True),
        ("reached", "quarter", 1, True),
        ("visits", "year", 2, True),
    }
    laid.exclude(measure="visits").delete()
    seed(cast.city)
    assert laid.all().count() == 1


def test_help_is_offered_once_a_month_whoever_offers(cast):
    member = cast.member_of("member")
    offer = actions.offer_help(member, by=cast.convenor, on=TODAY)
    assert (offer.sector, offer.month) == (cast.education, TODAY.replace(day=1))
    notice = Notice.objects.get(recipient=cast.member)
    assert notice.kind == "help_offered" and notice.path == "/city/coverage/?scope=mine"
    assert cast.convenor.name in notice.title and "不必回复" in notice.body
    for who in ("clerk", "commission", "convenor"):
        with pytest.raises(ValidationError) as refused:
            actions.offer_help(member, by=cast[who], on=TODAY)
        assert refused.value.code == "help_offer_once_a_month"
    assert HelpOffer.objects.count() == Notice.objects.count() == 1
    actions.offer_help(member, by=cast.clerk, on=datetime.date(2026, 12, 1))
    assert Notice.objects.filter(recipient=cast.member).count() == 2


@pytest.mark.parametrize(
    ("who", "whom", "is_allowed"),
    [
        ("convenor", "member", True),
        ("commission", "member", True),
        ("editor", "member2", True),
        ("convenor2", "member2", True),
        ("shielded_convenor", "shielded", True),
        ("convenor", "member2", False),
        ("commission", "member2", False),
        ("convenor", "convenor", False),
        ("member", "convenor", False),
        ("delegate", "member", False),
        ("leader", "member", False),
        ("keeper", "member", False),
        ("stranger_clerk", "member", False),
        ("clerk", "countymember", False),
    ],
)
def test_who_may_offer_help_to_whom(cast, who, whom, is_allowed):
    member = cast.member_of(whom)
    if is_allowed:
        assert actions.offer_help(member, by=cast[who], on=TODAY).by == cast[who]
        return
    with pytest.raises(PermissionDenied):
        actions.offer_help(member, by=cast[who], on=TODAY)
    assert Notice.objects.count() == 0


def test_the_clock_offers_nothing_and_nobody_offers_to_one_who_left(cast):
    gone = make.member(sector=cast.education, until=datetime.date(2026, 1, 1))
    with pytest.raises(ValidationError, match="已离任"):
        actions.offer_help(gone, by=cast.clerk, on=TODAY)
    with pytest.raises(PermissionDenied):
        actions.offer_help(cast.member_of("member"), by=CLOCK, on=TODAY)
