"""Months as columns: dates that are always the first day of their month."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def is_month(field: str) -> Q:
    """Return the condition that a date is the first day of a month, as every database says it."""
    return Q(**{f"{field}__endswith": "-01"})


def kept_as_month(name: str, field: str) -> models.CheckConstraint:
    """Return the constraint ``name`` that lets ``field`` hold first days only, or nothing."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__isnull": True}) | is_month(field),
        violation_error_message=_("A month is kept as its first day. Choose the first."),
    )


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    """Return the constraint ``name`` that ``month_until`` comes after ``month_from``."""
    return models.CheckConstraint(
        name=name,
        condition=Q(month_until__isnull=True) | Q(month_until__gt=models.F("month_from")),
        violation_error_message=_("It ends after it begins. Check both months."),
    )
