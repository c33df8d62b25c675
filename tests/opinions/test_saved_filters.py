"""常用筛选: one's own, by name, at most twenty, with what the list knows and nothing else."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from opinions.actions.saved_filters import MOST, delete_filter, rename_filter, save_filter
from opinions.models import SavedFilter, Status
from opinions.views.saved_filters import known_query
from tests import make
from tests.budgets import cost_of, costs

LIST, FILTERS = "/city/opinions/", "/city/opinions/filters/"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("q=路灯&after=xyz&page=2&x=1", "q=%E8%B7%AF%E7%81%AF"),
        ("status=issued&q=&sector=", "status=issued"),
        ("of=mine&category=3&q=a", "q=a&category=3&of=mine"),
        ("q=a%00b", "q=a%00b".replace("%00", "")),
        ("q=" + "长" * 300, "q=" + "%E9%95%BF" * 100),
        ("before=1", ""),
        ("q=1&q=2", "q=2"),
        ("javascript:alert(1)", ""),
    ],
)
def test_only_what_the_list_knows_is_kept(given, kept):
    assert known_query(given) == kept


def test_saving_opening_renaming_and_deleting(cast, client_of, django_capture_on_commit_callbacks):
    make.opinion(author=cast.member_of("member"), status=Status.RECEIVED)
    client = client_of("clerk")
    page = client.get(f"{LIST}?status=received&after=zzz").content.decode()
    assert "保存为常用筛选" in page and 'value="status=received"' in page
    with django_capture_on_commit_callbacks(execute=True):
        told = client.post(FILTERS, {"name": "待审", "query": "status=received&after=zzz&x=1"})
    assert told.url == f"{LIST}?status=received"
    page = client.get(told.url).content.decode()
    assert '<a href="?status=received" aria-current="page">待审</a>' in page
    assert "saved-new" not in page
    row = SavedFilter.objects.get()
    assert (row.user, row.committee, row.query) == (cast.clerk, cast.city, "status=received")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{FILTERS}{row.pk}/", {"name": "待审件"}).url == FILTERS
    assert "待审件" in client.get(LIST).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{FILTERS}{row.pk}/delete/").url == FILTERS
    assert client.post(f"{FILTERS}{row.pk}/delete/").status_code == 404
    assert "待审件" not in client.get(LIST).content.decode()


def test_a_list_without_conditions_offers_nothing_to_save(cast, client_of):
    for query in ("", "?of=all", "?after=x", "?q="):
        assert "保存为常用筛选" not in client_of("clerk").get(LIST + query).content.decode()


def test_bad_input_keeps_what_was_typed(cast, client_of):
    client = client_of("clerk")
    save_filter("待审", "status=received", by=cast.clerk, committee=cast.city)
    for given, words in (
        ({"name": "待审", "query": "q=a"}, "同名"),
        ({"name": "", "query": "q=a"}, 'value="q=a"'),
        ({"name": "甲", "query": "x=1"}, "请先设定筛选条件"),
        ({"name": "甲" * 21, "query": "q=a"}, "甲" * 21),
        ({"name": "a\x00", "query": "q=a"}, "空字符"),
        ({"name": "甲", "query": "q=" + "a" * 5000}, "4000"),
    ):
        answer = client.post(FILTERS, given)
        assert answer.status_code == 400 and words in answer.content.decode(), given
    other = save_filter("已签发", "status=issued", by=cast.clerk, committee=cast.city)
    answer = client.post(f"{FILTERS}{other.pk}/", {"name": "待审"})
    assert answer.status_code == 400 and "同名" in answer.content.decode()
    assert client.post(f"{FILTERS}{other.pk}/", {"name": ""}).status_code == 400
    assert {row.name for row in SavedFilter.objects.all()} == {"待审", "已签发"}


def test_a_query_longer_than_its_column_is_refused(cast, client_of):
    words = "&".join(f"{name}={'长' * 100}" for name in ("q", "author", "unit"))
    answer = client_of("clerk").post(FILTERS, {"name": "长", "query": words})
    assert answer.status_code == 400 and not SavedFilter.objects.exists()


def test_filters_are_their_owners(cast, client_of):
    row = save_filter("待审", "status=received", by=cast.clerk, committee=cast.city)
    editor = client_of("editor")
    assert "待审</a>" not in editor.get(LIST).content.decode()
    assert "待审" not in editor.get(FILTERS).content.decode()
    assert editor.post(f"{FILTERS}{row.pk}/", {"name": "改"}).status_code == 404
    assert editor.post(f"{FILTERS}{row.pk}/delete/").status_code == 404
    for deed in (
        lambda: rename_filter(row, "改", by=cast.editor),
        lambda: delete_filter(row, by=cast.editor),
        lambda: save_filter("甲", "q=a", by=cast.stranger_clerk, committee=cast.city),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert SavedFilter.objects.get().name == "待审"


def test_at_most_twenty(cast):
    for number in range(MOST):
        save_filter(f"第{number}", "q=a", by=cast.clerk, committee=cast.city)
    with pytest.raises(ValidationError) as refused:
        save_filter("多", "q=a", by=cast.clerk, committee=cast.city)
    assert refused.value.code == "too_many"
    save_filter("多", "q=a", by=cast.editor, committee=cast.city)
    assert SavedFilter.objects.filter(user=cast.clerk).count() == MOST


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_keep_to_the_limit():
    from tests.cast import assemble

    cast = assemble()
    for number in range(MOST - 1):
        save_filter(f"第{number}", "q=a", by=cast.clerk, committee=cast.city)
    start, told = threading.Barrier(4), []

    def save(number):
        try:
            start.wait()
            save_filter(f"新{number % 2}", "q=a", by=cast.clerk, committee=cast.city)
            told.append("saved")
        except ValidationError as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["saved", *["too_many"] * 3]
    assert SavedFilter.objects.count() == MOST


@pytest.mark.parametrize("count", [3, 20])
def test_pages_cost_the_same(cast, client_of, count):
    for number in range(count):
        save_filter(f"第{number}", "q=a", by=cast.clerk, committee=cast.city)
    client = client_of("clerk")
    client.get(LIST)
    with costs(6):
        client.get(LIST)
    assert cost_of(client.get, FILTERS) == 6
    assert cost_of(client.post, FILTERS, {"name": "", "query": "q=a"}) == 6
    row = SavedFilter.objects.first()
    assert cost_of(client.post, f"{FILTERS}{row.pk}/", {"name": "改"}) == 6
