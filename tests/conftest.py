"""What every test run needs: a database, fast passwords, and no network servers."""

from __future__ import annotations

import datetime
import gc
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.utils import timezone, translation

from tests.cast import cast, client_of

__all__ = ["cast", "client_of"]

CHECKOUT = Path(__file__).resolve().parent.parent
TEMPLATE = "portal_template"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure(config: pytest.Config) -> None:
    """Start the private database unless DATABASE_URL names one; workers are given its address."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT = None  # nothing is collected, and each test client would look for it
    settings.WHITENOISE_USE_FINDERS = False
    if not hasattr(config, "workerinput"):
        _start_private_database()
    if template := os.environ.get("LIAISON_TEST_TEMPLATE"):
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = template


def _start_private_database() -> None:
    from liaison_portal.local import keeper
    from liaison_portal.local.urls import private_url

    if os.environ.get("DATABASE_URL", private_url("tests")) != private_url("tests"):
        return
    keeper.use("tests")
    os.environ["DATABASE_URL"] = private_url("tests")
    _make_template()
    os.environ["LIAISON_TEST_TEMPLATE"] = TEMPLATE


def _make_template() -> None:
    """A migrated database that every test database is a copy of, made again when code changed."""
    from liaison_portal.local.cluster import Cluster
    from liaison_portal.local.urls import private_url

    cluster = Cluster("tests")
    stamp = cluster.var / "run" / f"{TEMPLATE}-stamp"
    now = _migrations_fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    stamp.unlink(missing_ok=True)
    cluster.recreate(TEMPLATE)
    env = {**os.environ, "DATABASE_URL": private_url("tests", TEMPLATE)}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"],
        cwd=CHECKOUT,
        env=env,
        check=True,
    )
    stamp.write_text(now)


def _migrations_fingerprint() -> str:
    found = hashlib.sha256((CHECKOUT / "requirements.txt").read_bytes())
    for path in sorted(CHECKOUT.glob("*/migrations/*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests need Chromium: without it they are skipped, except where CI promised it."""
    if chromium() or os.environ.get("LIAISON_CI") == "1":
        return
    without = pytest.mark.skip(reason="Chromium is not installed")
    for item in items:
        if "browser" in item.path.relative_to(CHECKOUT).parts:
            item.add_marker(without)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded and collected stays to the end: the collector need not walk it again."""
    gc.collect()
    gc.freeze()


QUICK = {
    "NOTICE_QUIET": "",  # no test waits for the morning
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
    "ALLOWED_HOSTS": ["*"],
    "CELERY_BROKER_URL": "memory://",
}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests of transactions end by emptying every table, which the audit trail refuses.

    So that one trigger is off in the test database; tests/committees/test_audit.py turns it on.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE committees_auditentry DISABLE TRIGGER audit_is_not_emptied")


@pytest.fixture(scope="session", autouse=True)
def quick_settings() -> Iterator[None]:
    """A fast hasher, a cache and files in memory, plain static files, no quiet hours."""
    with override_settings(**QUICK):
        yield


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """The language a request asked for stays with its thread: no test starts in another's."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def day_comes(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime.date], None]:
    """`day_comes(day)`: it is nine o'clock of that day's morning."""

    def come(day: datetime.date) -> None:
        nine = datetime.datetime.combine(day, datetime.time(9))
        moment = timezone.make_aware(nine)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return come


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def sent_tasks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple, dict]]:
    """Nothing is sent to a broker: `[(task name, args, kwargs)]` of what would have been."""
    from liaison_portal.celery import app

    sent: list[tuple[str, tuple, dict]] = []

    def remember(name: str, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        sent.append((name, tuple(args or ()), dict(kwargs or {})))
        return app.AsyncResult(f"recorded-{len(sent)}")

    monkeypatch.setattr(app, "send_task", remember)
    return sent
