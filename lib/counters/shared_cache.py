"""A cache that all processes share, for counters: Redis, or a table of the database while Redis is away.

Never the memory of one process: a limit that each process counts for itself is as many times too wide as there are
processes. Keys are hashed, for they name addresses of visitors and of accounts.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.utils.crypto import salted_hmac
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

TABLE = "lib_shared_cache"
# A page never waits long for Redis, and asks it again only after a while when it was away.
WAIT, REST = 0.5, 15.0
MOST_ROWS = 100_000

log = logging.getLogger(__name__)


class SharedCache(BaseCache):
    """Counts and small values, each forgotten at any time. The location is the address of Redis as Celery has it."""

    away_until = 0.0  # of the whole process, by the monotonic clock

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__({**params, "KEY_FUNCTION": hashed_key})
        url = redis_address(location)
        waiting = {"socket_connect_timeout": WAIT, "socket_timeout": WAIT, "retry": Retry(NoBackoff(), 0)}
        self._redis = RedisCache(url, {**params, "KEY_FUNCTION": hashed_key, "OPTIONS": waiting}) if url else None
        rows = {"MAX_ENTRIES": MOST_ROWS}
        self._table = DatabaseCache(TABLE, {**params, "KEY_FUNCTION": hashed_key, "OPTIONS": rows})

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask(lambda cache: cache.get(key, default, version))

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask(lambda cache: cache.set(key, value, timeout, version))

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.add(key, value, timeout, version))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.touch(key, timeout, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.delete(key, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._ask(lambda cache: cache.incr(key, delta, version))

    def clear(self) -> None:
        """Not possible: Redis holds the wake-ups of the rounds too."""
        raise NotImplementedError

    def close(self, **kwargs: Any) -> None:
        if self._redis:
            self._redis.close(**kwargs)

    def _ask(self, question: Callable[[Any], Any]) -> Any:
        if self._redis and time.monotonic() >= SharedCache.away_until:
            try:
                return question(self._redis)
            except (RedisError, OSError) as error:
                SharedCache.away_until = time.monotonic() + REST
                log.warning("Redis is away (%s): limits are counted in the database", type(error).__name__)
        return question(self._table)


def hashed_key(key: str, key_prefix: str, version: int) -> str:
    return f"{key_prefix}:{version}:{salted_hmac('youthnet.shared_cache', key, algorithm='sha256').hexdigest()}"


def redis_address(broker: str) -> str:
    """Celery's address of Redis as redis-py writes it; empty when it is of another kind, as of sentinels."""
    if broker.startswith("redis+socket://"):
        return broker.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=")
    return broker if broker.startswith(("redis://", "rediss://", "unix://")) else ""
