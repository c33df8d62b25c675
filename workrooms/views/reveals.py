"""What the pages of the book share: a reveal of ten minutes, and what a form was sent."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest

from workrooms.actions.handling import Resident
from workrooms.models import Reception

LASTS = 600  # seconds
SESSION = "receptions_revealed"


def remember(request: HttpRequest, reception: Reception) -> None:
    """From now on the entry's page shows name and number, for ten minutes."""
    now = time.time()
    kept: dict[str, Any] = request.session.get(SESSION, {})
    kept = {pk: until for pk, until in kept.items() if until > now}
    kept[str(reception.pk)] = now + LASTS
    request.session[SESSION] = kept


def revealed(request: HttpRequest, reception: Reception) -> Resident | None:
    until = request.session.get(SESSION, {}).get(str(reception.pk), 0)
    if until <= time.time():
        return None
    return Resident(reception.resident_name or "", reception.resident_phone or "")


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form binds to: data and files of a POST, however empty, and nothing of a GET."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
