"""The process that has a register of 100,800 members open in which there is much to do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import django

django.setup()

from django.core.cache import cache  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Case, F, Value, When  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from branches.models import Organization  # noqa: E402
from members.admin.desk.sources import SOURCES  # noqa: E402
from members.models import (  # noqa: E402
    Confirmation,
    ConfirmationRound,
    Deadline,
    DevelopmentFile,
    Finding,
    Headcount,
    Member,
    Office,
    Term,
)
from registry.calendar import PartialDate, years_after  # noqa: E402
from registry.loading import insert, restart_numbers  # noqa: E402
from registry.models import User  # noqa: E402
from tests.benchmarks import dues  # noqa: E402
from tests.benchmarks.development import clerk, row_of  # noqa: E402
from tests.benchmarks.probe import answer, timed  # noqa: E402

FILES = 4_000
SEVEN_KINDS = 7


@transaction.atomic
def fill() -> None:
    """Everything that a desk tells of: open files, terms, officers, findings, a round."""
    dues.fill(first=date(2026, 1, 1))
    today = timezone.localdate()
    Member.objects.update(
        joined_on=Value(19_800_100) + F("id") % 40 * 10_000 + F("id") % 12 * 100 + F("id") % 28,
        missing_count=Case(When(id__lte=20_000, then=Value(2)), default=Value(0)),
    )
    Headcount.recount(Member)
    members = Member.objects.order_by("pk").values_list("pk", "organization")
    insert(
        Finding,
        ["member", "code", "field", "found_on", "accepted_reason"],
        ((pk, "full_too_soon", "full_member_on", today.isoformat(), "")
         for pk, _branch in members if pk % 50 == 0),
    )  # fmt: skip
    places = list(Organization.objects.order_by("pk").values_list("pk", "kind"))
    branches = [pk for pk, kind in places if kind == "branch"]
    insert(Term, *columns_of(Term, terms(places, today)))
    insert(Office, *columns_of(Office, officers(branches)))
    insert(DevelopmentFile, *columns_of(DevelopmentFile, files(branches)))
    insert(Deadline, *columns_of(Deadline, deadlines(branches, today)))
    restart_numbers(DevelopmentFile)
    top = Organization.objects.get(pk=1)
    opened = ConfirmationRound.open(top, "2026-2", today, today + timedelta(days=20), today)
    insert(
        Confirmation,
        ["round", "organization", "right", "remark", "confirmed_on", "full", "probationary",
         "digest"],
        ((opened.pk, pk, True, "", today.isoformat(), 42, 0, "") for pk in branches if pk % 2),
    )  # fmt: skip


def columns_of(model: Any, rows: Iterator[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    found = [row_of(model, row) for row in rows]
    return found[0][0], [row for _names, row in found]


def terms(places: list[tuple[int, str]], today: date) -> Iterator[dict[str, Any]]:
    """Terms that end from a year ago to two years from now."""
    for pk, kind in places:
        if kind != "work_committee":
            due = today + timedelta(days=pk * 37 % 1_095 - 365)
            yield {"organization": pk, "body": "committee", "years": 3, "due_on": due.isoformat(),
                   "began_on": years_after(due, -3).isoformat()}  # fmt: skip


def officers(branches: list[int]) -> Iterator[dict[str, Any]]:
    """A secretary and two more; every ninth branch has no secretary."""
    for number, branch in enumerate(branches):
        for place, post in enumerate(("secretary", "deputy_secretary", "organization")):
            if post != "secretary" or number % 9:
                yield {"organization": branch, "member": number * dues.MEMBERS + place + 1,
                       "body": "committee", "post": post, "held_from": "2024-06-01"}  # fmt: skip


def files(branches: list[int]) -> Iterator[dict[str, Any]]:
    for number in range(1, FILES + 1):
        yield {
            "id": number, "organization": branches[number % len(branches)], "name": "张三",
            "sex": "M", "born_on": PartialDate(1995, 3, 8).code, "rule_set": "2014",
            "standing": "applicant", "stage": "application", "own": "{}",
            "began_on": PartialDate(2026, 1, 1).code,
        }  # fmt: skip


def deadlines(branches: list[int], today: date) -> Iterator[dict[str, Any]]:
    for number in range(1, FILES + 1):
        due = today + timedelta(days=number % 90 - 20)
        yield {
            "file": number, "organization": branches[number % len(branches)],
            "step": "first_talk", "acts": "committee" if number % 5 == 0 else "branch",
            "due_by": due.isoformat(), "reasons": "[]", "sent_back": number % 100 == 0,
        }  # fmt: skip


def desk(at: int, times: int, *, keep: bool) -> dict[str, Any]:
    """Milliseconds of the start page for the clerk of the organisation ``at``."""
    client = clerk(at)

    def load() -> Any:
        if not keep:
            cache.clear()  # as whoever opens it first
        answered = client.get("/")
        assert answered.status_code == 200, answered.status_code
        return answered

    taken = timed(load, times)
    with CaptureQueriesContext(connection) as queries:
        found = load()
    return {
        "ms": taken,
        "queries": len(queries),
        "kilobytes": len(found.content) // 1024,
        "lines": found.content.count(b"desk-text"),
        "members": Member.objects.count(),
    }


def sources(at: int) -> dict[str, Any]:
    """Milliseconds of each source of the desk, by its name."""
    clerk(at)
    today = timezone.localdate()
    taken = {}
    for _subject, source in SOURCES:
        [ms] = timed(
            lambda source=source: list(source(User.objects.get(username=f"clerk{at}"), today)), 1
        )
        taken[source.__name__] = ms
    return taken


if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        fill()
        with connection.cursor() as cursor:
            # What a server does by itself, some minutes after so many rows have come in.
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    else:
        answer(desk, sources)
