"""The steps of an upload in a process of its own, on the register in REGISTRY_DATA.

    python -m tests.stopped_process STEP … [--at POINT] [--room PAGES]

Prints after each step what the register holds then, as one JSON object. With ``--at`` the process
says so and waits there for ever, so that a test can kill it. With ``--room`` the database may grow
by so many pages only during the last step, as on a disk that is full, which is done once more then.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "registry.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import translation  # noqa: E402

from branches.models import Organization  # noqa: E402
from members.models import Headcount, Member  # noqa: E402
from members.sheets.members import MemberResource  # noqa: E402
from registry.access import OPERATOR  # noqa: E402
from registry.models import Entry, ImportJob, JobFinding, JobRow, acting  # noqa: E402
from registry.sheets import keeping, staging, undoing  # noqa: E402
from registry.sheets.faults import Unwritable, all_or_nothing  # noqa: E402
from registry.sheets.staging import Scope  # noqa: E402
from tests.factories import TODAY, a_branch, a_member  # noqa: E402
from tests.members.sheets_of_members import ID_1, a_roster, a_row  # noqa: E402

ROWS = 120
# What is called first behind each point.
POINTS: dict[str, tuple[Any, str]] = {
    "reading": (staging, "read_workbook"),
    "judging": (MemberResource, "judge"),
    "keeping": (keeping, "counts_of"),  # all rows are in the database by then
    "preparing": (MemberResource, "prepare"),
    "writing": (ImportJob, "mark_applied"),  # all members are in the database by then
    "preparing the undoing": (MemberResource, "prepare_undo"),
    "undoing": (ImportJob, "mark_undone"),  # all members are as they were by then
}


def roster() -> bytes:
    """Somebody who is known, with another phone, and many who are new."""
    rows = [a_row(身份证号码=ID_1, 联系电话="13900000009", 党内职务="组织委员")]
    rows += [a_row(**{"姓  名": f"陶{n:c}"}) for n in range(0x4E00, 0x4E00 + ROWS - 1)]
    return a_roster(*rows)


def make() -> None:
    call_command("migrate", verbosity=0)
    with acting(OPERATOR):
        a_member(a_branch(code="020100"), name="陶敏", sex="F", id_number=ID_1)


def scope() -> Scope:
    branch = Organization.objects.get(code="020100")
    return Scope(branch.path, str(branch))


def receive() -> None:
    staging.receive(
        MemberResource, roster(), "a.xlsx", user=None, scope=scope(), opening_on=date(2026, 1, 1)
    )


STEPS: dict[str, Callable[[], Any]] = {
    "make": make,
    "receive": receive,
    "stage": lambda: staging.stage(
        MemberResource,
        roster(),
        "a.xlsx",
        user=OPERATOR,
        scope=scope(),
        opening_on=date(2026, 1, 1),
        today=TODAY,
    ),
    "read": lambda: staging.read_received(MemberResource, ImportJob.objects.get(), today=TODAY),
    "apply": lambda: staging.apply(
        MemberResource, ImportJob.objects.get(), OPERATOR, today=TODAY, good_rows=True
    ),
    "undo": lambda: undoing.undo(MemberResource, ImportJob.objects.get(), OPERATOR, today=TODAY),
    "show": lambda: None,
}


def stop_at(point: str) -> None:
    owner, name = POINTS[point]

    def wait(*args: Any, **kwargs: Any) -> Any:
        print(f"at {point}", flush=True)  # noqa: T201 - whoever kills us waits for it
        signal.pause()

    setattr(owner, name, wait)


def leave_room(pages: int | None) -> None:
    """Let the database grow by so many pages, or, for None, as much as it likes."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        [(used,)] = cursor.fetchall()
        limit = 2**30 if pages is None else used + pages
        cursor.execute(f"PRAGMA max_page_count = {limit}")


def register() -> dict[str, Any]:
    """Return what a half-done step would leave behind."""
    return {
        "jobs": [each.state for each in ImportJob.objects.all()],
        "rows": JobRow.objects.count(),
        "findings": JobFinding.objects.count(),
        "applied": JobRow.objects.applied().count(),
        "undone": JobRow.objects.exclude(undone="").count(),
        "members": Member.objects.count(),
        "wrong": Member.objects.filter(wrong_entry=True).count(),
        "phones": Member.objects.exclude(phone_digest="").count(),
        "posts": sum(member.offices.count() for member in Member.objects.all()),
        "heads": Headcount.objects.get(organization__code="020100").full,
        "entries": Entry.objects.filter(model="members.member").count(),
    }


def do(step: str) -> None:
    said = ""
    try:
        with all_or_nothing():
            STEPS[step]()
    except Unwritable as error:
        said = str(error.sentence)
    print(json.dumps({"said": said, **register()}), flush=True)  # noqa: T201


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("steps", nargs="+", choices=STEPS)
    parser.add_argument("--at", choices=POINTS)
    parser.add_argument("--room", type=int)
    asked = parser.parse_args()
    if asked.at:
        stop_at(asked.at)
    with translation.override("en"):
        for step in asked.steps[:-1]:
            do(step)
        if asked.room is not None:
            leave_room(asked.room)
            do(asked.steps[-1])
            leave_room(None)
        do(asked.steps[-1])
        call_command("verify_log", stdout=sys.stderr)


if __name__ == "__main__":
    main()
