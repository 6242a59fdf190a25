"""The rules of development alone: 20,000 files planned, 10,000 ways tried."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest

from members.rules import development
from tests.benchmarks.registers import report
from tests.rules.development_walks import walk
from tests.rules.test_development_walks import contradictions, unexplained, wrongly_full

pytestmark = pytest.mark.benchmark
ON = date(2024, 6, 1)
FILES = 10_000
PLANNED = 20_000


@pytest.fixture(scope="module")
def files():
    return [walk(seed) for seed in range(FILES)]


def test_no_state_of_ten_thousand_files_contradicts_the_rules(files):
    wrong = [file for file in files if contradictions(file) or wrongly_full(file)]
    unclear = [file for file in files if unexplained(file)]
    report(f"{len(files)} generated files: {len(wrong)} contradictions, {len(unclear)} unclear")
    assert not wrong
    assert not unclear


def test_twenty_thousand_files_are_planned_and_judged(files):
    begun = process_time()
    for file in (files * 2)[:PLANNED]:
        for step in development.open_steps(development.plan(file, ON)):
            development.desk_state(step, ON)
    took = process_time() - begun
    report(f"{PLANNED} files planned in {took:.1f} s, {took / PLANNED * 1e6:.0f} µs each")
    assert took < 5
