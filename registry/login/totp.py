"""One-time codes from a phone: RFC 6238, six digits that change every 30 seconds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from functools import cache
from typing import Any, Protocol
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from registry.models import SecondFactor, User

SECRET_BYTES = 20
DIGITS = 6
STEP = 30  # seconds
STEPS_OFF = 1  # a phone's clock may be that many steps early or late


class Answer(Protocol):
    def __call__(self, user: Any) -> bool: ...


@cache
def _required() -> Answer:
    answer: Answer = import_string(settings.SECOND_FACTOR_REQUIRED)
    return answer


def is_required(user: User) -> bool:
    """Return whether the user's roles ask for a second factor; the app with the grants knows."""
    return _required()(user)


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a time step (RFC 4226, 5.3: dynamic truncation of an HMAC-SHA-1)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: bytes, code: str, now: float, after: int) -> int | None:
    """Return the time step that ``code`` belongs to, if it is about now and later than ``after``.

    A code that has been used, or one older than it, is refused: somebody may have looked on.
    """
    here = int(now) // STEP
    for step in range(here - STEPS_OFF, here + STEPS_OFF + 1):
        if step > after and hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def secret_bytes(factor: SecondFactor) -> bytes:
    return base64.b32decode(factor.secret)


def factor_of(user: User) -> SecondFactor | None:
    """Return the user's factor where it is in use."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()


def draft_for(user: User) -> SecondFactor:
    """Return the factor that the user is about to set up, always the same until it is in use."""
    secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return SecondFactor.objects.get_or_create(user=user, defaults={"secret": secret})[0]


@transaction.atomic
def accept(user: User, code: str) -> bool:
    """Return whether ``code`` is right; the first right one puts a new factor into use."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        return False
    step = matching_step(secret_bytes(factor), code, time.time(), factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    factor.confirmed_at = factor.confirmed_at or timezone.now()
    factor.save()
    return True


def reset(user: User) -> bool:
    """Take the second factor away: the phone is lost. Return whether there was one.

    At the next login the user enters with the password alone, or sets up a new factor where a
    role asks for one.
    """
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None:
        return False
    factor.delete()
    return True


def address(factor: SecondFactor) -> str:
    """Return what the QR code says, in the form that all authenticator programs read."""
    issuer, account = quote(str(settings.SECOND_FACTOR_ISSUER)), quote(factor.user.username)
    return f"otpauth://totp/{issuer}:{account}?secret={factor.secret}&issuer={issuer}"
