"""Rows of the ledger: added, never edited, never deleted."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from branches.models import in_scopes, scopes
from branches.rules import roles
from registry.models import Record


class AppendingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, verb: str = roles.VIEW_DUES) -> Self:
        """The rows of organisations on which ``user`` has ``verb``."""
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def update(self, **kwargs: Any) -> int:
        raise TypeError("The ledger is only ever added to: reverse the row.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The ledger is only ever added to: reverse the row.")


class Appending(Record):
    """A row that stays as it was written; what was wrong is reversed by a row of its own."""

    objects = AppendingQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The ledger is only ever added to: reverse the row.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The ledger is only ever added to: reverse the row.")

    @property
    def log_chain(self) -> str:
        row: Any = self  # every subclass has the column
        return f"organization:{row.organization_id}"
