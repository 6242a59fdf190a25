"""The ledger's rules: how far somebody has paid, what is too much, what is open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from members.rules import ledger
from members.rules.ledger import Arrears, Stay

YEAR = [date(2026, number, 1) for number in range(1, 13)]


def months(**amounts: int) -> dict[date, Decimal]:
    """``jan=10, mar=10``: amounts by month of 2026."""
    names = "jan feb mar apr may jun jul aug sep oct nov dec".split()
    return {YEAR[names.index(name)]: Decimal(amount) for name, amount in amounts.items()}


TEN_EACH = dict.fromkeys(YEAR, Decimal(10))


@pytest.mark.parametrize(
    ("owed", "paid", "settled_to", "to"),
    [
        pytest.param(TEN_EACH, {}, None, None, id="nothing paid"),
        pytest.param(TEN_EACH, {}, YEAR[2], YEAR[2], id="settled before the register"),
        pytest.param(TEN_EACH, months(jan=10, feb=10), None, YEAR[1], id="two months"),
        pytest.param(TEN_EACH, months(jan=10, mar=10), None, YEAR[0], id="a gap"),
        pytest.param(TEN_EACH, months(jan=9), None, None, id="in part"),
        pytest.param(TEN_EACH, months(jan=10, feb=0), None, YEAR[0], id="paid and reversed"),
        pytest.param(TEN_EACH, months(apr=10), YEAR[2], YEAR[3], id="goes on behind settled"),
        pytest.param(TEN_EACH, months(may=10), YEAR[2], YEAR[2], id="a gap behind settled"),
        pytest.param(
            TEN_EACH | months(feb=0), months(jan=10, mar=10), None, YEAR[2], id="a month let off"
        ),
        pytest.param(months(jan=10), months(jan=10, feb=10), None, YEAR[1], id="not assessed yet"),
    ],
)
def test_how_far_somebody_has_paid(owed, paid, settled_to, to):
    assert ledger.paid_to(owed, paid, settled_to) == to


@pytest.mark.parametrize(
    ("owed", "paid", "beyond"),
    [
        (TEN_EACH, months(jan=10, feb=12), 2),
        (TEN_EACH, months(jan=5, feb=12), 2),  # what is missing elsewhere is not set against it
        (months(jan=10), months(jan=10, feb=10), 10),  # left in January
        (TEN_EACH, {date(2027, 1, 1): Decimal(10)}, 0),  # in advance of the assessment
    ],
)
def test_what_is_too_much(owed, paid, beyond):
    assert ledger.overpaid(owed, paid) == beyond


@pytest.mark.parametrize(
    ("missing", "found"),
    [
        ({}, Arrears(0, 0, Decimal(0))),
        (months(jan=10), Arrears(1, 1, Decimal(10))),
        (months(jan=10, feb=5, apr=10), Arrears(3, 2, Decimal(25))),
        (months(nov=1, dec=1) | {date(2027, 1, 1): Decimal(1)}, Arrears(3, 3, Decimal(3))),
    ],
)
def test_arrears_count_the_longest_run(missing, found):
    assert ledger.arrears(missing) == found


@pytest.mark.parametrize(
    ("since", "until", "touches"),
    [
        (date(2026, 3, 31), None, True),
        (date(2026, 4, 1), None, False),
        (None, date(2026, 3, 2), True),
        (None, date(2026, 3, 1), False),
        (date(2026, 3, 5), date(2026, 3, 5), False),
        (None, None, True),
    ],
)
def test_a_stay_touches_a_month_by_any_of_its_days(since, until, touches):
    assert Stay(since, until).touches(date(2026, 3, 1), date(2026, 4, 1)) is touches


def test_every_transfer_arrives_as_something_that_comes_in():
    for kind in ledger.ENTRY_KINDS.values():
        assert bool(kind.arrives_as) <= (kind.sign == -1)
        if kind.arrives_as:
            assert ledger.ENTRY_KINDS[kind.arrives_as].sign == 1
