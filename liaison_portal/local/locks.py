"""File locks that the kernel releases when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self


class Lock:
    """An advisory lock on one file; held until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def share(self) -> Self:
        """Hold it together with others; waits while somebody holds it alone."""
        self._take(fcntl.LOCK_SH)
        return self

    def take(self) -> Self:
        """Hold it alone; waits until nobody else does."""
        self._take(fcntl.LOCK_EX)
        return self

    def try_take(self) -> bool:
        """Hold it alone if nobody else holds it."""
        try:
            self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        return True

    def is_taken(self) -> bool:
        """Whether somebody else holds it alone; asking disturbs nobody who shares it."""
        return not self._could(fcntl.LOCK_SH)

    def is_used(self) -> bool:
        """Whether somebody else holds it at all."""
        return not self._could(fcntl.LOCK_EX)

    def _could(self, how: int) -> bool:
        probe = Lock(self.path)
        try:
            probe._take(how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            probe.release()
        return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self, how: int) -> None:
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._descriptor, how)
