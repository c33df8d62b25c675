"""What the launcher shows: progress line by line, then one screen with all a newcomer needs."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from itertools import zip_longest

from liaison_portal.local import folders
from liaison_portal.local.hosts import EVERY_INTERFACE, lan_addresses

DEMO_ACCOUNTS = "demo-accounts.txt"
WIDTH = 22


def say(text: str) -> None:
    """One line; a console that cannot show Chinese gets question marks, never a traceback."""
    encoding = sys.stdout.encoding or "ascii"
    with contextlib.suppress(BrokenPipeError):
        print(text.encode(encoding, "replace").decode(encoding), flush=True)


@contextlib.contextmanager
def step(chinese: str, english: str) -> Iterator[None]:
    """Announce a step and, when it is through, how long it took."""
    began = time.monotonic()
    say(f"· {chinese} {english} …")
    yield
    if (seconds := time.monotonic() - began) >= 2:
        say(f"  {chinese} {english}: {seconds:.0f} s")


def show_ready(host: str, port: int, *, first_run_code: str) -> None:
    var = folders.var_dir()
    local_host = "127.0.0.1" if host in EVERY_INTERFACE else host
    address = f"http://{f'[{local_host}]' if ':' in local_host else local_host}:{port}/"
    say("")
    say("界别联络平台已就绪 · The portal is ready")
    _line("地址 Address", os.environ.get("PUBLIC_URL") or address)
    if host in EVERY_INTERFACE:
        for ip in lan_addresses():
            _line("局域网 LAN", f"http://{ip}:{port}/")
    if first_run_code:
        _line("首次设置 First run", f"{address}first-run/")
        _line("一次性代码 Code", first_run_code)
    _show_demo_accounts()
    _line("数据 Data", str(var))
    _line("日志 Logs", str(var / "logs"))
    _line("停止 Stop", "Ctrl-C")


def _show_demo_accounts() -> None:
    """The file the demo command wrote, for as long as it lies there: password, then accounts."""
    try:
        first, *accounts = (folders.var_dir() / DEMO_ACCOUNTS).read_text().strip().splitlines()
    except (OSError, ValueError):
        return
    _line("演示账号 Demo", first)
    half = -(-len(accounts) // 2)
    pairs = list(zip_longest(accounts[:half], accounts[half:], fillvalue=""))
    left = max((_columns(one) for one, _ in pairs), default=0) + 3
    widest = 4 + left + max((_columns(one) for _, one in pairs), default=0)
    if widest > shutil.get_terminal_size((100, 24)).columns:
        pairs, left = [(one, "") for one in accounts], 0
    for one, other in pairs:
        say(f"    {one}{' ' * max(0, left - _columns(one))}{other}".rstrip())


def _columns(text: str) -> int:
    """How wide a console shows it: Han characters take two columns."""
    return sum(2 if ord(ch) > 0x2E7F else 1 for ch in text)


def _line(label: str, text: str) -> None:
    say(f"  {label}{' ' * max(1, WIDTH - _columns(label))}{text}")
