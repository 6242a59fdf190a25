"""How the register starts: settings, keys, the database's settings, and the start-up checks."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from psycopg import sql

from registry import checks, environment, keys
from registry.database import database, holds_data, sqlite_options
from registry.models import KeyCheck, User

ROOT = Path(__file__).resolve().parent.parent


def ids(findings):
    return [finding.id for finding in findings]


# Settings


@pytest.mark.parametrize(("value", "flag"), [("1", True), ("0", False), ("", True), (" 0 ", False)])
def test_a_flag_is_1_or_0_and_its_default_where_it_is_empty(monkeypatch, value, flag):
    monkeypatch.setenv("REGISTRY_DEMO", value)
    assert environment.env_flag("REGISTRY_DEMO", default=True) is flag


def test_a_flag_that_is_neither_stops_the_start(monkeypatch):
    monkeypatch.setenv("REGISTRY_DEMO", "yes")
    with pytest.raises(ImproperlyConfigured) as stopped:
        environment.env_flag("REGISTRY_DEMO", default=False)
    assert str(stopped.value) == "REGISTRY_DEMO is 'yes'. Set it to 1 (yes) or 0 (no)."


@pytest.mark.parametrize("value", ["0", "65536", "-1", "80a", "8000.0", "²"])
def test_a_port_out_of_range_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("REGISTRY_PORT", value)
    with pytest.raises(ImproperlyConfigured) as stopped:
        environment.env_number("REGISTRY_PORT", 8000, at_least=1, at_most=65535)
    assert str(stopped.value) == (
        f"REGISTRY_PORT is {value!r}. Set it to a whole number from 1 to 65535."
    )


def test_a_list_is_parted_by_commas(monkeypatch):
    monkeypatch.setenv("REGISTRY_HOSTS", "dj.example.gov.cn, 10.0.0.5,")
    assert environment.env_list("REGISTRY_HOSTS", ["localhost"]) == [
        "dj.example.gov.cn",
        "10.0.0.5",
    ]


def test_every_setting_is_listed_in_the_readme():
    settings = (ROOT / "registry" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'"(REGISTRY_\w+|DATABASE_URL)"', settings))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not {name for name in names if f"`{name}`" not in readme}


def test_every_package_is_pinned_exactly_and_has_its_reason():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[\w.\[\],-]+==[\w.]+( ; [^#]+)? +# .+", line), line


# Keys


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_keys_that_only_their_owner_can_read(tmp_path):
    folder = tmp_path / "data" / "keys"
    secret = keys.secret_key(folder)
    file = keys.make_field_keys(folder)

    assert len(secret) >= 50
    assert mode_of(folder) == 0o700
    assert mode_of(folder / keys.SECRET_KEY_FILE) == 0o600
    assert mode_of(file) == 0o600
    made = keys.read_field_keys(file)
    assert len(made.keys[made.active]) == len(made.digest) == 32
    assert not list(folder.glob(".*")), "no draft is left lying about"


def test_the_second_start_keeps_the_keys(tmp_path):
    secret = keys.secret_key(tmp_path)
    made = keys.read_field_keys(keys.make_field_keys(tmp_path))
    assert keys.secret_key(tmp_path) == secret
    assert keys.read_field_keys(keys.make_field_keys(tmp_path)) == made


def test_processes_that_start_together_agree_on_the_keys(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "exists", lambda self: False)  # each believes to be the first
    seen: list[str] = []
    starts = [
        threading.Thread(target=lambda: seen.append(keys.secret_key(tmp_path))) for _ in range(8)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_changed_keys_take_the_place_of_the_old_file_whole(tmp_path, settings):
    settings.KEYS_FOLDER = tmp_path
    before = keys.read_field_keys(keys.make_field_keys(tmp_path))
    after = keys.FieldKeys("k2", {**before.keys, "k2": bytes(32)}, before.digest)
    keys.save_field_keys(after)
    assert keys.read_field_keys(tmp_path / keys.FIELD_KEYS_FILE) == after
    assert mode_of(tmp_path / keys.FIELD_KEYS_FILE) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [keys.FIELD_KEYS_FILE]


def test_a_missing_key_file_is_named_with_its_remedy(tmp_path):
    with pytest.raises(ImproperlyConfigured) as stopped:
        keys.read_field_keys(tmp_path / "field_keys.json")
    assert str(stopped.value) == (
        f"{tmp_path}/field_keys.json is missing. Bring it back from the backup of the keys;"
        " without it no protected value of this register can be read."
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="another shape"),
        pytest.param('{"active": "k1", "keys": {}, "digest": ""}', id="no keys"),
        pytest.param('{"active": "k1", "keys": {"k1": "@"}, "digest": ""}', id="no base64"),
        pytest.param('{"active": "k1", "keys": {"k1": "QUJD"}, "digest": "QUJD"}', id="too short"),
        pytest.param('{"active": ["k1"], "keys": {"k1": "QUJD"}, "digest": "QUJD"}', id="odd name"),
        pytest.param("{" * 100_000, id="nested without end"),
    ],
)
def test_a_spoilt_key_file_stops_the_start(tmp_path, content):
    file = tmp_path / "field_keys.json"
    file.write_text(content)
    with pytest.raises(ImproperlyConfigured, match="Bring it back from the backup of the keys"):
        keys.read_field_keys(file)


def test_a_lost_key_is_not_made_anew_beside_a_database_that_holds_data(tmp_path):
    entry = database("", tmp_path, pool_size=4)
    assert not holds_data(entry)
    (tmp_path / "registry.sqlite3").write_bytes(b"SQLite format 3\0")
    assert holds_data(entry)


# The database's settings


@pytest.mark.parametrize(
    ("version", "journal"),
    [((3, 40, 1), "DELETE"), ((3, 51, 2), "DELETE"), ((3, 51, 3), "WAL"), ((3, 52, 0), "DELETE"),
     ((3, 52, 1), "WAL"), ((3, 53, 4), "WAL")],
)  # fmt: skip
def test_a_write_ahead_log_is_kept_only_where_the_library_is_sound(version, journal):
    assert f"journal_mode={journal};" in sqlite_options(version)["init_command"]


def test_sqlite_lies_in_the_data_folder_and_writers_queue(tmp_path):
    entry = database("", tmp_path, pool_size=4)
    assert entry["NAME"] == str(tmp_path / "registry.sqlite3")
    assert entry["CONN_MAX_AGE"] is None
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert entry["OPTIONS"]["timeout"] == 20


def test_postgresql_gets_a_pool_as_large_as_the_threads_and_no_lasting_connections(tmp_path):
    entry = database("postgres://registry@db.example/registry", tmp_path, pool_size=4)
    assert entry["HOST"] == "db.example"
    assert entry["CONN_MAX_AGE"] == 0
    assert entry["OPTIONS"]["pool"]["max_size"] == 4


@pytest.mark.parametrize(
    "url", ["registry", "mysql://me:secret@db.example/x", "postgres://me:secret@db:port/x"]
)
def test_a_database_that_cannot_be_read_stops_the_start_without_telling_the_password(tmp_path, url):
    with pytest.raises(ImproperlyConfigured) as stopped:
        database(url, tmp_path, pool_size=4)
    assert str(stopped.value) == (
        "DATABASE_URL cannot be read. Write it as postgres://USER:PASSWORD@HOST/NAME, or as"
        " sqlite:////folder/file."
    )


@pytest.mark.django_db
def test_the_connection_in_use_has_what_the_settings_ask_for():
    call_command("check", databases=["default"], fail_level="ERROR")
    if connection.vendor == "sqlite":
        assert checks.value_of(connection, "PRAGMA synchronous") == 3
        assert checks.value_of(connection, "PRAGMA foreign_keys") == 1
    else:
        level = checks.value_of(connection, "SHOW transaction_isolation")
        assert level == "read committed"


# Start-up checks


@pytest.mark.parametrize(
    ("version", "expected"),
    [((3, 40, 1), ["registry.W001"]), ((3, 52, 0), ["registry.E001"]), ((3, 53, 4), [])],
)
def test_the_sqlite_library_is_judged(monkeypatch, version, expected):
    monkeypatch.setattr(checks, "on_sqlite", lambda: True)
    monkeypatch.setattr(checks, "sqlite_version", lambda: version)
    assert ids(checks.sqlite_library()) == expected


@pytest.mark.parametrize(
    ("journal", "synchronous", "version", "expected"),
    [
        ("WAL", 3, (3, 53, 4), []),
        ("DELETE", 3, (3, 40, 1), []),
        ("WAL", 3, (3, 40, 1), ["registry.E002"]),
        ("OFF", 3, (3, 53, 4), ["registry.E002"]),
        ("WAL", 2, (3, 53, 4), ["registry.E003"]),
        ("TRUNCATE", 0, (3, 53, 4), ["registry.E002", "registry.E003"]),
    ],
)
def test_the_journal_and_the_synchronous_setting_are_judged(
    journal, synchronous, version, expected
):
    assert ids(checks.sqlite_connection_findings(journal, synchronous, version)) == expected


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/data", "ext4"),
        ("/srv/share/register", "nfs4"),
        ("/srv/share/local/x", "xfs"),
        ("/srv", "ext4"),
    ],
)
def test_the_innermost_mount_decides_the_file_system(folder, kind):
    mounted = [("/", "ext4"), ("/srv/share", "nfs4"), ("/srv/share/local", "xfs")]
    assert checks.file_system_under(Path(folder), mounted) == kind


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs"])
def test_a_network_file_system_is_refused(monkeypatch, tmp_path, settings, kind):
    settings.DATA_FOLDER = tmp_path
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} {kind} rw 0 0\n")
    monkeypatch.setattr(checks, "MOUNTS", mounts)
    monkeypatch.setattr(checks, "on_sqlite", lambda: True)
    [finding] = checks.file_system()
    assert finding.id == "registry.E004"
    assert finding.msg == (
        f"The data folder {tmp_path} lies on a network file system ({kind}), where SQLite loses"
        " data."
    )
    assert "REGISTRY_DATA" in finding.hint


def test_keys_that_others_can_read_are_refused(tmp_path):
    keys.secret_key(tmp_path)
    file = keys.make_field_keys(tmp_path)
    assert ids(checks.key_file_findings(tmp_path)) == []
    file.chmod(0o640)
    [finding] = checks.key_file_findings(tmp_path)
    assert finding.id == "registry.E006"
    assert finding.msg == f"{file} can be read by others (mode 0640)."
    assert finding.hint == f"Close it: chmod 600 {file}"


def test_a_data_folder_that_others_can_enter_is_refused(tmp_path, settings):
    settings.DATA_FOLDER = tmp_path
    tmp_path.chmod(0o700)
    assert checks.data_folder() == []
    tmp_path.chmod(0o750)
    [finding] = checks.data_folder()
    assert finding.id == "registry.E013"
    assert finding.msg == f"The data folder {tmp_path} is open to others (mode 0750)."
    assert finding.hint == f"Close it: chmod 700 {tmp_path}"


def test_missing_keys_are_refused(tmp_path):
    assert ids(checks.key_file_findings(tmp_path)) == ["registry.E005"]


@pytest.mark.parametrize(
    ("bind", "hosts", "place"),
    [
        ("127.0.0.1", ["localhost", "127.0.0.1", "[::1]"], ""),
        ("::1", [], ""),
        ("0.0.0.0", ["localhost"], "0.0.0.0"),  # noqa: S104
        ("10.0.0.5", [], "10.0.0.5"),
        ("127.0.0.1", ["dj.example.gov.cn"], "dj.example.gov.cn"),
        ("127.0.0.1", ["*"], "*"),
    ],
)
def test_an_address_is_public_where_others_reach_it(bind, hosts, place):
    assert checks.public_place(bind, hosts) == place


def test_debug_and_demo_are_refused_on_a_public_address(settings):
    settings.DEBUG = settings.DEMO = True
    settings.BIND = "10.0.0.5"
    assert ids(checks.public_address()) == ["registry.E008", "registry.E009"]
    settings.BIND, settings.ALLOWED_HOSTS = "127.0.0.1", ["localhost"]
    assert ids(checks.public_address()) == []


@pytest.mark.django_db
def test_a_demo_login_is_refused_outside_demo_mode(settings):
    User.objects.create_user("zhao", "long-demo-password", name="赵一", is_demo=True)
    settings.DEMO = True
    assert ids(checks.demo_logins(["default"])) == []
    settings.DEMO = False
    assert ids(checks.demo_logins(["default"])) == ["registry.E010"]
    with pytest.raises(SystemCheckError, match=r"registry\.E010"):
        call_command("check", databases=["default"])


@pytest.mark.django_db
def test_keys_of_another_register_are_refused(settings, tmp_path, fresh_keys):
    assert ids(checks.field_keys_fit(["default"])) == []
    assert KeyCheck.objects.count() == 1, "the first check leaves a sample for the later ones"

    settings.KEYS_FOLDER = tmp_path
    file = keys.make_field_keys(tmp_path)
    fresh_keys()
    assert ids(checks.field_keys_fit(["default"])) == ["registry.E007"]

    content = json.loads(file.read_text())
    content["keys"]["k2"] = content["keys"].pop("k1")
    file.write_text(json.dumps(content | {"active": "k2"}))
    fresh_keys()
    assert ids(checks.field_keys_fit(["default"])) == ["registry.E007"], "k1 is gone"


def test_checks_without_a_database_ask_none():
    """``manage.py`` runs them before every command, also before the tables are there."""
    assert checks.demo_logins(None) == []
    assert checks.field_keys_fit(None) == []
    assert checks.sqlite_connection(None) == []
    assert checks.postgresql_connection(None) == []


@pytest.mark.parametrize("name", ["run", "postgres"])
def test_the_scripts_can_be_run(name):
    assert os.access(ROOT / ".ci" / name, os.X_OK)


@pytest.mark.django_db
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite the import processes migrate theirs"
)
def test_the_migrations_build_the_register_in_an_empty_database(tmp_path):
    known = connection.settings_dict
    name = f"{known['NAME']}_from_migrations"
    where = {key.lower(): known[key] for key in ("HOST", "PORT", "USER", "PASSWORD") if known[key]}
    server = psycopg.connect(dbname="postgres", autocommit=True, **where)
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    host = quote(str(where.get("host", "localhost")), safe="")
    port = f":{where['port']}" if "port" in where else ""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    kept |= {
        "REGISTRY_DATA": str(tmp_path),
        "DATABASE_URL": f"postgres://{where.get('user', '')}@{host}{port}/{name}",
    }
    try:
        for command in (["migrate", "--verbosity", "0"], ["verify_log"]):
            asked = [sys.executable, "manage.py", *command]
            done = subprocess.run(
                asked, cwd=ROOT, env=kept, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
    finally:
        server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        server.close()
