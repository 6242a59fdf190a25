"""Who may do what, asked by the shared tools and answered by the app that keeps the grants."""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol, cast

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

# The verbs that the shared tools themselves ask for; the roles say who carries them.
VIEW, ADD, CHANGE, REVEAL, VIEW_HISTORY = "view", "add", "change", "reveal", "view_history"
IMPORT, APPLY = "import", "apply"
EXPORT, EXPORT_FULL = "export", "export_full"


class Answer(Protocol):
    def __call__(self, user: Any, verb: str, path: str | None = None) -> bool: ...


class Scoped(Protocol):
    """The rows of a model that say which of them a user may see."""

    def visible_to(self, user: Any, verb: str) -> models.QuerySet[Any]: ...


@cache
def _answer() -> Answer:
    answer: Answer = import_string(settings.ACCESS)
    return answer


def may(user: Any, verb: str) -> bool:
    """Return whether ``user`` has ``verb`` on anything at all."""
    return _answer()(user, verb)


def may_at(user: Any, verb: str, path: str) -> bool:
    """Return whether ``user`` has ``verb`` on the organisation at ``path``."""
    return _answer()(user, verb, path)


def in_scope(user: Any, verb: str, field: str) -> models.Q:
    """Return the condition that the path in ``field`` lies where ``user`` has ``verb``."""
    condition: models.Q = import_string(settings.ACCESS_ROWS)(user, verb, field)
    return condition


def may_on(user: Any, verb: str, record: models.Model) -> bool:
    """Return whether ``user`` has ``verb`` on this record: the same rows as the lists show."""
    rows = cast("Scoped", type(record)._default_manager)  # every admin's rows: check registry.E103
    return rows.visible_to(user, verb).filter(pk=record.pk).exists()


class Operator:
    """Who runs a command on the machine itself: sees all, and the log says so."""

    pk = None
    is_active = True
    is_operator = True
    is_authenticated = True

    def __str__(self) -> str:
        return "operator"


OPERATOR = Operator()
