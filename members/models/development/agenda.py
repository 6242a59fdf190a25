"""What open files wait for, as plain values: for commands, in one pass over the rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from members.models.development.deadlines import DeadlineQuerySet, said_again, state_on
from registry.language import said


def agenda_of(rows: DeadlineQuerySet, on: date, within: int) -> Iterator[dict[str, Any]]:
    """Give for each row person, name, organization, step, state, from, by and reason.

    ``person`` is the number of the file, ``organization`` the code of its branch; days are ISO
    text or None. Ordered by the last day, rows without one behind the others.
    """
    asked = rows.in_order().values_list(
        "file_id", "file__name", "organization__code", "step", "possible_from", "due_by",
        "blocked", "reasons",
    )  # fmt: skip
    last = on + timedelta(days=within)

    @cache
    def in_words(kept: str) -> str:
        return " ".join(said(said_again(*each)) for each in json.loads(kept))

    for person, name, code, step, begins, ends, blocked, reasons in asked.iterator(5_000):
        yield {
            "person": person,
            "name": name,
            "organization": code,
            "step": step,
            "state": state_on(begins, ends, on, last, blocked=blocked),
            "from": begins.isoformat() if begins else None,
            "by": ends.isoformat() if ends else None,
            "reason": in_words(json.dumps(reasons)),
        }
