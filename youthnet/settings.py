"""Every setting of the portal, read from the environment; each has a safe default or a loud refusal (checks.py)."""

import os
import sys
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from django_prose_editor.config import html_tags
from js_asset import static_lazy

from servers.database_url import database_from
from servers.lockfile import running

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- The house ---

# Development mode: error pages with traces, the mailbox page, embedded servers without asking.
DEBUG = env.bool("DEBUG", default=False)
TESTING = "pytest" in sys.modules

# Signs sessions and tokens. At least 50 random characters; production refuses to start without it.
PLAYGROUND_KEY = "development-only-key-that-protects-nothing-at-all" if DEBUG or TESTING else ""
SECRET_KEY = env.str("SECRET_KEY", default=PLAYGROUND_KEY)

# Former keys, comma separated: links signed with them stay valid while a new key takes over.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Turns addresses into the keys of the stop list. When SECRET_KEY changes, set this to the former one: the list must
# still know the addresses on it.
ADDRESS_KEY = env.str("ADDRESS_KEY", default="") or SECRET_KEY

# The public address of the portal. Every link in a letter starts with it, never with the Host header.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

# Host names the portal answers to.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])

# Where files that the portal makes for itself are kept (development servers, letters, uploads).
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))

# A small municipality may run everything on one machine: says yes to the embedded servers outside development.
YOUTHNET_EMBEDDED = env.bool("YOUTHNET_EMBEDDED", default=False)

# --- Rooms ---

INSTALLED_APPS = [
    "youthnet.apps.YouthnetConfig",
    "lib",
    "contacts",
    "networks",
    "meetings",
    "methods",
    "newsletters",
    "plans",
    "outbox",
    "search",
    "youthnet.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "js_asset",
    "csp",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "youthnet.middleware.composed_texts",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "youthnet.middleware.WhoChanged",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "youthnet.middleware.private_pages",
    "youthnet.middleware.readable_addresses",
]

ROOT_URLCONF = "youthnet.urls"
WSGI_APPLICATION = "youthnet.wsgi.application"

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
                "youthnet.context_processors.site",
            ],
            "builtins": ["lib.forms.tags", "lib.text.tags"],
        },
    },
]
FORM_RENDERER = "lib.forms.rendering.FormRenderer"

# --- Data ---

# PostgreSQL, as postgres://user:password@host:port/name. `manage.py run` fills it in when it starts its own server.
# A socket's folder may stand in the place of the host: postgres://user@%2Frun%2Fpostgresql/name
# Without it, commands use the servers of the portal that runs on this machine.
at_home = running(DATA_DIR)
DATABASES = {
    "default": database_from(env.str("DATABASE_URL", "") or at_home.get("DATABASE_URL", "postgres:///youthnet"))
}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["ATOMIC_REQUESTS"] = True
# For how many seconds a page may keep the database busy: one statement, waiting for a lock, a transaction in which
# nothing happens. 0: as the server has it. Rounds, commands and migrations take as long as they need.
DB_LIMITS = {
    "statement_timeout": env.int("DB_STATEMENT_TIMEOUT", default=30),
    "lock_timeout": env.int("DB_LOCK_TIMEOUT", default=10),
    "idle_in_transaction_session_timeout": env.int("DB_IDLE_TIMEOUT", default=60),
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)
if os.environ.get("WEB_PROCESS"):  # set by wsgi.py, for itself
    limited = " ".join(f"-c {name}={seconds}s" for name, seconds in DB_LIMITS.items() if seconds)
    given = DATABASES["default"]["OPTIONS"].get("options", "")
    if limited:
        DATABASES["default"]["OPTIONS"]["options"] = f"{limited} {given}".strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Versions are written down by the database itself; only requests that may write say who asks.
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)

# Redis, as redis://host:port/0 or redis+socket:///path. It only wakes workers; losing it loses nothing.
REDIS_URL = env.str("REDIS_URL", "") or at_home.get("REDIS_URL", "redis://127.0.0.1:6379/0")

MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    # Counters of limits (ours, allauth's), for all processes together: in Redis, while it is away in the database.
    "default": {"BACKEND": MEMORY}
    if TESTING
    else {"BACKEND": "lib.counters.shared_cache.SharedCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "youthnet"},
    # Small things that each process may find out again, for a minute.
    "memory": {"BACKEND": MEMORY},
    # The text of each meeting in calendar feeds: about a kilobyte each, written once for each version.
    "calendar": {"BACKEND": MEMORY, "LOCATION": "calendar", "TIMEOUT": 86_400, "OPTIONS": {"MAX_ENTRIES": 10_000}},
}

# --- Work in the background ---

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# No second try to reach the broker: a page never waits for it, and the clock wakes the round a moment later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 0,
    "visibility_timeout": 300,
}
CELERY_TASK_PUBLISH_RETRY = False

# --- People ---

AUTH_USER_MODEL = "contacts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "contacts:me"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "contacts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Mending the address on the code page would tell whether it has an account (allauth says so itself).
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail gateways of municipalities can take minutes
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
# Before the address changes, a fresh code shows that whoever is signed in still reads the present one.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = ["code"]
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "youthnet.accounts.forms.LoginForm",
    "request_login_code": "youthnet.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "youthnet.accounts.forms.ConfirmLoginCodeForm",
    "signup": "youthnet.accounts.forms.SignupForm",
    "confirm_email_verification_code": "youthnet.accounts.forms.ConfirmEmailVerificationCodeForm",
    "confirm_reauthentication_code": "youthnet.accounts.forms.ConfirmReauthenticationCodeForm",
    "add_email": "youthnet.accounts.forms.AddEmailForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEBUG else "https"
