"""Settings, all from the environment. With an empty environment this is a demonstration site on 127.0.0.1.

`PORTAL_PRODUCTION=true` makes it a city's site: nothing is generated or guessed any more, and portal/checks.py
refuses what is missing. docs/architecture.md tells how a city runs it, docker-compose.yml is the example.
"""

import warnings
from pathlib import Path

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF

from portal.environment import Environment
from portal.secret import kept_secret

# Lets ModelAdmin[Case] and its like say at run time what they say to the type checker.
django_stubs_ext.monkeypatch()

env = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent


# The kind of site -----------------------------------------------------------------------------------------------------

PRODUCTION = env.bool("PORTAL_PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
PORTAL_SITE_NAME = env.str("PORTAL_SITE_NAME", default="服务机构公开平台")

# Everything the site writes, and nothing else, lies below this folder.
VAR = Path(env.str("PORTAL_VAR", default=str(BASE_DIR / "var")))
if not PRODUCTION:
    VAR.mkdir(mode=0o700, parents=True, exist_ok=True)

# A demonstration or training clock (records/clock.py). A city's site keeps real time: portal.E003.
_clock_file = env.str("PORTAL_CLOCK_FILE", default="" if PRODUCTION else str(VAR / "clock.json"))
CLOCK_FILE = Path(_clock_file) if _clock_file else None


# Secrets and addresses ------------------------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else kept_secret(VAR / "secret_key"))
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])


# Apps and middleware --------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "changes",
    "clearance",
    "corrections",
    "evaluations",
    "notices",
    "publicity",
    "cases",
    "accounts",
    "providers",
    "cities",
    "records",
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "guardian",
    "simple_history",
]

# No LocaleMiddleware: the pages are written in Chinese, so the admin stays Chinese in an English browser.
MIDDLEWARE = [
    "portal.middleware.request_ids",
    "portal.middleware.fences",
    "django.middleware.security.SecurityMiddleware",
    # Before WhiteNoise, which answers by itself: a static file carries the same.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.login.gate.gate",
    "simple_history.middleware.HistoryRequestMiddleware",
    "portal.middleware.nothing_kept",
    "portal.middleware.SeenOnly",
    "portal.middleware.nothing_personal",
    "portal.middleware.reads_once",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "portal.context.site",
            ]
        },
    }
]


# Database -------------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'portal.sqlite3'}")}
DATABASE = DATABASES["default"]
# Apart from the address, so that it can come from a file of its own.
DATABASE["PASSWORD"] = env.str("DATABASE_PASSWORD", default=DATABASE["PASSWORD"])
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that only later turns out to write would fail with "database is locked" at once.
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASE["CONN_HEALTH_CHECKS"] = True
    if env.bool("DATABASE_PREPARED", default=False):
        # What comes again and again is planned once. Not through a pooler that gives each transaction another connection.
        prepared = {"server_side_binding": True, "prepare_threshold": 5}
        DATABASE["OPTIONS"] = {**DATABASE.get("OPTIONS", {}), **prepared}
    # A cluster made in another encoding could not hold Chinese names in the test database.
    DATABASE["TEST"] = {"CHARSET": "UTF8", "TEMPLATE": "template0"}


# Cache ----------------------------------------------------------------------------------------------------------------

CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}


# Tasks ----------------------------------------------------------------------------------------------------------------
# No task is ever sent with an ETA: a deadline is a row, and the sweep does what is due (docs/architecture.md).

CELERY_BROKER_URL = env.str("BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# kB. The large Chinese fonts stay in a process that has once set a document.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "cases.tasks.sweep_due",
        "schedule": 60.0,
        # A worker that was away finds the next sweep, not a queue of old ones: one does all that is due.
        "options": {"expires": 55},
    },
    "operator": {
        "task": "portal.tasks.tell_operator",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "orphans": {"task": "portal.tasks.remove_orphans", "schedule": crontab(hour="3", minute="40")},
}

