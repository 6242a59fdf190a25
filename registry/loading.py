"""Many rows at once: one prepared statement on SQLite, one COPY on PostgreSQL.

For data that is made or checked elsewhere: nothing is validated, and nothing is logged row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, cast

from django.core.management.color import no_style
from django.db import connection, models

BATCH = 20_000


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows of values ready for the database, given for ``fields``; return how many."""
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [cast("models.Field[Any, Any]", model._meta.get_field(field)) for field in fields]
    names = ", ".join(connection.ops.quote_name(column.column) for column in columns)
    count = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    count += 1
        else:
            places = ", ".join("?" * len(fields))
            statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - our names
            rows = iter(rows)
            while batch := list(islice(rows, BATCH)):
                # Below Django's cursor, which would adapt each value once more.
                connection.connection.executemany(statement, batch)
                count += len(batch)
    return count


def restart_numbers(*models_: type[models.Model]) -> None:
    """Let automatic numbers go on after the highest one; PostgreSQL does not notice by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models_):
            cursor.execute(statement)
