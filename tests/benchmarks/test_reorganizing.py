"""A committee of 500 organisations and 5,000 members moves, with and without new codes."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import pytest

from tests.benchmarks.registers import FilledRegister, on_each_database, report

ROUNDS = 5


@on_each_database
def committees(request) -> Iterator[FilledRegister]:
    register = FilledRegister("reorganizing", request.param)
    yield register
    register.close()


@pytest.mark.parametrize("recode", [False, True], ids=["codes kept", "new codes"])
def test_a_committee_of_500_organisations_moves(committees, recode):
    found = committees.ask("move", times=ROUNDS, recode=recode)
    taken = {what: median(found[what]) for what in ("preview", "move", "take_back")}
    report(
        f"{committees.name}: {found['organizations']} organisations, {found['members']} members: "
        + ", ".join(f"{what} {seconds:.2f} s" for what, seconds in taken.items())
    )
    assert (found["organizations"], found["members"]) == (500, 5_000)
    assert taken["move"] <= 1
    assert taken["preview"] <= 1.5
    assert taken["take_back"] <= 1.5
