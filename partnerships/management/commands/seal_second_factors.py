"""manage.py seal_second_factors"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from partnerships.adapters import second_factor_seal

SEALED = {"secret", "seed"}


class Command(BaseCommand):
    help = "Seals second factors with today's SECRET_KEY, so that a former one can leave SECRET_KEY_FALLBACKS."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SECRET_KEY_FALLBACKS:
            return
        seal, shut = second_factor_seal(), 0
        with transaction.atomic():
            # Locked, since its owner may be using a recovery code at this moment, which is written to the same row.
            for factor in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).select_for_update():
                try:
                    factor.data |= {
                        name: seal.rotate(factor.data[name]).decode() for name in SEALED & factor.data.keys()
                    }
                except InvalidToken:
                    shut += 1
                else:
                    factor.save(update_fields=["data"])
        if shut:
            self.stderr.write(f"{shut} cannot be opened with any key. Their owners have to set up a new one.")
