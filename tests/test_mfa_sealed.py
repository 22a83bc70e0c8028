"""Second factors as they stand in the database: sealed, so that a copy of it makes nobody's codes."""

from __future__ import annotations

import pytest
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from pytest_django.fixtures import Settings

from partnerships.adapters import SecondFactorAdapter
from tests.cast import Cast
from tests.client import SECRET, give_second_factor

pytestmark = pytest.mark.django_db
FORMER = "the key that everything was sealed with so far"


@pytest.fixture(autouse=True)
def _fresh_codes() -> None:
    """A code is good once, and these tests take turns with the same one."""
    cache.clear()


def code() -> str:
    _, now, _ = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(SECRET, now)))


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator ORDER BY id")
        return "\n".join(row[0] for row in cursor.fetchall())


def seed_of(user: object) -> tuple[RecoveryCodes, str]:
    codes = RecoveryCodes.activate(user)
    return codes, SecondFactorAdapter().decrypt(codes.instance.data["seed"])


def test_neither_secret_nor_seed_nor_code_is_stored(cast: Cast) -> None:
    TOTP.activate(cast.broker, SECRET)
    codes, seed = seed_of(cast.broker)
    assert SECRET not in stored()
    assert seed not in stored()
    assert not any(each in stored() for each in codes.generate_codes())


def test_without_the_seal_both_would_be(cast: Cast, settings: Settings) -> None:
    """The negative control: allauth's own adapter."""
    settings.MFA_ADAPTER = f"{DefaultMFAAdapter.__module__}.{DefaultMFAAdapter.__qualname__}"
    TOTP.activate(cast.broker, SECRET)
    codes = RecoveryCodes.activate(cast.broker)
    assert SECRET in stored()
    assert codes.instance.data["seed"] in stored()


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    adapter = SecondFactorAdapter()
    assert adapter.encrypt(SECRET) != adapter.encrypt(SECRET)
    assert adapter.decrypt(adapter.encrypt(SECRET)) == SECRET


def test_what_a_former_key_sealed_still_opens(cast: Cast, settings: Settings) -> None:
    settings.SECRET_KEY, now = FORMER, settings.SECRET_KEY
    factor = give_second_factor(cast.broker)
    codes, _seed = seed_of(cast.broker)
    before = codes.generate_codes()

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = now, [FORMER]

    assert factor.wrap().validate_code(code())
    assert codes.generate_codes() == before


def test_without_the_former_key_it_stays_shut(cast: Cast, settings: Settings) -> None:
    """The negative control of the one above: it is the fallback that opens, nothing else."""
    settings.SECRET_KEY, now = FORMER, settings.SECRET_KEY
    factor = give_second_factor(cast.broker)

    settings.SECRET_KEY = now

    with pytest.raises(InvalidToken):
        factor.wrap().validate_code(code())


def test_a_former_key_seals_nothing_new(settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [FORMER]
    sealed = SecondFactorAdapter().encrypt(SECRET)
    settings.SECRET_KEY_FALLBACKS = []
    assert SecondFactorAdapter().decrypt(sealed) == SECRET


def test_preparing_seals_anew_so_that_the_former_key_can_go(cast: Cast, settings: Settings) -> None:
    settings.SECRET_KEY, now = FORMER, settings.SECRET_KEY
    factor = give_second_factor(cast.broker)
    codes, _seed = seed_of(cast.broker)
    before = codes.generate_codes()
    assert codes.validate_code(before[0])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = now, [FORMER]

    call_command("prepare", verbosity=0)

    settings.SECRET_KEY_FALLBACKS = []
    factor.refresh_from_db()
    assert factor.wrap().validate_code(code())
    again = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    assert again.get_unused_codes() == before[1:]


def test_preparing_without_a_former_key_touches_nothing(cast: Cast) -> None:
    give_second_factor(cast.broker)
    before = stored()
    call_command("seal_second_factors")
    assert stored() == before


def test_what_no_key_opens_is_named_and_the_rest_goes_on(
    cast: Cast, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SECRET_KEY, now = "a key that is lost", settings.SECRET_KEY
    give_second_factor(cast.broker)
    settings.SECRET_KEY = FORMER
    give_second_factor(cast.curator)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = now, [FORMER]

    call_command("seal_second_factors")

    assert "1 cannot be opened with any key" in capsys.readouterr().err
    settings.SECRET_KEY_FALLBACKS = []
    assert give_second_factor(cast.curator).wrap().validate_code(code())
