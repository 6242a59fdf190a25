"""The process that prints rosters of many branches of one size, and watches what that costs.

Called with ``fill`` it fills an empty register with them instead, and ends.
"""

from __future__ import annotations

import io
import os
import resource
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402

from branches.models import Organization  # noqa: E402
from members.demo.loading import Loader  # noqa: E402
from members.papers.batches import batch_of  # noqa: E402
from members.papers.roster import ROSTER  # noqa: E402
from registry.access import OPERATOR  # noqa: E402
from registry.papers.binding import PdfBinding, ZipBinding  # noqa: E402
from registry.papers.catalogue import Asked  # noqa: E402
from tests.benchmarks.probe import answer  # noqa: E402

ON = date(2026, 11, 20)
BRANCHES, PEOPLE = 500, 60
MEGABYTE = 1024 * 1024


def fill() -> None:
    """The demo's tree with exactly so many branches of exactly so many people."""
    loader = Loader("medium", 1, ON)
    branches = list(loader.forest.branches())
    for branch in branches:
        branch.size = PEOPLE
    for branch in branches[BRANCHES:]:
        loader.forest.nodes.remove(branch)
        if branch.parent:
            branch.parent.children.remove(branch)
    loader.load()


class Watch(threading.Thread):
    """Looks now and then how much memory this process and its children hold together.

    What several of them share, as the files of fonts, is counted once.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.done = 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.1):
            self.most = max(self.most, sum(map(held, self.family())))

    def family(self) -> list[int]:
        me = os.getpid()
        threads = Path(f"/proc/{me}/task").glob("*/children")
        return [me, *(int(pid) for each in threads for pid in told(each).split())]


def told(file: Path) -> str:
    """Return what the system tells of a thread or process; nothing where it has ended by now."""
    try:
        return file.read_text()
    except OSError:
        return ""


def held(pid: int) -> int:
    """Return how many KB a process holds."""
    lines = told(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def rosters(bound: str) -> dict[str, Any]:
    """All rosters in one file: seconds, seconds of processors, MB at most, MB of the file."""
    top = Organization.objects.get(parent=None)
    asked = Asked(day=ON, reader=OPERATOR, printed_by="命令行", at=timezone.localtime())
    watch, file = Watch(), io.BytesIO()
    watch.start()
    start, used = time.perf_counter(), cpu()
    batch = batch_of(ROSTER, top, asked)
    binding = ZipBinding(file, asked.at) if bound == "zip" else PdfBinding(file, batch.title)
    outcome = batch.bind(binding, lambda done, of: None)
    seconds = time.perf_counter() - start
    watch.done.set()
    return {
        "s": seconds,
        "cpu": cpu() - used,
        "peak": watch.most // 1024,
        "size": len(file.getvalue()) / MEGABYTE,
        "papers": outcome.papers,
        "people": outcome.records,
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        fill()
    else:
        answer(rosters)
