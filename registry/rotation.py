"""Sealing every encrypted column anew with the active key, batch by batch.

A value names its key, so what is still to do is found by looking at the values: a rotation that
was interrupted goes on where it stopped. A row is written only if its value is still the one that
was read, so a clerk who saves meanwhile loses nothing. The log gets no entry for each value, as
none has changed for its readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from registry import encryption
from registry.fields import EncryptedBytesField, EncryptedTextField
from registry.models import KeyCheck


class SealedColumn:
    """One encrypted column of one table, read and written as it is kept.

    Queries are written here because the fields would open and seal each value themselves.
    """

    def __init__(self, model: type[models.Model], field: models.Field[Any, Any]) -> None:
        self.name = f"{model._meta.label}.{field.name}"
        self.purpose: str = field.purpose  # type: ignore[attr-defined]
        self.is_bytes = isinstance(field, EncryptedBytesField)
        quote = connection.ops.quote_name
        assert model._meta.pk is not None and field.column is not None  # noqa: PT018, S101
        self.table, self.column = quote(model._meta.db_table), quote(field.column)
        self.key = quote(model._meta.pk.column or "")

    def count(self, key_id: str, *, others: bool = False) -> int:
        """Return how many values are sealed with a key, or with any other one."""
        condition, values = self._sealed_with(key_id, others=others)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {self.table} WHERE {condition}",  # noqa: S608 - our names
                values,
            )
            found: int = cursor.fetchone()[0]
        return found

    def seal_anew(self, batch: int) -> Iterator[tuple[int, list[Any]]]:
        """Seal the values of other keys with the active one; after each batch, yield how many
        were looked at and the primary keys of those that cannot be opened."""
        last: Any = None
        while True:
            with transaction.atomic():
                rows = self._next(last, batch)
                sealed, closed = self._sealed_anew(rows)
                with connection.cursor() as cursor:
                    cursor.executemany(
                        f"UPDATE {self.table} SET {self.column} = %s"  # noqa: S608 - our names
                        f" WHERE {self.key} = %s AND {self.column} = %s",
                        sealed,
                    )
            if not rows:
                return
            last = rows[-1][0]
            yield len(rows), closed

    def _next(self, last: Any, batch: int) -> list[tuple[Any, Any]]:
        condition, values = self._sealed_with(encryption.active_key(), others=True)
        if last is not None:
            condition, values = f"{condition} AND {self.key} > %s", [*values, last]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {self.key}, {self.column} FROM {self.table}"  # noqa: S608 - our names
                f" WHERE {condition} ORDER BY {self.key} LIMIT %s",
                [*values, batch],
            )
            return list(cursor.fetchall())

    def _sealed_with(self, key_id: str, *, others: bool) -> tuple[str, list[Any]]:
        prefix: Any = f"{key_id}:".encode() if self.is_bytes else f"{key_id}:"
        sign = "<>" if others else "="
        condition = (
            f"{self.column} IS NOT NULL AND length({self.column}) > 0"
            f" AND substr({self.column}, 1, %s) {sign} %s"
        )
        return condition, [len(prefix), prefix]

    def _sealed_anew(self, rows: list[tuple[Any, Any]]) -> tuple[list[list[Any]], list[Any]]:
        sealed, closed = [], []
        for key, value in rows:
            try:
                sealed.append([self._anew(value), key, value])
            except (encryption.WrongKey, ValueError):
                closed.append(key)
        return sealed, closed

    def _anew(self, value: Any) -> Any:
        if self.is_bytes:
            plain = encryption.opened_bytes(bytes(value), self.purpose)
            return encryption.sealed_bytes(plain, self.purpose)
        return encryption.sealed(encryption.opened(value, self.purpose), self.purpose)


def sealed_columns() -> list[SealedColumn]:
    """Return every encrypted column of the register, less the samples that belong to a key."""
    return [
        SealedColumn(model, field)
        for model in apps.get_models(include_auto_created=True)
        if model is not KeyCheck and not model._meta.proxy and model._meta.managed
        for field in model._meta.local_concrete_fields
        if isinstance(field, (EncryptedTextField, EncryptedBytesField))
    ]
