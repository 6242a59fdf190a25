"""The rosters of 500 branches of 60 people in one file: seconds, memory, size.

Asserted are the seconds of processors shared by two cores, so that what else the machine does is
not measured; the seconds on the clock are printed beside them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.registers import ROOT, Register

BRANCHES = 500


class RegisterOfBranches(Register):
    """A register whose branches are all of one size."""

    probe = "tests.benchmarks.batches"

    def _fill(self, folder: Path) -> None:
        subprocess.run([sys.executable, "-m", self.probe, "fill"], cwd=ROOT, env=self.environment,
                       check=True)  # fmt: skip
        (folder / "ready").touch()


@pytest.fixture(scope="module")
def register() -> Iterator[Register]:
    made = RegisterOfBranches("branches")
    yield made
    made.close()


def report(text: str) -> None:
    print(f"\n    {text}", end="")  # noqa: T201 - the figures are what a benchmark is for


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
