"""A report that began from an entry goes no further once the entry is against a person."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from committees.actors import Guest
from committees.models import Draft
from opinions.actions import compose, move
from opinions.actions.referrals import refer
from opinions.models import Opinion, Promise, Referral, Status
from opinions.workflow import available_moves
from tests import make
from tests.make import composing, handling, proposals
from workrooms.actions import change_nature
from workrooms.models import Reception


@pytest.fixture
def entry(cast):
    return make.reception(workroom=cast.room, members=[cast.member_of("member")])


def ready(cast, entry, status):
    row = make.opinion(author=cast.member_of("member"), status=status)
    Opinion.objects.filter(pk=row.pk).update(reception=entry)
    return Opinion.objects.for_moves().get(pk=row.pk)


@pytest.mark.parametrize(
    ("status", "name", "who"),
    [
        (Status.DRAFT, "submit", "member"),
        (Status.DRAFT, "submit_straight", "member"),
        (Status.WITH_CONVENOR, "recommend", "convenor"),
        (Status.RECEIVED, "take_up", "editor"),
        (Status.SIGNING, "sign", "signer"),
    ],
)
def test_nobody_carries_it_on(cast, entry, status, name, who):
    assert name in available_moves(ready(cast, entry, status), cast.again(who))
    change_nature(entry, nature=Reception.Nature.PERSON, by=cast.keeper)
    row = ready(cast, entry, status)
    assert name not in available_moves(row, cast.again(who))
    with pytest.raises(ValidationError) as refused:
        move(row, name, by=cast.again(who))
    assert refused.value.code == "confided"


def test_what_was_being_typed_is_forgotten(cast, entry):
    form = f"opinions.write:reception-{entry.pk}"
    kept = {"user": cast.member, "committee": cast.city, "content": {"situation": "某人"}}
    Draft.objects.create(form=form, **kept)
    other = Draft.objects.create(form="opinions.write:reception-0", **kept)
    change_nature(entry, nature=Reception.Nature.PERSON, by=cast.keeper)
    assert list(Draft.objects.all()) == [other]


@pytest.fixture
def referred(cast):
    """An entry that the unit has, with a promise; the unit's link beside its handler."""
    row = make.reception(workroom=cast.room, disposal="unit", disposed_at=timezone.now())
    asked = handling.referral(reception=row, unit=cast.unit, text="某人失职")
    open_one = handling.referral(reception=row, unit=cast.unit)
    return row, handling.promise(referral=asked), open_one


def seen_by(actor):
    return set(Referral.objects.visible_to(actor)), set(Promise.objects.visible_to(actor))


def test_unit_and_office_see_no_more_of_what_was_referred(cast, client_of, referred):
    entry, promise, open_one = referred
    link = Guest("unit_link", str(handling.unit_link(unit=cast.unit).pk))
    rows, other = {promise.referral, open_one}, handling.referral(unit=cast.unit)
    for actor in (link, cast.handler):
        assert seen_by(actor) == ({*rows, other}, {promise})
    change_nature(entry, nature=Reception.Nature.PERSON, by=cast.keeper)
    assert seen_by(cast.again("confidant"))[0] == rows
    for name in ("clerk", "editor", "keeper", "leader"):
        assert not seen_by(cast.again(name))[0] & rows
    for actor in (link, cast.again("handler")):
        assert seen_by(actor) == ({other}, set())
    desk = client_of("handler")
    found = desk.get("/api/v1/unit-items/").json()["results"]
    assert [row["id"] for row in found] == [other.pk]
    assert desk.get(f"/api/v1/unit-items/{open_one.pk}/").status_code == 404
    assert desk.get(f"/city/unit/{open_one.pk}/").status_code == 404
    assert promise.what not in desk.get("/city/unit/promises/").content.decode()


def test_the_units_work_on_it_ends_and_no_clock_asks(cast, referred):
    entry, _promise, open_one = referred
    form = f"opinions.unit_reply:{open_one.pk}"
    Draft.objects.create(form=form, user=cast.handler, committee=cast.city, content={"text": "某"})
    change_nature(entry, nature=Reception.Nature.PERSON, by=cast.keeper)
    open_one.refresh_from_db()
    assert open_one.ended_at and open_one.steps.last().deed == "take_back"
    assert not Draft.objects.filter(form=form).exists()
    # Also of one that was still open when the entry changed: nobody is reminded.
    Referral.objects.filter(pk=open_one.pk).update(ended_at=None)
    assert list(Referral.objects.unanswered()) == list(Promise.objects.followed()) == []
    change_nature(entry, nature=Reception.Nature.ORDINARY, by=cast.again("confidant"))
    assert set(Referral.objects.unanswered()) == {open_one}


@pytest.mark.parametrize("way", ["own", "part", "below", "proposal"])
def test_what_was_made_of_it_is_not_referred(cast, entry, way):
    row = ready(cast, entry, Status.ISSUED)
    matter = row
    if way == "part":
        matter = make.opinion(committee=cast.city, status=Status.ISSUED, part_count=1)
        Opinion.objects.filter(pk=row.pk).update(status=Status.MERGED, merged_into=matter)
    elif way == "below":
        matter = make.opinion(committee=cast.city, status=Status.ISSUED, source=row)
    elif way == "proposal":
        matter = proposals.proposal(committee=cast.city, opinion=row, status="filed")
    change_nature(entry, nature=Reception.Nature.PERSON, by=cast.keeper)
    matter = type(matter).objects.get(pk=matter.pk)
    with pytest.raises(PermissionDenied):
        refer(matter, by=cast.editor, lead=cast.unit, title="题", text="内容")


def test_nor_does_what_it_was_merged_into_go_on(cast, entry):
    part = ready(cast, entry, Status.RECEIVED)
    other = make.opinion(author=cast.member_of("member2"), status=Status.RECEIVED)
    whole = compose([part, Opinion.objects.for_moves().get(pk=other.pk)], by=cast.editor)
    assert "send_to_check" in available_moves(composing.again(whole), cast.editor)
    stale = composing.again(whole)
    change_nature(entry, nature=Reception.Nature.PERSON, by=cast.keeper)
    assert "send_to_check" not in available_moves(composing.again(whole), cast.editor)
    with pytest.raises(ValidationError) as refused:
        move(stale, "send_to_check", by=cast.editor)
    assert refused.value.code == "confided"
    move(ready_again(part), "unmerge", by=cast.editor)
    assert "send_to_check" in available_moves(composing.again(whole), cast.editor)


def ready_again(row):
    return Opinion.objects.for_moves().get(pk=row.pk)
