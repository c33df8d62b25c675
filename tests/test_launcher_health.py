"""The watchdog's pages and the check of the database's letters."""

from __future__ import annotations

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from liaison_portal.pages import health


def test_alive_asks_no_database(client, django_assert_num_queries) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_when_everything_is_there(client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "migrations": True, "broker": True}


@pytest.mark.django_db
def test_not_ready_without_a_broker(client, monkeypatch) -> None:
    monkeypatch.setattr(health, "_has_broker", lambda: False)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "migrations": True, "broker": False}


@pytest.mark.django_db
def test_not_ready_with_a_migration_to_do(client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'records'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] is False


@pytest.mark.django_db
def test_the_database_knows_chinese_letters() -> None:
    found = run_checks(tags=[Tags.database], databases=["default"])
    assert [one.id for one in found if one.id == "liaison_portal.W001"] == []


def test_a_page_survives_a_missing_broker(monkeypatch) -> None:
    from celery import Celery
    from kombu.exceptions import OperationalError

    from liaison_portal.celery import Portal, app

    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(Celery, "send_task", refuse)
    assert Portal.send_task(app, "notices.tasks.sweep_unsent").id == ""


def test_a_missing_cache_server_is_a_miss() -> None:
    from liaison_portal.cache import PatientRedisCache

    cache = PatientRedisCache("unix:///nonexistent/broker.sock?db=0", {})
    cache.set("key", 1)
    assert cache.get("key", "nothing") == "nothing"
    assert cache.get_many(["key"]) == {}
    assert (cache.add("key", 1), cache.delete("key"), cache.incr("key")) == (True, False, 1)
