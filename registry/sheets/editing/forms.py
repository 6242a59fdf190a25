"""An empty form that came from above: what it asks for, and the same workbook filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.calendar import PartialDate
from registry.sentences import Sentence
from registry.sheets import codes, layout, lines
from registry.sheets.columns import ColumnTable
from registry.sheets.editing.days import writer_of_days
from registry.sheets.editing.formulas import column_number
from registry.sheets.editing.package import NotInPlace
from registry.sheets.editing.process import edited
from registry.sheets.editing.rebuilding import names_of, rebuilt
from registry.sheets.formats import stem
from registry.sheets.reading import read_grids
from registry.sheets.workbook import Column, Grid, Sheet, Unreadable, plain

_BELOW = {lines.TOTAL, lines.SIGNATURE, lines.NOTE, lines.SECTION, lines.TITLE}


@dataclass
class FormSheet:
    """One sheet of a form that asks for something known.

    ``columns`` are those that can be filled, by field; ``guessed`` are the fields among them whose
    heading may mean something else, too; ``unknown`` are all other columns.
    """

    sheet: Sheet
    grid: Grid
    columns: dict[str, Column]
    guessed: list[str]
    unknown: list[Column]

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def people(self) -> int:
        """How many people stand in the form already."""
        column = self.columns.get("name")
        if column is None:
            return 0
        return sum(plain(record.values[column.index]) is not None for record in self.sheet.records)

    def task(self, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """Return what the editing process is told: the lines of the sheet, and the values."""
        task = self._lines()
        names = list(self.columns)
        writers = {name: self._writer(column) for name, column in self.columns.items()}
        task["values"] = [column_number(column.letter) for column in self.columns.values()]
        task["rows"] = [[writers[name](row[name]) for name in names] for row in rows]
        return task

    def _writer(self, column: Column) -> Any:
        samples = [record.values[column.index] for record in self.sheet.records]
        place = column_number(column.letter) - 1
        required = {row for kind, row, _ in self.sheet.skipped_lines if kind == lines.REQUIREMENT}
        samples += [
            values[place]
            for row, values in self.grid.rows
            if row in required and place < len(values)
        ]
        texts = [text for value in samples if isinstance(text := plain(value), str)]
        printed = writer_of_days(column.heading, texts)

        def write(value: Any) -> Any:
            return [str(value), printed(value)] if isinstance(value, PartialDate) else value

        return write

    def _lines(self) -> dict[str, Any]:
        heading_row = self.sheet.heading_rows[-1]
        place_of_numbers = self._number_of("row_number")
        spoken = {row: kind for kind, row, _ in self.sheet.skipped_lines}
        values = {row: [v for v in cells if plain(v) is not None] for row, cells in self.grid.rows}
        taken = {record.row for record in self.sheet.records}
        # A sample of a person has many values; one text that begins so is a note.
        taken |= {
            row for row, kind in spoken.items() if kind == lines.SAMPLE and len(values[row]) > 2
        }
        numbered = {
            row
            for row, cells in self.grid.rows
            if row > heading_row
            and row not in spoken
            and row not in taken
            and 0 < place_of_numbers <= len(cells)
            and plain(cells[place_of_numbers - 1]) is not None
        }
        repeated = {row for row, kind in spoken.items() if kind == lines.HEADING}
        end_of_list = max(taken | numbered | repeated, default=heading_row)
        below = [row for row, kind in spoken.items() if kind in _BELOW and row > end_of_list]
        first = heading_row + 1
        while spoken.get(first) == lines.REQUIREMENT:
            first += 1
        return {
            "sheet": self.name,
            "heading_row": heading_row,
            "first": first,
            "last": min(below) - 1 if below else 0,
            "kept": sorted(spoken.keys() - taken),
            "taken": sorted(taken),
            "numbered": sorted(numbered),
            "columns": [column_number(column.letter) for column in self.sheet.columns],
            "numbers": place_of_numbers,
            "name": self._number_of("name"),
        }

    def _number_of(self, field_name: str) -> int:
        column = self.columns.get(field_name)
        return column_number(column.letter) if column else 0


@dataclass
class Form:
    """A form as it was read; ``converted`` where it has become an .xlsx first."""

    name: str
    data: bytes
    notes: list[Sentence]
    sheets: list[FormSheet] = field(default_factory=list)
    converted: bool = False


@dataclass(frozen=True)
class Filled:
    data: bytes
    added: int  # rows, over those that the form had
    replaced: int  # people who stood in the form
    formulas: list[Column]  # columns whose cells compute their values themselves


def read_form(
    data: bytes, name: str, table: ColumnTable, answers: Mapping[str, str] | None = None
) -> Form:
    """Return what an empty form asks for; raise Unreadable where no sheet asks for anything known.

    ``answers`` say what a heading means in this office, as for ``ColumnTable.match``.
    """
    kind, grids, notes = read_grids(data, name)
    form = Form(f"{stem(name)}.xlsx", data, notes)
    if kind != "xlsx":
        form.data, form.converted = rebuilt(grids), True
        names = names_of([grid for grid in grids if not grid.hidden])
        for grid in grids:
            grid.name = names.get(grid.name, grid.name)
    for grid in grids:
        sheet = None if grid.hidden else layout.find_layout(grid, table.synonyms)
        if sheet:
            form.sheets.append(_matched(sheet, grid, table, answers))
    if not form.sheets:
        raise Unreadable(
            Sentence(
                "No sheet of the form has a row of headings that are known, such as 姓名 and 性别. "
                "Check that it is a form with one row for each person.",
                code=codes.SHEET_WITHOUT_HEADINGS,
            )
        )
    return form


def _matched(
    sheet: Sheet, grid: Grid, table: ColumnTable, answers: Mapping[str, str] | None
) -> FormSheet:
    columns = dict(table.match(sheet, answers).by_field)
    guessed = []
    for column in sheet.columns:
        free = [name for name in table.shared.get(column.normal, ()) if name not in columns]
        if free and column not in columns.values() and (answers or {}).get(column.normal) is None:
            columns[free[0]] = column
            guessed.append(free[0])
    unknown = [column for column in sheet.columns if column not in columns.values()]
    return FormSheet(sheet, grid, columns, guessed, unknown)


def filled(form: Form, rows: Sequence[tuple[FormSheet, Iterable[Mapping[str, Any]]]]) -> Filled:
    """Return the workbook with ``rows`` in its sheets; each row holds a value for each field of
    the sheet's ``columns``. Raises Unreadable where a sheet cannot be filled.
    """
    task = {"task": "fill", "sheets": [sheet.task(values) for sheet, values in rows]}
    try:
        report, data = edited(form.data, form.name, task)
    except NotInPlace:
        _, grids, _ = read_grids(form.data, form.name)
        form.data, form.converted = rebuilt(grids), True
        report, data = edited(form.data, form.name, task)
    kept = [
        column
        for (sheet, _), told in zip(rows, report["sheets"], strict=True)
        for column in sheet.sheet.columns
        if column_number(column.letter) in told["formulas"]
    ]
    added = sum(told["added"] for told in report["sheets"])
    return Filled(data, added, sum(sheet.people for sheet, _ in rows), kept)