# A request that wrote a letter calls whoever sends it: a Redis that does not answer must not keep it waiting.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"socket_connect_timeout": 2}
BROKER_FOLDER = VAR / "broker" if CELERY_BROKER_URL.startswith("filesystem:") else None
if BROKER_FOLDER:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # The same folder both ways: what one process puts out, another takes in.
        "data_folder_in": str(BROKER_FOLDER / "messages"),
        "data_folder_out": str(BROKER_FOLDER / "messages"),
        "control_folder": str(BROKER_FOLDER / "control"),
        "store_processed": False,
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
    for folder in (BROKER_FOLDER, BROKER_FOLDER / "messages", BROKER_FOLDER / "control"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


# People and sessions --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.login.validators.Similarity",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "accounts.login.validators.Length", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.login.validators.Common"},
    {"NAME": "accounts.login.validators.Numeric"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Counted from the last page, not from the login: a long form is not lost while somebody works on it.
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=2 * 60 * 60)
SESSION_SAVE_EVERY_REQUEST = True
# Counted from the login, however busy somebody is.
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 60 * 60)
SESSION_ENGINE = "accounts.login.store"
# Whoever holds an office role has set up a second factor before anything else.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
# After so many failures an account waits where they came from; after so many a whole network does.
LOGIN_TRIES = env.int("LOGIN_TRIES", default=5)
LOGIN_TRIES_PER_ADDRESS = env.int("LOGIN_TRIES_PER_ADDRESS", default=100)
LOGIN_LOCK_SECONDS = env.int("LOGIN_LOCK_SECONDS", default=15 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
# How long no password link goes to an address that somebody else has changed.
ADDRESS_REST_HOURS = env.int("ADDRESS_REST_HOURS", default=72)
# What links in letters begin with; empty takes the address of the request that sends them.
# From which hour of a working day on each desk gets its letter of what waits there.
DESK_LETTER_HOUR = env.int("DESK_LETTER_HOUR", default=8)
PORTAL_BASE_URL = env.str("PORTAL_BASE_URL", default="")


# Language and time ----------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True


# Files ----------------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)

# Uploads are handed out by views that ask who wants them, never by the web server.
PRIVATE_FILES_ROOT = Path(env.str("PRIVATE_FILES_ROOT", default=str(VAR / "files")))
# What sensitive ones are encrypted with, the newest first; the others are for what is not encrypted again yet.
FILE_KEYS = env.list("FILE_KEYS", default=[]) or ([] if PRODUCTION else [kept_secret(VAR / "file_key")])
# A virus scanner (clamd) that looks at every upload: host:port, or the path of its socket.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_FILES_ROOT), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# What is larger goes to a temporary file; the whole request is capped by the proxy (deploy/nginx.conf.template).
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 50


# What a browser may do ------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=PRODUCTION)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60 if PRODUCTION else 0)
# Both promise something for a whole domain, which is for the domain's owner to promise and not for one site in it.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Only behind a proxy that sets this header itself; otherwise any visitor could claim to have come by https.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


# Objections -----------------------------------------------------------------------------------------------------------

# How many files of one kind may come with an objection.
OBJECTION_FILES = env.int("OBJECTION_FILES", default=5)
# How much the public may have uploaded that belongs to no objection yet; what is not used is removed after four hours.
OBJECTION_UPLOADS_MB = env.int("OBJECTION_UPLOADS_MB", default=2000)

# The office's own licensed fonts for documents, a file each (records/printing/fonts.py).
_fonts = env.str("FONTS_DIR", default="")
FONTS_DIR = Path(_fonts) if _fonts else None


# Personal data --------------------------------------------------------------------------------------------------------

# For how many years after the last act on them names and addresses are kept with the archive; then they may be erased.
PERSONAL_KEPT_YEARS = env.int("PERSONAL_KEPT_YEARS", default=10)


# Letters by e-mail ----------------------------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR / "mail")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
# Everything leaves through records.mail, which keeps back what a site that is not a city's may not send.
EMAIL_CARRIER, EMAIL_BACKEND = EMAIL_BACKEND, "records.mail.AllowListBackend"
EMAIL_ALLOWED = env.list("EMAIL_ALLOWED", default=[])  # addresses, and domains as @example.org
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")


# Operations -----------------------------------------------------------------------------------------------------------

# /metrics is there for who brings the token or comes from such an address, and for nobody else.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Behind a proxy on this machine every visitor of the internet comes from this machine.
_nobody_else = [] if PRODUCTION or BEHIND_PROXY else ["127.0.0.1", "::1"]
METRICS_ADDRESSES = env.list("METRICS_ADDRESSES", default=_nobody_else)
# What is left on the disk of PORTAL_VAR when the operator's page warns, and when it is red.
DISK_WARN_MB = env.int("DISK_WARN_MB", default=5000)
DISK_RED_MB = env.int("DISK_RED_MB", default=1000)


# Logs -----------------------------------------------------------------------------------------------------------------
# To standard error, one JSON object per line in production, each with the id of its request or task. No query strings, request
# bodies, names or addresses of people (portal/logs.py).

DEFAULT_EXCEPTION_REPORTER = "portal.reports.Report"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "portal.logs.JsonFormatter"},
        "plain": {
            "()": "portal.logs.PlainFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s",
        },
    },
    "filters": {"request_id": {"()": "portal.logs.RequestId"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "json" if PRODUCTION else "plain",
        }
    },
    "root": {
        "handlers": ["console"],
        "level": env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING"),
    },
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # Below this it writes every statement with its values.
        "django.db.backends": {"level": "INFO"},
    },
}
if not PRODUCTION:
    # A newcomer's container has only root, and tasks travel as JSON, never as pickle.
    warnings.filterwarnings("ignore", r"\s*You're running the worker with superuser")
