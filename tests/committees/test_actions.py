import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from committees import actions
from committees.actors import CLOCK
from committees.models import Appointment, Committee, Role, Term, User
from tests import make


def test_a_committee_takes_its_names_from_its_own(db):
    committee = actions.add_committee(
        slug="hanjiang", name="政协汉江市委员会", level="city", by=CLOCK
    )
    assert (committee.full_name, committee.short_name, committee.office_name) == (
        "中国人民政治协商会议汉江市委员会",
        "市政协",
        "政协汉江市委员会办公室",
    )


@pytest.mark.parametrize("slug", ["admin", "accounts", "q", "r", "u", "UPPER", "有字", "-a", ""])
def test_a_reserved_or_misspelt_slug_is_refused(db, slug):
    with pytest.raises(ValidationError) as refusal:
        actions.add_committee(slug=slug, name="政协某市委员会", level="city", by=CLOCK)
    assert list(refusal.value.message_dict) == ["slug"]
    assert Committee.objects.count() == 0


def test_a_taken_slug_is_a_sentence(db):
    make.committee(slug="taken")
    with pytest.raises(ValidationError) as refusal:
        actions.add_committee(slug="taken", name="政协某市委员会", level="city", by=CLOCK)
    assert refusal.value.messages == ["该网址标识已被使用，请另取。"]


def test_a_new_term_ends_the_one_before(db):
    committee = actions.add_committee(slug="c", name="政协某市委员会", level="city", by=CLOCK)
    actions.open_term(committee, ordinal=5, on=date(2017, 2, 1), by=CLOCK)
    actions.open_term(committee, ordinal=6, on=date(2022, 2, 1), by=CLOCK)
    assert actions.term_on(committee, date(2022, 1, 31)).ordinal == 5
    assert str(actions.term_on(committee, date(2022, 2, 1))) == "政协某市委员会六届"
    with pytest.raises(ValidationError):
        actions.term_on(committee, date(2017, 1, 31))
    assert Term.objects.count() == 2


def test_who_gives_which_office(db):
    committee = make.committee()
    sysadmin, secadmin, clerk, somebody = (make.user() for _ in range(4))
    make.appointment(sysadmin, Role.SYSADMIN, committee)
    make.appointment(secadmin, Role.SECADMIN, committee)
    make.appointment(clerk, Role.CLERK, committee)
    actions.appoint(somebody, Role.EDITOR, committee=committee, by=sysadmin)
    for by, role in [(sysadmin, Role.AUDITOR), (secadmin, Role.EDITOR), (clerk, Role.EDITOR)]:
        with pytest.raises(PermissionDenied):
            actions.appoint(somebody, role, committee=committee, by=by)
    actions.appoint(somebody, Role.AUDITOR, committee=committee, by=secadmin)
    fresh = User.objects.get(pk=somebody.pk)
    assert fresh.standing == {("editor", committee.pk, None), ("auditor", committee.pk, None)}


def test_the_three_administrators_are_three_people(db):
    committee, user = make.committee(), make.user()
    actions.appoint(user, Role.SYSADMIN, committee=committee, by=CLOCK)
    with pytest.raises(ValidationError) as refusal:
        actions.appoint(user, Role.AUDITOR, committee=committee, by=CLOCK)
    assert refusal.value.messages == ["系统管理员、安全管理员、审计管理员须由三个人分别担任。"]


def test_an_ended_office_is_no_standing(db):
    committee, user = make.committee(), make.user()
    today = timezone.localdate()
    office = actions.appoint(
        user, Role.CLERK, committee=committee, by=CLOCK, on=today - timedelta(days=9)
    )
    actions.end_appointment(office, by=CLOCK)
    assert User.objects.get(pk=user.pk).standing == frozenset()
    assert Appointment.objects.on(today - timedelta(days=1)).get() == office


def test_an_office_ended_before_it_began_was_never_held(db):
    committee, user = make.committee(), make.user()
    today = timezone.localdate()
    office = actions.appoint(
        user, Role.CLERK, committee=committee, by=CLOCK, on=today + timedelta(days=3)
    )
    actions.end_appointment(office, by=CLOCK, on=today)
    assert not Appointment.objects.on(today + timedelta(days=3)).exists()


def test_numbers_run_by_kind_and_year_and_an_undone_deed_gives_its_number_back(db):
    committee = make.committee()
    with transaction.atomic():
        assert [actions.take_number(committee, "opinion", 2026) for _ in "ab"] == [1, 2]
        assert actions.take_number(committee, "opinion", 2027) == 1
        assert actions.take_number(committee, "issue", 2026) == 1
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.take_number(committee, "opinion", 2026)
        raise RuntimeError
    with transaction.atomic():
        assert actions.take_number(committee, "opinion", 2026) == 3


def test_a_batch_takes_its_numbers_at_once_and_is_given_the_last(db):
    committee = make.committee()
    with transaction.atomic():
        lasts = [actions.take_number(committee, "reception", 2026, how_many=n) for n in (3, 1, 5)]
    assert lasts == [3, 4, 9]


@pytest.mark.django_db(transaction=True)
def test_numbers_taken_at_once_are_all_different():
    committee, taken = make.committee(), []

    def take():
        for _ in range(5):
            with transaction.atomic():
                taken.append(actions.take_number(committee, "issue", 2026))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(taken) == list(range(1, 21))
