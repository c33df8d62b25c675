"""What `manage.py` arranges before a command: addresses, and a database if it needs one."""

from __future__ import annotations

import os
import warnings

import environ

from liaison_portal.local import folders, keeper
from liaison_portal.local.broker import is_broker_alive
from liaison_portal.local.urls import private_broker_url, private_url

# `up` runs its own database; the others work on files alone.
WITHOUT_DATABASE = frozenset(
    [
        *("up", "help", "version", "check", "collectstatic", "findstatic", "diffsettings"),
        *("makemessages", "compilemessages", "makemigrations", "order_names", "sendtestemail"),
        *("spectacular", "startapp", "startproject"),
    ]
)


def arrange(arguments: list[str]) -> None:
    """Set DATABASE_URL and REDIS_URL where the environment does not, and start what is needed."""
    environ.Env.read_env(folders.CHECKOUT / ".env")
    command = arguments[0] if arguments else "help"
    # The bench makes and drops a database: not beside the portal's own.
    cluster = "tests" if command in {"test", "bench"} else "database"
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = private_url(cluster)
    if os.environ["DATABASE_URL"] == private_url(cluster) and needs_database(arguments):
        keeper.use(cluster)
    if not os.environ.get("REDIS_URL") and (command == "up" or is_broker_alive()):
        os.environ["REDIS_URL"] = private_broker_url()
    # makemigrations would also like to compare with a database, and works without.
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration")


def needs_database(arguments: list[str]) -> bool:
    if not arguments or {"-h", "--help", "--version"} & set(arguments):
        return False
    if arguments[0] == "check":
        return any(argument.startswith("--database") for argument in arguments)
    return arguments[0] not in WITHOUT_DATABASE
