"""How often one caller may ask. Nobody signs in here, so callers are told apart by their network address."""

from __future__ import annotations

from django.core.cache import caches
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class CallerThrottle(SimpleRateThrottle):
    scope = "api"

    def __init__(self) -> None:
        # Open data has nothing to guard but the machine's time: while Redis is down, everybody is let through.
        self.cache = caches["quick"]
        super().__init__()

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Hashed, because a network address can be somebody's and has no business in a table."""
        caller = salted_hmac("partnerships.api.throttling", self.get_ident(request)).hexdigest()
        return f"api-throttle-{caller}"
