"""What other apps end when somebody leaves an organisation, or an organisation may no longer act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from partnerships.models import Membership, Organisation, User


def end_what_they_had(membership: Membership, *, by: User | None, at: datetime) -> None:
    for path in settings.LEAVERS:
        leave: Callable[[Membership, User | None, datetime], None] = import_string(path)
        leave(membership, by, at)


def end_what_it_had(organisation: Organisation, *, by: User | None, at: datetime) -> None:
    for path in settings.CLOSERS:
        close: Callable[[Organisation, User | None, datetime], None] = import_string(path)
        close(organisation, by, at)
