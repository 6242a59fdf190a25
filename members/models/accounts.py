"""Who has done something: an account, or whoever works on the machine itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


def whoever(label: Any) -> Any:
    """A column for an account; empty for whoever works on the machine itself."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=label,
    )


def account(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None
