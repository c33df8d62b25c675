"""The shared cache, which may be away: a page is slower without it, never broken."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class PatientRedisCache(RedisCache):
    """Answers as if nothing were cached while the server does not answer."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(super().get, default, key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._ask(super().get_many, {}, keys, version)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._ask(super().has_key, False, key, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._ask(super().set, None, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return self._ask(super().set_many, [], *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """True when unsure: who guards a job with `add` would otherwise never do it."""
        return self._ask(super().add, True, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._ask(super().touch, False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._ask(super().delete, False, *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._ask(super().delete_many, None, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._ask(super().incr, delta, key, delta, version)

    @staticmethod
    def _ask(method: Callable[..., Any], instead: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("The cache does not answer: %s", error)
            return instead
