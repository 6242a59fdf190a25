"""The process that imports rosters into a register of 200 branches, and measures what it takes."""

from __future__ import annotations

import multiprocessing
import resource
import time
from datetime import date
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from branches.models import Organization  # noqa: E402
from members.models import Member  # noqa: E402
from members.sheets.members import MemberResource  # noqa: E402
from registry.access import OPERATOR  # noqa: E402
from registry.models import Entry  # noqa: E402
from registry.sheets import staging  # noqa: E402
from registry.sheets.staging import Scope  # noqa: E402
from tests.benchmarks.probe import answer  # noqa: E402
from tests.benchmarks.roster_files import BRANCHES  # noqa: E402
from tests.benchmarks.stock_import import import_by_stock  # noqa: E402
from tests.factories import a_branch, a_committee, a_user, a_work_committee  # noqa: E402

ON = date(2026, 11, 20)


def found_branches() -> None:
    """The branches of one city, founded at the first question."""
    if Organization.objects.exists():
        return
    top = a_work_committee()
    committee = top
    for number, name in enumerate(BRANCHES):
        if number % 20 == 0:
            committee = a_committee(top)
        a_branch(committee, name=name)


def imported(file: str) -> dict[str, Any]:
    """Seconds from the file to the applied job."""
    found_branches()
    data = Path(file).read_bytes()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # What SQLite maps of its file is shared with all others and no memory of this process.
            cursor.execute("PRAGMA mmap_size=0")
    start = time.perf_counter()
    job = staging.stage(
        MemberResource, data, "r.xlsx", user=OPERATOR, scope=Scope(), opening_on=ON, today=ON
    )
    staged = time.perf_counter()
    outcome = staging.apply(MemberResource, job, OPERATOR, today=ON, good_rows=True)
    done = time.perf_counter()
    # A few of other people are namesakes born in the same month: they stay as questions.
    assert outcome.written == job.counts["new"] + job.counts["changed"], job.counts
    return {
        "stage": staged - start,
        "apply": done - staged,
        "rows_per_second": sum(job.counts.values()) / (done - start),
        "counts": job.counts,
        "megabytes": _megabytes(resource.RUSAGE_SELF),
        "child_megabytes": _megabytes(resource.RUSAGE_CHILDREN),
        "logged": Entry.objects.filter(chain=job.log_chain).count(),
    }


def _megabytes(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def imported_while_others_save(file: str) -> dict[str, Any]:
    """The longest time that another process waits for its save while a roster is applied."""
    pk = Member.objects.values_list("pk", flat=True).first()
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # two processes at one connection would read each other's answers
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    other = fork.Process(target=_save_again_and_again, args=(pk, theirs))
    other.start()
    theirs.close()  # so that its end is heard of
    result = imported(file)
    ours.send("enough")
    waits = ours.recv()
    other.join()
    return result | {"saves": len(waits), "longest_wait": max(waits)}


def _save_again_and_again(pk: int, pipe: Any) -> None:
    waits = []
    while not pipe.poll():
        member = Member.objects.get(pk=pk)
        member.note = f"{time.time_ns()}"
        start = time.perf_counter()
        member.correct(ON)
        waits.append(time.perf_counter() - start)
        time.sleep(0.02)
    connection.close()
    pipe.send(waits)


def preview(file: str) -> dict[str, Any]:
    """Bytes and milliseconds of the page that shows what a roster would do."""
    user = a_user("committee_clerk", Organization.objects.get(parent=None), username="previewer")
    data = Path(file).read_bytes()
    top = Organization.objects.get(parent=None)
    scope = Scope(top.path, str(top))
    job = staging.stage(
        MemberResource, data, "r.xlsx", user=user, scope=scope, opening_on=ON, today=ON
    )
    client = Client()
    client.force_login(user)
    start = time.perf_counter()
    page = client.get(f"/registry/importjob/{job.pk}/change/")
    assert page.status_code == 200
    return {"bytes": len(page.content), "ms": (time.perf_counter() - start) * 1000}


def stock(file: str) -> dict[str, Any]:
    """Seconds of the stock preview and confirm of a roster."""
    found_branches()
    data = Path(file).read_bytes()
    before = Member.objects.count()
    start = time.perf_counter()
    import_by_stock(data)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "new": Member.objects.count() - before}


if __name__ == "__main__":
    answer(imported, imported_while_others_save, preview, stock)
