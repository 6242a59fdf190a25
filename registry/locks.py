"""Locks that stand for more than one row, held until the transaction ends.

SQLite lets one writer in at a time, from the first statement of a transaction on, so there is
nothing to hold. On PostgreSQL rows are locked one by one, and who holds one may wait for another;
a lock with a name, taken before any row, keeps those apart who would lock rows in opposite order.
"""

from __future__ import annotations

import zlib

from django.db import connection, transaction


def hold(name: str, *, shared: bool = False) -> None:
    """Hold the lock ``name`` alone, or together with all who hold it ``shared``.

    Take it first in the transaction. Whoever shares it and then wants it alone may wait for
    another who does the same, for ever.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A lock is held within a transaction.")
    if connection.vendor != "postgresql":
        return
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [zlib.crc32(name.encode())])
