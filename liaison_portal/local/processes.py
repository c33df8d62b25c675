"""Starting programs so that none of them outlives the launcher, and ending those that did.

Every program leads its own session and process group, so one signal reaches its children too. On
Linux the kernel signals it when the launcher dies; a pid file lets the next start end the rest.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from liaison_portal.local.account import Account

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Program:
    """What to start: `ends_with` is the signal that asks it to end in good order."""

    arguments: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    account: Account | None = None
    ends_with: signal.Signals = signal.SIGTERM
    pass_fds: tuple[int, ...] = ()


def start(program: Program, log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        program.arguments,
        cwd=program.cwd,
        env=dict(program.env),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=program.pass_fds,
        preexec_fn=dies_with_parent(program.ends_with),
        **(program.account.popen_options() if program.account else {}),
    )


def dies_with_parent(sent: signal.Signals) -> Callable[[], None]:
    """A preexec function that asks the kernel to send a signal when the parent dies."""
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def ask() -> None:
        if libc:
            libc.prctl(PR_SET_PDEATHSIG, sent, 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return ask


def identity(pid: int) -> str:
    """Something that no later process with the same pid shares; empty if none runs."""
    try:
        if sys.platform == "linux":
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
            # The name, in brackets, may hold spaces; the start time is field 22 of the line.
            state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return "" if state == "Z" else f"{boot}/{fields[18]}"
        found = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return found.stdout.strip().replace(" ", "_")
    except OSError:
        return ""


def is_group_alive(pgid: int) -> bool:
    try:
        os.killpg(pgid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_only_waiting_for_init(pgid)


def _is_only_waiting_for_init(pgid: int) -> bool:
    """Whether all that is left of a group are the dead that process 1 has not collected yet."""
    if sys.platform != "linux":
        return False
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, group, *_ = path.read_text().rpartition(")")[2].split()
            if int(group) == pgid and state != "Z":
                return False
    return True


def signal_group(pgid: int, sent: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pgid, sent)


def wait_until(is_true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True


class PidFile:
    """`<pid> <identity>` of a program we started, so that a later start can end it if need be."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, pid: int) -> None:
        self.path.write_text(f"{pid} {identity(pid)}\n")

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def end_leftover(self, patience: float = 5) -> bool:
        """End the program's group if it still runs and is ours; True if something was ended."""
        try:
            pid_text, _, known = self.path.read_text().strip().partition(" ")
            pgid = int(pid_text)
        except (OSError, ValueError):
            self.remove()
            return False
        ended = self._is_ours(pgid, known) and is_group_alive(pgid)
        if ended:
            signal_group(pgid, signal.SIGTERM)
            if not wait_until(lambda: not is_group_alive(pgid), patience):
                signal_group(pgid, signal.SIGKILL)
                wait_until(lambda: not is_group_alive(pgid), 2)
        self.remove()
        return ended

    @staticmethod
    def _is_ours(pid: int, known: str) -> bool:
        """A pid is never given away while its group lives, so a headless group is still ours."""
        now = identity(pid)
        if now:
            return now == known
        return not known or known.split("/")[0] == identity(os.getpid()).split("/")[0]


def end(process: subprocess.Popen[bytes], sent: signal.Signals, patience: float) -> None:
    """Ask a program and its children to end, then insist; returns with the whole group gone."""
    if process.poll() is None:
        process.send_signal(sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    end_group_now(process)


def end_group_now(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a program's group; nothing happens when it ended in good order."""
    signal_group(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(2)
    wait_until(lambda: not is_group_alive(process.pid), 2)
