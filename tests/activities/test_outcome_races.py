"""Two at once: confirming, one form sent twice, the same result, minutes by two hands."""

import datetime

import pytest
from django.utils import timezone

from activities.actions import aftermath as after
from activities.actions import consultations, outcomes, resolutions
from activities.models import Activity, ActivityText, FollowUp, Outcome, Resolution
from activities.outcome_authors import parts_of
from committees.models import AuditEntry
from notices.models import Notice
from tests import make
from tests.cast import assemble
from tests.make import aftermath
from tests.opinions.test_races import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(row):
    return Outcome.objects.for_list().get(pk=row.pk)


def seen(row):
    return Resolution.objects.for_list().select_related("item").get(pk=row.pk)


def consult(cast):
    return aftermath.consultation(committee=cast.city, created_by=cast.clerk)


def test_two_clerks_confirm_one_outcome():
    cast = assemble()
    second = make.officer("clerk", cast.city)
    row = aftermath.outcome(author=cast.member_of("member"), confirmed_at=None)
    left, right = fresh(row), fresh(row)
    won, lost = split(
        at_once(
            lambda: outcomes.confirm_outcome(left, by=cast.clerk),
            lambda: outcomes.confirm_outcome(right, by=second),
        )
    )
    assert (len(won), [error.code for error in lost]) == (1, ["moved"])
    assert Notice.objects.filter(kind="outcome_confirmed").count() == 1


def test_one_outcome_sent_twice():
    cast = assemble()
    author = cast.member_of("member")
    given = {"kind": "help", "title": "送助听器", "done_on": timezone.localdate()}

    def write():
        parts = parts_of([author], None)
        return outcomes.write_outcome(cast.city, by=cast.member, parts=parts, **given)

    won, lost = split(at_once(write, write))
    assert (len(won), [error.code for error in lost]) == (1, ["outcome_once"])
    assert Outcome.objects.get().parts.count() == 1


def test_withdrawn_while_it_is_confirmed():
    """Whichever came first, the row says one thing."""
    cast = assemble()
    row = aftermath.outcome(author=cast.member_of("member"), confirmed_at=None)
    left, right = fresh(row), fresh(row)
    results = at_once(
        lambda: outcomes.confirm_outcome(left, by=cast.clerk),
        lambda: outcomes.withdraw_outcome(right, why="写错了", by=cast.member),
    )
    row = fresh(row)
    assert bool(row.confirmed_at) != bool(row.withdrawn_at)
    assert sum(isinstance(result, Outcome) for result in results) == 1


def test_two_hands_write_the_minutes():
    cast = assemble()
    row = consult(cast)

    def write(words):
        activity = Activity.objects.select_related("committee").get(pk=row.pk)
        return after.save_text(activity, "minutes", text=words, seen=0, by=cast.clerk)

    won, lost = split(at_once(lambda: write("甲"), lambda: write("乙")))
    assert (len(won), len(lost)) == (1, 1)
    assert lost[0].error_dict["text"][0].code == "stale"
    assert ActivityText.objects.get().text == won[0].text


def test_one_result_by_unit_and_organiser():
    cast = assemble()
    row = aftermath.resolution(activity=consult(cast), unit=cast.unit)
    left, right = seen(row), seen(row)
    won, lost = split(
        at_once(
            lambda: resolutions.record_result(left, result="甲", by=cast.handler),
            lambda: resolutions.record_result(right, result="乙", by=cast.clerk),
        )
    )
    assert (len(won), [error.code for error in lost]) == (1, ["resulted"])
    row.refresh_from_db()
    assert row.result == won[0].result
    assert AuditEntry.objects.filter(action="resolution.result").count() == 1


def test_one_resolution_and_one_follow_up_sent_twice():
    cast = assemble()
    row = consult(cast)
    due_on = timezone.localdate() + datetime.timedelta(days=9)

    def resolve():
        return consultations.resolve(row, what="清理", due_on=due_on, other="物业", by=cast.clerk)

    def note():
        return after.add_follow_up(row, what="印发纪要", by=cast.clerk)

    for deed, model, code in (
        (resolve, Resolution, "resolution_once"),
        (note, FollowUp, "follow_up_once"),
    ):
        won, lost = split(at_once(deed, deed))
        assert (len(won), [error.code for error in lost]) == (1, [code])
        assert model.objects.count() == 1


def test_one_entry_onto_one_agenda_twice():
    cast = assemble()
    row, entry = consult(cast), make.reception(workroom=cast.room)

    def put():
        mine = type(entry).objects.select_related("committee").get(pk=entry.pk)
        return consultations.add_item(row, words="议题", reception=mine, by=cast.keeper)

    won, lost = split(at_once(put, put))
    assert (len(won), len(lost)) == (1, 1)
    assert (row.agenda.count(), entry.words.count()) == (1, 1)
