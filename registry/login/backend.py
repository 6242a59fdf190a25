"""Passwords: five failures within 15 minutes lock an account for 30, however they arrive.

Tries are counted per account and not per address: behind a proxy a whole office has one address,
and whoever guesses has many.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils import timezone

from registry.login.addresses import client_address
from registry.models import Action, Entry, LoginTries, User

SHOWN = 2  # signs of a name that nobody has: it may be a password in the wrong box


class CountingBackend(ModelBackend):
    """Django's own check of a password, behind the count of tries.

    A name that nobody has and an account that is locked cost the same time as a wrong password,
    and get the same answer.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        username = User.normalize_username(username)
        stamp = LoginTries.begin(username, timezone.now())
        if stamp is None:
            User().set_password(password)  # for the time that it takes
            log_failure(request, username, reason="locked")
            return None
        user = super().authenticate(request, username=username, password=password)
        if user is None:
            log_failure(request, username)
            return None
        LoginTries.take_back(username, stamp)
        return user


def log_failure(request: HttpRequest | None, username: str, reason: str = "") -> None:
    """Log a failed try and, where it was the last one allowed, that the account is locked now."""
    user = User.objects.filter(username=username).first()
    label = "" if user else f"{username[:SHOWN]}…"
    actions = [Action.LOGIN_FAILED]
    if not reason and LoginTries.locked(username, timezone.now()):
        actions.append(Action.LOCKED)
    for action in actions:
        Entry.append(action, user, address_change(request), label=label, reason=reason)


def address_change(request: HttpRequest | None) -> list[list[str]]:
    """Return where the request came from, in the shape of the log's changes."""
    return [["address", "", client_address(request)]]
