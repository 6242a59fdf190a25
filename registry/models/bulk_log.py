"""Many log entries at once: linked before the transaction that writes them, then only inserted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.utils import timezone

from registry.loading import insert
from registry.models.log import ChainHead, Entry, actor_now
from registry.models.records import StaleRecord

_COLUMNS = (
    "chain", "position", "at", "user", "action", "model", "object_id", "label", "changes",
    "reason", "digest",
)  # fmt: skip


class Line(NamedTuple):
    """What is to be logged of one record; ``changes`` hold text, whole numbers, yes and no."""

    action: str
    model: str
    object_id: int
    label: str
    changes: list[list[Any]]


@dataclass
class LinkedEntries:
    """Entries that already carry their digests, as the ones that follow ``start``."""

    chain: str
    start: int
    position: int
    digest: str
    rows: list[tuple[Any, ...]]

    @classmethod
    def of(cls, chain: str, lines: Iterable[Line], reason: str = "") -> LinkedEntries:
        """Link ``lines`` behind the end of ``chain``, by whoever acts now."""
        head = ChainHead.objects.filter(chain=chain).first() or ChainHead(chain=chain)
        actor = actor_now()
        user = getattr(actor.user, "pk", None)
        now = timezone.now()
        kept_at = connection.ops.adapt_datetimefield_value(now)
        entry = Entry(chain=chain, at=now, user_id=user, reason=(reason or actor.reason)[:500])
        linked = cls(chain, head.position, head.position, head.digest, [])
        for line in lines:
            linked.position += 1
            entry.position, entry.action, entry.model = linked.position, line.action, line.model
            entry.object_id, entry.label, entry.changes = (
                line.object_id,
                line.label[:200],
                line.changes,
            )
            linked.digest = entry.digest_after(linked.digest)
            text = orjson.dumps(line.changes).decode()
            linked.rows.append(
                (chain, linked.position, kept_at, user, *line[:3], entry.label, text,
                 entry.reason, linked.digest)
            )  # fmt: skip
        return linked

    def write(self) -> None:
        """Insert them; raise ``StaleRecord`` where the chain has gone on meanwhile."""
        if not self.rows:
            return
        head = ChainHead.locked(self.chain)
        if head.position != self.start:
            raise StaleRecord(self.chain)
        insert(Entry, _COLUMNS, self.rows)
        head.position, head.digest = self.position, self.digest
        head.seal = head.sealed()
        head.save()
