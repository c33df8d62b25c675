"""Whether the portal is alive, and whether it can serve: for a watchdog, not for people."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from liaison_portal.celery import app

BROKER_SECONDS = 2


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks neither database nor broker."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations and broker are there, else 503; says which is missing."""
    database, migrations = _database_and_migrations()
    found = {"database": database, "migrations": migrations, "broker": _has_broker()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _database_and_migrations() -> tuple[bool, bool]:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False, False
    return True, not plan


def _has_broker() -> bool:
    try:
        with app.connection_for_read() as link:
            link.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except (OperationalError, OSError):
        return False
    return True
