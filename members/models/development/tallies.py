"""The numbers of a desk: how many steps wait in which state, for which step and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count, When

from members.models.development.deadlines import (
    BRANCH,
    STATES,
    WAITING_AT,
    WITHIN,
    DeadlineQuerySet,
    conditions,
    is_waiting_for,
)

ME = "me"
SENT_BACK = "sent_back"
_LEVEL_OF = {acts: level for level, group in WAITING_AT.items() for acts in group}


@dataclass(frozen=True)
class Tally:
    """How many rows wait alike: for one step, at one level, for oneself or not."""

    step: str
    level: str  # of WAITING_AT
    mine: bool
    sent_back: bool
    states: dict[str, int]  # by STATES


def with_mine(rows: DeadlineQuerySet, user: Any) -> Any:
    """Return ``rows`` that say in ``mine`` whether ``user`` himself is to enter the step."""
    mine = Case(
        When(is_waiting_for(user), then=True),
        default=False,
        output_field=BooleanField(),
    )
    return rows.annotate(mine=mine)


def tallies(rows: DeadlineQuerySet, user: Any, on: date, within: int = WITHIN) -> list[Tally]:
    """Count ``rows`` by one question; a state of a tally is the number of ``in_state`` there."""
    asked = conditions(on, within)
    grouped = with_mine(rows, user).order_by().values("step", "acts", "sent_back", "mine")
    counted = grouped.annotate(
        **{f"n_{state}": Count("pk", filter=asked[state]) for state in STATES}
    )
    return [
        Tally(
            step=row["step"],
            level=BRANCH if row["sent_back"] else _LEVEL_OF[row["acts"]],
            mine=row["mine"],
            sent_back=row["sent_back"],
            states={state: row[f"n_{state}"] for state in STATES},
        )
        for row in counted
    ]


def matching(
    counted: Iterable[Tally], *, step: str = "", waits: str = "", sent_back: bool = False
) -> list[Tally]:
    """Return the tallies of one step, of one level or of oneself, of what was sent back."""
    return [
        each
        for each in counted
        if (not step or each.step == step)
        and (not waits or (each.mine if waits == ME else each.level == waits))
        and (not sent_back or each.sent_back)
    ]


def summed(counted: Iterable[Tally]) -> dict[str, int]:
    """Return how many rows there are in each state, and in ``sent_back``."""
    found = dict.fromkeys((*STATES, SENT_BACK), 0)
    for each in counted:
        for state, number in each.states.items():
            found[state] += number
        if each.sent_back:
            found[SENT_BACK] += sum(each.states.values())
    return found
