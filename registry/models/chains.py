"""Whether the log is as it was written: every chain walked from its first entry to its head.

Found are an entry that was changed, one that was taken out, a tail that was cut off, a chain that
was removed, and a head that was changed, as long as the key of the digests has not been stolen:
without it nobody can write an entry or a head that fits. Not found by the database alone is one
that was set back whole, or a chain together with its head: what it then holds was true once. So
the heads of the last clean verification are kept in a file beside the keys, sealed as well, and
the next one asks for them. Whoever can change that file and has its key is not found out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import timezone

from registry import encryption
from registry.keys import write_draft
from registry.models.log import REGISTRY, Action, ChainHead, Entry
from registry.sentences import Sentence

HEADS_FILE = "log_heads.json"
AT_ONCE = 2000  # entries held in memory


class Link(NamedTuple):
    """One entry of a chain, as far as the next one depends on it."""

    position: int
    digest: str


START = Link(0, "")


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written; ``position`` is the first entry concerned."""

    chain: str
    position: int
    sentence: Sentence


def fault(sentence: Sentence, chain: str, position: int, **params: Any) -> Fault:
    return Fault(
        chain, position, Sentence(sentence.template, chain=chain, position=position, **params)
    )


CHANGED = Sentence("Chain “%(chain)s”: entry %(position)s is not as it was written.")
TAKEN_OUT = Sentence("Chain “%(chain)s”: entry %(position)s was taken out.")
TAKEN_OUT_TO = Sentence("Chain “%(chain)s”: entries %(position)s to %(last)s were taken out.")
CUT_OFF = Sentence("Chain “%(chain)s”: it was cut off; it went on to entry %(last)s.")
HEAD_CHANGED = Sentence("Chain “%(chain)s”: its head was changed.")
HEAD_BEHIND = Sentence("Chain “%(chain)s”: its head is not that of its last entry, %(position)s.")
NO_HEAD = Sentence("Chain “%(chain)s”: it has entries but no head.")
GONE = Sentence("Chain “%(chain)s”: it was removed whole.")
NOT_OPENED = Sentence("Chain “%(chain)s”: it was never opened in the chain “registry”.")
SET_BACK = Sentence(
    "Chain “%(chain)s”: it was set back to entry %(position)s; on %(day)s it went on to %(last)s."
)
REPLACED = Sentence(
    "Chain “%(chain)s”: entry %(position)s is another than the one that was there on %(day)s."
)
FILE_CHANGED = Sentence(
    "%(chain)s was changed. Nothing tells whether the log was set back since the last verification."
)


class Verification:
    """One walk through the log. ``chain`` limits it to one chain; ``kept`` are earlier heads."""

    def __init__(self, chain: str = "", kept: KeptHeads | None = None) -> None:
        self.chain = chain
        self.kept = kept or KeptHeads()
        self.entries = 0
        self.ends: dict[str, Link] = {}
        self.opened: dict[str, int] = {}  # chain: position of its opening in REGISTRY

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong, chain by chain; what is written meanwhile is no fault."""
        yield from self._walked(self._entries())
        # Read after the entries: a head is written together with its entry, so none is behind.
        heads = {head.chain: head for head in self._heads()}
        for head in heads.values():
            end = self.ends.get(head.chain, START)
            if head.position > end.position:  # written since
                since = Entry.objects.filter(
                    chain=head.chain, position__gt=end.position, position__lte=head.position
                )
                yield from self._walked(since.order_by("position").iterator(AT_ONCE))
        for chain in sorted({*heads, *self.ends}):
            found = list(self._head_faults(chain, heads.get(chain)))
            yield from found or self._faults_since(chain)
        yield from self._removed(heads)

    def _entries(self) -> Iterator[Entry]:
        entries = Entry.objects.order_by("chain", "position")
        if self.chain:
            entries = entries.filter(chain=self.chain)
        return entries.iterator(AT_ONCE)

    def _heads(self) -> Iterator[ChainHead]:
        heads = ChainHead.objects.all()
        return (heads.filter(chain=self.chain) if self.chain else heads).iterator(AT_ONCE)

    def _walked(self, entries: Iterable[Entry]) -> Iterator[Fault]:
        for entry in entries:
            self.entries += 1
            chain, position = entry.chain, entry.position
            before = self.ends.get(chain, START)
            if position > before.position + 1:
                first, last = before.position + 1, position - 1
                yield fault(TAKEN_OUT if first == last else TAKEN_OUT_TO, chain, first, last=last)
            elif position <= before.position or entry.digest != entry.digest_after(before.digest):
                yield fault(CHANGED, chain, position)
            kept = self.kept.heads.get(chain)
            if kept and kept.position == position and kept.digest != entry.digest:
                yield fault(REPLACED, chain, position, day=self.kept.day)
            if chain == REGISTRY and entry.action == Action.OPEN:
                self.opened[entry.label] = position
            self.ends[chain] = Link(position, entry.digest)

    def _head_faults(self, chain: str, head: ChainHead | None) -> Iterator[Fault]:
        end = self.ends.get(chain, START)
        if head is None:
            yield fault(NO_HEAD, chain, end.position)
        elif head.seal != head.sealed():
            yield fault(HEAD_CHANGED, chain, head.position)
        elif head.position > end.position:
            yield fault(CUT_OFF, chain, end.position + 1, last=head.position)
        elif Link(head.position, head.digest) != end:
            yield fault(HEAD_BEHIND, chain, end.position)

    def _faults_since(self, chain: str) -> Iterator[Fault]:
        end, kept = self.ends.get(chain, START), self.kept.heads.get(chain, START)
        if kept.position > end.position:
            day = self.kept.day
            yield fault(SET_BACK, chain, end.position, last=kept.position, day=day)

    def _removed(self, heads: dict[str, ChainHead]) -> Iterator[Fault]:
        if self.chain:
            return
        there = {*heads, *self.ends}
        for chain in sorted({*self.opened, *self.kept.heads} - there):
            yield fault(GONE, chain, 1)
        for chain in sorted(set(self.ends) - {REGISTRY} - set(self.opened)):
            yield fault(NOT_OPENED, chain, 1)


class KeptHeads:
    """The heads that the last clean verification found, outside the database."""

    def __init__(self, heads: dict[str, Link] | None = None, day: str = "") -> None:
        self.heads = heads or {}
        self.day = day

    @classmethod
    def read(cls, folder: Path) -> KeptHeads:
        """Return the kept heads, none before the first verification; raise ValueError with the
        sentence where the file is not as it was written."""
        file = folder / HEADS_FILE
        if not file.exists():
            return cls()
        try:
            content = json.loads(file.read_text(encoding="ascii"))
            heads = {chain: Link(*link) for chain, link in content["heads"].items()}
            kept = cls(heads, content["day"])
            if content["seal"] == kept.seal():
                return kept
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # not as we write it, whatever it is
        raise ValueError(Sentence(FILE_CHANGED.template, chain=str(file)))

    @classmethod
    def of(cls, verification: Verification) -> KeptHeads:
        return cls(dict(verification.ends), f"{timezone.localtime():%Y-%m-%d %H:%M}")

    def write(self, folder: Path) -> None:
        content = {"day": self.day, "heads": self.heads, "seal": self.seal()}
        write_draft(folder / HEADS_FILE, json.dumps(content)).replace(folder / HEADS_FILE)

    def seal(self) -> str:
        text = json.dumps(["kept heads", self.day, self.heads], sort_keys=True)
        return encryption.log_digest(text.encode())
