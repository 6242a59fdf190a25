"""What every record of the register has in common: its changes are logged, its saves checked."""

from __future__ import annotations

from typing import Any, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from registry.fields import EncryptedTextField
from registry.models.log import REGISTRY, Action, Entry

HIDDEN = "••••"


class StaleRecord(Exception):
    """Somebody else has saved the record since it was read."""


class Record(models.Model):
    """A row whose additions, changes and deletions are logged field by field, whoever writes it.

    ``masks`` says how an encrypted field stands in the log; one without a mask stands as dots.
    ``unlogged`` names columns that only follow from others.
    """

    masks: dict[str, Any] = {}
    unlogged: frozenset[str] = frozenset()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        record = super().from_db(db, field_names, values)
        record._loaded = record.__dict__.copy()
        return record

    def _kept(self) -> dict[str, Any]:
        """Return the values of all loaded columns, as they stand."""
        return {
            field.attname: self.__dict__[field.attname]
            for field in self._meta.concrete_fields
            if field.attname in self.__dict__
        }

    @property
    def log_chain(self) -> str:
        """The chain of the log in which changes of this record are linked."""
        return REGISTRY

    @property
    def log_label(self) -> str:
        return str(self)

    def changes(self) -> list[list[Any]]:
        """Return [field, old, new] for each column that differs from what was loaded."""
        before, after = getattr(self, "_loaded", {}), self._kept()
        return [
            [field.name, self._logged(field, old), self._logged(field, new)]
            for field in self._meta.concrete_fields
            if field.attname in after
            and field.name not in self.unlogged
            and not field.primary_key
            and (old := before.get(field.attname)) != (new := after[field.attname])
            and (before or new not in ("", None))
        ]

    def _logged(self, field: models.Field[Any, Any], value: Any) -> Any:
        if value in (None, ""):
            return ""
        if isinstance(field, EncryptedTextField):
            return self.masks[field.name](value) if field.name in self.masks else HIDDEN
        return value if isinstance(value, (bool, int)) else str(value)

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        action = Action.ADD if self._state.adding else Action.CHANGE
        super().save(*args, **kwargs)
        if changes := self.changes():
            Entry.append(action, self, changes, label=self.log_label)
        self._loaded = self._kept()

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        Entry.append(Action.DELETE, self, label=self.log_label)
        return super().delete(*args, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self._loaded = self._kept()


class VersionedRecord(Record):
    """A record that two clerks may open at a time: the second save is refused, not merged."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    unlogged = frozenset({"version"})

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the next version; raise ``StaleRecord`` where this is not the newest one."""
        if not self._state.adding:
            rows = type(self)._base_manager.select_for_update(no_key=True).filter(pk=self.pk)
            if rows.values_list("version", flat=True).first() != self.version:
                raise StaleRecord(str(self))
            self.version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
        try:
            super().save(*args, **kwargs)
        except Exception:
            self.version = getattr(self, "_loaded", {}).get("version", self.version)
            raise
