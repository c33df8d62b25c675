"""The clock of these tests stands on 24 November 2026: October is over, November is not."""

import datetime

import pytest
from django.utils import timezone

TODAY = datetime.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    real = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None: real(value) if value else TODAY)
