"""In every process of the proofs it is the moment at which tests act, as it is in the tests."""

from __future__ import annotations

from django.apps import AppConfig

from partnerships.ground import clock


class FaultsConfig(AppConfig):
    name = "tests.faults.app"

    def ready(self) -> None:
        from tests.factories import AT  # models can be imported only now

        setattr(clock, "now", lambda: AT)  # noqa: B010 - it is not the function it was
