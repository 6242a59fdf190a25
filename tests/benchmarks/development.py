"""The process that has a register with 20,000 open files of development open."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import django

django.setup()

from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from branches.models import Grant, Organization, OrganizationPeriod  # noqa: E402
from branches.rules import tree  # noqa: E402
from members.models import Deadline, DevelopmentFile, StepTaken  # noqa: E402
from members.models.development.following import rebuild  # noqa: E402
from members.rules.development import STEPS  # noqa: E402
from registry.calendar import PartialDate  # noqa: E402
from registry.loading import insert, restart_numbers  # noqa: E402
from registry.models import User  # noqa: E402
from tests.benchmarks.probe import answer, timed  # noqa: E402

COMMITTEES, BRANCHES, FILES = 20, 25, 40  # 500 branches, 20,000 files
TODAY = date(2026, 11, 20)
SINCE = "2010-01-01"
# How far people have come, in parts of a hundred, and how long ago they have applied, in days.
COME = (("application", 25), ("first_talk", 20), ("mentors", 25), ("cultivation", 10),
        ("training", 5), ("application_form", 3), ("assembly", 2), ("approval", 5),
        ("probation_review", 5))  # fmt: skip
FACTS: dict[str, dict[str, Any]] = {
    "political_review": {"result": "qualified"},
    "branch_review": {"result": "agreed"},
    "pre_review": {"result": "agreed"},
    "assembly": {"entitled": 12, "due": 12, "present": 12, "votes_for": 12, "result": "agreed"},
    "approval": {"result": "agreed"},
}
LEFT_OUT = {"object_notice", "deliberation", "full_notice"}


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


def last_step_of(number: int) -> str:
    rest = number * 37 % 100
    for step, part in COME:
        rest -= part
        if rest < 0:
            return step
    raise AssertionError(number)


def steps_of(number: int) -> Iterator[tuple[str, date]]:
    """The steps of one file and their days: about a month apart, a year before the object."""
    last, day = last_step_of(number), TODAY - timedelta(days=20 + number * 13 % 1_600)
    taken = []
    for step in STEPS:
        if step in LEFT_OUT:
            continue
        day += timedelta(days=370 if step == "object" else 20)
        taken.append((step, day))
        if step == last:
            break
    over = max(timedelta(0), day - TODAY)  # nobody has done anything tomorrow
    yield from ((step, on - over) for step, on in taken)


def row_of(model: type[models.Model], values: dict[str, Any]) -> tuple[list[str], list[Any]]:
    """The columns that cannot be empty, and what stands in them."""
    names, row = [], []
    for field in model._meta.concrete_fields:
        if field.name in values or not (field.null or field.primary_key):
            default = field.get_default() if field.has_default() else ""
            names.append(field.name)
            row.append(values.get(field.name, default))
    return names, row


@transaction.atomic
def fill() -> None:
    rows = list(places())
    insert(
        Organization,
        ["id", "version", "code", "name", "short_name", "kind", "sort", "parent", "path",
         "approves_members", "contact", "phone", "address", "display_order", "founded_on"],
        ((pk, 1, f"{pk:06}", f"组织{pk}", "", kind, "ordinary", above, path,
          kind == "organ_committee", "", "", "", 0, SINCE) for pk, kind, above, path in rows),
    )  # fmt: skip
    insert(
        OrganizationPeriod,
        ["organization", "valid_from", "event", "document", "name", "short_name", "kind", "sort",
         "parent", "path"],
        ((pk, SINCE, "founded", "", f"组织{pk}", "", kind, "ordinary", above, path)
         for pk, kind, above, path in rows),
    )  # fmt: skip
    branches = [pk for pk, kind, *_rest in rows if kind == "branch"]
    born = PartialDate(1995, 3, 8).code

    def file_of(number: int) -> dict[str, Any]:
        return {
            "id": number, "organization": branches[(number - 1) // FILES], "name": "张三",
            "sex": "FM"[number % 2], "education": "21", "born_on": born, "rule_set": "2014",
            "standing": "applicant", "stage": "application", "front_line": number % 5 == 0,
            "began_on": PartialDate.of(next(steps_of(number))[1]).code, "own": "{}",
        }  # fmt: skip

    numbers = range(1, len(branches) * FILES + 1)
    names, _row = row_of(DevelopmentFile, file_of(1))
    insert(DevelopmentFile, names, (row_of(DevelopmentFile, file_of(n))[1] for n in numbers))

    def taken() -> Iterator[dict[str, Any]]:
        for number in numbers:
            for step, on in steps_of(number):
                facts = FACTS.get(step, {})
                yield {
                    "file": number, "step": step, "taken_on": PartialDate.of(on).code,
                    "facts": json.dumps(facts), "result": facts.get("result", ""), "turn": 1,
                    "effect": "{}", "entered_on": TODAY.isoformat(),
                    "organization": branches[(number - 1) // FILES],
                }  # fmt: skip

    names, _row = row_of(StepTaken, next(taken()))
    insert(StepTaken, names, (row_of(StepTaken, each)[1] for each in taken()))
    restart_numbers(Organization, DevelopmentFile, StepTaken)
    rebuild(DevelopmentFile.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def clerk(key: int) -> Client:
    """The clerk of an organisation, at work."""
    top = Organization.objects.get(pk=key)
    user, _ = User.objects.get_or_create(username=f"clerk{key}", defaults={"name": "测量"})
    Grant.objects.get_or_create(user=user, organization=top, role="committee_clerk")
    client = Client()
    client.force_login(user)
    return client


def desk(address: str, at: int, times: int) -> dict[str, Any]:
    """Milliseconds of one page for the clerk of the organisation ``at``."""
    client = clerk(at)

    def load() -> Any:
        cache.clear()  # as whoever opens it first
        answered = client.get(address)
        assert answered.status_code == 200, answered.status_code
        return answered

    taken = timed(load, times)
    with CaptureQueriesContext(connection) as queries:
        size = len(load().content)
    return {
        "ms": taken,
        "queries": len(queries),
        "kilobytes": size // 1024,
        "files": DevelopmentFile.objects.open().count(),
        "rows": Deadline.objects.count(),
    }


def agenda(times: int) -> dict[str, Any]:
    """Seconds of the command for everybody, and how many rows it prints."""
    taken, rows = [], 0
    for _ in range(times):
        out = io.StringIO()
        start = time.perf_counter()
        call_command("deadlines", "--on", TODAY.isoformat(), "--json", stdout=out)
        taken.append(time.perf_counter() - start)
        rows = len(json.loads(out.getvalue()))
    return {"s": taken, "rows": rows}


if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        fill()
    else:
        answer(desk, agenda)
