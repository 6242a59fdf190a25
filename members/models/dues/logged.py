"""Whether the rows of the ledger still are what the log says that was booked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from members.models.dues.accounts import AccountEntry
from members.models.dues.bank import BankBalance
from members.models.dues.closings import Closing
from members.models.dues.payments import Payment
from members.models.dues.remittances import Remittance, ReturnLine, ReturnRun
from registry.models import Entry
from registry.models.records import Record

KEPT: tuple[type[Record], ...] = (
    Payment,
    AccountEntry,
    BankBalance,
    Closing,
    Remittance,
    ReturnRun,
    ReturnLine,
)
AT_ONCE = 2_000


def changed_since() -> Iterator[tuple[Record, str]]:
    """Yield each row that differs from its log, with the field; rows that no log tells of, such
    as those of a demo, are left out."""
    for model in KEPT:
        rows = model._default_manager.order_by("pk").iterator(chunk_size=AT_ONCE)
        batch: list[Record] = []
        for row in rows:
            batch.append(row)
            if len(batch) == AT_ONCE:
                yield from _differing(model, batch)
                batch = []
        yield from _differing(model, batch)


def _differing(model: type[Record], rows: list[Record]) -> Iterator[tuple[Record, str]]:
    if not rows:
        return
    told: dict[int, dict[str, Any]] = {}
    entries = Entry.objects.filter(
        model=model._meta.label_lower, object_id__range=(rows[0].pk, rows[-1].pk)
    )
    for key, changes in entries.order_by("pk").values_list("object_id", "changes"):
        values = told.setdefault(key or 0, {})
        values |= {field: new for field, _old, new in changes}
    for row in rows:
        values = told.get(row.pk, {})
        for field in row._meta.concrete_fields if values else ():
            if field.primary_key or field.name in row.unlogged:
                continue
            kept = row._logged(field, getattr(row, field.attname))
            if kept != values.get(field.name, ""):
                yield row, field.name
