"""The workbook of an upload as it goes back to its clerk: as it was, with what is to be done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry.sheets.editing.formulas import cell_at, name_of
from registry.sheets.editing.package import NotInPlace
from registry.sheets.editing.process import edited
from registry.sheets.editing.rebuilding import names_of, rebuilt
from registry.sheets.formats import stem
from registry.sheets.reading import read_grids
from registry.sheets.workbook import Grid, Value

# The headings of our own columns. They are Chinese, as the sheets are, and no office uses them, so
# that a returned workbook which is uploaded once more shows which columns are ours.
STATUS_HEADING, REASON_HEADING = "导入状态", "问题说明"
ROW_HEADING = "原行号"  # only where a workbook holds a part of the rows
RETURNED_HEADINGS = frozenset({STATUS_HEADING, REASON_HEADING, ROW_HEADING})
AUTHOR = "党员登记系统"  # of the notes; those of an earlier return are known by it
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Mark:
    """Something told of a cell; ``level`` is error, question or warning."""

    sheet: str
    cell: str
    level: str
    text: str


@dataclass(frozen=True)
class RowNote:
    """What came of a row."""

    sheet: str
    row: int
    status: str
    reason: str = ""


@dataclass(frozen=True)
class Returned:
    """A workbook for its clerk; ``converted`` where it had to be made anew as .xlsx."""

    data: bytes
    name: str
    converted: bool


def returned_workbook(
    data: bytes,
    name: str,
    marks: Iterable[Mark],
    notes: Iterable[RowNote],
    *,
    sheets: Mapping[str, Sequence[int]],
    headings: tuple[str, str] = (STATUS_HEADING, REASON_HEADING),
    only_rows: Collection[tuple[str, int]] | None = None,
) -> Returned:
    """Return the workbook with its cells marked, and status and reason behind the rows.

    ``sheets`` says which rows hold the headings of each sheet that was read. With ``only_rows`` the
    workbook is a new one of just the headings and these rows, each with its number of before.
    Raises Unreadable where the file cannot be read or changed.
    """
    marks, notes = list(marks), list(notes)
    file_name = f"{stem(name)}.xlsx"
    if only_rows is None:
        try:
            _, result = edited(data, name, _task(marks, notes, sheets, headings))
            return Returned(result, file_name, converted=False)
        except NotInPlace:
            pass
    _, grids, _ = read_grids(data, name)
    if only_rows is not None:
        part = _Part(grids, sheets, only_rows)
        grids, sheets = part.grids, part.sheets
        marks = [replace(mark, cell=part.cell(mark)) for mark in marks if part.holds(mark)]
        notes = [
            replace(note, row=part.rows[note.sheet, note.row])
            for note in notes
            if (note.sheet, note.row) in part.rows
        ]
    names = names_of(grids)
    marks = [replace(mark, sheet=names[mark.sheet]) for mark in marks]
    notes = [replace(note, sheet=names[note.sheet]) for note in notes]
    sheets = {names[sheet]: rows for sheet, rows in sheets.items()}
    task = _task(marks, notes, sheets, headings)
    _, result = edited(rebuilt(grids), file_name, task)
    return Returned(result, file_name, converted=True)


def _task(
    marks: Iterable[Mark],
    notes: Iterable[RowNote],
    sheets: Mapping[str, Sequence[int]],
    headings: Sequence[str],
) -> dict[str, Any]:
    told: dict[str, tuple[Sequence[int], list[Any], list[Any]]] = {
        name: (rows, [], []) for name, rows in sheets.items()
    }
    for mark in marks:
        told.setdefault(mark.sheet, ((), [], []))[1].append((mark.cell, mark.level, mark.text))
    for note in notes:
        told[note.sheet][2].append((note.row, note.status, note.reason))
    return {"task": "mark", "sheets": told, "headings": headings, "author": AUTHOR}


class _Part:
    """Headings and some rows of a workbook, moved close up; each says where it stood."""

    def __init__(
        self,
        grids: Sequence[Grid],
        sheets: Mapping[str, Sequence[int]],
        only: Collection[tuple[str, int]],
    ) -> None:
        self.grids: list[Grid] = []
        self.sheets: dict[str, Sequence[int]] = {}
        self.rows: dict[tuple[str, int], int] = {}  # sheet and row of before → row now
        wanted = set(only)
        for grid in grids:
            headings = sheets.get(grid.name, ())
            kept = [
                (number, values)
                for number, values in grid.rows
                if number in headings or (grid.name, number) in wanted
            ]
            if kept and not grid.hidden:
                self._add(grid, kept, headings)

    def _add(
        self, grid: Grid, kept: Sequence[tuple[int, list[Value]]], headings: Sequence[int]
    ) -> None:
        width = max(len(values) for _, values in kept)
        part = Grid(grid.name)
        for place, (number, values) in enumerate(kept, 1):
            self.rows[grid.name, number] = place
            said: Value = float(number)
            if number in headings:
                said = ROW_HEADING if number == headings[0] else None
            part.rows.append((place, [*values, *[None] * (width - len(values)), said]))
        part.merges = [
            (self.rows[grid.name, top], left, self.rows[grid.name, bottom], right)
            for top, left, bottom, right in grid.merges
            if top in headings and bottom in headings
        ]
        self.grids.append(part)
        self.sheets[grid.name] = [self.rows[grid.name, row] for row in headings]

    def holds(self, mark: Mark) -> bool:
        return (mark.sheet, cell_at(mark.cell)[0]) in self.rows

    def cell(self, mark: Mark) -> str:
        row, column = cell_at(mark.cell)
        return name_of(self.rows[mark.sheet, row], column)
