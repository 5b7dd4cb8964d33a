"""The one settings file, in the order of Django's documentation; every value comes through `env()`.

It is production unless `CONSULAR_ENV` says `local` or `test`. Production refuses to start when something it needs is
missing or weak, when debugging is on, or when it would run on the embedded servers.
"""

import os
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from consular.core import logs

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str, *, needed: bool = False) -> str:
    """The value of one environment variable; `NAME_FILE` may point to a file that holds it.

    Raises ImproperlyConfigured in production when it is `needed` there and missing or empty: its default is for local
    work only.
    """
    path = os.environ.get(f"{name}_FILE")
    value = Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(name)
    if not value and needed and PRODUCTION:
        raise ImproperlyConfigured(f"{name} is not set. See docs/operating.md.")
    return value or default


ENVIRONMENT = os.environ.get("CONSULAR_ENV")
PRODUCTION = ENVIRONMENT not in ("local", "test")
HOME = Path(env("CONSULAR_HOME", str(BASE_DIR / ".local")))

# Core
DEBUG = env("DEBUG", "no") == "yes"
SECRET_KEY = env("SECRET_KEY", "local-only-" + "x" * 50, needed=True)
IDENTITY_KEY = env("IDENTITY_KEY", "local-only-identity-" + "x" * 40, needed=True)
ALLOWED_HOSTS = env("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver", needed=True).split(",")
PUBLIC_URL = env("PUBLIC_URL", "http://localhost:8000", needed=True).rstrip("/")
ROOT_URLCONF = "consular.urls"
WSGI_APPLICATION = "consular.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

_OWN = "core accounts missions workflow cases decisions appointments notifications portal desk api ops"
INSTALLED_APPS = [
    *[f"consular.{name}" for name in _OWN.split()],
    *[f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles")],
    *["django.forms", "django_otp", "django_otp_webauthn", "pgtrigger", "rest_framework", "drf_spectacular"],
    *[f"django_otp.plugins.otp_{name}" for name in ("email", "totp", "static")],
]

MIDDLEWARE = [
    "consular.accounts.headers.Headers",
    "consular.api.problems.Documents",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "consular.accounts.headers.SameOriginOnly",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "consular.accounts.proven.ProvenBy",
    "consular.accounts.sessions.SessionLimits",
    "consular.desk.access.SecondFactorOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "consular.portal.failing.WrongMethod",
]

_LOADERS = [f"django.template.loaders.{n}.Loader" for n in ("cached", "filesystem", "app_directories")]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                *[f"django.template.context_processors.{name}" for name in ("request", "i18n")],
                *[f"django.contrib.{name}.context_processors.{name}" for name in ("auth", "messages")],
                "csp.context_processors.nonce",
            ],
            "loaders": [(_LOADERS[0], _LOADERS[1:])],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database
DATABASE_URL = env("DATABASE_URL", "postgresql://consular@/consular", needed=True)
_GIVEN = conninfo_to_dict(DATABASE_URL)
_LIMITS = "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _GIVEN.pop("dbname", "consular"),
        "USER": _GIVEN.pop("user", "consular"),
        "PASSWORD": _GIVEN.pop("password", ""),
        "HOST": _GIVEN.pop("host", ""),
        "PORT": str(_GIVEN.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": int(env("DATABASE_POOL", "8")), "timeout": 3},
            "server_side_binding": True,  # texts without values stay the same: planned once per connection
            "prepare_threshold": 5,  # without a number psycopg prepares nothing, whatever core.prepared asks for
            **_GIVEN,  # such as sslmode
            "options": f"{_LIMITS} {_GIVEN.get('options', '')}".strip(),
        },
    }
}

# Broker and worker
BROKER_URL = env("BROKER_URL", "redis://localhost:6379/0", needed=True)
_EVERY = {
    **{"work": (10, 10), "strike": (15, 15), "open": (3600, 3600), "give_back": (600, 600)},
    **{
        "watch": (3600, 3600),
        "remind_visitors": (3600, 3600),
        "offer_places": (60, 60),
        "look_again": (600, 600),
        "sweep": (crontab("17", "3"), 3600),
    },
}
CELERY = {
    "broker_url": BROKER_URL,
    "task_ignore_result": True,
    "task_acks_late": True,
    "worker_prefetch_multiplier": 1,
    "worker_hijack_root_logger": False,
    "broker_connection_retry_on_startup": True,
    "imports": ["consular.casework.tasks"],
    "beat_schedule": {
        name: {"task": f"casework.{name}", "schedule": when, "options": {"expires": seconds}}
        for name, (when, seconds) in _EVERY.items()
    },
    "broker_transport_options": {
        **{"visibility_timeout": 30, "unacked_restore_interval": 2, "unacked_restore_throttle": 1},
        **{"max_retries": 0, "socket_timeout": 5, "socket_connect_timeout": 2},
    },
}

# Email
EMAIL_HOST = env("EMAIL_HOST", "localhost", needed=True)
EMAIL_PORT = int(env("EMAIL_PORT", "1025"))
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env("EMAIL_USE_TLS", "yes" if PRODUCTION else "no") == "yes"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "no-reply@consular.example", needed=True)

