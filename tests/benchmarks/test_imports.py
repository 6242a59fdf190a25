"""Rosters from file to register, beside the stock import of the same file in the same run."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.benchmarks.registers import EmptyRegister, Register, on_each_database, report
from tests.benchmarks.roster_files import roster_file

ROWS = int(os.environ.get("BENCHMARK_ROWS", "100000"))
FEW = 10_000


@on_each_database
def register(request) -> Iterator[Register]:
    register = EmptyRegister(request.param)
    yield register
    register.close()


def told(register, label, result) -> None:
    report(
        f"{register.name}: {label} {result['rows_per_second']:,.0f} rows/s "
        f"(staged in {result['stage']:.1f} s, applied in {result['apply']:.1f} s, "
        f"{result['megabytes']:.0f} MB, reader {result['child_megabytes']:.0f} MB)"
    )


def test_a_roster_of_a_hundred_thousand_is_read_judged_and_applied(register):
    result = register.ask("imported", file=roster_file(ROWS))
    told(register, f"{ROWS:,} new", result)
    assert result["counts"]["new"] == ROWS
    assert result["logged"] > ROWS
    assert result["megabytes"] <= 600
    assert result["rows_per_second"] >= (5000 if register.server else 6000)


def test_the_same_roster_again_changes_nothing(register):
    result = register.ask("imported", file=roster_file(ROWS))
    told(register, f"{ROWS:,} unchanged", result)
    assert result["counts"]["unchanged"] == ROWS
    assert result["rows_per_second"] >= 12_000


def test_two_columns_of_everybody_change(register):
    result = register.ask("imported", file=roster_file(ROWS, changed=True))
    told(register, f"{ROWS:,} changed in two columns", result)
    assert result["counts"]["changed"] == ROWS
    assert result["rows_per_second"] >= 4000


def test_ten_thousand_rows_take_a_twentieth_of_the_stock_import(register):
    stock = register.ask("stock", file=roster_file(FEW, first=300_000))
    assert stock["new"] == FEW
    result = register.ask("imported", file=roster_file(FEW, first=320_000))
    theirs, ours = stock["seconds"], FEW / result["rows_per_second"]
    report(
        f"{register.name}: {FEW:,} rows {ours:.1f} s, stock {theirs:.0f} s: {theirs / ours:.0f} ×"
    )
    assert theirs >= 20 * ours


def test_others_go_on_saving_while_a_roster_is_applied(register):
    result = register.ask("imported_while_others_save", file=roster_file(ROWS, first=400_000))
    report(f"{register.name}: {result['saves']} saves, longest wait {result['longest_wait']:.1f} s")
    assert result["longest_wait"] <= 3


def test_the_preview_of_a_large_roster_is_a_small_page(register):
    result = register.ask("preview", file=roster_file(ROWS, first=600_000))
    report(f"{register.name}: preview {result['bytes'] // 1024} KB in {result['ms']:.0f} ms")
    assert result["bytes"] <= 300 * 1024
