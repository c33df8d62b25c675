"""The parent's side of `workbook_child`: start it, wait for it, understand what it says."""

import datetime
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from sectors.roster_import.cells import text_of
from sectors.roster_import.complaints import FileRefused

CHILD = Path(__file__).resolve().parent / "workbook_child.py"
TIMEOUT = 60  # seconds, by the clock; the child limits its own CPU seconds below that
LOOKS = 0.5  # seconds between two looks whether the reading is still wanted
_wanted: ContextVar[Callable[[], None]] = ContextVar("_wanted", default=lambda: None)

REFUSALS = {
    "broken": _("文件已损坏或不完整，无法读取。请用 Excel 或 WPS 打开后另存为 xlsx，再重新上传。"),
    "encoding": _(
        "无法识别文件的文字编码或文件类型。请用 Excel 或 WPS 打开后另存为 xlsx，再重新上传。"
    ),
    "html_no_table": _(
        "该文件是网页，其中没有表格。请用 Excel 或 WPS 打开后另存为 xlsx，再重新上传。"
    ),
    "locked": _("文件设有打开密码。请取消密码后重新上传。"),
    "too_large": _("文件展开后过大，无法读取。请只保留名册工作表，另存为 xlsx 后重新上传。"),
    "old_xls": _(
        "该文件是 Excel 5.0/95 工作簿，其中的汉字无法读取。"
        "请用 Excel 或 WPS 打开后另存为 xlsx，再重新上传。"
    ),
    "slow": _("文件读取超时。请只保留名册工作表，另存为 xlsx 后重新上传。"),
    "stray_cell": _(
        "工作表“%(sheet)s”的单元格 %(cell)s 有内容，超出 200 列。请删除该单元格后重新上传。"
    ),
    "too_many_rows": _(
        "工作表“%(sheet)s”%(cell)s 处有内容，超出 20000 行。请删除多余内容或分批导入。"
    ),
}


def read_workbook(content: bytes, *, kind: str) -> list[dict[str, Any]]:
    """Return `[{"name", "rows", "formulas", "merges"}]` of the visible sheets.

    Cells are text, numbers, dates. `kind` is xlsx, xls, html or xml.
    Raises FileRefused for whatever cannot be read.
    """
    child = subprocess.Popen(
        [sys.executable, "-I", str(CHILD), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"MALLOC_ARENA_MAX": "1"},
        start_new_session=True,
    )
    try:
        said = _heard(child, content)
    finally:
        _end(child)
    if child.returncode:
        # Killed by its limits, or by calamine's abort when an allocation failed.
        raise refusal("too_large")
    outcome = json.loads(said, object_hook=_date)
    if code := outcome.pop("refused", ""):
        raise refusal(code, **outcome)
    return [one | {"name": text_of(one["name"])} for one in outcome["sheets"]]


@contextmanager
def watched(check: Callable[[], None]) -> Iterator[None]:
    """While a child reads, call `check` twice a second; what it raises ends child and reading."""
    token = _wanted.set(check)
    try:
        yield
    finally:
        _wanted.reset(token)


def _heard(child: subprocess.Popen[bytes], content: bytes) -> bytes:
    """Return what the child says, looking meanwhile whether anybody still wants it."""
    # A thread sends: after a timeout `communicate` would send nothing more of what is left.
    pipe, child.stdin = child.stdin, None
    threading.Thread(target=_send, args=(pipe, content), daemon=True).start()
    latest = time.monotonic() + TIMEOUT
    while True:
        try:
            left = min(LOOKS, max(latest - time.monotonic(), 0))
            return child.communicate(timeout=left)[0]
        except subprocess.TimeoutExpired as late:
            if time.monotonic() >= latest:
                raise refusal("slow") from late
            _wanted.get()()


def _send(pipe: IO[bytes], content: bytes) -> None:
    """Write it all and close; a child that has ended wants no more."""
    with suppress(BrokenPipeError), pipe:
        pipe.write(content)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Leave no child behind: it and whatever it started, which is a group of its own."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def refusal(code: str, **place: str) -> FileRefused:
    return FileRefused(REFUSALS[code], code=code, params=place)


def _date(found: dict[str, Any]) -> Any:
    return datetime.date.fromisoformat(found["date"]) if found.keys() == {"date"} else found
