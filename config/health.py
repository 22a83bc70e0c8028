"""Whether this deployment can answer: a page for load balancers, and the question a container asks itself."""

import os
import sys
from http.client import HTTPConnection

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships.ground.access import anyone, open_to


@require_safe
@never_cache
@open_to(anyone)
def healthz(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def main() -> int:
    """`python -m config.health`: under the name that the outside uses, since any other is refused."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    try:
        server = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=5)
        server.request("GET", "/healthz", headers={"Host": host})
        return 0 if server.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
