"""The ledger of a work committee with 100,000 members and three years of payments."""

from __future__ import annotations

import os
from collections.abc import Iterator
from statistics import median

from tests.benchmarks.registers import FilledRegister, on_each_database, report

SECONDS = int(os.environ.get("BENCHMARK_SECONDS", "300"))
ROUNDS = 5


@on_each_database
def ledger(request) -> Iterator[FilledRegister]:
    register = FilledRegister("dues", request.param)
    yield register
    register.close()


def test_the_monthly_summary_of_a_work_committee(ledger):
    found = ledger.ask("summary", times=ROUNDS)
    report(f"{ledger.name}: summary of {found['branches']} branches {median(found['ms']):.0f} ms")
    assert (found["members"], found["owed"]) == (100_800, "12096000.00")
    assert found["in_arrears"] == 5_040
    assert median(found["ms"]) <= 1000


def test_the_arrears_list_of_a_work_committee(ledger):
    found = ledger.ask("arrears", times=ROUNDS)
    report(f"{ledger.name}: arrears of {found['members']} members {median(found['ms']):.0f} ms")
    assert (found["members"], found["months"]) == (5_040, 20_160)
    assert median(found["ms"]) <= 1000


def test_a_sheet_of_sixty_payments(ledger):
    found = ledger.ask("sheet", times=ROUNDS)
    report(f"{ledger.name}: 60 payments {median(found['ms']):.0f} ms, {found['queries']} queries")
    assert median(found["ms"]) <= 800
    assert found["queries"] <= 15


def test_a_statement_of_ten_months(ledger):
    found = ledger.ask("statement", times=1)
    report(f"{ledger.name}: statement of ten months {median(found['ms']):.0f} ms")
    assert found["owed"] == "120960000.00"


def test_the_yearly_run_of_a_work_committee(ledger):
    found = ledger.ask("yearly")
    report(f"{ledger.name}: yearly run {found['s']:.1f} s, {found['counts']}")
    assert sum(found["counts"].values()) == 100_800
    assert found["s"] <= 15


def test_sixteen_clerks_save_all_the_time(ledger):
    found = ledger.ask("saves", seconds=SECONDS, clients=16, per_second=25)
    report(
        f"{ledger.name}: {found['saved']} saves in {SECONDS} s, {len(found['failed'])} failed, "
        f"the longest took {found['longest']:.1f} s"
    )
    assert not found["failed"]
    assert found["kept"] == found["saved"] >= 24 * SECONDS
