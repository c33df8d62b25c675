"""Keeping the portal's programs running: restart with back-off, give up when that is no use."""

from __future__ import annotations

import signal
import subprocess
from collections import deque
from collections.abc import Callable
from pathlib import Path

from liaison_portal.local import folders
from liaison_portal.local.cluster import FULL_DISK, log_end, open_log
from liaison_portal.local.processes import (
    PidFile,
    Program,
    end_group_now,
    is_group_alive,
    signal_group,
    start,
    wait_until,
)
from liaison_portal.local.refusal import Refusal

DEATHS_ALLOWED = 3
WITHIN_SECONDS = 60
POLL_SECONDS = 0.25
# Together with the database it stays below the promised ten seconds, on a busy machine too.
PATIENCE_SECONDS = 4.0
KILLED_SECONDS = 2.0


class Child:
    """One supervised program and the times at which it died lately."""

    def __init__(self, name: str, label: str, program: Program) -> None:
        self.name, self.label, self.program = name, label, program
        self.deaths: deque[float] = deque(maxlen=DEATHS_ALLOWED + 1)
        self.process: subprocess.Popen[bytes] | None = None
        self.due = 0.0

    @property
    def log_path(self) -> Path:
        return folders.var_dir() / "logs" / f"{self.name}.log"

    @property
    def pid_file(self) -> PidFile:
        return pid_file(self.name)

    def start(self) -> subprocess.Popen[bytes]:
        with open_log(self.log_path) as log:
            self.process = start(self.program, log)
        self.pid_file.write(self.process.pid)
        return self.process

    def is_dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def note_death(self, now: float) -> float:
        """Seconds to wait before the next start; raises Refusal at the fourth death in a minute."""
        self.deaths.append(now)
        recent = [at for at in self.deaths if now - at < WITHIN_SECONDS]
        if len(recent) > DEATHS_ALLOWED:
            raise Refusal(
                f"{self.label}一分钟内第 {len(recent)} 次退出，平台停止。日志 {self.log_path}：",
                f"{self.name} died {len(recent)} times within a minute, giving up. "
                f"It said:\n{log_end(self.log_path)}",
            )
        return float(2 ** (len(recent) - 1))


def pid_file(name: str) -> PidFile:
    return PidFile(folders.var_dir() / "run" / f"{name}.pid")


class Supervisor:
    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []

    def add(self, child: Child) -> Child:
        """Start a child and keep it running from now on."""
        self.children.append(child)
        child.start()
        return child

    def look(self, is_database_alive: Callable[[], bool], now: float) -> None:
        """Restart what died; raises Refusal if the database did, or a child too often."""
        if not is_database_alive():
            raise _database_died()
        for child in self.children:
            if child.due and now >= child.due:
                child.due = 0.0
                child.start()
            elif not child.due and child.is_dead():
                self._bury(child, now)

    def _bury(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        # What it leaves behind would hold its port or do its work twice.
        end_group_now(child.process)
        wait = child.note_death(now)
        child.due = now + wait
        self.say(
            f"{child.label}意外退出（{code}），{wait:.0f} 秒后重启 · "
            f"{child.name} died, restarting in {wait:.0f} s"
        )

    def end(self) -> None:
        """Ask all children at once, insist after four seconds; nothing of their groups is left."""
        running = [child.process for child in self.children if child.process]
        for process, child in zip(running, self.children, strict=False):
            if process.poll() is None:
                process.send_signal(child.program.ends_with)
        wait_until(lambda: all(one.poll() is not None for one in running), PATIENCE_SECONDS)
        for process in running:
            signal_group(process.pid, signal.SIGKILL)
        # One wait for all: a wait for each would add up on a busy machine.
        wait_until(lambda: not any(map(_is_left, running)), KILLED_SECONDS)
        for child in self.children:
            if child.process and not _is_left(child.process):
                child.pid_file.remove()


def _is_left(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None or is_group_alive(process.pid)


def _database_died() -> Refusal:
    log = folders.var_dir() / "logs" / "database.log"
    said = log_end(log)
    if FULL_DISK in said:
        return folders.disk_full()
    return Refusal(
        f"数据库已退出，平台停止。日志 {log}：",
        f"The database died, so everything ends. It said:\n{said}",
    )
