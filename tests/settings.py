"""Settings under which tests run: English, a temporary data folder, cheap passwords."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SCRATCH = Path(tempfile.mkdtemp(prefix="registry-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("REGISTRY_")]:
    del os.environ[name]  # an office's own settings must not decide what a test sees
os.environ["REGISTRY_DATA"] = str(SCRATCH / "data")

from registry.settings import *  # noqa: E402, F403 - the environment comes first
from registry.settings import DATABASES, STATIC_ROOT  # noqa: E402

STATIC_ROOT.mkdir()  # whitenoise looks whether it is there; the test server finds files itself

LANGUAGE_CODE = "en"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: several threads then get connections of their own, as in service.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
else:
    # A test database can be dropped only when no pool holds it open.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