ACCOUNT_ADAPTER = "youthnet.accounts.adapter.AccountAdapter"
# How many proxies of your own stand in front: rate limits count the visitor's address, not the proxy's.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- Letters ---

# The address letters come from. Its domain needs SPF and DKIM.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="youthnet <youthnet@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# The name of the DKIM key that the relay signs with; `manage.py doctor mail` looks it up.
DKIM_SELECTOR = env.str("DKIM_SELECTOR", default="")

# Everything that sends mail in Django goes into the ledger first.
EMAIL_BACKEND = "outbox.email_backend.OutboxBackend"

# How the worker hands letters on: the relay as smtp+tls://user:password@host:587, a provider that takes letters over
# the web as esp://brevo (with the extra [esp]), or files below DATA_DIR in development.
EMAIL_URL = env.str("EMAIL_URL", default="filemail://" if DEBUG else "")
ESP = EMAIL_URL.removeprefix("esp://").strip("/").lower() if EMAIL_URL.startswith("esp://") else ""
# What that provider needs, under the names that Anymail's own pages give: ANYMAIL_BREVO_API_KEY and the like.
# ANYMAIL_WEBHOOK_SECRET=user:password opens /esp/, where the provider tells which letters came back.
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in env.ENVIRON.items() if name.startswith("ANYMAIL_")}
if ESP:
    OUTBOX_TRANSPORT = f"anymail.backends.{ESP}.EmailBackend"
elif EMAIL_URL and not EMAIL_URL.startswith("filemail:"):
    vars().update({k: v for k, v in env.email_url("EMAIL_URL").items() if k != "EMAIL_BACKEND"})
    EMAIL_TIMEOUT = 30
    OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
else:
    OUTBOX_TRANSPORT = "outbox.file_transport.FileBackend"
# How many connections to the relay one worker may use at once.
OUTBOX_LANES = env.int("OUTBOX_LANES", default=16)

# What single receiving houses take: domain=connections or domain=connections/letters a minute, comma separated.
OUTBOX_DOMAIN_LIMITS = env.str("OUTBOX_DOMAIN_LIMITS", default="")

# The address that letters come back to, with its own mailbox: bounces@portal.example.org. Each letter adds its own mark
# to it (bounces+…@). Empty: letters come back to their sender's address.
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default="")

# Where letters come back to and answers come in, asked once a minute: imap+tls://user:password@host:993/INBOX
INBOX_URL = env.str("INBOX_URL", default="")
# The name by which the mail server that receives our post signs its Authentication-Results (RFC 8601), as
# mx.example.org. Without it no calendar's answer is taken by itself: each waits for a coordinator.
AUTHSERV_ID = env.str("AUTHSERV_ID", default="")
# For a box of Microsoft 365, whose server writes no such name: its topmost Authentication-Results counts without one.
AUTHENTICATION_RESULTS_WITHOUT_ID = env.bool("AUTHENTICATION_RESULTS_WITHOUT_ID", default=False)

# Opens /inbound/<secret>/ for a relay's webhook or a pipe of the mail server: at least 20 letters and digits.
INBOUND_SECRET = env.str("INBOUND_SECRET", default="")
EMAIL_FILE_PATH = DATA_DIR / "mail"

# --- Words, times and places ---

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["youthnet.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Helsinki")
# Whose public holidays are pointed out when a series of meetings is planned (ISO 3166).
HOLIDAYS_OF = env.str("HOLIDAYS_OF", default="FI")

# How many minutes the code on the slide lets people mark themselves as present. The slide renews it at half that time.
ATTENDANCE_CODE_MINUTES = env.int("ATTENDANCE_CODE_MINUTES", default=10)

# --- Files ---

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
MEDIA_ROOT = DATA_DIR / "media"
# How many megabytes the pictures and documents of the method bank may take together.
UPLOAD_QUOTA_MB = env.int("UPLOAD_QUOTA_MB", default=10_000)
# Small files in memory; large ones on disk, up to the limit that the forms then tell in words.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "lib.uploads.upload_handler.BoundedUploadHandler",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "lib.static_files.Storage"
    },
}
# The rich-text editor cleans what is pasted from other programs (lib/text/richtext.py names the extension).
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {"js": [static_lazy("js/paste_editor.js")], "extensions": {"PasteCleanup": html_tags([])}},
]
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG

# --- Safety ---

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = not DEBUG and SITE_URL.startswith("https://")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# The proxy in front must set this header; say no when there is none.
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("http") else []
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Logs: no addresses, no tokens ---

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"without_secrets": {"()": "youthnet.logging_filters.WithoutSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_secrets"]}},
    # a line for each step of each PDF tells nobody anything
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint.progress", "fontTools")}
    # Django's own handlers in development know no filter: everything goes through ours
    | {name: {"handlers": [], "level": "INFO", "propagate": True} for name in ("django", "django.server")},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
