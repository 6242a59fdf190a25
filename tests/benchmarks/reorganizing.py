"""The process that moves a committee of 500 organisations and 5,000 members, and back again.

Called with ``fill`` it fills an empty register with them instead, and ends.
"""

from __future__ import annotations

import sys
import time
from datetime import date, timedelta
from itertools import count
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from branches.models import Organization, OrganizationPeriod, Reorganization  # noqa: E402
from branches.rules import tree  # noqa: E402
from members.models import DevelopmentFile, Headcount, Member, Placement  # noqa: E402
from members.models.development.following import rebuild  # noqa: E402
from members.models.reorganizing import move_organization, take_back  # noqa: E402
from members.models.reorganizing.previewing import preview_move  # noqa: E402
from registry.loading import insert, restart_numbers  # noqa: E402
from tests.benchmarks.development import row_of  # noqa: E402
from tests.benchmarks.probe import answer  # noqa: E402

SINCE, FIRST_MOVE = "2010-01-01", date(2020, 1, 1)
BRANCHES, MEMBERS = 499, 5_000  # with their committee 500 organisations
TOP, COMMITTEE, OTHER = 1, 2, 3
_days = count()


def places() -> list[tuple[int, str, int | None, str, str]]:
    """Key, kind, superior, path and code: a committee with its branches, two work committees."""
    top, other = tree.root_path(1), tree.root_path(2)
    above = tree.child_path(top, 1)
    rows: list[tuple[int, str, int | None, str, str]] = [
        (TOP, "work_committee", None, top, "001"),
        (COMMITTEE, "organ_committee", TOP, above, "001001"),
        (OTHER, "work_committee", None, other, "002"),
    ]
    for number in range(1, BRANCHES + 1):
        path = tree.child_path(above, number)
        rows.append((OTHER + number, "branch", COMMITTEE, path, f"001001{number:03}"))
    return rows


@transaction.atomic
def fill() -> None:
    rows = places()
    organizations = [
        {"id": pk, "code": code, "name": f"组织{pk}", "kind": kind, "sort": "ordinary",
         "parent": above, "path": path, "founded_on": SINCE}
        for pk, kind, above, path, code in rows
    ]  # fmt: skip
    _insert(Organization, organizations)
    lines = [
        {"organization": pk, "valid_from": SINCE, "event": "founded", "name": f"组织{pk}",
         "kind": kind, "sort": "ordinary", "parent": above, "path": path, "code": code}
        for pk, kind, above, path, code in rows
    ]  # fmt: skip
    _insert(OrganizationPeriod, lines)
    branch_of = {number: OTHER + 1 + number % BRANCHES for number in range(1, MEMBERS + 1)}
    people = [
        {"id": number, "number": f"D{number:08}", "name": "张三", "organization": branch,
         "kind": "full", "own": "{}"}
        for number, branch in branch_of.items()
    ]  # fmt: skip
    _insert(Member, people)
    stays = [
        {"member": number, "organization": branch, "placed_from": SINCE, "began": "opening"}
        for number, branch in branch_of.items()
    ]
    _insert(Placement, stays)
    files = [
        {"id": number, "organization": OTHER + number, "name": "李四", "sex": "F",
         "rule_set": "2014", "standing": "applicant", "stage": "application", "own": "{}"}
        for number in range(1, BRANCHES + 1)
    ]  # fmt: skip
    _insert(DevelopmentFile, files)
    restart_numbers(Organization, OrganizationPeriod, Member, DevelopmentFile)
    rebuild(DevelopmentFile.objects.all())
    Headcount.recount(Member)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    names, _row = row_of(model, rows[0])
    insert(model, names, (row_of(model, row)[1] for row in rows))


def move(times: int, recode: bool) -> dict[str, Any]:
    """Seconds of the preview, of the move, and of taking it back, each a later day."""
    taken: dict[str, list[float]] = {"preview": [], "move": [], "take_back": []}
    for _ in range(times):
        committee = Organization.objects.get(pk=COMMITTEE)
        other = Organization.objects.get(pk=OTHER)
        on = FIRST_MOVE + timedelta(days=next(_days))
        start = time.perf_counter()
        found = preview_move(committee, other, on, recode=recode)
        taken["preview"].append(time.perf_counter() - start)
        start = time.perf_counter()
        act: Reorganization = move_organization(committee, other, on, recode=recode)
        taken["move"].append(time.perf_counter() - start)
        start = time.perf_counter()
        take_back(act)
        taken["take_back"].append(time.perf_counter() - start)
    return taken | {"organizations": found.organizations, "members": found.members}


if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        fill()
    else:
        answer(move)
