"""The cache for what may not be lost with Redis: limits on repeated attempts, and codes that are good once.

Packages that count attempts do so in Django's default cache and cannot be told otherwise, so the default is this one.
What only saves time belongs in the cache named "quick".
"""

from __future__ import annotations

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils.crypto import salted_hmac

from partnerships.ground.models import Remembered

SET = """
    INSERT INTO ground_remembered (key, value, until)
    VALUES (%s, %s, clock_timestamp() + make_interval(secs => %s))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until
    """
ADD = SET + "WHERE ground_remembered.until <= clock_timestamp()"
GET = "SELECT value FROM ground_remembered WHERE key = %s AND until > clock_timestamp()"
TOUCH = """
    UPDATE ground_remembered SET until = clock_timestamp() + make_interval(secs => %s)
    WHERE key = %s AND until > clock_timestamp()
    """
DELETE = "DELETE FROM ground_remembered WHERE key = %s"


class DatabaseMemory(BaseCache):
    """Each operation is one statement on the database's clock: of two who add at once, one did.

    Values are what JSON can hold, and nothing stays without an end.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._run(ADD, self._hashed(key, version), json.dumps(value), self._seconds(timeout))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(GET, [self._hashed(key, version)])
            row = cursor.fetchone()
        return default if row is None else json.loads(row[0])

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._run(SET, self._hashed(key, version), json.dumps(value), self._seconds(timeout))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._run(TOUCH, self._seconds(timeout), self._hashed(key, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._run(DELETE, self._hashed(key, version))

    def clear(self) -> None:
        Remembered.objects.all().delete()

    def _run(self, statement: str, *values: str | float) -> bool:
        """Whether it met a row."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return bool(cursor.rowcount)

    def _hashed(self, key: Any, version: int | None) -> str:
        """Keyed, because network addresses are few enough to try them all."""
        made = self.make_key(key, version)
        return salted_hmac("partnerships.ground.remembering", made, algorithm="sha256").hexdigest()

    def _seconds(self, timeout: Any) -> float:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        if seconds is None:
            raise ValueError("What is remembered here has an end.")
        return float(seconds)
