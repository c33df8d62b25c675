"""The private broker: it only wakes workers, so it keeps nothing on disk."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

from liaison_portal.local import folders
from liaison_portal.local.cluster import log_end
from liaison_portal.local.processes import Program
from liaison_portal.local.programs import broker_within_reach, find_broker
from liaison_portal.local.refusal import Refusal
from liaison_portal.local.urls import broker_socket

START_SECONDS = 20


def broker_log() -> Path:
    return folders.var_dir() / "logs" / "broker.log"


def broker_program() -> Program:
    """A server on a socket in the closed folder, without a port and without a dump file."""
    var, owner = folders.var_dir(), folders.account()
    folder = var / "broker"
    folder.mkdir(mode=0o700, exist_ok=True)
    folders.hand_over(folder, owner)
    store = var / "programs"
    if owner:
        store.mkdir(mode=0o755, exist_ok=True)
    path = broker_within_reach(find_broker(), owner, store)
    options = {
        "port": "0",
        "unixsocket": str(broker_socket()),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "dir": str(folder),
    }
    arguments = [part for key, value in options.items() for part in (f"--{key}", value)]
    env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder)}
    return Program([str(path), *arguments], cwd=folder, env=env, account=owner)


def is_broker_alive() -> bool:
    """Whether the private broker answers a PING."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as link:
        link.settimeout(1)
        try:
            link.connect(str(broker_socket()))
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def wait_for_broker(process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while not is_broker_alive():
        if process.poll() is not None or time.monotonic() > end:
            raise Refusal(
                f"消息服务未能启动（日志 {broker_log()}）：",
                f"The broker did not start; it said:\n{log_end(broker_log())}",
            )
        time.sleep(0.05)
