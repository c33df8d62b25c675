"""Two clerks confirm at once: one roster is written whole, the other must be previewed again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from committees.broken_rules import rules_told
from committees.models import Role
from contacts.models import Visit
from members.models import Member, Membership
from sectors.models import RosterImport
from sectors.roster_import.actions import confirm_import, preview_import
from sectors.roster_import.undoing import undo_import
from tests import make
from tests.opinions.test_races import at_once, split
from tests.sectors.roster_tables import roster_tables
from tests.sectors.rosters import person, table


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_wins():
    committee = make.committee()
    clerks = [make.officer(Role.CLERK, committee) for _ in range(2)]
    files = [table(person("王伟"), person("李强")), table(person("赵敏"))]
    previews = [
        preview_import(
            content, name="名册.csv", committee=committee, on=timezone.localdate(),
            meeting="", is_partial=False, by=clerk,
        )
        for content, clerk in zip(files, clerks, strict=True)
    ]  # fmt: skip
    start = Barrier(2)

    def confirm(at: int) -> str:
        start.wait(timeout=10)
        try:
            confirm_import(previews[at], by=clerks[at])
        except ValidationError as refused:
            return refused.code
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(confirm, range(2)))
    assert sorted(outcomes) == ["roster_changed", "written"]
    names = [["王伟", "李强"], ["赵敏"]][outcomes.index("written")]
    serving = Membership.objects.filter(committee=committee).values_list("member__name", flat=True)
    assert sorted(serving) == sorted(names)
    states = [RosterImport.objects.get(pk=one.pk).state for one in previews]
    assert sorted(states) == ["confirmed", "previewed"]


def bring(committee, clerk, *people):
    made = preview_import(
        table(*people), name="名册.csv", committee=committee, on=timezone.localdate(),
        meeting="六届五次会议", is_partial=False, by=clerk,
    )  # fmt: skip
    return made, lambda: confirm_import(made, by=clerk, leaves=made.report["leaves"])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_undo_at_once_one_undoes():
    committee = make.committee()
    clerks = [make.officer(Role.CLERK, committee) for _ in range(2)]
    before = roster_tables(committee)
    _made, confirm = bring(committee, clerks[0], person("王伟"), person("李强"))
    done = confirm()
    results = at_once(*[lambda one=one: undo_import(done, by=one) for one in clerks])
    won, lost = split(results)
    assert (len(won), [one.code for one in lost]) == (1, ["not_confirmed"])
    assert roster_tables(committee) == before


@pytest.mark.django_db(transaction=True)
def test_one_undoes_while_another_imports():
    """Either the import is told that the roster changed, or the undoing that one came later."""
    committee = make.committee()
    clerks = [make.officer(Role.CLERK, committee) for _ in range(2)]
    _made, confirm = bring(committee, clerks[0], person("王伟"), person("李强"))
    first = confirm()
    made, second = bring(committee, clerks[1], person("王伟"), person("赵敏"))
    results = at_once(lambda: undo_import(first, by=clerks[0]), second)
    won, lost = split(results)
    assert len(won) == len(lost) == 1
    states = [RosterImport.objects.get(pk=one.pk).state for one in (first, made)]
    codes = [one.code for one in lost]
    assert (states, codes) in [
        (["undone", "previewed"], ["roster_changed"]),
        (["confirmed", "confirmed"], ["depended_on"]),
    ]
    serving = Membership.objects.on(timezone.localdate()).count()
    assert serving == (0 if states[0] == "undone" else 2)


@pytest.mark.django_db(transaction=True)
def test_a_visit_logged_while_the_import_is_undone():
    """The visit stays and stops the undoing, or the undoing is first; never a visit of nobody."""
    committee = make.committee()
    clerk = make.officer(Role.CLERK, committee)
    way = make.channel(committee=committee)
    _made, confirm = bring(committee, clerk, person("王伟"))
    done = confirm()
    member = Member.objects.get(name="王伟")

    def log():
        with rules_told(), transaction.atomic():
            return make.visit(member=member, channel=way)

    won, _lost = split(at_once(lambda: undo_import(done, by=clerk), log))
    assert len(won) == 1
    is_undone = RosterImport.objects.get(pk=done.pk).state == "undone"
    assert (Member.objects.count(), Visit.objects.count()) == ((0, 0) if is_undone else (1, 1))
