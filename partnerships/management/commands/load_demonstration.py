from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Loads the demonstration that each app brings. What is there already is left as people have changed it."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("The demonstration is loaded with DEMO=1 only: its people would mix with real ones.")
        for dotted_path in settings.DEMONSTRATIONS:
            load: Callable[[], str] = import_string(dotted_path)
            # All of an app's part or none: each looks for its first row to know whether it has been loaded.
            with transaction.atomic():
                loaded = load()
            if loaded:
                self.stdout.write(loaded)
