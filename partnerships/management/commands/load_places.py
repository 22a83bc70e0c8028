"""manage.py load_places"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from partnerships.actions.places import keep_areas
from partnerships.importers.packages import council_areas
from partnerships.models import Place
from partnerships.states import PlaceKind


class Command(BaseCommand):
    help = "Makes the council areas of England and Wales, so that organisations have real places to stand in."

    def handle(self, *args: Any, **options: Any) -> None:
        if Place.objects.filter(kind=PlaceKind.COUNCIL).exists():
            return
        with transaction.atomic():
            kept = keep_areas(council_areas(), only_new=True)
        if options["verbosity"]:
            self.stdout.write(f"{kept.created} places.")
