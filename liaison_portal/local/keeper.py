"""A private database for as long as somebody uses it, and not longer.

`python -m liaison_portal.local.keeper NAME` runs the server until no process shares the users'
lock. The kernel frees a lock when its holder dies, so a killed test run leaves nothing behind.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from liaison_portal.local import folders, processes
from liaison_portal.local.cluster import Cluster, log_end
from liaison_portal.local.locks import Lock
from liaison_portal.local.refusal import Refusal
from liaison_portal.local.urls import CLUSTERS

START_SECONDS = 90
_held: dict[str, Lock] = {}


def users_lock(cluster: str) -> Lock:
    """Shared by every process that uses the server."""
    return Lock(folders.var_dir() / "run" / f"{cluster}.users")


def runner_lock(cluster: str) -> Lock:
    """Held alone by the keeper, or by `manage.py up`, while it runs the server."""
    return Lock(folders.var_dir() / "run" / f"{cluster}.runner")


def use(cluster: str) -> None:
    """Make sure the private server runs until this process ends; raises Refusal if it cannot."""
    if cluster in _held:
        return
    folders.prepare_var()
    _held[cluster] = users_lock(cluster).share()
    one = Cluster(cluster)
    if runner_lock(cluster).is_taken() and one.is_ready():
        return
    folders.check_free_space()
    _start_keeper(one)


def _start_keeper(one: Cluster) -> None:
    log_path = one.var / "logs" / f"{one.name}-keeper.log"
    with log_path.open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "liaison_portal.local.keeper", one.name],
            cwd=folders.CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    end = time.monotonic() + START_SECONDS
    while not one.is_ready():
        if keeper.poll() or time.monotonic() > end:
            raise SystemExit(log_end(log_path) or f"PostgreSQL: {one.log_path}")
        time.sleep(0.05)


def keep(name: str) -> None:
    """Run the server until its last user is gone; returns at once if somebody runs it already."""
    runner = runner_lock(name)
    if not processes.wait_until(runner.try_take, 2):
        return
    one = Cluster(name)
    one.end_leftover()
    postgres = one.prepare()
    with one.open_log() as log:
        server = processes.start(one.program(postgres), log)
        try:
            one.wait_ready(server)
            users_lock(name).take()
        finally:
            processes.end(server, signal.SIGINT, 8)
            one.forget_sockets()


def main(arguments: list[str]) -> None:
    if arguments not in [[name] for name in CLUSTERS]:
        raise Refusal("用法：keeper database|tests", "Usage: keeper database|tests")
    # A closed terminal must not take the database from other users of it.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    keep(arguments[0])


if __name__ == "__main__":
    main(sys.argv[1:])
