"""What every way of running shares. Read from the environment: ``BEREDD_*`` (see ``.env.example``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

env = Env(prefix="BEREDD_")

BASE_DIR = Path(__file__).resolve().parents[3]
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"])

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "guardian",
    "django_cotton",
    "django_htmx",
    "workflow_app.organisation",
    "workflow_app.ledger",
    "workflow_app.outbox",
    "workflow_app.orders",
    "workflow_app.registry",
    "workflow_app.engine",
    "workflow_app.cases",
    "workflow_app.letters",
    "workflow_app.worklist",
    "workflow_app.web",
    "workflow_app.cli",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "workflow_app.web.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "workflow_app.config.urls"
ASGI_APPLICATION = "workflow_app.config.asgi.application"
WSGI_APPLICATION = "workflow_app.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workflow_app.web.contexts.page",
            ],
        },
    }
]

#: Durability of a decision comes before speed: a commit is on disk when it is acknowledged.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;",
}


def database(url: str) -> dict[str, Any]:
    """Turn ``sqlite:///path`` or ``postgresql://user:password@host:port/name`` into Django's settings.

    Raises ``ValueError`` for any other scheme.
    """
    parts = urlsplit(url)
    # One transaction per command, opened by the runner: a refusal must survive the rollback (DESIGN §2).
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///"),
            "OPTIONS": dict(SQLITE_OPTIONS),
            "ATOMIC_REQUESTS": False,
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        message = f"BEREDD_DATABASE_URL: unknown scheme `{parts.scheme}`; use sqlite:/// or postgresql://"
        raise ValueError(message)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # A command asks the same few statements again and again, so they are prepared. Behind PgBouncer in transaction
        # mode set BEREDD_PREPARED_STATEMENTS=false.
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 5 if env.bool("PREPARED_STATEMENTS", True) else None,
        },
        "CONN_MAX_AGE": 60,
        "ATOMIC_REQUESTS": False,
    }


DATABASES = {"default": database(env.str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'beredd.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisation.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "worklist"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "workflow_app.web.views.stopped.locked_out"
CSRF_FAILURE_VIEW = "workflow_app.web.views.stopped.forged"
#: Guardian serves named exceptions only; nobody anonymous has any.
ANONYMOUS_USER_NAME = None

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "workflow_app" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
#: No field of a form may hold more; a larger request is refused with 400 before it is parsed.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
#: A form with its longest lists filled in; more is answered with 400.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

BEREDD_REGISTRY_EMAIL = env.str("REGISTRY_EMAIL", "registrator@demo.invalid")
#: The thresholds of patterns among cases (S-75).
BEREDD_PATTERNS = Path(env.str("PATTERNS", "") or BASE_DIR / "bpmn/patterns.toml")
#: The authority as its pages and letters name it.
BEREDD_AUTHORITY: dict[str, Any] = {
    "name": env.str("AUTHORITY_NAME", "Demomyndigheten för vård och omsorg"),
    "short_name": env.str("AUTHORITY_SHORT_NAME", "DVO"),
    "address": env.list("AUTHORITY_ADDRESS", ["Box 100", "100 00 Demostad"], delimiter="|"),
    "phone": env.str("AUTHORITY_PHONE", "") or None,
    "email": BEREDD_REGISTRY_EMAIL,
    "website": env.str("AUTHORITY_WEBSITE", "") or None,
    "number": env.str("AUTHORITY_NUMBER", "") or None,
    #: Path of an SVG file; without one, the name stands where the logo would.
    "logo": env.str("AUTHORITY_LOGO", "") or None,
    #: Where its decisions are appealed to, and where refusals to disclose documents are.
    "court": env.str("ADMINISTRATIVE_COURT", "förvaltningsrätten"),
    "appeal_court": env.str("ADMINISTRATIVE_COURT_OF_APPEAL", "kammarrätten"),
}
#: Where the mailing system fetches letters; without one, the registry is asked to send them.
BEREDD_LETTER_FOLDER = env.str("LETTER_FOLDER", "") or None
# Files in a folder: in a terminal, mail would drown what the demo says.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", "beredd@demo.invalid")
BEREDD_BPMN_DIR = BASE_DIR / "bpmn"
#: Whether pages lead to the stories of the demo authority.
BEREDD_DEMO = False
