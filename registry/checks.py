"""What must hold before the register starts; each finding has an id, a sentence and a hint.

Checks that ask the database are run by ``manage.py serve`` and ``manage.py check --database
default``; the others before every command.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from registry.database import WITHDRAWN, sqlite_version, wal_is_safe
from registry.keys import FIELD_KEYS_FILE, SECRET_KEY_FILE, read_field_keys
from registry.papers import cmaps
from registry.papers.typefaces import can_be_looked_into, font_files

MOUNTS = Path("/proc/mounts")
NETWORK_FILE_SYSTEMS = {
    "9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "gfs2", "glusterfs", "lustre",
    "ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs", "virtiofs",
}  # fmt: skip
SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}


def register_checks() -> None:
    """Hand the checks to Django. Called once, when the app is ready."""
    for check in (
        sqlite_library, file_system, data_folder, key_files, public_address, xml_reader,
        office_fonts,
    ):  # fmt: skip
        register(check, "registry")
    for check in (sqlite_connection, postgresql_connection, field_keys_fit, demo_logins):
        register(check, Tags.database)


def on_sqlite() -> bool:
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")


# Without the database


def sqlite_library(**_: Any) -> list[CheckMessage]:
    """The library that keeps the file must not be one that can corrupt it."""
    version = sqlite_version()
    written = ".".join(map(str, version))
    if not on_sqlite():
        return []
    if version == WITHDRAWN:
        return [
            Error(
                f"SQLite {written} was withdrawn by its makers.",
                hint="Install the packages of requirements.txt: pysqlite3 brings a sound one.",
                id="registry.E001",
            )
        ]
    if not wal_is_safe(version):
        return [
            Caution(
                f"SQLite {written} cannot keep a write-ahead log safely, so readers wait for"
                " writers.",
                hint="Install the packages of requirements.txt: pysqlite3 brings a newer one.",
                id="registry.W001",
            )
        ]
    return []


def file_system(**_: Any) -> list[CheckMessage]:
    """SQLite's locks do not hold on network file systems; two writers would ruin the file."""
    kind = file_system_under(settings.DATA_FOLDER, mounts())
    if kind not in NETWORK_FILE_SYSTEMS or not on_sqlite():
        return []
    return [
        Error(
            f"The data folder {settings.DATA_FOLDER} lies on a network file system ({kind}),"
            " where SQLite loses data.",
            hint="Set REGISTRY_DATA to a folder on a disk of this machine, or DATABASE_URL to"
            " PostgreSQL.",
            id="registry.E004",
        )
    ]


def mounts() -> list[tuple[str, str]]:
    """Return (folder, kind of file system) of every mount; none where the system does not tell."""
    if not MOUNTS.exists():
        return []
    lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    return [
        (fields[1].replace("\\040", " "), fields[2])
        for fields in map(str.split, lines)
        if len(fields) > 2
    ]


def file_system_under(folder: Path, mounted: Sequence[tuple[str, str]]) -> str:
    """Return the kind of the innermost mount that holds ``folder``; "" where none is known."""
    held_by = [
        (len(place), number, kind)
        for number, (place, kind) in enumerate(mounted)
        if folder.resolve().is_relative_to(place)
    ]
    return max(held_by, default=(0, 0, ""))[2]


def data_folder(**_: Any) -> list[CheckMessage]:
    """The database, the uploads and the keys are for the register's own account alone."""
    folder = settings.DATA_FOLDER
    if not folder.exists() or not (mode := stat.S_IMODE(folder.stat().st_mode)) & 0o077:
        return []
    return [
        Error(
            f"The data folder {folder} is open to others (mode {mode:04o}).",
            hint=f"Close it: chmod 700 {folder}",
            id="registry.E013",
        )
    ]


def office_fonts(**_: Any) -> list[CheckMessage]:
    """A paper prints without them, in the font that comes along, and nobody would see why."""
    folder = settings.FONTS_FOLDER
    named = "REGISTRY_FONTS" in os.environ
    return list(font_folder_findings(folder)) if named or folder.exists() else []


def font_folder_findings(folder: Path) -> Iterator[CheckMessage]:
    """The folder can be looked into, and every font file in it can be read."""
    if not can_be_looked_into(folder):
        yield Caution(
            f"The font folder {folder} is missing or cannot be opened; papers are printed without"
            " the office's own fonts.",
            hint="Set REGISTRY_FONTS to a folder that the register's account may read.",
            id="registry.W004",
        )
        return
    for file in font_files(folder):
        try:
            cmaps.spans(file)
        except (OSError, ValueError) as fault:
            yield Caution(
                f"The font {file} cannot be used: {fault}",
                hint="Take it out, or put a sound .ttf, .otf or .ttc file there.",
                id="registry.W005",
            )


def key_files(**_: Any) -> list[CheckMessage]:
    return list(key_file_findings(settings.KEYS_FOLDER))


def key_file_findings(folder: Path) -> Iterator[CheckMessage]:
    """The keys are there, complete, and nobody's but the register's own."""
    try:
        read_field_keys(folder / FIELD_KEYS_FILE)
    except ImproperlyConfigured as fault:
        yield Error(
            str(fault),
            hint="The keys are kept beside the database, in REGISTRY_KEYS.",
            id="registry.E005",
        )
    for name in (SECRET_KEY_FILE, FIELD_KEYS_FILE):
        file = folder / name
        if file.exists() and (mode := stat.S_IMODE(file.stat().st_mode)) & 0o077:
            yield Error(
                f"{file} can be read by others (mode {mode:04o}).",
                hint=f"Close it: chmod 600 {file}",
                id="registry.E006",
            )


