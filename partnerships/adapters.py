"""Where allauth meets the rest: its mails go through our outbox in our words, its pictures keep our security policy."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.ground import outbox
from partnerships.models import User

NOTICES = {
    "account/email/email_changed": _("Your email address was changed"),
    "account/email/email_confirm": _("Your email address is confirmed"),
    "account/email/email_deleted": _("An email address was removed from your account"),
    "mfa/email/totp_activated": _("An authenticator app was added to your account"),
    "mfa/email/totp_deactivated": _("The authenticator app was removed from your account"),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your account"),
    "mfa/email/webauthn_added": _("A passkey was added to your account"),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account"),
}
"""What happened to somebody's account; all of these are one mail with one question: was it you?"""

CODE = ("account_code", "", "")
NOTICE = ("account_notice", "mfa_index", _("A second step when you sign in"))
MAILS = {
    "account/email/login_code": CODE,
    "account/email/email_confirmation": CODE,
    "account/email/email_confirmation_signup": CODE,
    "account/email/account_already_exists": ("account_exists", "account_login", _("Sign in")),
    "account/email/unknown_account": ("account_unknown", "account_signup", _("Sign up")),
}
"""allauth's mails → our template, the page behind its button, and the words on it."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This code is not right. Look again, or ask for a new one."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
        "same_as_current": _("This is your address already. Enter the new one."),
    }

    def save_user(self, request: HttpRequest, user: User, form: SignupForm, commit: bool = True) -> User:
        """Also keep the name, which allauth would look for in two halves."""
        user.name = form.cleaned_data["name"]
        user.language = translation.get_language() or user.language
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post one of allauth's mails in our own words."""
        user = context.get("user") or getattr(context.get("request"), "user", None)
        language = user.language if isinstance(user, User) else translation.get_language() or "en-gb"
        template, page, label = MAILS.get(template_prefix, NOTICE)
        values = {
            "code": context.get("code", ""),
            "email": email,
            "title": NOTICES.get(template_prefix, _("Something changed in your account")),
            "button_url": settings.SITE_ADDRESS + reverse(page) if page else "",
            "button_label": label,
        }
        outbox.post(template=f"people/{template}", to=email, context=values, thing=None, language=language)


def second_factor_seal() -> MultiFernet:
    """What second factors are sealed with. Former keys still open what they closed, and close nothing more.

    Whoever gets hold of a copy of the database alone can then not make anybody's codes.
    """
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_sealing_key(key)) for key in keys])


def _sealing_key(secret: str) -> bytes:
    # A key of its own, so that nothing signed or sealed elsewhere with the same secret helps to open this.
    made = salted_hmac("partnerships.adapters.second_factor", "", secret=secret, algorithm="sha256")
    return urlsafe_b64encode(made.digest())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _("Set up a passkey or an authenticator app first."),
        "incorrect_code": _("This code is not right. Look again; your app shows a new one every half minute."),
        "unverified_email": _("Confirm your email address first: sign out, and sign in with a mailed code."),
    }

    def encrypt(self, text: str) -> str:
        return second_factor_seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor_seal().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """A first name for a passkey, which its owner may change."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("My passkey") if number == 1 else gettext("My passkey %(number)s") % {"number": number}

    def build_totp_svg(self, url: str) -> str:
        """The code to scan, drawn in the page itself: our security policy allows no pictures in addresses."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        return format_html(
            '<svg class="app-qr" viewBox="0 0 {} {}" width="240" height="240" role="img" aria-label="{}">'
            '<path class="app-qr__ground" d="M0 0h{}v{}h-{}z"/><path d="{}"/></svg>',
            len(rows),
            len(rows),
            _("A code to scan with your authenticator app"),
            len(rows),
            len(rows),
            len(rows),
            path,
        )
