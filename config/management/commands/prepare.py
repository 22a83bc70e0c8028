from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
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
            try:
                call_command("migrate", interactive=False, verbosity=verbosity)
                _refuse_tables_of_another_version()
                call_command("createcachetable", verbosity=verbosity)
                for command in settings.PREPARATIONS:
                    call_command(command, verbosity=verbosity)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        if options["demonstration"]:
            call_command("load_demonstration")


def _refuse_tables_of_another_version() -> None:
    """Until the first release migrations are written anew, which `migrate` does not see in a database that it knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        there = set(cursor.fetchall())
    missing = sorted(
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if (model._meta.db_table, field.column) not in there
    )
    if missing:
        raise CommandError(
            f"This database was made by an earlier version and lacks columns, such as {missing[0]}. "
            "For the demonstration, `make demo-reset` begins again; any other database has to be made anew."
        )
