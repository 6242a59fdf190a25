"""The process that has one register open: reads what to do from its input, answers with figures."""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from tempfile import TemporaryFile
from typing import Any

import django

django.setup()

from django.contrib.admin import site  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from branches.models import Grant, Organization, OrganizationPeriod  # noqa: E402
from members.models import Member, Placement  # noqa: E402
from members.models.reorganizing import move_organization  # noqa: E402
from members.sheets.exporting import MemberExport  # noqa: E402
from registry.access import OPERATOR  # noqa: E402
from registry.models import User  # noqa: E402
from registry.sheets.exporting import Export  # noqa: E402
from registry.sheets.writing import XLSX  # noqa: E402
from tests.benchmarks.stock_export import stock_xlsx  # noqa: E402

ON = date(2026, 11, 20)
LAST_YEAR = date(2025, 6, 30)
FOUNDED = date(2010, 1, 1)
COMMITTEE = "9" * 6
TWENTY = (
    "number name sex ethnicity id_number born_on native_place education education_channel degree "
    "work_began_on joined_on full_member_on kind category organization party_post job_title phone "
    "address"
).split()


def timed(action: Callable[[], Any], times: int) -> list[float]:
    """Milliseconds of each of ``times`` runs, after one that warms up."""
    action()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


@transaction.atomic
def committee() -> Organization:
    """A committee with about 5,000 members below it; made by the verbs at the first question."""
    found = Organization.objects.filter(code=COMMITTEE).first()
    if found:
        return found
    top = Organization.objects.filter(parent=None).first()
    assert top
    made = Organization.found(
        code=COMMITTEE, name="测量用党委", kind="party_committee", parent=top, founded_on=FOUNDED
    )
    held = 0
    for each in Organization.objects.under(top).filter(kind="organ_committee").order_by("path"):
        if held >= 5000:
            break
        held += each.headcount.full + each.headcount.probationary
        move_organization(each, made, on=FOUNDED)
    return made


def measurer() -> User:
    """The clerk of that committee."""
    user, _ = User.objects.get_or_create(username="measurer", defaults={"name": "测量"})
    Grant.objects.get_or_create(user=user, organization=committee(), role="committee_clerk")
    return user


def page(address: str, times: int) -> dict[str, Any]:
    client = Client()
    client.force_login(measurer())

    def load() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code

    taken = timed(load, times)
    with CaptureQueriesContext(connection) as queries:
        load()
    return {"ms": taken, "queries": len(queries), "rows": Member.objects.count()}


def member_list(times: int) -> dict[str, Any]:
    return page("/members/member/", times)


def tree(times: int) -> dict[str, Any]:
    return page("/organizations/tree/", times) | {"organizations": Organization.objects.count()}


def search(times: int) -> dict[str, Any]:
    """Milliseconds in the database for each shape of text, as the list asks it."""
    someone = Member.objects.order_by("pk")[Member.objects.count() // 2]
    user = measurer()
    admin = site._registry[Member]
    request = RequestFactory().get("/members/member/")
    request.user = user
    found = {}
    for shape, text in (
        ("name", someone.name),
        ("initials", someone.name_initials),
        ("pinyin", someone.name_pinyin),
        ("id_number", someone.id_number),
    ):
        rows, _ = admin.get_search_results(request, admin.get_queryset(request), text)
        for label, which in ((shape, rows), (f"{shape} in all", Member.objects.found_by(text))):
            first = which.on_roll().values_list("pk")[:50]
            found[label] = median(timed(lambda first=first: list(first.all()), times))
    return found


def roster_of_a_day(times: int) -> dict[str, Any]:
    """Members of a subtree of 5,000: today by the current column, and as at a past day."""
    top = committee()
    today, past = [], []
    for _ in range(times):
        today += timed(lambda: list(Member.objects.on_roll().under(top).values_list("pk")), 1)
        past += timed(
            lambda: list(
                Placement.objects.on(LAST_YEAR).under(top, LAST_YEAR).values_list("member_id")
            ),
            1,
        )
    return {"today": today, "past": past, "periods": OrganizationPeriod.objects.count()}


def saves(clients: int, each: int) -> dict[str, Any]:
    """Correct members from many threads at once; count what failed and what was lost."""
    user = measurer()
    pks = list(Member.objects.visible_to(user).values_list("pk", flat=True)[: clients * each])
    failed: list[str] = []
    mark = f"{time.time_ns()}"

    def work(mine: list[int]) -> None:
        for pk in mine:
            try:
                member = Member.objects.get(pk=pk)
                member.note = mark
                member.correct(ON)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
                failed.append(repr(error))
        connection.close()

    threads = [threading.Thread(target=work, args=(pks[n::clients],)) for n in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    kept = Member.objects.filter(note=mark).count()
    return {
        "saves": len(pks),
        "failed": failed,
        "lost": len(pks) - len(failed) - kept,
        "s": seconds,
    }


def export(rows: int, *, stock: bool = False) -> dict[str, Any]:
    """An .xlsx of the first members of the register, twenty columns of each, in full.

    ``peak`` is the most memory, in MB, that this process has ever held, less what SQLite keeps of
    its file: that is as much as its settings allow, whoever asks.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size=0")
            cursor.execute("PRAGMA cache_size=-2000")
    last = Member.objects.order_by("pk").values_list("pk", flat=True)[rows - 1]
    asked = Member.objects.filter(pk__lte=last).in_roster_order()
    with TemporaryFile() as file:
        start = time.perf_counter()
        if stock:
            file.write(stock_xlsx(asked))
        else:
            source = MemberExport(OPERATOR, ON)
            Export("党员花名册", source, asked, TWENTY, XLSX, full=True).write(file)
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"s": seconds, "rows": rows, "peak": peak}


def answer(*tasks: Callable[..., dict[str, Any]]) -> None:
    """Do what the lines of the input ask for, until they end."""
    named = {task.__name__: task for task in tasks}
    for line in sys.stdin:
        what, arguments = json.loads(line)
        sys.stdout.write(json.dumps(named[what](**arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    answer(member_list, tree, search, roster_of_a_day, saves, export)
