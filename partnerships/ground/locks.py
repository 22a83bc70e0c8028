"""Row locks in one fixed order, so that two people who act at once wait instead of deadlocking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from django.db import OperationalError, connection, models, transaction
from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem, Refused

LOCK_TIMEOUT_MS = 3000
LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"


def lock(*rows: models.Model) -> None:
    """Lock `rows` until the end of the transaction and take over what they are now, with one statement for each model.

    The order is that of `standing`, then by key, whatever the order of the arguments. One that was deleted in the
    meantime is a refusal: somebody else was quicker.
    """
    by_model: dict[type[models.Model], dict[int, list[models.Model]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        # The model of the row itself, where a request brings it wrapped.
        by_model[row._meta.model][row.pk].append(row)
    for model in sorted(by_model, key=standing):
        copies = by_model[model]
        same = [row for rows_of_key in copies.values() for row in rows_of_key]
        # Large columns that nobody has read stay unread.
        unread = set.intersection(*(row.get_deferred_fields() for row in same))
        rows_now = for_update(model, copies).defer(*unread)
        found = {now.pk: now for now in rows_now}
        for key in copies:
            if key not in found:
                raise gone()
        for row in same:
            _take_over(row, found[row.pk])


@cache
def standing(model: type[models.Model]) -> tuple[int, str]:
    """Where a model stands in the order: what others point at comes before whatever points at it, then by label.

    So does a verb that begins with an organisation and goes on to its people, and to their visits, keep the order too.
    """
    targets = {field.related_model for field in model._meta.concrete_fields if field.remote_field} - {model}
    return 1 + max((standing(target)[0] for target in targets), default=0), model._meta.label_lower


def for_update(model: type[models.Model], keys: Iterable[int]) -> models.QuerySet[models.Model]:
    """The rows with these keys, locked in the order of their keys once they are read."""
    # Keys never change, and so rows that only point at these, such as an event's at its actor, need not wait.
    locked: models.QuerySet[models.Model] = model._base_manager.select_for_update(of=("self",), no_key=True)
    return locked.filter(pk__in=list(keys)).order_by("pk")


def take_turns(what: str) -> None:
    """Where no row stands for what must not be done twice at once, a name of our own does.

    Whoever begins the same meanwhile waits until this transaction ends, and then sees what it did.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])


def gone() -> Refused:
    """What is said of a row that somebody else deleted."""
    return Refused([Problem("gone", _("This is gone since you opened the page. Go back and look again."))])


def _take_over(row: models.Model, now: models.Model) -> None:
    """What `refresh_from_db` does, from a row that is there already: what hangs on the old values is forgotten too."""
    unread = row.get_deferred_fields()
    for column in row._meta.concrete_fields:
        if column.attname not in unread:
            setattr(row, column.attname, getattr(now, column.attname))
    row._state.fields_cache.clear()
    row._state.db = now._state.db
    row._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # Django's own name, which its stubs leave out


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
