"""Reads one file in a process of its own: ``python -m registry.sheets.child NAME < FILE``.

A hostile or damaged file can crash or hang the readers; here it takes only this process with it.
The result goes to standard output as lines of JSON (``transport``); nothing is unpickled.
"""

from __future__ import annotations

import gc
import io
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from types import NoneType
from typing import Any
from zipfile import ZipFile

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from registry.sentences import Sentence, warning
from registry.sheets import (
    biff,
    codes,
    container,
    delimited,
    formats,
    html_tables,
    limits,
    number_formats,
    open_document,
    sheet_walk,
    spreadsheet_xml,
    transport,
    xlsb,
    xlsx,
)
from registry.sheets.limits import protected
from registry.sheets.workbook import (
    ERROR_VALUE,
    NO_RESULT,
    NOT_A_NUMBER,
    Cell,
    Grid,
    Unreadable,
    Value,
)

MEMORY = 512 * 1024 * 1024
PROCESSOR_SECONDS = 60
_CHUNK = 1000
_KEPT = frozenset({date, datetime, bool, NoneType})


def limit_resources() -> None:
    """Bound memory above what the interpreter itself holds, processor time, and forbid files."""
    base = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (base + MEMORY, base + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(data: bytes, name: str) -> Iterator[dict[str, Any]]:
    """Yield the messages that describe the file (see ``transport``); raise Unreadable."""
    kind = formats.recognise(data, name)
    if kind == formats.TEXT:
        rows = delimited.rows_of(data)
        if len(rows) > limits.MAX_ROWS + 1000:
            raise limits.too_many_rows(name)
        yield from _grids("csv", [Grid(formats.stem(name), rows)])
    elif kind == formats.HTML:
        yield from _grids(kind, [html_tables.grid_of(data, name)])
    elif kind == formats.XML:
        yield from _grids(kind, spreadsheet_xml.grids_of(data))
    else:
        yield from _workbook(data, kind)


def _grids(kind: str, grids: list[Grid]) -> Iterator[dict[str, Any]]:
    yield {"format": kind}
    for grid in grids:
        yield transport.sheet(grid)
        if not grid.hidden:
            yield from _chunks(grid.rows)


def _workbook(data: bytes, kind: str) -> Iterator[dict[str, Any]]:
    if kind == formats.XLS:
        yield {"format": kind}
        yield from _sheets(data, biff.facts_of(data))
        return
    with container.open_archive(data) as archive:
        kind = container.kind_of(archive)
        yield {"format": kind}
        yield from _parts_left_out(archive.namelist())
        facts = _FACTS[kind](archive)
    yield from _sheets(data, facts)


def _parts_left_out(names: list[str]) -> Iterator[dict[str, Any]]:
    lower = [name.lower() for name in names]
    if any(name.endswith("vbaproject.bin") for name in lower):
        yield transport.note(
            warning(
                "The workbook carries macros. Its values are read; the macros are not kept.",
                code=codes.MACROS_IGNORED,
            )
        )
    if any(name.startswith("xl/externallinks/") for name in lower):
        yield transport.note(
            warning(
                "The workbook points to other workbooks. The values that it shows are read; "
                "the other workbooks are not.",
                code=codes.LINKS_IGNORED,
            )
        )


def _sheets(data: bytes, told: list[xlsx.SheetFacts]) -> Iterator[dict[str, Any]]:
    facts = {fact.name: fact for fact in told}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for index, entry in enumerate(workbook.sheets_metadata):
            if entry.typ != SheetTypeEnum.WorkSheet:
                continue
            if entry.visible != SheetVisibleEnum.Visible:
                yield transport.sheet(Grid(entry.name, hidden=True))
                continue
            fact = facts.get(entry.name) or xlsx.SheetFacts(entry.name, "", hidden=False)
            sheet = workbook.get_sheet_by_index(index)
            limits.check_area(entry.name, sheet.height, sheet.width)
            yield transport.sheet(
                Grid(
                    entry.name,
                    merges=fact.merges,
                    hidden_rows=fact.hidden_rows,
                    hidden_columns=fact.hidden_columns,
                )
            )
            if sheet.start is not None:
                yield from _chunks(_rows(sheet.iter_rows(), sheet.start[1], fact.facts))
            elif fact.facts:
                yield from _chunks(_rows([], 0, fact.facts))
    except PasswordError:
        raise protected() from None
    except (CalamineError, ValueError, OverflowError, OSError) as error:
        raise Unreadable(
            Sentence(
                "The workbook is damaged (%(reason)s). Open it in Excel and save it again.",
                code=codes.FILE_UNREADABLE,
                reason=str(error)[:120],
            )
        ) from None


_FACTS: dict[str, Callable[[ZipFile], list[xlsx.SheetFacts]]] = {
    "xlsx": sheet_walk.facts_of,
    "xlsb": xlsb.facts_of,
    "ods": open_document.facts_of,
}


def _rows(
    rows: Iterable[list[Any]], left: int, facts: dict[int, dict[int, xlsx.Fact]]
) -> Iterator[tuple[int, list[Value]]]:
    """Yield the rows that hold anything, values from column A on, odd cells as ``Cell``."""
    number = 0
    padding: list[Value] = [None] * left
    for number, read_values in enumerate(rows, 1):
        # Text and gaps are nearly all of it; the others are looked at one by one.
        values = padding + [
            value or None if type(value) is str else _plain(value) for value in read_values
        ]
        if number in facts:
            _tell(values, facts[number])
        while values and values[-1] is None:
            values.pop()
        if values:
            yield number, values
    for beyond in sorted(row for row in facts if row > number):
        values = []
        _tell(values, facts[beyond])
        yield beyond, values


def _plain(value: Any) -> Value:
    kind = type(value)
    if kind is float:
        return value if isfinite(value) else Cell(None, shown=str(value), fault=NOT_A_NUMBER)
    if kind in _KEPT:
        return value  # type: ignore[no-any-return]
    return float(value) if kind is int else str(value)


def _tell(values: list[Value], facts: dict[int, xlsx.Fact]) -> None:
    for column, fact in facts.items():
        values.extend([None] * (column - len(values)))
        value = values[column - 1]
        if isinstance(value, Cell):
            continue
        if fact.fault == ERROR_VALUE:
            values[column - 1] = Cell(None, fact.error, ERROR_VALUE, fact.formula)
        elif fact.fault == NO_RESULT:
            values[column - 1] = Cell(None, fault=NO_RESULT, formula=True)
        else:
            shown = number_formats.shown(value, fact.shown_as) if fact.shown_as else ""
            if value is not None and (shown or fact.formula):
                values[column - 1] = Cell(value, shown, formula=fact.formula)


def _chunks(rows: Iterable[tuple[int, list[Value]]]) -> Iterator[dict[str, Any]]:
    chunk = []
    for number, values in rows:
        chunk.append((number, values))
        if len(chunk) == _CHUNK:
            yield {"rows": chunk}
            chunk = []
    if chunk:
        yield {"rows": chunk}


def main(name: str, source: io.BufferedIOBase, out: io.BufferedIOBase) -> None:
    try:
        data = source.read(formats.MAX_UPLOAD + 1)
        out.writelines(transport.encoded(message) for message in read(data, name))
    except Unreadable as refusal:
        out.write(transport.encoded(transport.unreadable(refusal.sentence)))
    out.write(transport.encoded({"end": True}))
    out.flush()


if __name__ == "__main__":
    limit_resources()
    gc.disable()  # a short life without cycles
    main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)  # type: ignore[arg-type]
