"""Addresses of the private database and broker, known before either runs."""

from __future__ import annotations

import os
from pathlib import Path

from liaison_portal.local.folders import run_dir

DATABASE = "portal"
OWNER = "portal"
# Two clusters: the portal's own data, and one without fsync for the tests.
CLUSTERS = ("database", "tests")


def is_testing() -> bool:
    """Whether pytest runs us; it sets this variable before it loads anything."""
    return "PYTEST_VERSION" in os.environ


def socket_folder(cluster: str) -> Path:
    return run_dir() / cluster


def private_url(cluster: str, database: str = DATABASE) -> str:
    """`postgres://portal@//folder/portal`: a URL whose host is the socket's folder."""
    return f"postgres://{OWNER}@/{socket_folder(cluster)}/{database}"


def private_urls() -> set[str]:
    return {private_url(cluster) for cluster in CLUSTERS}


def database_url() -> str:
    """DATABASE_URL if given, else the private server's, whether it runs yet or not."""
    given = os.environ.get("DATABASE_URL")
    return given or private_url("tests" if is_testing() else "database")


def broker_socket() -> Path:
    return run_dir() / "broker.sock"


def private_broker_url() -> str:
    return f"unix://{broker_socket()}?db=0"


def broker_url(redis_url: str) -> str:
    """The same broker as Celery spells it: a socket is `redis+socket://` there, not `unix://`."""
    if redis_url.startswith("unix://"):
        path, _, query = redis_url.removeprefix("unix://").partition("?")
        return f"redis+socket://{path}?virtual_host={query.removeprefix('db=') or 0}"
    return redis_url or "memory://"
