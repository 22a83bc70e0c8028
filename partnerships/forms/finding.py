"""An organisation that somebody names in a form, by its name or by the address of its page."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partnerships.models import Organisation


def organisation_called(line: str) -> Organisation:
    """The one that is meant; a `ValidationError` says what to enter where it is none, or several."""
    public = Organisation.objects.public()
    if "/" in line:
        slug = line.rstrip("/").rpartition("/")[2]
        matches = list(public.filter(slug=slug))
    else:
        matches = list(public.filter(name__iexact=line)[:2])
    if not matches:
        raise ValidationError(
            _("There is no organisation called “%(line)s” here. Look it up under Organisations and copy its name."),
            params={"line": line},
        )
    if len(matches) > 1:
        raise ValidationError(
            _("There are several organisations called “%(line)s”. Give the address of the page of the one you mean."),
            params={"line": line},
        )
    return matches[0]
