"""A form with a list of values: its blank rows first, then more of them in the same style."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from registry.sentences import Sentence
from registry.sheets import codes, number_formats
from registry.sheets.editing import shifting
from registry.sheets.editing.comments import Comments
from registry.sheets.editing.formulas import area_of, name_of
from registry.sheets.editing.package import WORKBOOK, Package
from registry.sheets.editing.rows import Cell, Row
from registry.sheets.editing.sheet_part import SheetPart
from registry.sheets.editing.styles import DAY, Change
from registry.sheets.workbook import Unreadable

_BEYOND = 1_000  # rows looked at below the headings where nothing stands below the list
# Text that Excel would take for a number as soon as somebody touches the cell.
_LIKE_A_NUMBER = re.compile(r"[+-]?[\d.,/-]+%?")
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}


def fill(package: Package, task: dict[str, Any]) -> dict[str, Any]:
    """Fill sheets; report for each how many rows were added and which columns kept formulas.

    What is told of a sheet: ``heading_row`` (the last), ``first`` and ``last`` row of the list (0
    where nothing stands below it), rows that are ``kept`` (no records), ``taken`` (samples to be
    replaced) and ``numbered``, the ``columns`` of the table, among them ``numbers`` and ``name``,
    the columns of the ``values``, and ``rows`` of these. A value is text, a number, None, or a day
    as [ISO text, printed text].
    """
    return {"sheets": [_Form(package, each).fill() for each in task["sheets"]]}


class _Form:
    def __init__(self, package: Package, task: dict[str, Any]) -> None:
        self.package, self.task = package, task
        self.part_name = package.part_of(task["sheet"])
        self.part = SheetPart(package.read(self.part_name), task["sheet"])
        self.styles = package.styles
        self.columns: list[int] = task["columns"]
        self.formulas: set[int] = set()
        self.added = 0
        text = package.text(WORKBOOK)
        self.epoch = _EPOCHS[bool(re.search(r"""\sdate1904=["'](?:1|true)""", text))]

    def fill(self) -> dict[str, Any]:
        values: Sequence[Sequence[Any]] = self.task["rows"]
        rows = self._rows()
        for row in rows:
            if row.number in self.task["taken"]:
                self._empty(row)
                self.part.rows[row.number] = row
        self.part.rows |= {row.number: row for row in rows[: len(values)]}
        model = rows[-1] if rows else self._model()
        if (lacking := len(values) - len(rows)) > 0:
            rows += self._more(model, lacking)
        covered = self._covered(rows)
        for row, said in zip(rows, values, strict=False):
            for column, value in zip(self.task["values"], said, strict=True):
                if (row.number, column) not in covered:
                    self._put(row, column, value)
        self.package.put(self.part_name, self.part.written())
        self.package.compute_on_opening()
        return {"added": self.added, "formulas": sorted(self.formulas)}

    # Which rows

    def _rows(self) -> list[Row]:
        """Return the rows for people that the form has, in their order."""
        first, last, kept = self.task["first"], self.task["last"], set(self.task["kept"])
        loaded = self.part.load(first, last or first + _BEYOND)
        rows = [row for row in loaded if row.number not in kept]
        taken = {*self.task["taken"], *self.task["numbered"]}
        framed = [row for row in rows if row.number in taken or self._is_framed(row)]
        if framed or not last:
            return framed
        # A form without lines: everything between the headings and what stands below the list.
        known = {row.number: row for row in rows}
        wanted = [number for number in range(first, last + 1) if number not in kept]
        return [known.get(number) or Row(number) for number in wanted]

    def _is_framed(self, row: Row) -> bool:
        framed = sum(
            self.styles.is_framed(self.part.style_at(row, column)) for column in self.columns
        )
        return framed * 2 >= len(self.columns)

    def _model(self) -> Row:
        """Return a row as the headings would have it, where the form has none for people."""
        [heading] = self.part.load(self.task["heading_row"], self.task["heading_row"])
        model = Row(self.task["first"] - 1)
        for column in self.columns:
            style = self.part.style_at(heading, column)
            model.cell(column).style = self.styles.derived(style, Change(plain=True))
        return model

    def _more(self, model: Row, count: int) -> list[Row]:
        """Put rows in below the last one, and let the whole workbook follow."""
        relations = self.package.relations(self.part_name)
        if "tableParts" in self.part.tail or any(each.kind == "pivotTable" for each in relations):
            raise Unreadable(
                Sentence(
                    "%(count)s more rows are needed on the sheet “%(sheet)s”, but it holds a table "
                    "of Excel's own, to which none can be added here. Add them in Excel, or "
                    "convert the table to a range, and upload the form once more.",
                    code=codes.FILE_UNREADABLE,
                    count=count,
                    sheet=self.part.name,
                )
            )
        across = [
            (left, right)
            for top, left, bottom, right in map(area_of, self.part.merges)
            if top == bottom == model.number and right > left
        ]
        rows = self.part.insert_below(model, count)
        self.part.merge(
            f"{name_of(row.number, left)}:{name_of(row.number, right)}"
            for row in rows
            for left, right in across
        )
        self._follow(relations)
        self.added = count
        return list(rows)

    def _follow(self, relations: Sequence[Any]) -> None:
        """Move what other parts say of the rows below."""
        shift, name = self.part.shift, self.part.name
        if shift is None:
            return
        Comments(self.package, self.part_name).shift(shift)
        for relation in relations:
            if relation.kind == "drawing" and relation.target in self.package:
                text = self.package.text(relation.target)
                self.package.put(relation.target, shifting.anchors(text, shift))
        text = self.package.text(WORKBOOK)
        self.package.put(WORKBOOK, shifting.named(text, "definedName", shift, name))
        for part in [each for each in self.package if each.startswith("xl/charts/chart")]:
            text = self.package.text(part)
            self.package.put(part, shifting.named(text, "f", shift, name))
        for sheet in self.package.sheets:
            if sheet.name != name:
                other = SheetPart(self.package.read(sheet.part), sheet.name)
                if other.follow(shift, name):
                    self.package.put(sheet.part, other.written())

    def _covered(self, rows: Sequence[Row]) -> set[tuple[int, int]]:
        """Return the cells that lie hidden below a merged one; refuse people of several rows."""
        numbers = {row.number for row in rows}
        covered = set()
        for top, left, bottom, right in map(area_of, self.part.merges):
            inside = numbers.intersection(range(top, bottom + 1)) if bottom - top < 5_000 else ()
            if not inside:
                continue
            if bottom > top and left <= self.task["name"] <= right:
                raise Unreadable(
                    Sentence(
                        "On the sheet “%(sheet)s” a person has several rows (%(cells)s is merged). "
                        "Give each person one row and upload the form once more.",
                        code=codes.CELLS_MERGED_ACROSS,
                        sheet=self.part.name,
                        cells=f"{name_of(top, left)}:{name_of(bottom, right)}",
                    )
                )
            covered |= {
                (row, column)
                for row in inside
                for column in range(left, right + 1)
                if (row, column) != (top, left)
            }
        return covered

    # Which values

    def _empty(self, row: Row) -> None:
        """Take a sample away; formulas and the number of the row stay."""
        for column in self.columns:
            cell = row.cells.get(column)
            if cell and column != self.task["numbers"] and not self.part.has_formula(cell):
                cell.put("")

    def _put(self, row: Row, column: int, value: Any) -> None:
        cell = row.cells.get(column)
        if cell and self.part.has_formula(cell):
            self.formulas.add(column)
            return
        if value is None:
            return
        style = self.part.style_at(row, column)
        if cell is None:
            cell = row.cells[column] = Cell()
            cell.style = style
        if isinstance(value, list):
            day, value = value
            if self._shows(style, day):
                self.part.put_number(cell, (_day(day) - self.epoch).days)
                return
        if isinstance(value, str):
            if _LIKE_A_NUMBER.fullmatch(value) and not self.styles.is_text(style):
                cell.style = self.styles.derived(style, Change(text=True))
            self.part.put_text(cell, value)
        else:
            self.part.put_number(cell, value)

    def _shows(self, style: int, day: str) -> bool:
        """Return whether a date cell of this style shows no more than is known of the day."""
        shown = self.styles.days_of(style)
        lengths = {DAY: 10, number_formats.MONTH: 7, number_formats.YEAR: 4}
        return bool(shown) and len(day) >= lengths[shown] and _day(day) > self.epoch


def _day(text: str) -> date:
    return date.fromisoformat((text + "-01-01")[:10])
