"""Making the database and the static files ready for a start; needs Django set up."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from liaison_portal.local import folders, screen
from liaison_portal.local.first_run import forget_first_run_code, make_first_run_code
from liaison_portal.local.processes import Program, end_group_now
from liaison_portal.local.refusal import Refusal


def check_database() -> None:
    """Refuse with a sentence when the given server cannot be reached."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise Refusal(
            "连接不上数据库，请检查 DATABASE_URL。",
            f"Cannot reach the database; check DATABASE_URL. It said: {str(error).strip()}",
        ) from error


def has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def apply_migrations() -> None:
    if has_pending_migrations():
        with screen.step("数据表", "tables"):
            call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Copy and compress static files, only when one of them changed since the last time."""
    stamp = folders.var_dir() / "run" / "static-stamp"
    now = _static_fingerprint()
    root = Path(settings.STATIC_ROOT)
    if root.is_dir() and stamp.exists() and stamp.read_text() == now:
        return
    with screen.step("静态文件", "static files"):
        call_command("collectstatic", interactive=False, verbosity=0, clear=True, stdout=StringIO())
        stamp.write_text(now)


def _static_fingerprint() -> str:
    found = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            found.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.hexdigest()


def fill_if_empty(own_program: Callable[..., Program], *, leave_empty: bool) -> str:
    """Fill an empty database with the demo committee, or make a code for the first-run page.

    A portal with a public address is never filled: demo accounts have one known password.
    """
    if apps.get_model("committees", "Committee").objects.exists():
        forget_first_run_code()
        connection.close()
        return ""
    connection.close()
    if leave_empty or settings.PUBLIC_URL:
        return make_first_run_code()
    with screen.step("演示数据", "demo committee"):
        _run_demo(own_program("manage.py", "demo", "--verbosity", "0"))
    return ""


def _run_demo(program: Program) -> None:
    process = subprocess.Popen(
        program.arguments,
        cwd=program.cwd,
        env=dict(program.env),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        **(program.account.popen_options() if program.account else {}),
    )
    try:
        code = process.wait()
    finally:
        end_group_now(process)
    if code:
        raise Refusal(
            "演示数据生成失败（见上）。可用 bin/run --empty 从空库开始。",
            "The demo committee could not be made (see above); `bin/run --empty` starts without.",
        )
