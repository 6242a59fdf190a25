"""The statistics of a work committee with 100,000 members, as at a day five years back."""

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


class Cities(Register):
    """A register of cities under one work committee, kept in build/ like the others."""

    probe = "tests.benchmarks.figures"

    def _fill(self, folder: Path) -> None:
        subprocess.run(
            [sys.executable, "-m", self.probe, "fill"], cwd=ROOT, env=self.environment, check=True
        )
        (folder / "ready").touch()


@pytest.fixture(
    scope="module", params=SERVERS, ids=lambda server: "postgresql" if server else "sqlite"
)
def cities(request) -> Iterator[Cities]:
    register = Cities("figures", request.param)
    yield register
    register.close()


def test_the_statistics_of_a_hundred_thousand_members_five_years_back(cities):
    found = cities.ask("statistics", times=ROUNDS)
    taken = median(found["ms"])
    print(  # noqa: T201 - the figures are what a benchmark is for
        f"\n    {cities.name}: statistics of {found['members']} members {taken:.0f} ms", end=""
    )
    assert found["members"] >= 100_000
    assert found["balance"]["difference"] == 0
    assert taken <= 1500