# Languages and time
LANGUAGES = [("en", _("English")), ("de", _("German")), ("fr", _("French")), ("ar", _("Arabic"))]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["consular.core.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_NAME = "__Host-language" if PRODUCTION else "language"

# People and sessions
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [f"consular.accounts.backends.{n}" for n in ("ApplicantByCode", "StaffByFactor")]
PASSWORD_HASHERS = ["consular.accounts.passwords.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    *[{"NAME": f"consular.accounts.passwords.{name}"} for name in ("NotTooLong", "NotEasyToGuess")],
]
SESSION_ENGINE = "consular.accounts.store"
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
OTP_EMAIL_TOKEN_VALIDITY = 600
OTP_EMAIL_THROTTLE_FACTOR = 0
OTP_WEBAUTHN_RP_ID = urlsplit(PUBLIC_URL).hostname
OTP_WEBAUTHN_RP_NAME = "consular"
OTP_WEBAUTHN_ALLOWED_ORIGINS = [PUBLIC_URL]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
OTP_TOTP_ISSUER = "consular"

# Security headers; the constant ones are in consular/accounts/headers.py
SECURE_SSL_REDIRECT = SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_SOURCES = ("script", "style", "img", "font", "connect", "manifest")
_POLICY: dict[str, list[object]] = {f"{kind}-src": [SELF] for kind in _SOURCES}
_POLICY |= {"default-src": [NONE], "frame-ancestors": [NONE], "base-uri": [NONE], "form-action": [SELF]}
_POLICY["script-src"].append(NONCE)
_POLICY["img-src"].append("data:")
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _POLICY}

# Static files
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(HOME / "static")))
STATICFILES_DIRS = [BASE_DIR / "consular" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
_WHITENOISE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _PLAIN if ENVIRONMENT == "test" else _WHITENOISE},
}

# REST
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["consular.api.parsing.ShortJSON"],
    "DEFAULT_SCHEMA_CLASS": "consular.api.schema.Schema",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["consular.api.authentication.Bearer"],
    "EXCEPTION_HANDLER": "consular.api.problems.as_problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "consular",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "MissionKind": "consular.missions.models.MissionKind",
        "SiteKind": "consular.missions.models.SiteKind",
    },
}

# Decisions
SIGNING_KEY_FILE = Path(env("SIGNING_KEY_FILE", str(HOME / "keys" / "signing.p12"), needed=True))
SIGNING_KEY_PASSWORD = env("SIGNING_KEY_PASSWORD", "local-only", needed=True)
SIGNING_KEY_TOKEN = env("SIGNING_KEY_TOKEN", "")
SEAL_KEY_FILE = Path(env("SEAL_KEY_FILE", str(HOME / "keys" / "seal.p12"), needed=True))
SEAL_KEY_PASSWORD = env("SEAL_KEY_PASSWORD", "local-only", needed=True)
SEAL_KEY_TOKEN = env("SEAL_KEY_TOKEN", "")
SEAL_CERTIFICATES = env("SEAL_CERTIFICATES", "")
TIMESTAMP_URL = env("TIMESTAMP_URL", "")
TIMESTAMP_REQUIRED = env("TIMESTAMP_REQUIRED", "yes") == "yes"

# Proof of a second factor for something grave; appointments
FRESH_MINUTES = int(env("FRESH_MINUTES", "5"))
BLOCK_DAYS = int(env("BLOCK_DAYS", "7"))
HOLDS_PER_ACCOUNT = int(env("HOLDS_PER_ACCOUNT", "30"))
HOLDS_PER_NETWORK = int(env("HOLDS_PER_NETWORK", "300"))
HOLDS_WITHOUT_PROOF = int(env("HOLDS_WITHOUT_PROOF", "3"))

# Operator, named on the imprint and the privacy page
OPERATOR_NAME = env("OPERATOR_NAME", "Ministry of Foreign Affairs (demonstration)", needed=True)
OPERATOR_ADDRESS = env("OPERATOR_ADDRESS", "1 Example Street, 00000 Example City", needed=True)
OPERATOR_EMAIL = env("OPERATOR_EMAIL", "consular@ministry.example", needed=True)
DATA_PROTECTION_OFFICER = env("DATA_PROTECTION_OFFICER", "data-protection@ministry.example", needed=True)

# Files of applicants
CLAMAV_URL = env("CLAMAV_URL", "", needed=True)
_UPLOADS = "django.core.files.uploadhandler"
FILE_UPLOAD_HANDLERS = [
    "consular.accounts.receiving.Bounded",
    *[f"{_UPLOADS}.{name}FileUploadHandler" for name in ("Memory", "Temporary")],
]

# Services
FORMS_DIR = BASE_DIR / "forms"

# Logs
logs.configure()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "consular.core.logs.formatter"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        "pyhanko": {"level": "ERROR"},  # a time-stamp authority that is not ours is no news
    },
}

# Production
EMBEDDED = (f"{HOME}/postgres/", f"{gettempdir()}/consular-{os.getuid()}-")
_SERVERS = (f"{DATABASES['default']['HOST']}/", urlsplit(BROKER_URL).path)
if PRODUCTION and (DEBUG or any(server.startswith(EMBEDDED) for server in _SERVERS)):
    raise ImproperlyConfigured("Production runs neither with DEBUG nor on the embedded servers.")
if PRODUCTION and (min(len(SECRET_KEY), len(IDENTITY_KEY)) < 32 or SECRET_KEY == IDENTITY_KEY):
    raise ImproperlyConfigured("SECRET_KEY and IDENTITY_KEY must be random, of 32 signs or more, and differ.")
if PRODUCTION and urlsplit(PUBLIC_URL).scheme != "https":
    raise ImproperlyConfigured("PUBLIC_URL must begin with https:// in production.")
for _key, _token in (("SIGNING_KEY", SIGNING_KEY_TOKEN), ("SEAL_KEY", SEAL_KEY_TOKEN)):
    if PRODUCTION and _token and os.environ.get(f"{_key}_PASSWORD"):
        raise ImproperlyConfigured(f"The PIN of a token is read from a file: {_key}_PASSWORD_FILE.")
