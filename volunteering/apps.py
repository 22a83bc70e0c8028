from django.apps import AppConfig


class VolunteeringConfig(AppConfig):
    name = "volunteering"

    def ready(self) -> None:
        from volunteering.views import kept  # noqa: F401 - importing connects it to signing in
