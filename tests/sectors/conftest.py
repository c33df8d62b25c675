"""A committee without anybody, and its clerk: what an import starts from."""

from __future__ import annotations

import pytest

from committees.models import Committee, Role, User
from tests import make


@pytest.fixture
def committee(db: None) -> Committee:
    return make.committee()


@pytest.fixture
def clerk(committee: Committee) -> User:
    return make.officer(Role.CLERK, committee)
