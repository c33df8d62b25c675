"""A private PostgreSQL cluster: made once, reached through a socket in a closed folder only."""

from __future__ import annotations

import contextlib
import locale
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg2
from psycopg2 import sql

from liaison_portal.local import folders
from liaison_portal.local.account import Account
from liaison_portal.local.processes import Program, identity, wait_until
from liaison_portal.local.programs import Postgres, choose_postgres, within_reach
from liaison_portal.local.refusal import Refusal
from liaison_portal.local.urls import DATABASE, OWNER, socket_folder

SUPERUSER = "postgres"
PORT = 5432
FULL_DISK = "No space left on device"
CTYPES = ("C.UTF-8", "zh_CN.UTF-8", "en_US.UTF-8")
SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "100"}
# A lost test database costs nothing, waiting for the disk does.
TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "256MB",
    "jit": "off",  # no statement of a test runs long enough to be worth compiling
}


class Cluster:
    """One data folder and the server on it; `name` is "database" or "tests"."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.var = folders.var_dir()
        self.data = self.var / name
        self.sockets = socket_folder(name)

    @property
    def account(self) -> Account | None:
        return folders.account()

    @property
    def log_path(self) -> Path:
        return self.var / "logs" / f"{self.name}.log"

    def prepare(self) -> Postgres:
        """Make folders and, the first time, the data; returns the programs that fit the data."""
        folders.prepare_run_dir()
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        folders.hand_over(self.sockets, self.account)
        programs = choose_postgres(self.data)
        programs = within_reach(programs, self.account, self.var / "programs")
        if not (self.data / "PG_VERSION").exists():
            self._initialise(programs)
        return programs

    def program(self, postgres: Postgres) -> Program:
        """The server to start; the signal is PostgreSQL's "fast" shutdown."""
        settings = {
            **SETTINGS,
            "unix_socket_directories": str(self.sockets),
            "port": str(PORT),
            **(TEST_SETTINGS if self.name == "tests" else {}),
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return Program(
            arguments=[str(postgres.folder / "postgres"), "-D", str(self.data), *options],
            cwd=self.data,
            env=_environment(self.var),
            account=self.account,
            ends_with=signal.SIGINT,
        )

    def wait_ready(self, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
        """Until it takes connections; raises Refusal with the log's end if it never does."""
        end = time.monotonic() + seconds
        while not self.answers():
            if process.poll() is not None or time.monotonic() > end:
                raise self._did_not_start()
            time.sleep(0.05)
        self._ensure_database()

    def answers(self) -> bool:
        try:
            psycopg2.connect(**self._parameters(SUPERUSER, "postgres"), connect_timeout=3).close()
        except psycopg2.OperationalError:
            return False
        return True

    def is_ready(self) -> bool:
        """Whether the portal's own database can be used already."""
        try:
            psycopg2.connect(**self._parameters(OWNER, DATABASE), connect_timeout=3).close()
        except psycopg2.OperationalError:
            return False
        return True

    def end_leftover(self) -> None:
        """End a server whose launcher was killed; forget the pid file of one that is gone.

        PostgreSQL would refuse to start if another process now had the pid in its file.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        if not self._is_our_server(pid):
            pid_file.unlink(missing_ok=True)
            return
        for sent, patience in ((signal.SIGINT, 8.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 2.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sent)
            if wait_until(lambda: not identity(pid), patience):
                return

    def forget_sockets(self) -> None:
        """Leave no folder behind; one that something else still uses is not empty and stays."""
        for folder in (self.sockets, self.sockets.parent):
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _is_our_server(self, pid: int) -> bool:
        """A postmaster works in its data folder; an unrelated process with the pid does not."""
        if not identity(pid):
            return False
        try:
            return Path(f"/proc/{pid}/cwd").resolve(strict=True) == self.data.resolve()
        except OSError:
            return not Path("/proc").exists() and self.answers()

    def _initialise(self, postgres: Postgres) -> None:
        """initdb into a draft folder, so that an interrupted start leaves nothing half made."""
        draft = self.var / f"{self.name}.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        folders.hand_over(draft, self.account)
        command = [
            str(postgres.folder / "initdb"),
            *("-D", str(draft), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-sync"),
            *("--text-search-config=simple", *locale_options(postgres.major)),
        ]
        done = subprocess.run(
            command,
            cwd=draft,
            env=_environment(self.var),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **(self.account.popen_options() if self.account else {}),
        )
        if done.returncode:
            raise failed("initdb", done.stderr or done.stdout)
        draft.rename(self.data)

    def _ensure_database(self) -> None:
        """The portal's role owns its database and may make test databases; it is no superuser."""
        if self.is_ready():
            return
        with self._superuser() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
            if not cursor.fetchone():
                role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(OWNER))
                cursor.execute(role)
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                _create_database(cursor, DATABASE)

    def recreate(self, database: str) -> None:
        """Make a database anew, whatever it held."""
        with self._superuser() as cursor:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            cursor.execute(drop.format(sql.Identifier(database)))
            _create_database(cursor, database)

    @contextlib.contextmanager
    def _superuser(self) -> Iterator[Any]:
        with contextlib.closing(
            psycopg2.connect(**self._parameters(SUPERUSER, "postgres"))
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor

    def _parameters(self, user: str, database: str) -> dict[str, str | int]:
        return {"host": str(self.sockets), "port": PORT, "user": user, "dbname": database}

    def _did_not_start(self) -> Refusal:
        return failed("PostgreSQL", log_end(self.log_path), self.log_path)

    def open_log(self) -> IO[bytes]:
        return open_log(self.log_path)


def _create_database(cursor: Any, name: str) -> None:
    names = map(sql.Identifier, (name, OWNER))
    cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def locale_options(major: int) -> list[str]:
    """Plain byte order, but letters of every script: with ctype C trigrams skip Chinese.

    The C library's C.UTF-8, or another of its UTF-8 locales. Without any, PostgreSQL's own (17 and
    newer) serves case and patterns but not trigrams; a system check says so.
    """
    if found := next(filter(_has_locale, CTYPES), None):
        return ["--locale=C", f"--lc-ctype={found}", "--locale-provider=libc"]
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    raise Refusal(
        f"系统缺少 C.UTF-8 语言环境，PostgreSQL {major} 无法正确检索中文。请先安装该语言环境。",
        f"This system lacks the locale C.UTF-8, without which PostgreSQL {major} cannot search "
        "Chinese text. Install it (for example `localedef -i C -f UTF-8 C.UTF-8`).",
    )


def _has_locale(name: str) -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, before)
    return True


def _environment(home: Path) -> dict[str, str]:
    """Nothing of ours: PG* variables would lead the server astray."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}


def open_log(path: Path) -> IO[bytes]:
    """A log to append to; one that grew beyond 10 MB becomes `.1` first."""
    if path.exists() and path.stat().st_size > 10 * 1024 * 1024:
        path.replace(path.with_suffix(path.suffix + ".1"))
    log = path.open("ab")
    folders.hand_over(path, folders.account())
    return log


def log_end(path: Path, lines: int = 8) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def failed(what: str, said: str, log: Path | None = None) -> Refusal:
    """What a server said when it could not start or go on; a full disk is said plainly."""
    if FULL_DISK in said:
        return folders.disk_full()
    where = f"（日志 {log}）" if log else ""
    return Refusal(f"{what} 未能启动{where}：", f"{what} did not start; it said:\n{said.strip()}")
