from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

LOCK = 20_261_121  # any number, so long as nothing else in this database locks on it


class Command(BaseCommand):
    help = "Brings the database up to this version: tables, cache, reference data, seals. May be run at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demonstration", action="store_true", help="then load the demonstration")

    def handle(self, *args: Any, **options: Any) -> None:
        verbosity = options["verbosity"]
        with connection.cursor() as cursor:
            # Several web containers may start at once; the others wait here, and then find nothing to do.
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            call_command("migrate", interactive=False, verbosity=verbosity)
            call_command("createcachetable", verbosity=verbosity)
            for command in settings.PREPARATIONS:
                call_command(command, verbosity=verbosity)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        if options["demonstration"]:
            call_command("load_demonstration")
