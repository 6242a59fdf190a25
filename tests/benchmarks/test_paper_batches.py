"""The rosters of 500 branches of 60 people in one file: seconds, memory, size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.benchmarks.registers import FilledRegister, report

BRANCHES = 500


@pytest.fixture(scope="module")
def register() -> Iterator[FilledRegister]:
    made = FilledRegister("batches")
    yield made
    made.close()


@pytest.mark.parametrize("bound", ["pdf", "zip"])
def test_500_rosters_take_less_than_a_minute_and_little_memory(register, bound):
    took = register.ask("rosters", bound=bound)
    report(
        f"{took['papers']} rosters, {took['people']:,} people, one {bound}: {took['s']:.0f} s "
        f"({took['cpu']:.0f} s of processors), at most {took['peak']} MB, "
        f"the file {took['size']:.0f} MB"
    )
    assert took["papers"] == BRANCHES
    assert took["s"] <= 50
    assert took["peak"] <= 600
