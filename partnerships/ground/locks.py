"""Row locks in one fixed order, so that two people who act at once wait instead of deadlocking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError, connection, models, transaction
from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem, Refused

LOCK_TIMEOUT_MS = 3000


def lock(*rows: models.Model) -> None:
    """Lock `rows` until the end of the transaction and read them afresh.

    The order is by model label, then by key, whatever the order of the arguments.
    """
    by_model: dict[str, dict[int, list[models.Model]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_model[row._meta.label_lower][row.pk].append(row)
    for label in sorted(by_model):
        copies = by_model[label]
        model = next(iter(copies.values()))[0]._meta.model  # of the row itself, where a request brings it wrapped
        keys = model._base_manager.select_for_update(of=("self",)).filter(pk__in=copies).order_by("pk")
        found = list(keys.values_list("pk", flat=True))
        if len(found) != len(copies):
            raise ObjectDoesNotExist(f"{label} {sorted(set(copies) - set(found))} is gone.")
        for key in found:
            for row in copies[key]:
                row.refresh_from_db()


@contextmanager
def acting() -> Iterator[None]:
    """The transaction of one verb: a lock that stays stuck becomes a refusal that says "try again"."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = %s", [LOCK_TIMEOUT_MS])
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) == "55P03":
            raise Refused(
                [Problem("busy", _("Somebody else is changing this right now. Wait a moment, then try again."))]
            ) from error
        raise
