"""Counting the statements a page costs: `with costs(6): client.get(path)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Transaction control and settings of the connection are not counted (house: speed).
WORK = re.compile(r"\s*(?:\(\s*)?(SELECT|INSERT|UPDATE|DELETE|COPY|WITH)\b", re.IGNORECASE)
# Locks taken through a function read no table.
LOCKS = re.compile(r"\s*SELECT\s+(set_config|pg_(try_)?advisory_\w+)\(", re.IGNORECASE)


def is_counted(sql: str) -> bool:
    return bool(WORK.match(sql)) and not LOCKS.match(sql)


def statements(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured.captured_queries if is_counted(query["sql"])]


@contextmanager
def costs(expected: int) -> Iterator[None]:
    """Assert that the block makes exactly so many statements; list them when it does not."""
    with CaptureQueriesContext(connection) as captured:
        yield
    made = statements(captured)
    listing = "\n".join(f"{place:3} {sql[:300]}" for place, sql in enumerate(made, start=1))
    assert len(made) == expected, f"{len(made)} statements instead of {expected}:\n{listing}"


def cost_of(call: Any, *args: Any, **kwargs: Any) -> int:
    """How many statements a call makes; for asserting that 3 and 30 rows cost the same."""
    with CaptureQueriesContext(connection) as captured:
        call(*args, **kwargs)
    return len(statements(captured))