def public_address(**_: Any) -> list[CheckMessage]:
    """What helps a maintainer on their own machine gives everything away on any other."""
    place = public_place(settings.BIND, settings.ALLOWED_HOSTS)
    if not place:
        return []
    findings: list[CheckMessage] = []
    if settings.DEBUG:
        findings.append(
            Error(
                f"REGISTRY_DEBUG is on at {place}: an error page would show people's data.",
                hint="Set REGISTRY_DEBUG=0, or listen on 127.0.0.1 only.",
                id="registry.E008",
            )
        )
    if settings.DEMO:
        findings.append(
            Error(
                f"REGISTRY_DEMO is on at {place}: everybody knows the demo passwords.",
                hint="Set REGISTRY_DEMO=0, or listen on 127.0.0.1 only.",
                id="registry.E009",
            )
        )
    return findings


def public_place(bind: str, hosts: Sequence[str]) -> str:
    """Return the address at which others reach this register, "" where only this machine does."""
    return next((place for place in (bind, *hosts) if not is_loopback(place)), "")


def is_loopback(place: str) -> bool:
    """Whether an address or host name means this machine; a name that is not known does not."""
    if place == "localhost" or place.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(place.strip("[]")).is_loopback
    except ValueError:
        return False


def xml_reader(**_: Any) -> list[CheckMessage]:
    """Without defusedxml, a workbook of a few kilobytes can fill the memory."""
    if importlib.util.find_spec("defusedxml"):
        return []
    return [
        Error(
            "The package defusedxml is missing, so workbooks from strangers cannot be read safely.",
            hint="Install the packages of requirements.txt.",
            id="registry.E011",
        )
    ]


# With the database


def asked(databases: Sequence[str] | None, vendor: str = "") -> BaseDatabaseWrapper | None:
    """Return the connection to ask, or None where this check was not asked for it."""
    connection = connections["default"]
    wanted = "default" in (databases or ()) and vendor in ("", connection.vendor)
    return connection if wanted else None


def value_of(connection: BaseDatabaseWrapper, question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def sqlite_connection(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The settings are asked of the connection itself: a pragma that fails says nothing."""
    if not (connection := asked(databases, "sqlite")):
        return []
    journal = str(value_of(connection, "PRAGMA journal_mode")).upper()
    synchronous = int(value_of(connection, "PRAGMA synchronous"))
    return list(sqlite_connection_findings(journal, synchronous, sqlite_version()))


def sqlite_connection_findings(
    journal: str, synchronous: int, version: tuple[int, ...]
) -> Iterator[CheckMessage]:
    if journal == "WAL" and not wal_is_safe(version):
        yield Error(
            "The database keeps a write-ahead log, which this SQLite can corrupt.",
            hint="Install the packages of requirements.txt: pysqlite3 brings a newer SQLite.",
            id="registry.E002",
        )
    elif journal not in {"WAL", "DELETE", "MEMORY"}:  # MEMORY: a test's database without a file
        yield Error(
            f"The database keeps its journal in mode {journal}; after a power cut it may be lost.",
            hint="Take journal_mode out of DATABASE_URL.",
            id="registry.E002",
        )
    if synchronous < 3:
        yield Error(
            f"SQLite writes with synchronous={SYNCHRONOUS.get(synchronous, synchronous)}: what was"
            " confirmed to a clerk may be gone after a power cut.",
            hint="Take init_command out of DATABASE_URL; the register sets EXTRA itself.",
            id="registry.E003",
        )


def postgresql_connection(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    if not (connection := asked(databases, "postgresql")):
        return []
    findings: list[CheckMessage] = [
        Caution(
            f"PostgreSQL runs with {name}=off: what was confirmed to a clerk may be gone after a"
            " power cut.",
            hint=f"Set {name}=on in postgresql.conf.",
            id="registry.W003",
        )
        for name in ("fsync", "full_page_writes", "synchronous_commit")
        if value_of(connection, f"SHOW {name}") == "off"
    ]
    if (encoding := value_of(connection, "SHOW server_encoding")) != "UTF8":
        findings.append(
            Error(
                f"The database is encoded in {encoding}, which cannot hold every name.",
                hint="Create it anew: createdb --encoding UTF8 --template template0 NAME",
                id="registry.E012",
            )
        )
    return findings


def field_keys_fit(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A key of another register would seal new values that nobody finds again."""
    connection = asked(databases)
    keys = apps.get_model("registry", "KeyCheck")
    if connection is None or keys._meta.db_table not in connection.introspection.table_names():
        return []
    try:
        fits = keys.fits()
    except ImproperlyConfigured:
        return []  # the key file itself is at fault, and E005 has said so
    if fits:
        return []
    return [
        Error(
            "The field keys belong to another database: protected values cannot be read.",
            hint=f"Bring back {settings.KEYS_FOLDER / FIELD_KEYS_FILE} from the backup that"
            " belongs to this database, or set REGISTRY_KEYS to its folder.",
            id="registry.E007",
        )
    ]


def demo_logins(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Everybody knows the demo passwords, so they open nothing outside demo mode."""
    connection = asked(databases)
    users = apps.get_model("registry", "User")
    if connection is None or users._meta.db_table not in connection.introspection.table_names():
        return []
    if settings.DEMO or not users.objects.filter(is_demo=True, is_active=True).exists():
        return []
    return [
        Error(
            "There are demo logins in this database, and demo mode is off.",
            hint="Start with an empty database (REGISTRY_DATA, DATABASE_URL), or set"
            " REGISTRY_DEMO=1 on a machine that nobody else reaches.",
            id="registry.E010",
        )
    ]
