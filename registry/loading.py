"""Many rows at once: one prepared statement on SQLite, one COPY on PostgreSQL.

For data that is made or checked elsewhere: nothing is validated, and nothing is logged row by row.
Values are given as the database keeps them: sealed, dates as ISO text or ``date``, JSON as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, cast

from django.core.management.color import no_style
from django.db import connection, models, transaction

UPDATED_AT_ONCE = 20_000
INSERTED_AT_ONCE = 2_000  # few, since what makes the next ones may go on meanwhile


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows of values ready for the database, given for ``fields``; return how many."""
    table = connection.ops.quote_name(model._meta.db_table)
    return _insert(table, _names(model, fields), len(fields), rows)


def _names(model: type[models.Model], fields: Sequence[str]) -> str:
    columns = [cast("models.Field[Any, Any]", model._meta.get_field(field)) for field in fields]
    return ", ".join(connection.ops.quote_name(column.column) for column in columns)


def _insert(table: str, names: str, width: int, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    places = ", ".join("?" * width)
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - our names
    rows = iter(rows)
    # Rows are taken before they are sent: what makes them may ask the database, and PostgreSQL
    # answers nobody while a COPY is open.
    while batch := list(islice(rows, INSERTED_AT_ONCE)):
        # Both ways go below Django's cursor, which would name the database's errors.
        with connection.wrap_database_errors, connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in batch:
                        copy.write_row(row)
            else:
                # Django's cursor would adapt each value once more.
                connection.connection.executemany(statement, batch)
        count += len(batch)
    return count


class WaitingRoom:
    """Rows that wait beside their table until all are there, and then enter it by one statement.

    They wait in a temporary table of this connection: nobody else waits for them, and they take
    no memory of this process. What is the ``same`` in all of them is given once.
    """

    def __init__(
        self, model: type[models.Model], fields: Sequence[str], same: Mapping[str, Any]
    ) -> None:
        quote = connection.ops.quote_name
        self.table, self.names = quote(model._meta.db_table), _names(model, fields)
        self.same, self.names_of_same = list(same.values()), _names(model, list(same))
        self.room, self.width, self.count = quote(f"waiting_{model._meta.db_table}"), len(fields), 0
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {self.room}")
            empty = f"SELECT {self.names} FROM {self.table} WHERE 1 = 0"  # noqa: S608 - our names
            cursor.execute(f"CREATE TEMPORARY TABLE {self.room} AS {empty}")

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        # SQLite would end a transaction after each row; this one locks the temporary table only.
        alone = connection.vendor == "sqlite" and not connection.in_atomic_block
        if alone:
            connection.connection.execute("BEGIN DEFERRED")
        try:
            self.count += _insert(self.room, self.names, self.width, rows)
        finally:
            if alone:
                connection.connection.execute("COMMIT")

    def enter(self) -> None:
        """Let all of them into the table, within the caller's transaction."""
        if self.count:
            every = ", ".join((self.names, *["%s"] * len(self.same)))
            all_of_them = f"SELECT {every} FROM {self.room}"  # noqa: S608 - our names
            columns = f"{self.names}, {self.names_of_same}"
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {self.table} ({columns}) {all_of_them}", self.same)

    def close(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {self.room}")


def restart_numbers(*models_: type[models.Model]) -> None:
    """Let automatic numbers go on after the highest one; PostgreSQL does not notice by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models_):
            cursor.execute(statement)


def update(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    version: str = "",
) -> int:
    """Set ``fields`` of the rows with the given keys; return how many rows there were.

    Each row is the values, then the key, then, with a ``version`` column, the version that it
    must still have; it is raised by one.
    """
    quote = connection.ops.quote_name
    asked = [model._meta.pk.name, *([version] if version else [])]
    places = [
        (quote(column.column), column.db_type(connection) or "")
        for field in (*fields, *asked)
        if (column := cast("models.Field[Any, Any]", model._meta.get_field(field)))
    ]
    table = quote(model._meta.db_table)
    if connection.vendor == "postgresql":
        return _update_at_once(table, places[: len(fields)], places[len(fields) :], rows)
    changes = [f"{name} = %s" for name, _type in places[: len(fields)]]
    changes += [f"{name} = {name} + 1" for name, _type in places[len(fields) + 1 :]]
    condition = " AND ".join(f"{name} = %s" for name, _type in places[len(fields) :])
    statement = f"UPDATE {table} SET {', '.join(changes)} WHERE {condition}"  # noqa: S608 - our names
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))
        return int(max(cursor.rowcount, 0))


def _update_at_once(
    table: str,
    changed: Sequence[tuple[str, str]],
    asked: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Any]],
) -> int:
    """One statement for many rows: each of its own would be planned and looked up anew."""
    changes = [f"{name} = new.{name}" for name, _type in changed]
    changes += [f"{name} = {table}.{name} + 1" for name, _type in asked[1:]]
    condition = " AND ".join(f"{table}.{name} = new.{name}" for name, _type in asked)
    names = ", ".join(name for name, _type in (*changed, *asked))
    arrays = ", ".join(f"%s::{type_}[]" for _name, type_ in (*changed, *asked))
    statement = (
        f"UPDATE {table} SET {', '.join(changes)} "  # noqa: S608 - our names
        f"FROM unnest({arrays}) AS new ({names}) WHERE {condition}"
    )
    count = 0
    rows = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(rows, UPDATED_AT_ONCE)):
            cursor.execute(statement, [list(values) for values in zip(*batch, strict=True)])
            count += cursor.rowcount
    return count


def reserve_keys(model: type[models.Model], how_many: int) -> list[int]:
    """Return primary keys that nobody else will get, so that rows can point at each other
    before any of them is written. Keys that are not used are a gap, nothing more."""
    if not how_many:
        return []
    table, key = model._meta.db_table, model._meta.pk.column
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), key, how_many],
            )
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        last = found[0] if found else 0
        if found:
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + how_many, table]
            )
        else:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, how_many]
            )
        return list(range(last + 1, last + how_many + 1))
