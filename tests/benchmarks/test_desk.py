"""The start page of a work committee with 100,800 members in 2,400 branches, and of one branch."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import pytest

from tests.benchmarks.registers import FilledRegister, on_each_database, report

ROUNDS = 5
TOP, COMMITTEE, BRANCH = 1, 2, 3  # organisations by their keys


@on_each_database
def register(request) -> Iterator[FilledRegister]:
    filled = FilledRegister("desk", request.param)
    yield filled
    filled.close()


@pytest.mark.parametrize(
    "keep",
    [
        # Every ten minutes somebody pays for the numbers that are kept.
        pytest.param(False, id="whoever opens it first"),
        pytest.param(True, id="opened again"),
    ],
)
def test_the_desk_of_a_work_committee(register, keep):
    found = register.ask("desk", at=TOP, times=ROUNDS, keep=keep)
    slowest = sorted(register.ask("sources", at=TOP).items(), key=lambda pair: -pair[1])[:4]
    report(
        f"{register.name}: desk of {found['members']} members {median(found['ms']):.0f} ms, "
        f"{found['queries']} queries, {found['kilobytes']} KB, {found['lines']} lines; "
        + ", ".join(f"{name} {ms:.0f}" for name, ms in slowest)
    )
    assert found["members"] == 100_800
    assert found["lines"] >= 12
    assert median(found["ms"]) <= 400


@pytest.mark.parametrize("at", [COMMITTEE, BRANCH])
def test_a_small_desk_does_not_pay_for_the_others(register, at):
    found = register.ask("desk", at=at, times=ROUNDS, keep=False)
    report(f"{register.name}: desk of organisation {at} {median(found['ms']):.0f} ms")
    assert median(found["ms"]) <= 150
