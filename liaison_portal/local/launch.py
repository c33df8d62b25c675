"""`manage.py up`, step by step: leftovers, port, database, broker, data, then the portal itself."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from types import FrameType

from liaison_portal.local import folders, processes, screen
from liaison_portal.local.broker import broker_program, wait_for_broker
from liaison_portal.local.cluster import Cluster
from liaison_portal.local.hosts import EVERY_INTERFACE
from liaison_portal.local.keeper import runner_lock, users_lock
from liaison_portal.local.locks import Lock
from liaison_portal.local.processes import Program, wait_until
from liaison_portal.local.refusal import Refusal
from liaison_portal.local.supervisor import POLL_SECONDS, Child, Supervisor, pid_file
from liaison_portal.local.urls import broker_socket, private_broker_url, private_url

CHILDREN = ("web", "worker", "beat", "broker")
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
WEB_SECONDS = 60


class Stop(BaseException):
    """Somebody asked the portal to end."""


class Launch:
    """One run of the portal on this machine; `run` returns after an orderly end."""

    def __init__(self, *, leave_empty: bool) -> None:
        self.leave_empty = leave_empty
        self.host = os.environ.get("HOST") or "127.0.0.1"
        self.port = _port()
        self.supervisor = Supervisor(screen.say)
        self.cluster = Cluster("database")
        self.server: subprocess.Popen[bytes] | None = None
        self.has_private_database = os.environ["DATABASE_URL"] == private_url("database")
        self.has_private_broker = os.environ["REDIS_URL"] == private_broker_url()
        self.runner = runner_lock("database")
        self.is_stopping = False
        self._locks: list[Lock] = []

    def run(self) -> None:
        for one in ENDING:
            signal.signal(one, self._stop)
        with contextlib.suppress(Stop):
            self._run()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Interrupt whatever runs, and be remembered: a finaliser would swallow the exception."""
        if not self.is_stopping:
            self.is_stopping = True
            raise Stop

    def _run(self) -> None:
        try:
            self._start()
            while not self.is_stopping:
                self.supervisor.look(self._is_database_alive, time.monotonic())
                time.sleep(POLL_SECONDS)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise folders.disk_full() from error
            raise
        finally:
            for one in ENDING:
                signal.signal(one, signal.SIG_IGN)
            if self.is_stopping:
                screen.say("正在停止 · Stopping")
            self._end()

    def _start(self) -> None:
        folders.prepare_var()
        folders.check_free_space()
        folders.prepare_run_dir()
        self._be_the_only_one()
        for name in CHILDREN:
            pid_file(name).end_leftover()
        self.listener = self._listen()
        self._start_database()
        if self.has_private_broker:
            with screen.step("消息服务", "broker"):
                broker = self.supervisor.add(Child("broker", "消息服务", broker_program()))
                assert broker.process is not None
                wait_for_broker(broker.process)
        code = self._prepare_data()
        folders.hand_over_all()
        self._start_portal()
        screen.show_ready(self.host, self.port, first_run_code=code)

    def _be_the_only_one(self) -> None:
        lock = Lock(folders.var_dir() / "run" / "up.lock")
        if not lock.try_take():
            raise Refusal(
                f"平台已在运行（数据目录 {folders.var_dir()}）。"
                "要再开一个，请另设 PORT 和 LIAISON_VAR。",
                f"The portal already runs on the data folder {folders.var_dir()}. "
                "For a second one choose another PORT and LIAISON_VAR.",
            )
        self._locks.append(lock)

    def _listen(self) -> socket.socket:
        """Hold the port from the start, so that a busy one is known before anything is made."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
        except (OSError, UnicodeError) as error:
            raise _cannot_listen(self.host, self.port, error) from error
        return listener

    def _start_database(self) -> None:
        if not self.has_private_database:
            return
        self._locks.append(users_lock("database").share())
        with screen.step("数据库", "database"):
            if not wait_until(self.runner.try_take, 2):
                # A command that began earlier runs it; it goes on for as long as we need it.
                if not wait_until(self.cluster.is_ready, 30):
                    raise Refusal("数据库没有应答。", "The database does not answer.")
                return
            self._locks.append(self.runner)
            self.cluster.end_leftover()
            postgres = self.cluster.prepare()
            with self.cluster.open_log() as log:
                self.server = processes.start(self.cluster.program(postgres), log)
            self.cluster.wait_ready(self.server)

    def _is_database_alive(self) -> bool:
        if self.server:
            return self.server.poll() is None
        return not self.has_private_database or self.runner.is_taken()

    def _prepare_data(self) -> str:
        """Tables, static files and the demo committee; returns the first-run code or nothing."""
        from liaison_portal.local import data

        data.check_database()
        data.apply_migrations()
        data.collect_static()
        folders.hand_over_all()  # the demo is laid by the unprivileged user
        return data.fill_if_empty(self._own_program, leave_empty=self.leave_empty)

    def _start_portal(self) -> None:
        with screen.step("网页服务", "web"):
            try:
                self.listener.listen(1024)
            except OSError as error:
                raise _cannot_listen(self.host, self.port, error) from error
            self.listener.set_inheritable(True)
            web = self._own_program(*_web_arguments(self.listener.fileno()))
            web = dataclasses.replace(web, pass_fds=(self.listener.fileno(),))
            self.supervisor.add(Child("web", "网页服务", web))
            worker = self._own_program(*_celery("worker", "--pool", "threads", "-c", "2"))
            self.supervisor.add(Child("worker", "后台任务", worker))
            schedule = str(folders.var_dir() / "run" / "beat-schedule")
            beat = self._own_program(*_celery("beat", "--schedule", schedule, "--pidfile", ""))
            self.supervisor.add(Child("beat", "定时任务", beat))
            self._wait_for_web()

    def _wait_for_web(self) -> None:
        host = "127.0.0.1" if self.host in EVERY_INTERFACE else self.host
        end = time.monotonic() + WEB_SECONDS
        while not self.is_stopping and not answers(host, self.port):
            self.supervisor.look(self._is_database_alive, time.monotonic())
            if time.monotonic() > end:
                log = folders.var_dir() / "logs" / "web.log"
                raise Refusal(
                    f"网页服务没有应答，详见日志 {log}。",
                    f"The web server does not answer; see {log}.",
                )
            time.sleep(0.1)

    def _own_program(self, *arguments: str) -> Program:
        """One of the portal's own programs, as the unprivileged user if that one can read it."""
        var = folders.var_dir()
        env = {
            **os.environ,
            "LIAISON_VAR": str(var),
            "LIAISON_RUN": str(folders.run_dir()),
            "PYTHONUNBUFFERED": "1",
        }
        owner = folders.account()
        if owner and self._runs_unprivileged:
            env |= {"HOME": str(var), "USER": owner.name, "LOGNAME": owner.name}
            return Program([sys.executable, *arguments], folders.CHECKOUT, env, owner)
        return Program([sys.executable, *arguments], folders.CHECKOUT, env)

    @property
    def _runs_unprivileged(self) -> bool:
        if not hasattr(self, "_can_drop"):
            owner = folders.account()
            self._can_drop = owner is not None and owner.can_run(folders.CHECKOUT)
            if owner and not self._can_drop:
                screen.say(
                    f"提示：用户 {owner.name} 读不到 {folders.CHECKOUT}，网页服务以 root 运行 · "
                    f"{owner.name} cannot read the checkout, so the web server runs as root"
                )
        return self._can_drop

    def _end(self) -> None:
        self.supervisor.end()
        if self.server:
            processes.end(self.server, signal.SIGINT, 3)
        broker_socket().unlink(missing_ok=True)
        self.cluster.forget_sockets()
        for lock in reversed(self._locks):
            lock.release()


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Refusal(
            f"PORT 应为 1–65535 的数字，现在是 {given}。", f"PORT must be 1 to 65535, not {given}."
        )
    return int(given)


