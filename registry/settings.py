"""Settings of the register. What an office may change comes from the environment; README lists it.

A setting that cannot be read stops the start-up with a sentence: a register that starts with a
guessed setting is worse than one that does not start.
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from registry.database import database, holds_data, use_newer_sqlite
from registry.environment import env_flag, env_folder, env_list, env_number, env_text
from registry.keys import make_field_keys, make_folder, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

# Where this register runs

DEBUG = env_flag("REGISTRY_DEBUG", default=False)
DEMO = env_flag("REGISTRY_DEMO", default=False)
BIND = env_text("REGISTRY_BIND", "127.0.0.1")
PORT = env_number("REGISTRY_PORT", 8000, at_least=1, at_most=65535)
WORKERS = env_number("REGISTRY_WORKERS", 2, at_least=1, at_most=64)  # processes
THREADS = env_number("REGISTRY_THREADS", 4, at_least=1, at_most=64)  # in each of them
HTTPS = env_flag("REGISTRY_HTTPS", default=False)
# Proxies whose X-Forwarded-For is believed, so that a lock counts clerks and not the proxy.
TRUSTED_PROXIES = env_list("REGISTRY_TRUSTED_PROXIES", [])
ALLOWED_HOSTS = env_list("REGISTRY_HOSTS", ["localhost", "127.0.0.1", "[::1]"])

# What it keeps

DATA_FOLDER = env_folder("REGISTRY_DATA", BASE_DIR / "data")
KEYS_FOLDER = env_folder("REGISTRY_KEYS", DATA_FOLDER / "keys")
FONTS_FOLDER = env_folder("REGISTRY_FONTS", DATA_FOLDER / "fonts")
# Families of the office's own for papers, most wanted first; one that is not found is passed over.
# Both names of each: which of them counts is up to the maker of the file.
TITLE_FONTS = env_list(
    "REGISTRY_TITLE_FONTS", ["方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK"]
)
LETTER_FONTS = env_list(
    "REGISTRY_LETTER_FONTS", ["仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong"]
)
LIST_FONTS = env_list("REGISTRY_LIST_FONTS", ["宋体", "SimSun"])
make_folder(DATA_FOLDER)
os.umask(0o077)  # the database, its journal, papers: for the account of the register alone
SECRET_KEY = secret_key(KEYS_FOLDER)

use_newer_sqlite()
DATABASES = {"default": database(env_text("DATABASE_URL", ""), DATA_FOLDER, pool_size=THREADS)}
if not holds_data(DATABASES["default"]):  # a key made anew would hide that the old one is lost
    make_field_keys(KEYS_FOLDER)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What it is made of

INSTALLED_APPS = [
    "members",
    "branches",
    "registry.apps.RegistryConfig",
    "registry.apps.RegistryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "import_export",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before the static files: a picture may hold a script, too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "registry.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "registry.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "registry.middleware.Sessions",  # behind the CSRF token's check, see there
    "registry.middleware.Acting",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "registry.urls"
WSGI_APPLICATION = "registry.wsgi.application"
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
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Who comes in

AUTH_USER_MODEL = "registry.User"
# Who may do what: the registry asks, the app that keeps the grants answers.
ACCESS = "branches.models.grants.may"
ACCESS_ROWS = "branches.models.grants.rows_where"
AUTHENTICATION_BACKENDS = ["registry.login.backend.CountingBackend"]
LOGIN_URL = "admin:login"
# Roles whose accounts need a code from a phone beside the password; others may set one up.
TOTP_ROLES = env_list("REGISTRY_TOTP_ROLES", [])
SECOND_FACTOR_REQUIRED = "branches.models.grants.second_factor_required"
SECOND_FACTOR_ISSUER = _("Party member registry")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# When a session ends is said in registry/login/sessions.py; its row outlives it by some hours, so
# that a form which comes too late can be kept for its user.
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "registry.login.kept_forms.csrf_failed"
SECURE_SSL_REDIRECT = False  # the proxy that holds the certificate redirects, or nobody does
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

# Which language and which day

LANGUAGE_CODE = "zh-hans"
FORMAT_MODULE_PATH = "registry.formats"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "registry" / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_AGE = 31_536_000
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# What is served beside the pages

STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_FOLDER / "files"
FILE_UPLOAD_HANDLERS = [
    "registry.uploads.UpToTheLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
