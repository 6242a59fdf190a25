"""Which database, and how it is spoken to.

SQLite until an office outgrows it, PostgreSQL afterwards; the choice is one line, DATABASE_URL.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

try:
    import pysqlite3
    from pysqlite3 import dbapi2 as pysqlite3_dbapi2
except ImportError:  # no wheel for this machine: Python's own module serves, with a slower journal
    pysqlite3 = None

# 3.52.0 was withdrawn by its makers; before 3.51.3 a WAL that was reset could corrupt the file.
WITHDRAWN = (3, 52, 0)
WAL_IS_SAFE_FROM = (3, 51, 3)


def use_newer_sqlite() -> None:
    """Let the ``pysqlite3`` wheel stand in for Python's module, before Django loads that."""
    if pysqlite3 is not None and pysqlite3.sqlite_version_info != WITHDRAWN:
        sys.modules["sqlite3"] = pysqlite3
        sys.modules["sqlite3.dbapi2"] = pysqlite3_dbapi2


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite may keep a write-ahead log."""
    return version >= WAL_IS_SAFE_FROM and version != WITHDRAWN


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite library that Django will load."""
    version: tuple[int, ...] = sys.modules["sqlite3"].sqlite_version_info
    return version


def sqlite_options(version: tuple[int, ...]) -> dict[str, Any]:
    """Options under which concurrent clerks neither fail nor lose a save.

    IMMEDIATE, since a transaction that turns from reading to writing fails at once when another
    has written meanwhile, however long the timeout: by default nine in ten did, with 16 writers.
    """
    journal = "WAL" if wal_is_safe(version) else "DELETE"
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds that a writer waits for the one before it
        "init_command": (
            f"PRAGMA journal_mode={journal};"
            "PRAGMA synchronous=EXTRA;"  # what was confirmed to a clerk survives a power cut
            "PRAGMA cache_size=-65536;"  # 64 MiB for each connection
            "PRAGMA mmap_size=268435456;"
            "PRAGMA temp_store=FILE"  # a hundred thousand waiting rows take no memory
        ),
    }


def entry_of(url: str) -> dict[str, Any]:
    """Read DATABASE_URL; it may hold a password, so the sentence about it does not quote it."""
    try:
        entry: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError:
        entry = {}
    if not str(entry.get("ENGINE")).endswith((".sqlite3", ".postgresql")):
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. Write it as postgres://USER:PASSWORD@HOST/NAME, or as"
            " sqlite:////folder/file."
        )
    return entry


def database(url: str, data: Path, *, pool_size: int) -> dict[str, Any]:
    """Return the entry of DATABASES for ``url``; without one, SQLite in the data folder."""
    if url:
        entry = entry_of(url)
    else:
        entry = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "registry.sqlite3")}
    options = entry.setdefault("OPTIONS", {})
    if entry["ENGINE"].endswith("sqlite3"):
        # What waits in temporary tables stays in the folder that nobody else may enter.
        os.environ.setdefault("SQLITE_TMPDIR", str(data))
        entry["CONN_MAX_AGE"] = None  # opening a file anew for each page would empty its cache
        for name, value in sqlite_options(sqlite_version()).items():
            options.setdefault(name, value)
    elif entry["ENGINE"].endswith("postgresql"):
        # A pool and CONN_MAX_AGE exclude each other: the pool is what keeps connections open.
        # The isolation level stays READ COMMITTED, Django's own; rows are locked where it matters.
        entry["CONN_MAX_AGE"] = 0
        options.setdefault("pool", {"min_size": 1, "max_size": pool_size, "timeout": 20})
    return entry


def holds_data(entry: dict[str, Any]) -> bool:
    """Whether the database of ``entry`` is known, without asking it, to have been written to."""
    file = Path(entry["NAME"])
    return entry["ENGINE"].endswith("sqlite3") and file.is_file() and file.stat().st_size > 0
