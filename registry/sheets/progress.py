"""How far the work on an upload is, for the page that shows it, and whether to stop."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from registry.models import ImportJob

T = TypeVar("T")
_EVERY = 0.5  # seconds between two reports


class Stopped(Exception):
    """The clerk has asked to stop; nothing was written."""


class Progress:
    """Reports the steps of one job, each of ``rows`` rows, and raises ``Stopped`` when asked to.

    Call it outside any transaction: what it reports must be seen at once.
    """

    def __init__(self, job: ImportJob | None, steps: int) -> None:
        self.job, self.steps = job, steps
        self.step = 0
        self.reported = time.monotonic()
        if job:
            job.begin()

    def over(self, rows: Iterable[T], count: int) -> Iterator[T]:
        """Yield ``rows``, the ``count`` rows of the next step, and report how many are done."""
        for done, row in enumerate(rows):
            if done % 256 == 0 and self.job and time.monotonic() - self.reported > _EVERY:
                self._report(self.step * count + done, self.steps * count)
            yield row
        self.step += 1

    def _report(self, done: int, of: int) -> None:
        self.reported = time.monotonic()
        if self.job and self.job.report(done, of):
            raise Stopped
