"""Row locks in one fixed order, so that two people who act at once wait instead of deadlocking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, models, transaction
from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem, Refused

LOCK_TIMEOUT_MS = 3000
LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"


def lock(*rows: models.Model) -> None:
    """Lock `rows` until the end of the transaction and read them afresh.

    The order is by model label, then by key, whatever the order of the arguments. One that was deleted in the meantime
    is a refusal: somebody else was quicker.
    """
    by_model: dict[str, dict[int, list[models.Model]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_model[row._meta.label_lower][row.pk].append(row)
    for label in sorted(by_model):
        copies = by_model[label]
        model = next(iter(copies.values()))[0]._meta.model  # of the row itself, where a request brings it wrapped
        # Keys never change, and so rows that only point at these, such as an event's at its actor, need not wait.
        rows_now = model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk__in=copies)
        found = list(rows_now.order_by("pk").values_list("pk", flat=True))
        if len(found) != len(copies):
            raise Refused([Problem("gone", _("This is gone since you opened the page. Go back and look again."))])
        for key in found:
            for row in copies[key]:
                row.refresh_from_db()


@contextmanager
def acting() -> Iterator[None]:
    """The transaction of one verb: locks that stay stuck, or wait for each other, become "try again"."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = %s", [LOCK_TIMEOUT_MS])
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED):
            raise Refused(
                [Problem("busy", _("Somebody else is changing this right now. Wait a moment, then try again."))]
            ) from error
        raise
