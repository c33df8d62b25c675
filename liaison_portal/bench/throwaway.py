"""A database of its own, filled with the demo and dropped at the end."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from unittest import mock

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from committees.models import Committee
from liaison_portal.celery import app
from liaison_portal.demo.fill import Say, fill

# A running portal's cache must not learn of our rows, nor (below) its workers wake for them.
APART = {
    "ROOT_URLCONF": "liaison_portal.bench.pages",
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "ALLOWED_HOSTS": ["*"],
    "DEBUG": False,
    "STATIC_ROOT": None,  # nothing is collected, and whitenoise would say so
    "WHITENOISE_USE_FINDERS": False,
}


@contextmanager
def demo_committee(say: Say) -> Iterator[Committee]:
    """The demo city in a new database on the same server; never in the one that is in use."""
    own = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    silent = mock.patch.object(app, "send_task")
    with TemporaryDirectory() as media, override_settings(**APART, MEDIA_ROOT=media), silent:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield _filled(say)
        finally:
            connection.creation.destroy_test_db(own, verbosity=0)


def _filled(say: Say) -> Committee:
    today, password = timezone.localdate(), secrets.token_urlsafe(9)
    city = fill("demo", seed=1158, members=360, today=today, password=password, say=say)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum would have done by the next morning
    return city
