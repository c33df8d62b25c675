"""The real `manage.py up --empty`: started, ended, killed, and what it says if it cannot start."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
UNWANTED = ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "PYTEST_VERSION", "LIAISON_RUN", "HOST")
START_SECONDS = 90


class Portal:
    """One data folder and port, and the supervisors started on them."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = _free_port()
        self.log = var.with_suffix(".log")
        self.supervisor: subprocess.Popen[bytes] | None = None

    def env(self, **over: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key not in UNWANTED}
        return {**kept, "LIAISON_VAR": str(self.var), "PORT": str(self.port), **over}

    def start(self, **over: str) -> None:
        with self.log.open("wb") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--empty"],
                cwd=CHECKOUT,
                env=self.env(**over),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def refuse(self, **over: str) -> tuple[int, str]:
        """Start it where it cannot start: the exit code and what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", "up", "--empty"],
            cwd=CHECKOUT,
            env=self.env(**over),
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def wait_ready(self) -> None:
        assert self.supervisor
        _until(lambda: "就绪" in self.said() or self.supervisor.poll() is not None, START_SECONDS)
        assert self.supervisor.poll() is None, self.said()
        assert self.answers(), self.said()

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def answers(self, path: str = "healthz") -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self.port}/{path}", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def end(self, sent: signal.Signals = signal.SIGTERM) -> float:
        """Seconds until the supervisor was gone."""
        assert self.supervisor
        began = time.monotonic()
        self.supervisor.send_signal(sent)
        self.supervisor.wait(20)
        return time.monotonic() - began

    def pid(self, name: str) -> int:
        """0 while none is written."""
        path = self.var / "run" / f"{name}.pid"
        with contextlib.suppress(OSError, IndexError):
            return int(path.read_text().split()[0])
        return 0

    def processes(self) -> set[int]:
        """Every process that works on this data folder, told by its environment or its lines."""
        return {pid for pid in _pids() if self._is_ours(pid)}

    def _is_ours(self, pid: int) -> bool:
        marks = (os.fsencode(self.var), f"fd://{self.port}".encode())
        for name in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                text = Path(f"/proc/{pid}/{name}").read_bytes()
                if any(mark in text for mark in marks):
                    return True
        with contextlib.suppress(OSError):
            return str(Path(f"/proc/{pid}/cwd").readlink()).startswith(str(self.var))
        return False


def _pids() -> set[int]:
    own = {os.getpid(), os.getppid()}
    return {int(path.name) for path in Path("/proc").glob("[0-9]*")} - own


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(is_true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_true() and time.monotonic() < end:
        time.sleep(0.1)


@pytest.fixture(scope="module")
def filled() -> Iterator[Path]:
    """A data folder that was started once, to be used by the tests one after another."""
    # Not pytest's own folder: root's is closed to the user that root's servers run as.
    folder = Path(tempfile.mkdtemp(prefix="liaison-"))
    folder.chmod(0o711)
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def portal(filled: Path) -> Iterator[Portal]:
    one = Portal(filled)
    yield one
    if one.supervisor and one.supervisor.poll() is None:
        one.end(signal.SIGTERM)


def test_term_ends_everything_within_ten_seconds(portal: Portal) -> None:
    portal.start()
    portal.wait_ready()
    assert portal.answers("readyz")
    assert f"http://127.0.0.1:{portal.port}/first-run/" in portal.said()
    assert len(portal.processes()) > 5
    assert portal.end() < 10
    assert portal.supervisor and portal.supervisor.returncode == 0
    assert portal.processes() == set()


@pytest.mark.parametrize("delay", [0.3, 0.8, 1.5, 2.2, 3.0, 4.0])
def test_term_at_any_moment_of_the_start_ends_everything(portal: Portal, delay: float) -> None:
    portal.start()
    time.sleep(delay)
    assert portal.end() < 10
    _until(lambda: not portal.processes(), 5)
    assert portal.processes() == set()


def test_a_second_start_is_quick_and_keeps_the_data(portal: Portal) -> None:
    made = (portal.var / "database" / "PG_VERSION").stat().st_mtime
    began = time.monotonic()
    portal.start()
    portal.wait_ready()
    assert time.monotonic() - began < 20
    assert (portal.var / "database" / "PG_VERSION").stat().st_mtime == made
    assert portal.end(signal.SIGINT) < 10
    assert portal.processes() == set()


def test_a_killed_supervisor_leaves_nothing_that_blocks_the_next_start(portal: Portal) -> None:
    portal.start()
    portal.wait_ready()
    portal.end(signal.SIGKILL)
    portal.start()
    portal.wait_ready()
    assert portal.end() < 10
    assert portal.processes() == set()


def test_all_ends_by_itself_when_the_supervisor_is_killed(portal: Portal) -> None:
    portal.start()
    portal.wait_ready()
    portal.end(signal.SIGKILL)
    _until(lambda: not portal.processes(), 20)
    assert portal.processes() == set()


@pytest.mark.parametrize("name", ["web", "worker", "beat", "broker"])
def test_a_dead_program_is_restarted_with_a_line(portal: Portal, name: str) -> None:
    portal.start()
    portal.wait_ready()
    before = portal.pid(name)
    _kill_and_wait(portal, name)
    assert portal.pid(name) != before
    assert f"{name} died" in portal.said()
    _until(lambda: portal.answers("readyz"), 15)
    assert portal.answers("readyz")
    assert portal.end() < 10
    assert portal.processes() == set()


def _kill_and_wait(portal: Portal, name: str) -> None:
    """Until the program is there again, or everything has ended."""
    supervisor, before = portal.supervisor, portal.pid(name)
    assert supervisor
    os.kill(before, signal.SIGKILL)
    _until(lambda: supervisor.poll() is not None or portal.pid(name) not in {0, before}, 15)


def test_the_fourth_death_in_a_minute_ends_all(portal: Portal) -> None:
    portal.start()
    portal.wait_ready()
    assert portal.supervisor
    for _ in range(4):
        _kill_and_wait(portal, "beat")
    assert portal.supervisor.wait(15) == 1
    assert "giving up" in portal.said()
    assert portal.processes() == set()


def test_a_dead_database_ends_all(portal: Portal) -> None:
    portal.start()
    portal.wait_ready()
    first_line = (portal.var / "database" / "postmaster.pid").read_text().splitlines()[0]
    os.kill(int(first_line), signal.SIGQUIT)
    assert portal.supervisor
    assert portal.supervisor.wait(15) == 1
    assert "database died" in portal.said()
    assert portal.processes() == set()


def test_a_stale_pid_does_not_block(portal: Portal) -> None:
    """Another process has the pid that a crashed server left in its file."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"]) as stranger:
        text = f"{stranger.pid}\n{portal.var}/database\n1\n5432\n/tmp\n\n"
        (portal.var / "database" / "postmaster.pid").write_text(text)
        (portal.var / "run" / "web.pid").write_text(f"{stranger.pid} other-boot/1\n")
        portal.start()
        portal.wait_ready()
        assert stranger.poll() is None
        portal.end()
        stranger.kill()


