"""One page that does what a busy page does: it asks the cache, and for work in several transactions."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import path

from partnerships.ground import jobs
from partnerships.ground.access import anyone, open_to


@open_to(anyone)
def ask(request: HttpRequest) -> HttpResponse:
    cache.get("something")
    for number in range(5):
        jobs.enqueue("faults.whole", f"{request.GET['key']}-{number}", {})
    cache.set("something", time.time())
    return HttpResponse("asked")


urlpatterns = [path("ask", ask)]
