"""From when until when something holds: rows with ``begins_on`` and ``ends_on``."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def goes_on(day: date) -> Q:
    """The condition that a row has not ended by ``day``."""
    return Q(ends_on__isnull=True) | Q(ends_on__gt=day)
