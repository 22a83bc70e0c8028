"""A Redis cache that a page can do without."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from partnerships.ground.jobs import wake

logger = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds for one answer

Result = TypeVar("Result")


class ForgivingRedisCache(RedisCache):
    """Answers as an empty cache would while Redis is dead or hung: a slower page is better than none.

    Only for what may be lost at any time. Of the limits, that is how fast a program may ask the open API.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_timeout", PATIENCE)
        options.setdefault("socket_connect_timeout", PATIENCE)
        # The library's own retries would multiply the wait by four.
        options.setdefault("retry", Retry(NoBackoff(), 0))
        super().__init__(server, params)

    def _ask(self, otherwise: Result, question: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        # One breaker with the kicks of Celery: a page that needs both waits for a silent Redis once.
        if wake.breaker.tripped():
            return otherwise
        try:
            return question(*args, **kwargs)
        except (RedisError, OSError) as error:
            wake.breaker.trip()
            # The kind of the error only: its text may hold the address with its password.
            logger.warning("Redis does not answer (%s); going on without it for a while", type(error).__name__)
            return otherwise

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(True, super().add, key, value, timeout, version)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(default, super().get, key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask(None, super().set, key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(False, super().touch, key, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._ask(False, super().delete, key, version)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return self._ask({}, super().get_many, keys, version)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._ask(False, super().has_key, key, version)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._ask(delta, super().incr, key, delta, version)

    def set_many(self, data: dict[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        return self._ask(list(data), super().set_many, data, timeout, version)

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        self._ask(None, super().delete_many, keys, version)

    def clear(self) -> None:
        self._ask(None, super().clear)
