"""What every test stands on; the database comes from DATABASE_URL or the private server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings

from tests.cast import cast, client_of

__all__ = ["cast", "client_of"]

QUICK = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
    "ALLOWED_HOSTS": ["*"],
    "CELERY_BROKER_URL": "memory://",
}


@pytest.fixture(scope="session", autouse=True)
def quick_settings() -> Iterator[None]:
    """A fast hasher, a cache and files in memory, plain static files."""
    with override_settings(**QUICK):
        yield


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
