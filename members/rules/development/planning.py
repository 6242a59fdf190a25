"""The plan of a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from members.rules.development.files import File, Planned


def plan(file: File, on: date) -> tuple[Planned, ...]:
    """Return one ``Planned`` for every step of the file's rule set, in their order."""
    raise NotImplementedError


def open_steps(planned: Iterable[Planned]) -> list[Planned]:
    """Return what a desk shows: what may be done or is waited for, and the first that is blocked."""
    raise NotImplementedError


def overdue_since(planned: Planned, on: date) -> date | None:
    """Return the first day on which the step was late, as seen on ``on``; None where it is not."""
    raise NotImplementedError


def desk_state(planned: Planned, on: date, within: int = 30) -> str:
    """Return overdue, due, soon, possible or blocked; "" where nothing is waited for."""
    raise NotImplementedError
