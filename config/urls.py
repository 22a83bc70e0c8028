"""Every address of the service. Who may open which is declared at the views and proven by a test."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("partnerships.urls")),
    path("", include("secondments.urls")),
    path("", include("volunteering.urls")),
    path("api/", include("config.api")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
