"""Columns that Django lacks: encrypted text and bytes, partial dates, text in byte order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from registry import encryption
from registry.calendar import PartialDate
from registry.forms import PartialDateFormField

if TYPE_CHECKING:
    # What is put into a column and what comes out of it. At run time these classes are not generic.
    _CharField = models.CharField[str | Combinable, str]
    _TextField = models.TextField[str | Combinable, str]
    _BinaryField = models.BinaryField[bytes, bytes]
    _DateCodeField = models.IntegerField[
        PartialDate | date | str | Combinable | None, PartialDate | None
    ]
else:
    _CharField, _TextField = models.CharField, models.TextField
    _BinaryField, _DateCodeField = models.BinaryField, models.IntegerField


class ByteOrderedCharField(_CharField):
    """Short text that sorts and compares by its bytes on every database.

    A range over an index is then a prefix search: SQLite compares bytes anyway, PostgreSQL is
    told to by the collation "C".
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class _OnlyWhole:
    """Mixin: a question about the inside of an encrypted column has no answer, so it is refused."""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"exact", "isnull"}:
            raise FieldError(f"{self.name} is encrypted: ask its digest column.")  # type: ignore[attr-defined]
        return super().get_lookup(lookup_name)  # type: ignore[misc]


class EncryptedTextField(_OnlyWhole, _TextField):
    """Text that the database holds only encrypted; empty text stays empty.

    ``purpose`` is bound into each value, so that one moved into another column by hand cannot be
    read there. Equality is asked of a digest column beside it (``encryption.digest_of``).
    """

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"purpose": self.purpose}

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encryption.sealed(value, self.purpose) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return encryption.opened(value, self.purpose) if value else value


class EncryptedBytesField(_OnlyWhole, _BinaryField):
    """A file that the database holds only encrypted."""

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"purpose": self.purpose}

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        if value:
            value = encryption.sealed_bytes(bytes(value), self.purpose)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        return encryption.opened_bytes(bytes(value), self.purpose) if value else value


class PartialDateField(_DateCodeField):
    """A ``PartialDate``, kept as 19850612, 19850600 or 19850000, which sort by their first day."""

    description = _("Day, month or year")

    def from_db_value(self, value: int | None, *_: Any) -> PartialDate | None:
        return None if value is None else PartialDate.from_code(value)

    def to_python(self, value: Any) -> PartialDate | None:
        if value in (None, ""):
            return None
        if isinstance(value, int):
            return PartialDate.from_code(value)
        try:
            return PartialDate.of(value)
        except ValueError as error:
            raise ValidationError(
                _("“%(value)s” is not a date. Write it as 1985-06-12, 1985-06 or 1985."),
                code="date_unreadable",
                params={"value": value},
            ) from error

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, (PartialDate, date, str)):
            value = PartialDate.of(value).code if value else None
        return super().get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(
        self, form_class: Any = PartialDateFormField, choices_form_class: Any = None, **kwargs: Any
    ) -> Any:
        return models.Field.formfield(self, form_class, choices_form_class, **kwargs)

    @property
    def validators(self) -> list[Any]:
        """None: the bounds that Django adds for integers compare numbers with dates."""
        return []