def test_a_busy_port_is_said(portal: Portal) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", portal.port))
        other.listen()
        code, said = portal.refuse()
    assert code == 1
    assert f"Port {portal.port} is in use" in said
    assert "Traceback" not in said
    assert portal.processes() == set()


def test_a_second_one_on_the_same_data_is_refused(portal: Portal) -> None:
    portal.start()
    portal.wait_ready()
    code, said = portal.refuse(PORT=str(_free_port()))
    assert code == 1
    assert "already runs" in said
    assert portal.answers()


def test_another_postgresql_major_is_said(portal: Portal) -> None:
    marker = portal.var / "database" / "PG_VERSION"
    before = marker.read_text()
    marker.write_text("9\n")
    code, said = portal.refuse()
    marker.write_text(before)
    assert code == 1
    assert "PostgreSQL 9" in said
    assert "Traceback" not in said


def test_production_without_a_key_is_refused(portal: Portal) -> None:
    code, said = portal.refuse(PUBLIC_URL="https://zx.example.gov.cn", SECRET_KEY="")
    assert code == 1
    assert "SECRET_KEY" in said
    assert "Traceback" not in said


def test_an_unreachable_database_is_said(portal: Portal) -> None:
    given = {
        "DATABASE_URL": f"postgres://portal@127.0.0.1:{_free_port()}/portal",
        "SECRET_KEY": "x" * 50,
        "SEALING_KEYS": "k1:" + "A" * 43 + "=",
    }
    code, said = portal.refuse(**given)
    assert code == 1
    assert "DATABASE_URL" in said
    assert "Traceback" not in said
    assert portal.processes() == set()


def test_a_command_uses_the_database_that_runs_or_starts_one(portal: Portal) -> None:
    show = [sys.executable, "manage.py", "showmigrations", "committees"]
    for is_running in (False, True):
        if is_running:
            portal.start()
            portal.wait_ready()
        done = subprocess.run(
            show,
            cwd=CHECKOUT,
            env=portal.env(),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert "[X] 0001_initial" in done.stdout
    portal.end()
    _until(lambda: not portal.processes(), 10)
    assert portal.processes() == set()


def test_two_run_side_by_side(portal: Portal) -> None:
    other = Portal(portal.var.with_name("other"))
    try:
        portal.start()
        other.start()
        portal.wait_ready()
        other.wait_ready()
        assert portal.answers("readyz")
        assert other.answers("readyz")
        portal.end()
        assert other.answers("readyz")
    finally:
        other.end()
    assert portal.processes() == set()
    assert other.processes() == set()
