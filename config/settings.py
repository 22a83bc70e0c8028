"""Settings of every deployment, read from the environment; docs/operating.md names each variable."""

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from config import database

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
BUILD_DIR = BASE_DIR / "build"


def _flag(name: str) -> bool:
    return os.environ.get(name, "") == "1"


def _list(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


DEMO = _flag("DEMO")
TESTING = _flag("TESTING")
DEBUG = _flag("DEBUG")
HTTPS = not (DEMO or TESTING or DEBUG)

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not (DEMO or TESTING):
        raise ImproperlyConfigured("Set SECRET_KEY to a long random string, or DEMO=1 for a demonstration.")
    SECRET_KEY = "for the demonstration and the tests, which never leave this machine"  # noqa: S105 - not a secret
SECRET_KEY_FALLBACKS = _list("SECRET_KEY_FALLBACKS")

DATABASES = {"default": database.configuration(demo=DEMO, testing=TESTING)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ALLOWED_HOSTS = _list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEMO or TESTING else "")
CSRF_TRUSTED_ORIGINS = _list("CSRF_TRUSTED_ORIGINS")
SITE_ADDRESS = os.environ.get("SITE_ADDRESS", "http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "config",
    "partnerships.ground",
    "partnerships",
    "secondments",
    "volunteering",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partnerships.middleware.SecondFactorMiddleware",
    "partnerships.middleware.keep_no_copies",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_USER_MODEL = "partnerships.User"
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("next-steps")

LANGUAGE_CODE = "en-gb"
# A language joins with its catalogue: a page that calls itself Welsh and is English misleads a screen reader.
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "collected"
STATICFILES_DIRS = [BASE_DIR / "static", BUILD_DIR / "static"]
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", database.VAR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # A test of one page must not need the whole build; `make test` collects with the manifest as a gate of its own.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = TESTING or DEBUG

# Nothing but our own files, and nothing inline: an injected script or style has nowhere to run.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Somebody in front of us ends TLS, and says so in this header; without a proxy anybody could say so.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("BEHIND_PROXY") else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_HANDLERS = [
    "partnerships.ground.uploads.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
# The prefix keeps a neighbouring subdomain from setting our cookies; browsers allow it over HTTPS only.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"

# The default is where packages count attempts and note used codes, and so outlives Redis. What only saves time is in
# "quick": with Redis its loss costs speed, and without it that is a table made by `manage.py prepare`.
REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "partnerships.ground.remembering.DatabaseMemory"},
    "quick": {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"},
}

EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "In Your Shoes <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "config.logs.PlainFormatter", "format": "{levelname} {name}: {message}", "style": "{"}
    },
    "filters": {"without_people": {"()": "config.logs.WithoutPeople"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_people"]},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    # Django's own handlers would mail the whole request, cookies and all, to the administrators.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nothing to protect, and much faster

SHARED_DATA = Path(os.environ.get("SHARED_DATA", BASE_DIR.parent / "shared" / "data"))

# The upper apps are reached from below by dotted path only.
NEXT_STEPS = [
    "partnerships.next_steps.steps",
    "secondments.next_steps.steps",
    "volunteering.next_steps.steps",
]
# What `manage.py prepare` runs after the migrations; each may be run again and again.
PREPARATIONS = ["load_places", "seal_second_factors"]
ORGANISATION_SECTIONS = [  # what other apps add to an organisation's page: partnerships/sections.py
    "secondments.sections.sections",
    "volunteering.sections.sections",
    "partnerships.views.stories.sections",
]
DEMONSTRATIONS = [
    "partnerships.demo.load",
    "secondments.demo.load",
    "volunteering.demo.load",
    "partnerships.demo_stories.load",
]
RETENTION = ["partnerships.retention.rules", "secondments.retention.rules", "volunteering.retention.rules"]
MY_DATA = ["partnerships.my_data.collect", "secondments.my_data.collect", "volunteering.my_data.collect"]
FIGURES = ["partnerships.figures.figures", "secondments.figures.figures", "volunteering.figures.figures"]
# Counting everybody's rows for each visitor would be most of what the front page costs.
FIGURES_SECONDS = 0 if DEMO or TESTING else 300
# From the top down: the upper apps end what still runs while the person can still be told.
ANONYMISERS = ["secondments.my_data.anonymise", "volunteering.my_data.anonymise", "partnerships.my_data.anonymise"]
# What ends with a membership, and with an organisation that is suspended or closed, in the transaction of the verb.
LEAVERS = ["secondments.leavers.leave"]
CLOSERS = ["secondments.leavers.close"]

# Pages ----------------------------------------------------------------------------------------------------------------

FORM_RENDERER = "partnerships.ground.forms.GovUKRenderer"

# Words, URL name, and the names of further pages that belong under it. A page that does not exist is left out,
# so no link leads nowhere.
MENU = [
    (_("Visits and swaps"), "offers", "placements", "rounds"),
    (_("Skills"), "needs"),
    (_("Organisations"), "organisations"),
    (_("Stories"), "stories"),
]
ACCOUNT_MENU = [
    (_("Your next steps"), "next-steps"),
    (_("Your organisation"), "your-organisation"),
    (_("Your account"), "your-account"),
]
COORDINATORS_PAGE = "overview"  # where "Your organisation" leads those who run its side
FOOTER_MENU = [
    (_("Ground rules"), "ground-rules"),
    (_("Accessibility"), "accessibility"),
    (_("Privacy"), "privacy"),
    (_("Cookies"), "cookies"),
    (_("Contact"), "contact"),
    (_("Open data and API"), "api-root"),
]

# Accounts -------------------------------------------------------------------------------------------------------------

# By email and a mailed code alone: nobody has one more password to lose, and there is none here to be stolen.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "partnerships.adapters.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "partnerships.forms.accounts.SignUpForm"
ACCOUNT_FORMS = {
    "login": "partnerships.forms.signing_in.SignInForm",
    "request_login_code": "partnerships.forms.signing_in.CodeByMailForm",
    "signup": "partnerships.forms.signing_in.NewAccountForm",
    "add_email": "partnerships.forms.signing_in.NewAddressForm",
    "confirm_login_code": "partnerships.forms.signing_in.MailedCodeForm",
    "confirm_email_verification_code": "partnerships.forms.signing_in.NewAddressCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # a mail may wait for a minute or two in somebody's filter
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Off: the page of the code would offer it to a new address only, and so tell who has an account already.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
# One address a person, changed only once the new one is verified: whoever is signed in holds `user.email`.
ACCOUNT_CHANGE_EMAIL = True
# Who has a second factor shows it again for that: a session left open would else be enough to take the account.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _flag("BEHIND_PROXY") else 0

# Who answers for people's data here, and where to write to; both stand in the privacy notice.
CONTROLLER = os.environ.get("CONTROLLER", "In Your Shoes")
CONTACT_EMAIL = (
    os.environ.get("CONTACT_EMAIL", "hello@inyourshoes.demo.example" if DEMO else "")
    or parseaddr(DEFAULT_FROM_EMAIL)[1]
)

MFA_ADAPTER = "partnerships.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "partnerships.forms.signing_in.SecondStepForm",
    "reauthenticate": "partnerships.forms.signing_in.OnceMoreForm",
    "activate_totp": "partnerships.forms.signing_in.NewAppForm",
    "add_webauthn": "partnerships.forms.signing_in.PasskeyForm",
    "edit_webauthn": "partnerships.forms.signing_in.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "In Your Shoes"
MFA_TOTP_TOLERANCE = 1  # clocks of old phones
# Browsers allow passkeys without HTTPS on this machine only, where tests and the demonstration are.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# The open API --------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # Nobody is anybody here: what the API tells is the same for everybody, so sessions are not even read.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_THROTTLE_RATES": {"api": "120/minute"},
    # Without a proxy the header that names callers could say anything.
    "NUM_PROXIES": 1 if _flag("BEHIND_PROXY") else 0,
    "EXCEPTION_HANDLER": "partnerships.api.errors.answer",
    "URL_FORMAT_OVERRIDE": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "In Your Shoes",
    "DESCRIPTION": _(
        "Organisations that work across sectors, who takes visitors, which skills are asked for, and what went well."
        " Open data: no key, nothing about people."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": SITE_ADDRESS}],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "partnerships.api.schema.describe_problems",
    ],
}

# Jobs and mail --------------------------------------------------------------------------------------------------------

# A worker that is killed holds its job for this long. A solver may keep the heartbeat from beating for half of it.
JOB_LEASE_SECONDS = float(os.environ.get("JOB_LEASE_SECONDS", "60"))
JOB_SWEEP_SECONDS = 15.0

CELERY_BROKER_URL = REDIS_URL or "memory://"
# Without these a Redis that hangs would hold the page that kicks it for over a minute. A kick waits up to three times.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry_on_timeout": False}
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Measured: at Celery's own default a worker died in each of 35 kills of Redis, at 1 in none of 44.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "ground.run_due",
        "schedule": JOB_SWEEP_SECONDS,
        "options": {"expires": JOB_SWEEP_SECONDS, "ignore_result": True},
    }
}

EMAIL_BACKEND = "partnerships.ground.outbox.OutboxBackend"
if DEMO:
    _delivery = "django.core.mail.backends.dummy.EmailBackend"
elif TESTING:
    _delivery = "django.core.mail.backends.locmem.EmailBackend"
else:
    _delivery = "django.core.mail.backends.smtp.EmailBackend"
OUTBOX_DELIVERY_BACKEND = os.environ.get("OUTBOX_DELIVERY_BACKEND", _delivery)
