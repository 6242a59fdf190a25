"""The desk of a work committee with 20,000 open files of development, and what it waits for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.registers import ROOT, Register

SERVERS = ["", os.environ["DATABASE_URL"]] if os.environ.get("DATABASE_URL") else [""]
ROUNDS = 5
TOP, ONE_BRANCH = 1, 3  # organisations by their keys


class Files(Register):
    """A register filled by SQL, kept in build/ like the others."""

    probe = "tests.benchmarks.development"

    def _fill(self, folder: Path) -> None:
        subprocess.run(
            [sys.executable, "-m", self.probe, "fill"], cwd=ROOT, env=self.environment, check=True
        )
        (folder / "ready").touch()


@pytest.fixture(
    scope="module", params=SERVERS, ids=lambda server: "postgresql" if server else "sqlite"
)
def files(request) -> Iterator[Files]:
    register = Files("development", request.param)
    yield register
    register.close()


def report(text: str) -> None:
    print(f"\n    {text}", end="")  # noqa: T201 - the figures are what a benchmark is for


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
