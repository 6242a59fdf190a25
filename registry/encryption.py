"""Values sealed at rest: AES-256-GCM under a named key, and keyed digests to find them by.

A sealed text is ``k1:`` and base64 of nonce and cipher text: the key's name travels with each
value, so that keys can be rotated while the register is in use.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Callable
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.keys import forget_field_keys, load_field_keys

NONCE = 12


class WrongKey(Exception):
    """A value was sealed with a key that is not here, or was moved into another column."""


@cache
def _cipher(key_id: str) -> AESGCM:
    if key_id not in load_field_keys().keys:
        forget_field_keys()  # another process may have added it just now
    try:
        return AESGCM(load_field_keys().keys[key_id])
    except KeyError:
        raise WrongKey(f"The field key “{key_id}” is not in the key file.") from None


def active_key() -> str:
    """Return the name of the key that new values are sealed with."""
    return load_field_keys().active


def forget_keys() -> None:
    """Read the key file anew at the next use: it has changed."""
    forget_field_keys()
    _cipher.cache_clear()


def sealed_bytes(value: bytes, purpose: str) -> bytes:
    """Return ``value`` sealed with the active key and bound to ``purpose``."""
    key_id = active_key()
    nonce = os.urandom(NONCE)
    return key_id.encode() + b":" + nonce + _cipher(key_id).encrypt(nonce, value, purpose.encode())


def opened_bytes(value: bytes, purpose: str) -> bytes:
    """Return what was sealed; raise ``WrongKey`` where the key or the purpose is another."""
    key_id, _, box = value.partition(b":")
    try:
        return _cipher(key_id.decode("ascii", "replace")).decrypt(
            box[:NONCE], box[NONCE:], purpose.encode()
        )
    except (InvalidTag, ValueError):
        raise WrongKey("A value cannot be opened with the field keys at hand.") from None


def sealed(value: str, purpose: str) -> str:
    """Return text sealed as text, for a text column."""
    key_id, _, box = sealed_bytes(value.encode(), purpose).partition(b":")
    return key_id.decode() + ":" + base64.b64encode(box).decode()


def sealer(purpose: str) -> Callable[[str], str]:
    """Return ``sealed`` for many values of one purpose; "" stays "", as in the columns."""
    key_id = active_key()
    encrypt, bound, mark = _cipher(key_id).encrypt, purpose.encode(), f"{key_id}:"

    def seal(value: str) -> str:
        if not value:
            return ""
        nonce = os.urandom(NONCE)
        return mark + base64.b64encode(nonce + encrypt(nonce, value.encode(), bound)).decode()

    return seal


def opened(value: str, purpose: str) -> str:
    """Return the text that ``sealed`` was given; raise ``WrongKey`` where it cannot be opened."""
    key_id, colon, box = value.partition(":")
    if not colon:
        raise WrongKey("A value in an encrypted column is not sealed.")
    return opened_bytes(key_id.encode() + b":" + base64.b64decode(box), purpose).decode()


def digest_of(purpose: str, value: str) -> str:
    """Return a keyed digest (32 hex signs) by which an equal value is found; "" for ""."""
    if not value:
        return ""
    text = f"{purpose}:{value}".encode()
    return hmac.digest(load_field_keys().digest, text, "sha256").hex()[:32]


def log_digest(text: bytes) -> str:
    """Return the keyed digest (64 hex signs) that links the log's entries into a chain."""
    return hmac.digest(load_field_keys().digest, b"\x00log:" + text, "sha256").hex()
