"""When a session ends: after 15 minutes without work, after 8 hours, and with its account.

The session remembers whose it was, so that a form that was half filled in when it ended can be
kept for that user (``registry.login.kept_forms``).
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
NOTED_EVERY = 60  # seconds: a row is written once a minute, not with every page
# A script that asks on its own sends this header, so that a page left open is not taken for work.
POLLING_HEADER = "X-Polling"

BEGAN, ACTIVE, ENDED = "began", "active", "ended_user"


def begin(session: SessionBase) -> None:
    session[BEGAN] = session[ACTIVE] = int(time.time())


def is_over(session: SessionBase, now: float) -> bool:
    """Return whether the session has been idle, or has lasted, for too long."""
    idle: float = now - session.get(ACTIVE, now)
    lasted: float = now - session.get(BEGAN, now)
    return idle >= IDLE.total_seconds() or lasted >= LONGEST.total_seconds()


def note_work(session: SessionBase, now: float) -> None:
    if BEGAN not in session:
        begin(session)
    elif now - session[ACTIVE] >= NOTED_EVERY:
        session[ACTIVE] = int(now)


def end_if_over(request: HttpRequest) -> bool:
    """End the request's session where its time is over or its account is; return whether it is.

    Asks for the session's user before ``request.user`` does, which forgets him when the account
    was closed or its password changed.
    """
    user_id = request.session.get(SESSION_KEY)
    if user_id is None:
        return False
    now = time.time()
    if request.user.is_authenticated and not is_over(request.session, now):
        if POLLING_HEADER not in request.headers:
            note_work(request.session, now)
        return False
    end(request, user_id)
    return True


def end(request: HttpRequest, user_id: Any) -> None:
    logout(request)
    request.session[ENDED] = int(user_id)


def ended_user(request: HttpRequest) -> int | None:
    """Return whose session it was that has ended in this browser."""
    user_id: int | None = request.session.get(ENDED)
    return user_id
