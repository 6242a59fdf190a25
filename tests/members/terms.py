"""Terms and elections for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from branches.models import Organization
from members.models import Election, PartyWorker, Term
from members.rules.elections import Attendance
from tests.factories import TODAY, a_member

BEGAN = date(2021, 6, 10)


def a_term(
    organization: Organization, began_on: date = BEGAN, years: int | None = 5, **fields: Any
):
    body = fields.pop("body", "committee")
    return Term.begin(organization, body, began_on, years, fields.pop("today", TODAY), **fields)


def a_worker(organization: Organization, today: date = TODAY, **fields: Any) -> PartyWorker:
    worker = PartyWorker(organization=organization, worker_from=date(2020, 1, 1), **fields)
    worker.keep(today)
    return worker


def an_election(organization: Organization, seats: int = 3, **more: int) -> Any:
    """An election of a committee, with members of a branch below as candidates."""
    return Election.open(organization, {"committee": seats, **more}, TODAY)


def stand(ballot: Any, branch: Organization, *names: str) -> list[Any]:
    return [ballot.name(a_member(branch, name=name)) for name in names]


DAYS = {
    "request": date(2026, 9, 1),
    "review": date(2026, 9, 10),
    "reply": date(2026, 9, 20),
    "assembly": date(2026, 10, 8),
    "report": date(2026, 10, 12),
}


def take(election: Election, *steps: str) -> None:
    for step in steps:
        election.take(step, DAYS[step], TODAY)


def here(present: int = 40, due: int = 45, **excused: int) -> Attendance:
    return Attendance(due + sum(excused.values()), excused, due, present)
