"""The requests a live server is answering: a test ends when there are none left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

SILENCE = 0.05  # seconds without a request, so that one on its way to the server has arrived
LIMIT = 30  # seconds; a request that takes longer is a fault of its own


class Underway:
    def __init__(self) -> None:
        self.count = 0
        self.changed_at = 0.0
        self.lock = threading.Lock()

    def counting(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        """`answer`, counted while it is at work."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            self._add(1)
            try:
                return answer(*args, **kwargs)
            finally:
                self._add(-1)

        return counted

    def _add(self, change: int) -> None:
        with self.lock:
            self.count += change
            self.changed_at = time.monotonic()

    def wait_for_silence(self) -> None:
        """Return when nothing has been at work for a while; fail when that never comes."""
        put_away_at = time.monotonic()
        while time.monotonic() < put_away_at + LIMIT:
            with self.lock:
                since = max(self.changed_at, put_away_at)
                if not self.count and time.monotonic() - since >= SILENCE:
                    return
            time.sleep(SILENCE / 5)
        raise AssertionError(f"{self.count} requests still at work after {LIMIT} s")
