"""A list of 100,000 people as a styled workbook: how fast, beside the stock export, and how large.

The stock export is asked for fewer rows: it holds all of them, and their workbook, in memory.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.registers import Register, on_each_database, report

FEW, MANY = 20_000, 100_000


@on_each_database
def large(request) -> Iterator[Register]:
    register = Register("large", request.param)
    yield register
    register.close()


def test_an_export_is_fast_and_its_memory_does_not_grow_with_the_rows(large):
    few, many = large.ask("export", rows=FEW), large.ask("export", rows=MANY)
    stock = large.ask("export", rows=FEW, stock=True)
    ours, theirs = (each["rows"] / each["s"] for each in (many, stock))
    report(
        f"{large.name}: {MANY:,} rows × 20 columns at {ours:,.0f} rows/s, "
        f"{ours / theirs:.1f} × stock ({theirs:,.0f}); "
        f"peak {few['peak']} MB at {FEW:,} rows, {many['peak']} MB at {MANY:,}"
    )
    assert ours >= 6_000
    assert many["peak"] - few["peak"] <= 20
