"""Email addresses of people that somebody names, one on each line."""

from __future__ import annotations

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _


def address_in(typed: str) -> str:
    """As typed, in small letters: whether we know somebody by it is not for others to learn."""
    try:
        validate_email(typed)
    except forms.ValidationError as wrong:
        sentence = _("“%(typed)s” is not a whole email address. Write it like name@example.org.")
        raise forms.ValidationError(sentence, params={"typed": typed}) from wrong
    return typed.lower()


def addresses_in(typed: str, *, most: int) -> list[str]:
    """Each once, in the order in which they were typed."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    addresses = list(dict.fromkeys(address_in(line) for line in lines))
    if len(addresses) > most:
        raise forms.ValidationError(_("Name at most %(most)s people here."), params={"most": most})
    return addresses
