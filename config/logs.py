"""Logs that name no person: addresses hold mailed links, and database errors repeat the row that was refused."""

import logging
import re

from django.http import HttpRequest

_DETAIL = re.compile(r"^(DETAIL|CONTEXT|HINT|LINE \d+):.*$", re.MULTILINE)


class WithoutPeople(logging.Filter):
    """Says which page was asked for by its pattern, `decisions/<uuid>/`, and never by its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            match = request.resolver_match
            page = f"/{match.route}" if match else "an address that does not exist"
            record.args = tuple(page if argument == request.path else argument for argument in record.args)
        return True


class PlainFormatter(logging.Formatter):
    """Tracebacks without the values which PostgreSQL adds to its messages."""

    def format(self, record: logging.LogRecord) -> str:
        return _DETAIL.sub(r"\1: (left out)", super().format(record))
