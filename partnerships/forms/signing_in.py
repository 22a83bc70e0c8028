"""allauth's forms in plain words, and stricter where that is due.

A module of its own: allauth reads `forms.accounts` while its own forms load.
"""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    SignupForm,
)
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

CODE_LASTS = mfa.TOTP_PERIOD * (2 * mfa.TOTP_TOLERANCE + 1)
"""Seconds in which an app's code is taken: its own half minute, and those before and after it."""


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Your email address")


class CodeByMailForm(RequestLoginCodeForm):  # type: ignore[misc]  # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your email address")


class NewAccountForm(SignupForm):  # type: ignore[misc]  # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your email address")


class NewAddressForm(AddEmailForm):  # type: ignore[misc]  # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your new email address")


class _Code(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Your code")
        # Looks like an answer that is there already, and is gone once somebody types.
        del code.widget.attrs["placeholder"]
        code.widget.attrs["class"] = "govuk-input--width-10"


class MailedCodeForm(_Code, ConfirmLoginCodeForm):  # type: ignore[misc]  # allauth is not typed
    pass


class NewAddressCodeForm(_Code, ConfirmEmailVerificationCodeForm):  # type: ignore[misc]  # allauth is not typed
    pass


class _CodeGoodOnce(_Code):
    """allauth forgets a used code after half a minute, while clocks may differ by another half on either side."""

    user: Any

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of allauth's form beside this one
        used = salted_hmac("partnerships.forms.signing_in", f"{self.user.pk} {normalize_user_code(code)}").hexdigest()
        if not cache.add(f"second-factor-used-{used}", True, timeout=CODE_LASTS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(_CodeGoodOnce, AuthenticateForm):  # type: ignore[misc]  # allauth is not typed
    pass


class OnceMoreForm(_CodeGoodOnce, ReauthenticateForm):  # type: ignore[misc]  # allauth is not typed
    pass


class NewAppForm(_Code, ActivateTOTPForm):  # type: ignore[misc]  # allauth is not typed
    pass


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What do you call it?")
        self.fields["name"].help_text = _("So that you know it among others, such as “My phone”.")
        self.fields["passwordless"].label = _("Sign in with it alone, without a mailed code")
        self.fields["passwordless"].help_text = _("It then asks for your finger, your face or its own code.")
        self.fields["passwordless"].initial = True


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What do you call it?")
