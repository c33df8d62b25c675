"""Two at once: signing into one issue, sending on twice, printing while somebody signs."""

import pytest

from opinions import actions
from opinions.actions import adoptions, issuing, sending_on
from opinions.models import Adoption, Issue, Opinion, Status
from tests import make
from tests.cast import assemble
from tests.opinions.test_outcomes import given
from tests.opinions.test_races import at_once, split, view_of

pytestmark = pytest.mark.django_db(transaction=True)
S = Status


def waiting(cast, how_many):
    author = cast.member_of("member")
    rows = [make.opinion(author=author, status=S.SIGNING) for _ in range(how_many)]
    return [view_of(row) for row in rows]


def seen(*rows):
    return {row.pk: row.waiting_since for row in rows}


def test_two_signers_into_one_issue():
    cast = assemble()
    second = make.officer("signer", cast.city)
    first, left, right = waiting(cast, 3)
    issue = issuing.sign_together(cast.city, seen(first), by=cast.signer)
    won, lost = split(
        at_once(
            lambda: issuing.sign_together(cast.city, seen(left), by=cast.signer, issue=issue),
            lambda: issuing.sign_together(cast.city, seen(right), by=second, issue=issue),
        )
    )
    assert (len(won), lost) == (2, [])
    assert Issue.objects.get().opinions.count() == 3


def test_two_signers_of_overlapping_reports():
    """One of them gets all of hers, the other is told; no number is lost."""
    cast = assemble()
    second = make.officer("signer", cast.city)
    one, shared, three = waiting(cast, 3)
    won, lost = split(
        at_once(
            lambda: issuing.sign_together(cast.city, seen(one, shared), by=cast.signer),
            lambda: issuing.sign_together(cast.city, seen(three, shared), by=second),
        )
    )
    assert len(won) == len(lost) == 1 and lost[0].code == "moved"
    assert Issue.objects.get().number == 1
    assert Opinion.objects.filter(status=S.SIGNING).count() == 1


def test_one_signs_into_an_issue_while_it_is_printed():
    cast = assemble()
    first, late = waiting(cast, 2)
    issue = issuing.sign_together(cast.city, seen(first), by=cast.signer)
    results = at_once(
        lambda: issuing.sign_together(cast.city, seen(late), by=cast.signer, issue=issue),
        lambda: issuing.mark_printed(Issue.objects.get(pk=issue.pk), by=cast.clerk),
    )
    _won, lost = split(results)
    assert all(error.code == "issue_printed" for error in lost)
    late.refresh_from_db()
    assert (late.issue_id == issue.pk) == (lost == [])
    assert (late.status == S.SIGNING) == (len(lost) == 1)


def test_the_same_report_is_sent_once():
    cast = assemble()
    row = make.opinion(author=cast.member_of("countymember"), status=S.ISSUED)
    mine, theirs = view_of(row), view_of(row)
    second = make.officer("clerk", cast.county)
    won, lost = split(
        at_once(
            lambda: sending_on.send_on(mine, by=cast.countyclerk),
            lambda: sending_on.send_on(theirs, by=second),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["opinion_sent_once"]
    assert Opinion.objects.filter(source=row).count() == 1


def test_recalled_while_the_city_takes_it_up():
    cast = assemble()
    row = make.opinion(author=cast.member_of("countymember"), status=S.ISSUED)
    sent = sending_on.send_on(view_of(row), by=cast.countyclerk)
    above, below = view_of(sent), view_of(row)
    won, lost = split(
        at_once(
            lambda: actions.move(above, "take_up", by=cast.editor),
            lambda: sending_on.recall(below, by=cast.countyclerk),
        )
    )
    assert len(won) == len(lost) == 1
    assert lost[0].code in ("moved", "taken_up")
    assert view_of(sent).status in (S.EDITING, S.WITHDRAWN)


def test_sending_and_signing_with_results_flowing_back_do_not_wait_in_a_ring():
    """One deed writes to the county's trail and then the city's; so does the other."""
    cast = assemble()
    author = cast.member_of("countymember")
    rows = [make.opinion(author=author, status=S.ISSUED) for _ in range(6)]
    first = [sending_on.send_on(view_of(row), by=cast.countyclerk) for row in rows[:3]]
    Opinion.objects.filter(pk__in=[row.pk for row in first]).update(status=S.SIGNING)
    waits = seen(*(view_of(row) for row in first))
    deeds = [lambda: issuing.sign_together(cast.city, waits, by=cast.signer)]
    deeds += [
        lambda row=row: sending_on.send_on(view_of(row), by=cast.countyclerk) for row in rows[3:]
    ]
    won, lost = split(at_once(*deeds))
    assert (len(won), lost) == (4, [])
    assert Adoption.objects.filter(committee=cast.county, level="city").count() == 3


def test_the_same_adoption_twice_at_once():
    cast = assemble()
    row = make.opinion(author=cast.member_of("member"), status=S.ISSUED)
    mine, theirs = view_of(row), view_of(row)
    won, lost = split(
        at_once(
            lambda: adoptions.record_adoption(mine, by=cast.clerk, **given()),
            lambda: adoptions.record_adoption(theirs, by=cast.editor, **given()),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["adoption_once"]


def test_one_and_several_are_signed_into_the_same_issue():
    """Issue, then trail, both of them."""
    cast = assemble()
    second = make.officer("signer", cast.city)
    first, *rest = waiting(cast, 7)
    issue = issuing.sign_together(cast.city, seen(first), by=cast.signer)
    pairs = [rest[:2], rest[2:4]]
    deeds = [
        lambda two=two: issuing.sign_together(cast.city, seen(*two), by=cast.signer, issue=issue)
        for two in pairs
    ]
    deeds += [lambda row=row: actions.move(row, "sign", by=second, issue=issue) for row in rest[4:]]
    won, lost = split(at_once(*deeds))
    assert (len(won), lost) == (4, []) and issue.opinions.count() == 7


def test_signing_together_takes_the_issue_before_the_trails(monkeypatch):
    cast = assemble()
    first, late = waiting(cast, 2)
    issue = issuing.sign_together(cast.city, seen(first), by=cast.signer)
    order = []
    for name in ("join", "hold_chains"):
        real = getattr(issuing, name)
        monkeypatch.setattr(
            issuing, name, lambda *a, name=name, real=real: order.append(name) or real(*a)
        )
    issuing.sign_together(cast.city, seen(late), by=cast.signer, issue=issue)
    assert order == ["join", "hold_chains"]


def test_trails_below_parts_are_taken_in_one_order():
    """The lowest level first, then by id; those of what was sent for a part as well."""
    cast = assemble()
    more = make.committee(slug="county2", place="下溪县", level="county", parent=cast.city)
    sources = [make.opinion(committee=one, status=S.ISSUED) for one in (more, cast.county)]
    whole = make.opinion(committee=cast.city, status=S.SIGNING, is_composed=True, part_count=2)
    for source in sources:
        part = {"source": source, "merged_into": whole}
        make.opinion(committee=cast.city, status=S.MERGED, **part)
    assert issuing._below([view_of(whole)]) == sorted([cast.county, more], key=lambda c: c.pk)
    issuing.sign_together(cast.city, seen(view_of(whole)), by=cast.signer)
    rows = Adoption.objects.filter(level="city", origin__isnull=False).order_by("pk")
    held = [row.committee for row in rows]
    assert held == sorted([cast.county, more], key=lambda c: c.pk)
