"""Wrong cells are coloured and told why, and behind each row stands what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from registry.sheets.editing import markup
from registry.sheets.editing.comments import Comments
from registry.sheets.editing.formulas import LAST_COLUMN, area_of, cell_at, name_of
from registry.sheets.editing.package import Package
from registry.sheets.editing.rows import Cell, Misbuilt, Row
from registry.sheets.editing.sheet_part import SheetPart
from registry.sheets.editing.styles import Change

# The fill of a cell by the level of what is told of it, the gravest first.
FILLS = {"error": "FF9C9C", "question": "FFC55A", "warning": "FFF5C2"}
WIDTHS = (12.0, 48.0)

Marks = Sequence[tuple[str, str, str]]  # cell, level, text
Notes = Sequence[tuple[int, str, str]]  # row, status, reason


def mark(package: Package, task: dict[str, Any]) -> dict[str, Any]:
    """Mark the sheets of ``task``: name → heading rows, marks, notes. Nothing is to be reported."""
    for name, (heading_rows, marks, notes) in task["sheets"].items():
        sheet = _Sheet(package, name, task["author"])
        sheet.take_back()
        if notes:
            sheet.tell(heading_rows, notes, task["headings"])
        sheet.color(marks)
        package.put(sheet.part_name, sheet.part.written())
    return {}


class _Sheet:
    def __init__(self, package: Package, name: str, author: str) -> None:
        self.package, self.author = package, author
        self.part_name = package.part_of(name)
        self.part = SheetPart(package.read(self.part_name), name)
        self.comments = Comments(package, self.part_name)

    def take_back(self) -> None:
        """Remove what an earlier return of the same workbook has marked."""
        cells = self.comments.take_back(self.author)
        self.part.load_each(row for row, _ in cells)
        for row, column in cells:
            cell = self.part.rows[row].cells.get(column)
            if cell and cell.style is not None:
                cell.style = self.package.styles.derived(cell.style, Change(unfilled=True))

    def tell(self, heading_rows: Sequence[int], notes: Notes, headings: Sequence[str]) -> None:
        """Write status and reason behind the rows, in the columns that have them already or in
        the first two behind everything."""
        self.part.load_each([*heading_rows, *(row for row, _, _ in notes)])
        heads = [self.part.rows[row] for row in heading_rows]
        last = self._last_column(heads)
        columns = self._known_columns(heads, headings)
        if not columns:
            right = max(self._last_column(list(self.part.rows.values())), last)
            columns = [right + 1, right + 2]
            self._head(heads, last, columns, headings)
        for number, status, reason in notes:
            row = self.part.rows[number]
            style = self.package.styles.derived(
                self.part.style_at(row, last), Change(text=True, wrap=True)
            )
            for column, text in zip(columns, (status, reason), strict=True):
                cell = row.cells[column] = Cell()
                cell.style = style
                if text:
                    self.part.put_text(cell, text)

    def _last_column(self, rows: Sequence[Row]) -> int:
        """Return the last column in which one of ``rows`` holds something, alone or merged."""
        numbers = {row.number for row in rows}
        filled = (
            column
            for row in rows
            for column, cell in row.cells.items()
            if self.part.is_filled(cell)
        )
        merged = (
            right
            for top, _, bottom, right in map(area_of, self.part.merges)
            if not numbers.isdisjoint(range(top, min(bottom, top + 10) + 1))
        )
        last = max([0, *filled, *merged])
        if last + len(WIDTHS) > LAST_COLUMN:
            raise Misbuilt
        return last

    def _known_columns(self, heads: Sequence[Row], headings: Sequence[str]) -> list[int]:
        """Return the columns under our own headings, where the workbook comes back once more."""
        if not self.package.says(headings[0], self.part_name):
            return []
        found = {self._text_of(cell): column for row in heads for column, cell in row.cells.items()}
        return [found[each] for each in headings] if set(headings) <= found.keys() else []

    def _text_of(self, cell: Cell) -> str:
        p = self.part.prefix
        if cell.said.get("t") == "s":
            value = markup.element("v", p).search(cell.inner)
            number = int(value[2]) if value and value[2].isdecimal() else -1
            texts = self.package.shared_texts
            return texts[number] if 0 <= number < len(texts) else ""
        words = markup.element("t", p).finditer(cell.inner)
        return "".join(markup.plain(word[2] or "") for word in words)

    def _head(
        self, heads: Sequence[Row], last: int, columns: Sequence[int], headings: Sequence[str]
    ) -> None:
        for column, text in zip(columns, headings, strict=True):
            for row in heads:
                cell = row.cells[column] = Cell()
                cell.style = self.package.styles.derived(
                    self.part.style_at(row, last), Change(wrap=True)
                )
            self.part.put_text(heads[0].cells[column], text)
        if len(heads) > 1:
            ends = heads[0].number, heads[-1].number
            self.part.merge(
                f"{name_of(ends[0], column)}:{name_of(ends[1], column)}" for column in columns
            )
        self.part.width_of(dict(zip(columns, WIDTHS, strict=True)))

    def color(self, marks: Marks) -> None:
        """Colour each cell by the gravest of its marks; the text of all of them is its note."""
        texts: dict[tuple[int, int], list[str]] = defaultdict(list)
        levels: dict[tuple[int, int], str] = {}
        order = list(FILLS)
        for name, level, text in marks:
            cell = cell_at(name)
            if text not in texts[cell]:
                texts[cell].append(text)
            levels[cell] = min(levels.get(cell, level), level, key=order.index)
        self.part.load_each(row for row, _ in texts)
        for (number, column), level in levels.items():
            row = self.part.rows[number]
            style = self.part.style_at(row, column)
            row.cell(column).style = self.package.styles.derived(style, Change(fill=FILLS[level]))
        joined = {cell: "\n".join(said) for cell, said in texts.items()}
        self.comments.add(self.part, joined, self.author)
