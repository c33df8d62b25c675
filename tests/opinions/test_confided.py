"""A report that began from an entry goes no further once the entry is against a person."""

import pytest
from django.core.exceptions import ValidationError

from committees.models import Draft
from opinions.actions import move
from opinions.models import Opinion, Status
from opinions.workflow import available_moves
from tests import make
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
