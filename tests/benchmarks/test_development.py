"""The desk of a work committee with 20,000 open files of development, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import pytest

from tests.benchmarks.registers import FilledRegister, on_each_database, report

ROUNDS = 5
TOP, ONE_BRANCH = 1, 3  # organisations by their keys


@on_each_database
def files(request) -> Iterator[FilledRegister]:
    register = FilledRegister("development", request.param)
    yield register
    register.close()


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("/development/", id="first screen"),
        pytest.param("/development/?waits=me", id="what waits for me"),
        pytest.param("/development/?state=possible", id="possible"),
        pytest.param("/development/?by=person", id="by person"),
        pytest.param("/development/board/", id="board"),
    ],
)
def test_the_desk_of_a_work_committee(files, address):
    found = files.ask("desk", address=address, at=TOP, times=ROUNDS)
    report(
        f"{files.name}: {address} {median(found['ms']):.0f} ms, {found['queries']} queries, "
        f"{found['kilobytes']} KB, {found['rows']} rows"
    )
    assert found["files"] == 20_000
    assert median(found["ms"]) <= 500


def test_the_desk_of_a_branch_does_not_pay_for_the_others(files):
    found = files.ask("desk", address="/development/", at=ONE_BRANCH, times=ROUNDS)
    report(f"{files.name}: the desk of a branch {median(found['ms']):.0f} ms")
    assert median(found["ms"]) <= 200


def test_the_deadlines_of_everybody(files):
    found = files.ask("agenda", times=3)
    report(f"{files.name}: deadlines of {found['rows']} rows {median(found['s']):.2f} s")
    assert found["rows"] >= 20_000
    assert median(found["s"]) <= 5
