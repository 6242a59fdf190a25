"""Settings of the register that is measured: those of service, with the test client let in."""

from __future__ import annotations

import os

from registry.settings import *  # noqa: F403
from registry.settings import STATIC_ROOT, TEMPLATES

STATIC_ROOT.mkdir(exist_ok=True)
ALLOWED_HOSTS = ["testserver"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if os.environ.get("BENCHMARK_STOCK"):
    ROOT_URLCONF = "tests.benchmarks.stock"
    TEMPLATES[0]["DIRS"] = []  # Django's own pages, not ours
