"""Work on many rows in two processes, so that both cores of a small machine are used.

Only where forking is safe and worth it: in the one thread of a command or a worker, and for some
thousand rows. Elsewhere, and where the other process dies, this one does all of it.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar, cast

FEW = 4_000  # rows for which starting a process takes longer than it spares
_CHUNK = 500
_MOST_WAITING = 8  # chunks that are ready before one that the other process still has

T = TypeVar("T")
R = TypeVar("R")


def mapped(work: Callable[[list[T]], R], rows: Iterable[T], count: int) -> Iterator[R]:
    """Yield what ``work`` makes of the rows, some hundred at a time and in their order.

    ``work`` knows what this process knew at the first row. It may not ask the database, and what
    it changes beside its result may be lost.
    """
    rows = iter(rows)
    chunks = iter(lambda: list(islice(rows, _CHUNK)), [])
    if count < FEW or threading.current_thread() is not threading.main_thread():
        yield from map(work, chunks)
        return
    with closing(_Other(work)) as other:
        waiting: deque[Any] = deque()
        for chunk in chunks:
            # It works while this process does, and while the caller uses what is ready.
            waiting.append(other if other.takes(chunk) else work(chunk))
            while waiting and (
                waiting[0] is not other or other.is_ready or len(waiting) > _MOST_WAITING
            ):
                first = waiting.popleft()
                yield other.result() if first is other else first
        for each in waiting:
            yield other.result() if each is other else each


class _Other(Generic[T, R]):
    """The other process; it has one chunk at a time."""

    def __init__(self, work: Callable[[list[T]], R]) -> None:
        self.work = work
        self.chunk: list[T] | None = None
        fork = multiprocessing.get_context("fork")
        self.pipe, theirs = fork.Pipe()
        self.process = fork.Process(target=_serve, args=(work, theirs, self.pipe), daemon=True)
        self.lives = True
        try:
            self.process.start()
        except OSError:  # no memory, or no more processes
            self.lives = False
        theirs.close()

    def takes(self, chunk: list[T]) -> bool:
        """Give it a chunk; return whether it had nothing to do."""
        if self.chunk is not None or not self.lives:
            return False
        self.chunk = chunk
        try:
            self.pipe.send(chunk)
        except OSError:
            self.lives = False
        return True

    @property
    def is_ready(self) -> bool:
        return not self.lives or self.pipe.poll()

    def result(self) -> R:
        """Wait for what it has made of its chunk; raise what it has raised."""
        chunk, self.chunk = self.chunk or [], None
        try:
            if self.lives:
                made, error = self.pipe.recv()
                if error:
                    raise error
                return cast("R", made)
        except (EOFError, ConnectionError):
            self.lives = False
        return self.work(chunk)

    def close(self) -> None:
        self.pipe.close()
        if self.process.pid:
            self.process.kill()
            self.process.join()


def _serve(work: Callable[[list[T]], Any], pipe: Connection, ours: Connection) -> None:
    ours.close()  # else it would not notice that its parent is gone
    try:
        while True:
            chunk = pipe.recv()
            try:
                made, error = work(chunk), None
            except Exception as raised:  # noqa: BLE001 - it is raised where it is waited for
                made, error = None, raised
            pipe.send((made, error))
    except (EOFError, ConnectionError):
        return
