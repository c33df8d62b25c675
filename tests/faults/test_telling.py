"""Reminders while workers are killed, the broker is frozen and two beats run.

The real portal with a stub for its SMS provider: what the stub took is what people would have
received. Nothing is lost, nothing doubled, and no page fails meanwhile.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.test_up import CHECKOUT, Portal, _until
from tests.gateways.stub import KEY, SECRET, Stub, serving

PEOPLE, KILLS, FROZEN = 200, 3, 60


class Telling(Portal):
    """The portal, its driver, and a visitor who reads pages all the time."""

    driver: subprocess.Popen[str]
    second: int = 0

    def env(self, **over: str) -> dict[str, str]:
        return super().env(**{**self.gateway, **over})

    def do(self, verb: str, *arguments: Any) -> Any:
        assert self.driver.stdin and self.driver.stdout
        self.driver.stdin.write(json.dumps([verb, *arguments]) + "\n")
        self.driver.stdin.flush()
        line = self.driver.stdout.readline()
        assert line, "the driver has died"
        return json.loads(line)

    def begin(self, stub: Stub) -> None:
        self.gateway = {
            "SMS_PROVIDER": "aliyun",
            "SMS_URL": stub.url,
            "SMS_KEY": KEY,
            "SMS_SECRET": SECRET,
            "SMS_SIGN": "测试",
            "SMS_TEMPLATE": "T1",
            "SMS_CODE_TEMPLATE": "T2",
            "NOTICE_QUIET": "",
            "NOTICE_CLAIM_SECONDS": "5",
            "NOTICE_DIGEST_AT": "00:00",
            "no_proxy": "127.0.0.1",
        }
        self.start()
        _until(lambda: "就绪" in self.said() or self.supervisor.poll() is not None, 240)
        self.wait_ready()
        code = "from tests.faults.driver import main; main()"
        self.driver = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=CHECKOUT,
            env=self.env(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.do("seed", PEOPLE) == PEOPLE
        self.second = self.do("second_beat")

    def finish(self) -> None:
        if self.second:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.second, signal.SIGTERM)
        if hasattr(self, "driver"):
            self.driver.stdin.close()  # type: ignore[union-attr]
            self.driver.wait(20)
        if self.supervisor and self.supervisor.poll() is None:
            self.end()

    def kill(self, name: str) -> None:
        before = self.pid(name)
        os.kill(before, signal.SIGKILL)
        _until(lambda: self.pid(name) not in {0, before}, 20)
        assert self.pid(name) != before


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def portal(stub: Stub) -> Iterator[Telling]:
    folder = Path(tempfile.mkdtemp(prefix="liaison-"))
    folder.chmod(0o711)
    one = Telling(folder / "var")
    try:
        one.begin(stub)
        yield one
    finally:
        one.finish()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def visiting(portal: Telling) -> Iterator[Counter[int]]:
    """Somebody opens pages meanwhile: the statuses they got."""
    found: Counter[int] = Counter()
    over = threading.Event()

    def read() -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while not over.is_set():
            for path in ("healthz", "accounts/login/", "accounts/code/", "city/public/"):
                try:
                    with opener.open(f"http://127.0.0.1:{portal.port}/{path}", timeout=20) as page:
                        found[page.status] += 1
                except urllib.error.HTTPError as error:
                    found[error.code] += 1
                except OSError:
                    found[0] += 1
            over.wait(0.2)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join(60)


def told(stub: Stub, since: int) -> Counter[str]:
    return Counter(stub.numbers()[since:])


def all_sent(portal: Telling, seconds: float) -> dict[str, Any]:
    """Sweep, as the beats do every two minutes, until nothing is left."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        state: dict[str, Any] = portal.do("state")
        if not state["unsent"]:
            return state
        portal.do("run", "notices.tasks.sweep_unsent")
        time.sleep(3)
    raise AssertionError(f"not all was sent: {portal.do('state')}")


def test_a_worker_killed_three_times_loses_and_doubles_nothing(portal: Telling, stub: Stub) -> None:
    stub.delay, in_flight = 0.05, []
    with visiting(portal) as statuses:
        assert portal.do("tell", "killed") == PEOPLE
        for kill in range(1, KILLS + 1):
            wanted = kill * PEOPLE // (KILLS + 1)
            _until(lambda wanted=wanted: len(stub.told) >= wanted and stub.open > 0, 60)
            in_flight.append((stub.open, len(stub.told)))
            portal.kill("worker")
            portal.do("age", 5)
            portal.do("run", "notices.tasks.sweep_unsent")
        state = all_sent(portal, 90)
    # At each kill the provider was being spoken to, and it was in the middle.
    assert [waiting > 0 for waiting, _told in in_flight] == [True] * KILLS
    assert [0 < sent < PEOPLE for _waiting, sent in in_flight] == [True] * KILLS
    assert set(told(stub, 0).values()) == {1}
    assert len(told(stub, 0)) == PEOPLE
    assert {one.to for one in stub.told} == {f"138{n:08d}" for n in range(PEOPLE)}
    assert state["deliveries"] == {"sent": PEOPLE}
    assert stub.wrong == []
    assert stub.asked["QuerySendDetails"] >= 1  # a dead worker's message was asked about
    assert set(statuses) == {200} and sum(statuses.values()) > 20


def test_a_broker_killed_and_then_frozen_for_a_minute_delays_and_loses_nothing(
    portal: Telling, stub: Stub
) -> None:
    stub.delay, before = 0, len(stub.told)
    with visiting(portal) as statuses:
        portal.kill("broker")
        frozen = portal.pid("broker")
        os.kill(frozen, signal.SIGSTOP)
        try:
            began = time.monotonic()
            assert portal.do("tell", "frozen") == PEOPLE
            assert time.monotonic() - began < 15
            time.sleep(max(FROZEN - (time.monotonic() - began), 0))
        finally:
            os.kill(frozen, signal.SIGCONT)
        portal.do("age", 5)
        all_sent(portal, 120)
    assert set(told(stub, before).values()) == {1}
    assert len(told(stub, before)) == PEOPLE
    assert set(statuses) == {200} and sum(statuses.values()) > 20


def test_two_beats_and_a_redelivered_task_make_one_digest(portal: Telling, stub: Stub) -> None:
    before = len(stub.told)
    assert portal.do("gather", "digest") == PEOPLE
    _until(lambda: portal.do("state")["waiting"] == PEOPLE, 60)
    portal.do("age", 5 * 24 * 60)
    day = a_workday()
    for _ in range(4):
        portal.do("run", "notices.tasks.start_digests", day)
    _until(lambda: portal.do("state")["digests"] >= PEOPLE, 60)
    portal.do("age", 5)
    state = all_sent(portal, 90)
    assert (state["digests"], state["waiting"]) == (PEOPLE, 0)
    assert set(told(stub, before).values()) == {1}
    assert len(told(stub, before)) == PEOPLE


def a_workday() -> str:
    """Today, or the last working day before a weekend: its digest may be made up for."""
    day = datetime.date.today()
    while day.weekday() > 4:
        day -= datetime.timedelta(days=1)
    return day.isoformat()
