import pytest
from django.core.cache import cache

from committees.dictionaries import active_rows, forget, rows_of
from committees.models import Category
from tests import make
from tests.budgets import costs


@pytest.fixture(autouse=True)
def fresh(db):
    cache.clear()


def test_rows_are_read_once_and_anew_when_forgotten():
    committee = make.committee()
    one = make.category(committee=committee, position=2)
    make.category()  # another committee's
    assert rows_of(Category, committee) == [one]
    with costs(0):
        assert rows_of(Category, committee) == [one]
    two = make.category(committee=committee, position=1)
    assert rows_of(Category, committee) == [one]
    forget(Category, committee.pk)
    assert rows_of(Category, committee) == [two, one]


def test_an_empty_list_is_remembered_too():
    committee = make.committee()
    assert rows_of(Category, committee) == []
    with costs(0):
        assert rows_of(Category, committee) == []


def test_retired_rows_are_not_offered():
    committee = make.committee()
    kept = make.category(committee=committee)
    make.category(committee=committee, is_active=False)
    assert active_rows(Category, committee) == [kept]


@pytest.mark.parametrize("path", ["/admin/contacts/channel/add/"])
def test_what_the_admin_changes_is_offered_at_once(
    cast, client_of, path, django_capture_on_commit_callbacks
):
    client = client_of("clerk")
    assert (
        "民情恳谈" not in client_of("member").get("/city/contacts/visits/write/").content.decode()
    )
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(path, {"name": "民情恳谈", "position": 1, "is_active": "on"})
    assert answer.status_code == 302
    assert "民情恳谈" in client_of("member").get("/city/contacts/visits/write/").content.decode()
