"""What the portal needs from the machine it runs on: folders, keys, a database, a broker.

Settings ask here for what the environment does not say; `manage.py` and `tests/conftest.py` ask
for a database; `manage.py up` runs everything (docs/decisions/0001-launcher.md).
"""

from liaison_portal.local.first_run import (
    check_first_run_code,
    forget_first_run_code,
    make_first_run_code,
)
from liaison_portal.local.folders import run_dir, var_dir
from liaison_portal.local.hosts import public_hosts
from liaison_portal.local.keys import secret
from liaison_portal.local.refusal import Refusal
from liaison_portal.local.urls import broker_url, database_url

__all__ = [
    "Refusal",
    "broker_url",
    "check_first_run_code",
    "database_url",
    "forget_first_run_code",
    "make_first_run_code",
    "public_hosts",
    "run_dir",
    "secret",
    "var_dir",
]
