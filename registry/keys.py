"""The keys of a register: made at the first start, kept in files beside the database.

A stolen copy of the database is worth nothing without these files, so they are never written into
it. Whoever keeps a backup keeps both, in two places.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SECRET_KEY_FILE = "secret_key"  # noqa: S105 - the name of a file
FIELD_KEYS_FILE = "field_keys.json"
KEY_BYTES = 32
LOOK_EVERY = 1.0  # seconds


@dataclass(frozen=True)
class FieldKeys:
    """Keys of the encrypted columns: ``active`` names the one that new values are written with.

    The others still read what was written before a rotation. ``digest`` makes the fingerprints by
    which a value is found again; it is never rotated, since every fingerprint would change.
    """

    active: str
    keys: Mapping[str, bytes]
    digest: bytes


def make_folder(folder: Path) -> None:
    """Create ``folder`` for its owner alone; leave one that exists as it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def write_draft(file: Path, text: str) -> Path:
    """Write ``text`` beside ``file``, for its owner alone, and return where."""
    make_folder(file.parent)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return draft


def write_once(file: Path, text: str) -> None:
    """Write ``text`` to a file that its owner alone may read, unless the file is there already.

    Two processes that start together agree: the text is complete before it gets its name, and of
    two names only the first one holds.
    """
    draft = write_draft(file, text)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass  # another process was first, and its key is the one that counts
    finally:
        draft.unlink()


def secret_key(folder: Path) -> str:
    """Return the key that signs sessions and forms; make it at the first start."""
    file = folder / SECRET_KEY_FILE
    if not file.exists():
        write_once(file, secrets.token_urlsafe(48) + "\n")
    if key := file.read_text(encoding="ascii").strip():
        return key
    raise ImproperlyConfigured(
        f"{file} is empty. Delete it and start again: everybody has to log in once more."
    )


def text_of(keys: FieldKeys) -> str:
    """Return ``keys`` as the key file holds them."""

    def written(key: bytes) -> str:
        return base64.b64encode(key).decode()

    content = {
        "active": keys.active,
        "keys": {name: written(key) for name, key in keys.keys.items()},
        "digest": written(keys.digest),
    }
    return json.dumps(content, indent=2) + "\n"


def new_field_keys() -> FieldKeys:
    return FieldKeys("k1", {"k1": secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))


def make_field_keys(folder: Path) -> Path:
    """Return the file of the field keys; make it at the first start."""
    file = folder / FIELD_KEYS_FILE
    if not file.exists():
        write_once(file, text_of(new_field_keys()))
    return file


def read_field_keys(file: Path) -> FieldKeys:
    """Return the keys in ``file``; raise ImproperlyConfigured with the remedy if it cannot be."""
    try:
        content = json.loads(file.read_text(encoding="ascii"))
        keys = {name: base64.b64decode(key, validate=True) for name, key in content["keys"].items()}
        digest = base64.b64decode(content["digest"], validate=True)
        active = content["active"]
        complete = {len(key) for key in (keys[active], *keys.values(), digest)} == {KEY_BYTES}
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"{file} is missing. Bring it back from the backup of the keys; without it no"
            " protected value of this register can be read."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, binascii.Error) as fault:
        raise ImproperlyConfigured(
            f"{file} cannot be read ({fault}). Bring it back from the backup of the keys."
        ) from None
    if not complete:
        raise ImproperlyConfigured(
            f"{file} does not hold complete keys. Bring it back from the backup of the keys."
        )
    return FieldKeys(active=active, keys=keys, digest=digest)


@dataclass(frozen=True)
class _Loaded:
    keys: FieldKeys
    file: tuple[int, int]  # what tells one version of the file from another
    looked: float  # when the file was looked at


_loaded: dict[str, _Loaded] = {}


def load_field_keys() -> FieldKeys:
    """Return the field keys of this register.

    They are read once, and again when the file has changed: another process may have rotated
    them. The file is looked at once a second, not for each value.
    """
    now = time.monotonic()
    before = _loaded.get("keys")
    if before and now - before.looked < LOOK_EVERY:
        return before.keys
    file = settings.KEYS_FOLDER / FIELD_KEYS_FILE
    version = version_of(file)
    same = before is not None and before.file == version
    keys = before.keys if before and same else read_field_keys(file)
    _loaded["keys"] = _Loaded(keys, version, now)
    return keys


def version_of(file: Path) -> tuple[int, int]:
    try:
        state = file.stat()
    except OSError:
        return (0, 0)  # reading it says what is wrong
    return (state.st_ino, state.st_mtime_ns)


def forget_field_keys() -> None:
    """Have the keys read anew at their next use."""
    _loaded.clear()


def save_field_keys(keys: FieldKeys) -> None:
    """Put ``keys`` in place of the file's, whole or not at all. Other processes notice within a
    second."""
    file = settings.KEYS_FOLDER / FIELD_KEYS_FILE
    write_draft(file, text_of(keys)).replace(file)
    forget_field_keys()


def with_new_key(keys: FieldKeys) -> FieldKeys:
    """Return ``keys`` and one more, which becomes the active one: k2 after k1."""
    numbers = [int(name[1:]) for name in keys.keys if name[1:].isdecimal()]
    name = f"k{max(numbers, default=0) + 1}"
    return FieldKeys(name, {**keys.keys, name: secrets.token_bytes(KEY_BYTES)}, digest=keys.digest)


def without_key(keys: FieldKeys, name: str) -> FieldKeys:
    """Return ``keys`` without one that is not the active one."""
    if name == keys.active:
        raise ValueError(f"“{name}” is the active key.")
    others = {other: key for other, key in keys.keys.items() if other != name}
    return FieldKeys(keys.active, others, digest=keys.digest)
