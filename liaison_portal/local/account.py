"""The unprivileged account that root's servers run as: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from liaison_portal.local.refusal import Refusal

FALLBACK_ACCOUNT = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int

    def popen_options(self) -> dict[str, Any]:
        """Keyword arguments with which `subprocess` starts a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may(self, path: Path, mode: int) -> bool:
        """Whether the account has `os.access` to a path, parents included; asked in a child."""
        pid = os.fork()
        if pid == 0:
            allowed = False
            try:
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
                allowed = os.access(path, mode)
            finally:
                os._exit(0 if allowed else 1)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0

    def can_run(self, checkout: Path) -> bool:
        """Whether the account can read this Python, its packages and the checkout."""
        if not all(self.may(checkout / name, os.R_OK | os.X_OK) for name in _read_at_run_time()):
            return False
        probe = "import celery, django, gunicorn, psycopg2, liaison_portal.local"
        try:
            found = subprocess.run(
                [sys.executable, "-c", probe],
                cwd=checkout,
                capture_output=True,
                timeout=30,
                check=False,
                **self.popen_options(),
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return found.returncode == 0


def _read_at_run_time() -> list[str]:
    return ["liaison_portal", "committees", "templates", "static"]


def servers_account(var: Path) -> Account | None:
    """None for an ordinary user; for root the owner of the data folder, LIAISON_USER or nobody."""
    if os.geteuid() != 0:
        return None
    name = os.environ.get("LIAISON_USER", FALLBACK_ACCOUNT)
    try:
        entry = pwd.getpwnam(name)
        owner = var.stat().st_uid if var.exists() else 0
        if owner and "LIAISON_USER" not in os.environ:
            entry = pwd.getpwuid(owner)
    except KeyError as error:
        raise Refusal(
            f"没有系统用户 {name}。请用 LIAISON_USER 指定一个非 root 用户来运行数据库。",
            f"There is no user {name} on this machine; name one that is not root in LIAISON_USER "
            "(PostgreSQL refuses to run as root).",
        ) from error
    if entry.pw_uid == 0:
        raise Refusal(
            "LIAISON_USER 不能是 root。", "LIAISON_USER must not be root: PostgreSQL refuses it."
        )
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
