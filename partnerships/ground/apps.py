from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class GroundConfig(AppConfig):
    name = "partnerships.ground"
    label = "ground"

    def ready(self) -> None:
        # Each table of moves registers itself when it is read, so that nothing can move before its table is known.
        autodiscover_modules("moves")
