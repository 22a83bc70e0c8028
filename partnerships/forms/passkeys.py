"""allauth's form for a passkey, in plain words. A module of its own: allauth reads `forms.accounts` while it loads."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What do you call it?")
        self.fields["name"].help_text = _("So that you know it among others, such as “My phone”.")
        self.fields["passwordless"].label = _("Sign in with it alone, without a mailed code")
        self.fields["passwordless"].help_text = _("It then asks for your finger, your face or its own code.")
        self.fields["passwordless"].initial = True
