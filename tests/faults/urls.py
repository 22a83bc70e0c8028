"""The pages of the service, and one that does what a busy page does: it asks for work in several transactions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from partnerships.ground import jobs
from partnerships.ground.access import anyone, open_to


@open_to(anyone)
def ask(request: HttpRequest) -> HttpResponse:
    for number in range(5):
        jobs.enqueue("faults.whole", f"{request.GET['key']}-{number}", {})
    return HttpResponse("asked")


urlpatterns = [path("ask", ask), path("", include("config.urls"))]
