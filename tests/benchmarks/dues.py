"""The process that has a register of 100,000 members and three years of payments open."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from branches.models import Organization, OrganizationPeriod  # noqa: E402
from branches.rules import tree  # noqa: E402
from members.models import (  # noqa: E402
    Assessment,
    DuesStanding,
    Member,
    Payment,
    PaymentMonth,
    Placement,
    Taking,
)
from members.models.dues.arrears import arrears_of  # noqa: E402
from members.models.dues.statements import statement_of, summary_of  # noqa: E402
from members.models.dues.yearly import YearlyRun  # noqa: E402
from members.rules.dues_months import months_between  # noqa: E402
from registry.loading import insert, restart_numbers  # noqa: E402
from registry.models import ChainHead  # noqa: E402
from registry.money import yuan  # noqa: E402
from tests.benchmarks.probe import answer  # noqa: E402

COMMITTEES, BRANCHES, MEMBERS = 60, 40, 42  # 2,400 branches, 100,800 members
FIRST, UNTIL, MONTH = date(2024, 1, 1), date(2026, 11, 1), date(2026, 10, 1)
TODAY = date(2026, 11, 20)
SINCE = "2020-01-01"
FEN = 12_000
METHODS = ("cash", "bank", "online")


def places() -> Iterator[tuple[int, str, int | None, str]]:
    """Key, kind, superior and path of each organisation."""
    top = tree.root_path(1)
    yield 1, "work_committee", None, top
    key = 1
    for committee in range(COMMITTEES):
        key += 1
        above, path = key, tree.child_path(top, committee)
        yield above, "organ_committee", 1, path
        for branch in range(BRANCHES):
            key += 1
            yield key, "branch", above, tree.child_path(path, branch)


def months_paid(member: int, first: date = FIRST) -> list[date]:
    """One in twenty is behind, by one to seven months; the others have paid to October."""
    months = months_between(first, UNTIL)
    return months[: -(member % 7 + 1)] if member % 20 == 0 else months


def payments(branches: list[int], first: date = FIRST) -> Iterator[tuple[Any, ...]]:
    """A payment for each member and month; every fiftieth comes a month late."""
    key = 0
    for member in range(1, len(branches) * MEMBERS + 1):
        branch, months = branches[(member - 1) // MEMBERS], months_paid(member, first)
        for place, month in enumerate(months):
            key += 1
            late = key % 50 == 0 and place + 1 < len(months)
            booked = months[place + 1] if late else month
            yield key, member, branch, booked, month, METHODS[member % 3]


@transaction.atomic
def fill(first: date = FIRST) -> None:
    """Members, what they owe, and their payments from the month ``first`` on."""
    rows = list(places())
    insert(
        Organization,
        ["id", "version", "code", "name", "short_name", "kind", "sort", "parent", "path",
         "approves_members", "contact", "phone", "address", "display_order", "founded_on"],
        ((pk, 1, f"{pk:06}", f"组织{pk}", "", kind, "ordinary", above, path, False, "", "", "", 0,
          SINCE) for pk, kind, above, path in rows),
    )  # fmt: skip
    insert(
        OrganizationPeriod,
        ["organization", "valid_from", "event", "document", "name", "short_name", "kind", "sort",
         "parent", "path"],
        ((pk, SINCE, "founded", "", f"组织{pk}", "", kind, "ordinary", above, path)
         for pk, kind, above, path in rows),
    )  # fmt: skip
    branches = [pk for pk, kind, *_rest in rows if kind == "branch"]
    people = [(n + 1, branches[n // MEMBERS]) for n in range(len(branches) * MEMBERS)]
    blank = [
        field for field in Member._meta.concrete_fields
        if not field.null and not field.primary_key
    ]  # fmt: skip
    own = {
        "version": 1, "name": "张三", "kind": "full", "category": "in_service", "sex": "M",
        "missing_count": 0, "leading_cadre": False, "wrong_entry": False, "floating": False,
        "hardship": False, "display_order": 0, "party_age_correction": 0,
        "probation_extended_by": 0,
    }  # fmt: skip
    insert(
        Member,
        ["id", *(field.name for field in blank)],
        (
            (pk, *({**own, "number": f"D{pk:08}", "organization": branch}.get(f.name, "")
                   for f in blank))
            for pk, branch in people
        ),
    )  # fmt: skip
    insert(
        Placement,
        ["member", "organization", "placed_from", "began", "ended"],
        ((pk, branch, SINCE, "opening", "") for pk, branch in people),
    )
    insert(
        Assessment,
        ["member", "month_from", "month_until", "category", "base", "rate", "monthly", "reason"],
        (
            (pk, f"{year}-01-01", f"{year + 1}-01-01", "in_service", 600_000, "0.02", FEN, "")
            for pk, _branch in people
            for year in (2024, 2025, 2026)
        ),
    )
    insert(
        Payment,
        ["id", "member", "organization", "paid_on", "booked_month", "amount", "kind", "campaign",
         "method", "receipt_number", "taken_by", "reason", "form_key", "form_line"],
        ((key, member, branch, booked.isoformat(), booked.isoformat(), FEN, "dues", "", method, "",
          "", "", "", 0)
         for key, member, branch, booked, _month, method in payments(branches, first)),
    )  # fmt: skip
    insert(
        PaymentMonth,
        ["payment", "member", "organization", "month", "booked_month", "amount"],
        ((key, member, branch, month.isoformat(), booked.isoformat(), FEN)
         for key, member, branch, booked, month, _method in payments(branches, first)),
    )  # fmt: skip
    insert(
        DuesStanding,
        ["member", "settled_to", "paid_to", "over"],
        ((pk, None, months_paid(pk)[-1].isoformat(), 0) for pk, _branch in people),
    )
    restart_numbers(Organization, Member, Payment)


def _timed(deed: Any, times: int) -> tuple[list[float], Any]:
    taken, found = [], None
    for _ in range(times):
        start = time.perf_counter()
        found = deed()
        taken.append((time.perf_counter() - start) * 1000)
    return taken, found


def summary(times: int) -> dict[str, Any]:
    top = Organization.objects.get(pk=1)
    ms, rows = _timed(lambda: summary_of(top, MONTH), times)
    return {
        "ms": ms,
        "branches": len(rows),
        "members": sum(row.members for row in rows.values()),
        "owed": str(sum(row.owed for row in rows.values())),
        "in_arrears": sum(row.in_arrears for row in rows.values()),
    }


def arrears(times: int) -> dict[str, Any]:
    top = Organization.objects.get(pk=1)
    ms, lines = _timed(lambda: arrears_of(top, MONTH), times)
    return {"ms": ms, "members": len(lines), "months": sum(line.open.months for line in lines)}


def statement(times: int) -> dict[str, Any]:
    top = Organization.objects.get(pk=1)
    ms, found = _timed(lambda: statement_of(top, date(2026, 1, 1), UNTIL), times)
    return {"ms": ms, **found.as_yuan()}


def sheet(times: int) -> dict[str, Any]:
    """Sixty payments of one branch and its neighbours, saved as one sheet and taken back."""
    branch = Organization.objects.get(pk=3)
    with transaction.atomic():
        ChainHead.locked(branch.log_chain)  # a branch that has been at work has one
    members = list(Member.objects.filter(organization=branch).values_list("pk", flat=True))
    november = date(2026, 11, 1)
    takings = [
        Taking(members[n % len(members)], yuan("1.00"), TODAY, {november: yuan("1.00")})
        for n in range(60)
    ]
    ms = []
    queries = 0
    for _ in range(times):
        with transaction.atomic():
            start = time.perf_counter()
            with CaptureQueriesContext(connection) as asked:
                Payment.take_many(branch, takings, TODAY)
            ms.append((time.perf_counter() - start) * 1000)
            queries = len(asked)
            transaction.set_rollback(True)
    return {"ms": ms, "queries": queries}


def yearly() -> dict[str, Any]:
    """Everybody assessed for the next year by the base of this one; taken back."""
    top = Organization.objects.get(pk=1)
    with transaction.atomic():
        start = time.perf_counter()
        run = YearlyRun(top, 2027)
        counts = run.confirm(run.proposals())
        took = time.perf_counter() - start
        transaction.set_rollback(True)
    return {"s": took, "counts": dict(counts)}


def saves(seconds: int, clients: int, per_second: int) -> dict[str, Any]:
    """Sheets of one payment, saved by many clerks at a steady pace: how many, and what failed."""
    november = Payment.objects.filter(booked_month=date(2026, 11, 1))
    before = november.count()
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # two processes at one connection would read each other's answers
    fork = multiprocessing.get_context("fork")
    told: Any = fork.Queue()
    clerks = [
        fork.Process(target=_save_at_a_pace, args=(3 + n, seconds, clients / per_second, told))
        for n in range(clients)
    ]
    for clerk in clerks:
        clerk.start()
    results = [told.get() for _ in clerks]
    for clerk in clerks:
        clerk.join()
    done = sum(saved for saved, _failed, _longest in results)
    return {
        "saved": done,
        "failed": [error for _saved, errors, _longest in results for error in errors],
        "longest": max(longest for _saved, _failed, longest in results),
        "kept": november.count() - before,
    }


def _save_at_a_pace(branch_key: int, seconds: int, pace: float, told: Any) -> None:
    branch = Organization.objects.get(pk=branch_key)
    member = Member.objects.filter(organization=branch).values_list("pk", flat=True)[0]
    saved, errors, longest = 0, [], 0.0
    begin = time.monotonic()
    while (now := time.monotonic()) - begin < seconds:
        taking = Taking(member, yuan("0.01"), TODAY, {date(2026, 11, 1): yuan("0.01")})
        try:
            Payment.take_many(branch, [taking], TODAY)
            saved += 1
        except Exception as error:  # noqa: BLE001 - whatever fails is counted
            errors.append(repr(error))
        longest = max(longest, time.monotonic() - now)
        time.sleep(max(0, pace - (time.monotonic() - now)))
    connection.close()
    told.put((saved, errors, longest))


if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        fill()
        with connection.cursor() as cursor:
            # What a server does by itself, some minutes after so many rows have come in.
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    else:
        answer(summary, arrears, statement, sheet, yearly, saves)
