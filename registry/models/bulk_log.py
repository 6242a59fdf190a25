"""Many log entries at once: linked before the transaction that writes them, then only inserted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.utils import timezone

from registry.loading import WaitingRoom
from registry.models.log import ChainHead, Entry, actor_now
from registry.models.records import StaleRecord

_COLUMNS = ("position", "action", "model", "object_id", "label", "changes", "digest")


class Line(NamedTuple):
    """What is to be logged of one record; ``changes`` hold text, whole numbers, yes and no."""

    action: str
    model: str
    object_id: int
    label: str
    changes: list[list[Any]]


class LinkedEntries:
    """Entries that carry their digests before the transaction that writes them."""

    def __init__(self, chain: str, reason: str = "") -> None:
        """Begin behind the end of ``chain``; what follows is done by whoever acts now."""
        head = ChainHead.objects.filter(chain=chain).first() or ChainHead(chain=chain)
        actor = actor_now()
        now = timezone.now()
        self.chain, self.start = chain, head.position
        self.position, self.digest = head.position, head.digest
        self.entry = Entry(
            chain=chain,
            at=now,
            user_id=getattr(actor.user, "pk", None),
            reason=(reason or actor.reason)[:500],
        )
        same = {
            "chain": chain,
            "at": connection.ops.adapt_datetimefield_value(now),
            "user": self.entry.user_id,
            "reason": self.entry.reason,
        }
        self.room = WaitingRoom(Entry, _COLUMNS, same)

    def add(self, lines: Iterable[Line]) -> None:
        """Link ``lines`` behind those before."""
        self.room.add(map(self._linked, lines))

    def _linked(self, line: Line) -> tuple[Any, ...]:
        entry = self.entry
        self.position += 1
        entry.position, entry.action, entry.model = self.position, line.action, line.model
        entry.object_id, entry.label, entry.changes = line[2], line.label[:200], line.changes
        self.digest = entry.digest_after(self.digest)
        changes = orjson.dumps(line.changes).decode()
        return (self.position, *line[:3], entry.label, changes, self.digest)

    def enter(self) -> None:
        """Write them; raise ``StaleRecord`` where the chain has gone on meanwhile."""
        if self.position == self.start:
            return
        head = ChainHead.locked(self.chain)
        if head.position != self.start:
            raise StaleRecord(self.chain)
        self.room.enter()
        head.position, head.digest = self.position, self.digest
        head.seal = head.sealed()
        head.save()

    def close(self) -> None:
        self.room.close()