def _cannot_listen(host: str, port: int, error: Exception) -> Refusal:
    if isinstance(error, PermissionError):
        return Refusal(
            f"没有权限使用端口 {port}。请改用 1024 以上的端口，例如 PORT=8080 bin/run。",
            f"Ports below 1024 need root; choose another, for example PORT=8080 bin/run ({port}).",
        )
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return Refusal(
            f"端口 {port} 已被占用。请换一个端口，例如 PORT={port + 1} bin/run。",
            f"Port {port} is in use. Choose another, for example PORT={port + 1} bin/run.",
        )
    return Refusal(
        f"不能使用地址 {host}:{port}（{error}）。请检查 HOST 和 PORT。",
        f"Cannot listen on {host}:{port} ({error}); check HOST and PORT.",
    )


def _web_arguments(descriptor: int) -> Iterator[str]:
    """Gunicorn with threads, loaded once before it forks; no access log, it would track people."""
    yield from ("-m", "gunicorn", "liaison_portal.wsgi", "--bind", f"fd://{descriptor}")
    yield from ("--workers", "2", "--threads", "4", "--preload", "--no-control-socket")
    yield from ("--timeout", "60", "--graceful-timeout", "3")
    if os.access("/dev/shm", os.W_OK | os.X_OK):
        yield from ("--worker-tmp-dir", "/dev/shm")


def _celery(command: str, *options: str) -> Iterator[str]:
    yield from ("-m", "celery", "-A", "liaison_portal.celery", command, "--loglevel", "INFO")
    yield from options
    if command == "worker":
        yield from ("--without-gossip", "--without-mingle", "--without-heartbeat")


def answers(host: str, port: int) -> bool:
    """Whether the portal answers there; a refused host name is an answer, an error page is not."""
    link = http.client.HTTPConnection(host, port, timeout=2)
    with contextlib.closing(link):
        try:
            link.request("GET", "/healthz", headers={"Connection": "close"})
            return link.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
