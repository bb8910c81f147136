"""Settings of the platform; every `VERBUND_...` value has a working default."""

from __future__ import annotations

import secrets
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from verbund.web.environment import one_of, read, whole_number, words, yes_or_no

HERE = Path(__file__).resolve().parent

DATA = read(
    "DATA", "folder of the database, uploads and backups", default=Path("var"), parse=Path
).absolute()
DEMO = read("DEMO", "show the demo line and the one-click sign-in", default=False, parse=yes_or_no)
DEMO_REAL = read(
    "DEMO_REAL", "say that the demo shows real organisations", default=False, parse=yes_or_no
)
DEBUG = read(
    "DEBUG", "show details of errors; never on a public address", default=False, parse=yes_or_no
)
URL = read(
    "URL", "address of the site, used in mails", default="http://127.0.0.1:8000", parse=str
).rstrip("/")
ALLOWED_HOSTS = read(
    "HOSTS",
    "host names the site answers to",
    default=["127.0.0.1", "localhost", "[::1]"],
    parse=words,
)


def _own_secret() -> str:
    """Keep a secret of this installation beside its database."""
    path = DATA / "secret-key"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = read(
    "SECRET_KEY",
    "signs sessions and links",
    default="",
    parse=str,
    shown="made once, kept in the data folder",
)
if not SECRET_KEY:
    SECRET_KEY = _own_secret()

DATABASE_URL = read(
    "DATABASE_URL",
    "PostgreSQL as postgres://user:password@host/name; empty is SQLite in the data folder",
    default="",
    parse=str,
    shown="SQLite",
)
if DATABASE_URL:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA / "verbund.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

UPLOAD_LIMIT_MB = read(
    "UPLOAD_LIMIT_MB", "largest file that may be uploaded", default=20, parse=whole_number
)
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT_MB * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # an import page asks about every faulty row
MEDIA_ROOT = DATA / "files"

INSTALLED_APPS = [
    "verbund.web.portal",
    "verbund.web.archive",
    "verbund.web.indicators",
    "verbund.web.partnering",
    "verbund.web.directory",
    "verbund.web.agreements",
    "verbund.web.networks",
    "verbund.web.accounts",
    "verbund.web.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",  # templates of its widgets, for our renderer
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "verbund.web.networks.middleware.PrivateAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "verbund.web.networks.middleware.ViewerMiddleware",
    "verbund.web.portal.typed.KeepTyped",
]
ROOT_URLCONF = "verbund.web.urls"
WSGI_APPLICATION = "verbund.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["verbund.web.core.templatetags.verbund"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "verbund.web.portal.context.frame",
            ],
        },
    }
]

# Static files are served from the installed package itself: nothing to collect.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600

LANGUAGE_CODE = read(
    "LANGUAGE", "language where a browser asks for none", default="de", parse=one_of("de", "en")
)
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
FORMAT_MODULE_PATH = "verbund.web.core.formats"
TIME_ZONE = read("TIME_ZONE", "time zone of dates and times", default="Europe/Berlin", parse=str)
USE_TZ = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "verbund.web.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # the worker sends the mail, and people look for it
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "verbund.web.accounts.adapter.SecondFactors"
MFA_FORMS = {
    "add_webauthn": "verbund.web.accounts.forms.PasskeyForm",
    "edit_webauthn": "verbund.web.accounts.forms.PasskeyNameForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an account belongs to the address that was invited
MFA_TOTP_ISSUER = "Verbund"
MFA_TOTP_TOLERANCE = 1  # clocks of phones are not exact

OIDC_SERVER = read(
    "OIDC_SERVER",
    "address of an OpenID Connect provider by which invited people may sign in",
    default="",
    parse=str,
)
OIDC_NAME = read(
    "OIDC_NAME", "name of that provider on the sign-in page", default="OpenID Connect", parse=str
)
OIDC_CLIENT_ID = read(
    "OIDC_CLIENT_ID", "what the provider knows the site as", default="", parse=str
)
OIDC_CLIENT_SECRET = read("OIDC_CLIENT_SECRET", "secret shared with it", default="", parse=str)
OIDC_IS_INSTALLED = all(map(find_spec, ("jwt", "oauthlib", "requests")))  # the extra "oidc"
OIDC = bool(OIDC_SERVER and OIDC_CLIENT_ID and OIDC_IS_INSTALLED)
if OIDC:
    INSTALLED_APPS += [
        "allauth.socialaccount",
        "allauth.socialaccount.providers.openid_connect",
    ]
    SOCIALACCOUNT_ADAPTER = "verbund.web.accounts.oidc.OnlyInvited"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "provider",
                    "name": OIDC_NAME,
                    "client_id": OIDC_CLIENT_ID,
                    "secret": OIDC_CLIENT_SECRET,
                    "settings": {"server_url": OIDC_SERVER},
                }
            ],
        }
    }

CACHES = {
    # Limits of attempts hold for all processes together, so they live in the database.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # no flood of addresses pushes a limit out
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

MAIL_FROM = read("MAIL_FROM", "sender of mails", default="verbund@localhost", parse=str)
DEFAULT_FROM_EMAIL = MAIL_FROM
EMAIL_HOST = read(
    "MAIL_HOST", "SMTP server; empty: mails wait in the outbox", default="", parse=str
)
EMAIL_PORT = read("MAIL_PORT", "port of the SMTP server", default=587, parse=whole_number)
EMAIL_HOST_USER = read("MAIL_USER", "user at the SMTP server", default="", parse=str)
EMAIL_HOST_PASSWORD = read("MAIL_PASSWORD", "password at the SMTP server", default="", parse=str)
_ENCRYPTED = read(
    "MAIL_TLS",
    "encrypt the way to the SMTP server (STARTTLS; from the start on port 465)",
    default=True,
    parse=yes_or_no,
)
EMAIL_USE_SSL = _ENCRYPTED and EMAIL_PORT == 465
EMAIL_USE_TLS = _ENCRYPTED and not EMAIL_USE_SSL
MAIL_RETURN = read(
    "MAIL_RETURN",
    "address to which undeliverable mails come back; empty: the sender",
    default="",
    parse=str,
)
MAIL_BOUNCES = read(
    "MAIL_BOUNCES",
    "folder (maildir) of that address, read every 15 minutes; empty: none",
    default="",
    parse=str,
)
EMAIL_TIMEOUT = 20
EMAIL_USE_LOCALTIME = True
EMAIL_BACKEND = "verbund.web.core.outbox.OutboxBackend"

# Browsers ask the content policy, too, where the answer to a form leads.
_PROVIDER = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER))] if OIDC else []

_SECURE = URL.startswith("https://")
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _SECURE else "http"
SESSION_COOKIE_SECURE = _SECURE
CSRF_COOKIE_SECURE = _SECURE
CSRF_TRUSTED_ORIGINS = [URL] if _SECURE else []
SECURE_SSL_REDIRECT = False
if read(
    "PROXY",
    "trust X-Forwarded-Proto of a proxy in front of the site",
    default=False,
    parse=yes_or_no,
):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else everybody shares the proxy's limit of attempts
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *_PROVIDER],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "verbund.web.core.forms.Renderer"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
