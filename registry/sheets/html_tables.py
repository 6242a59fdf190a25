"""The tables of a web page: what many an old system writes under the name of a workbook.

Rows and columns are counted as Excel counts them when it opens such a file: every table and every
line of text outside one, from the top to the bottom. Scripts, styles and whatever lies elsewhere
are not looked at.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from registry.sentences import Sentence
from registry.sheets import delimited, formats
from registry.sheets.limits import (
    MAX_CELLS,
    MAX_ROWS,
    check_area,
    refused,
    too_many_cells,
    too_many_rows,
)
from registry.sheets.workbook import Grid, Value

_CELLS = frozenset({"td", "th"})
_BLOCKS = frozenset("p div h1 h2 h3 h4 h5 h6 center caption li dt dd pre hr body".split())
_UNSEEN = frozenset("script style head title template noscript object iframe select".split())
_SHEET_NAME = re.compile(r"<x:Name>\s*([^<>]{1,31}?)\s*</x:Name>", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BLANK = re.compile(r"[ \t\r\n]+")
_WIDEST, _DEEPEST = 1000, 65_534  # spans, as browsers bound them


def grid_of(data: bytes, name: str) -> Grid:
    """Return the page as one sheet; raise Unreadable where it has no table, or half of one."""
    text = delimited.decoded_markup(data)
    reader = _Reader(formats.stem(name))
    reader.feed(text)
    reader.close()
    return reader.finished()


class _Table:
    """One table while it is read. A row is its cells by column; ``inner`` are tables in a cell."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self.row: _Row | None = None
        self.cell: _Cell | None = None
        self.below: dict[int, int] = {}  # column → rows that a cell above still reaches down


class _Row:
    def __init__(self, *, hidden: bool = False) -> None:
        self.cells: dict[int, _Cell] = {}
        self.hidden = hidden


class _Cell:
    def __init__(self, across: int = 1, down: int = 1) -> None:
        self.across, self.down = across, down
        self.text: list[str] = []
        self.inner: list[_Table] = []

    def said(self) -> str:
        text = "".join(self.text)
        lines = (_BLANK.sub(" ", line).strip(" \u00a0") for line in text.split("\v"))
        return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.grid = Grid(name)
        self.tables: list[_Table] = []
        self.seen_table = False
        self.unseen = ""  # the element whose content is passed over
        self.outside = _Cell()
        self.number = self.cells = self.right = 0

    def finished(self) -> Grid:
        if not self.seen_table:
            raise refused(
                Sentence(
                    "The file is a web page without a table. "
                    "Open the page where it was made and save its table as .xlsx."
                )
            )
        if self.tables:
            raise refused(
                Sentence(
                    "The file ends in the middle of its table. "
                    "Save it again where it was made and upload it."
                )
            )
        self._end_line()
        check_area(self.grid.name, self.number, self.right)
        return self.grid

    # What the parser calls

    def handle_comment(self, data: str) -> None:
        if found := _SHEET_NAME.search(data):
            self.grid.name = found[1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.unseen:
            return
        if tag in _UNSEEN:
            self.unseen = tag
            return
        attributes = {name: value or "" for name, value in attrs}
        table = self.tables[-1] if self.tables else None
        if tag == "table":
            self._end_line()
            self.seen_table = True
            self.tables.append(_Table())
        elif tag == "br" or tag in _BLOCKS:
            self._break()
        elif table and tag == "tr":
            _end_row(table)
            table.row = _Row(hidden=bool(_NOT_SHOWN.search(attributes.get("style", ""))))
        elif table and tag in _CELLS:
            _begin_cell(table, _span(attributes, "colspan"), _span(attributes, "rowspan"))
        elif table and tag == "col" and _NOT_SHOWN.search(attributes.get("style", "")):
            self.grid.hidden_columns += _span(attributes, "span")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.unseen:
            self.unseen = "" if tag == self.unseen else self.unseen
            return
        if tag in _BLOCKS:
            self._break()
        if not self.tables:
            return
        table = self.tables[-1]
        if tag in _CELLS:
            table.cell = None
        elif tag == "tr":
            _end_row(table)
        elif tag == "table":
            _end_row(table)
            self.tables.pop()
            if self.tables and (cell := self.tables[-1].cell):
                cell.inner.append(table)
            elif not self.tables:
                self._keep(table)

    def handle_data(self, data: str) -> None:
        if self.unseen:
            return
        if not self.tables:
            self.outside.text.append(data)
        elif cell := self.tables[-1].cell:
            cell.text.append(data)

    # What comes of it

    def _break(self) -> None:
        if not self.tables:
            self._end_line()
        elif cell := self.tables[-1].cell:
            cell.text.append("\v")

    def _end_line(self) -> None:
        """Keep the text outside a table as a row of one cell."""
        if not self.tables and (text := self.outside.said()):
            self._add([text])
        self.outside = _Cell()

    def _keep(self, table: _Table) -> None:
        """Take over the rows of a table.

        A table that fills a row alone is there for the layout of the page: its rows stand for
        themselves. Beside other cells it is text in a cell.
        """
        for row in table.rows:
            filled = [cell for cell in row.cells.values() if cell.inner or cell.said()]
            if len(filled) == 1 and filled[0].inner:
                self._add([delimited.value_of(filled[0].said())])
                for inner in filled[0].inner:
                    self._keep(inner)
                continue
            self._add_row(row)

    def _add_row(self, row: _Row) -> None:
        values: list[Value] = []
        number = self.number + 1
        for column, cell in row.cells.items():
            values += [None] * (column - len(values))
            values.append(delimited.value_of(_whole_text(cell)))
            if cell.across > 1 or cell.down > 1:
                last = (number + cell.down - 1, column + cell.across)
                self.grid.merges.append((number, column + 1, *last))
        self.grid.hidden_rows += row.hidden
        self._add(values)

    def _add(self, values: list[Value]) -> None:
        self.number += 1
        self.cells += len(values)
        self.right = max(self.right, len(values))
        if self.number > MAX_ROWS + 1000:
            raise too_many_rows(self.grid.name)
        if self.cells > MAX_CELLS:
            raise too_many_cells(self.grid.name)
        if any(value is not None for value in values):
            self.grid.rows.append((self.number, values))


def _begin_cell(table: _Table, across: int, down: int) -> None:
    """Set a cell at the first column that no cell above reaches into."""
    if table.row is None:
        table.row = _Row()
    cells = table.row.cells
    last = next(reversed(cells), -1)
    column = last + cells[last].across if cells else 0
    while table.below.get(column):
        column += 1
    cells[column] = table.cell = _Cell(across, down)


def _end_row(table: _Table) -> None:
    if table.row is None:
        return
    table.below = {column: left - 1 for column, left in table.below.items() if left > 1}
    for column, cell in table.row.cells.items():
        if cell.down > 1:
            reached = range(column, column + cell.across)
            table.below.update(dict.fromkeys(reached, cell.down - 1))
    table.rows.append(table.row)
    table.row = table.cell = None


def _span(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "").strip()
    most = _DEEPEST if name == "rowspan" else _WIDEST
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() else 1


def _whole_text(cell: _Cell) -> str:
    inner = (
        _whole_text(each)
        for table in cell.inner
        for row in table.rows
        for each in row.cells.values()
    )
    return " ".join(text for text in (cell.said(), *inner) if text)
