"""Questions of the statistics for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from branches.models import Organization
from members.models.figures.balancing import Balance, balance_of
from members.models.figures.chosen import Chosen
from members.rules.figures import OPENING

NEW_YEAR, YEAR_END = date(2025, 1, 1), date(2025, 12, 31)


def the_balance(
    organization: Organization, first: date = NEW_YEAR, last: date = YEAR_END
) -> dict[str, int]:
    """The lines of the balance that are not 0."""
    return lines_of(balance_of(Chosen(organization), first, last))


def lines_of(balance: Balance) -> dict[str, int]:
    kept = (OPENING, "closing")
    return {line: n for line, n in balance.numbers.items() if n or line in kept}


def people_behind(organization: Organization, line: str) -> list[Any]:
    """Who is counted in a line of 2025, each with the day and the sign."""
    balance = balance_of(Chosen(organization), NEW_YEAR, YEAR_END)
    return [(each.member_id, each.on, each.sign) for each in balance.behind(line)]
