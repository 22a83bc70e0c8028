"""The browser of most tests: who signs in has shown their second factor, where their role asks for one."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.test import Client

from partnerships.models import User


class HouseClient(Client):
    def force_login(self, user: Any, backend: str | None = None) -> None:
        """Sign in; a test of the second factor itself uses Django's own client."""
        super().force_login(user, backend)
        if isinstance(user, User) and user.needs_second_factor:
            give_second_factor(user)
            session = self.session
            # As allauth keeps it: what was shown, when, and by whom.
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
            session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = user_id_to_str(user)
            session.save()


SECRET = "JBSWY3DPEHPK3PXP"
"""What the authenticator app of everybody in the tests holds."""


def give_second_factor(user: User) -> Authenticator:
    authenticator, _made = Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": get_adapter().encrypt(SECRET)}}
    )
    return authenticator


def enter(user: User) -> HouseClient:
    """A browser in which this person has signed in."""
    client = HouseClient()
    client.force_login(user)
    return client


def verify_address(user: User, *, verified: bool = True) -> None:
    """As if the person had entered the code that was mailed to them."""
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
