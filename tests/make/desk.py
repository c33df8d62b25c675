"""A unit's desk for tests: a link whose token and code are known, and a browser that opened it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client

from committees.models import Unit
from opinions.actions.unit_links import token_twin
from opinions.models import UnitLink
from tests.make import handling

CODE = "12345678"


def link(unit: Unit, token: str = "token-of-a-unit", **over: Any) -> UnitLink:
    """Its code is CODE."""
    given = {"token_twin": token_twin(token), "code_hash": make_password(CODE)}
    return handling.unit_link(unit=unit, **given | over)


def opened(unit: Unit, token: str = "token-of-a-unit", client: Client | None = None) -> Client:
    """A browser in which a link of the unit is open; makes the link where there is none."""
    if not UnitLink.objects.filter(token_twin=token_twin(token)).exists():
        link(unit, token)
    browser = client or Client()
    answer = browser.post(f"/u/{token}", {"code": CODE})
    assert answer.status_code == 302, answer.content.decode()
    return browser
