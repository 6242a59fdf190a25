"""Workbooks in the XML of Excel 2003, which reporting tools still write under the name .xls."""

from __future__ import annotations

from datetime import datetime, time
from math import isfinite
from xml.parsers import expat

from registry.sentences import Sentence
from registry.sheets import delimited, number_formats
from registry.sheets.limits import (
    LAST_COLUMN,
    LAST_ROW,
    MAX_CELLS,
    MAX_ROWS,
    check_area,
    refused,
    too_many_cells,
    too_many_rows,
)
from registry.sheets.workbook import ERROR_VALUE, NO_RESULT, NOT_A_NUMBER, Cell, Grid, Value

SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = SPACE + " "
_VISIBLE = "urn:schemas-microsoft-com:office:excel Visible"
# Formats that Excel 2003 calls by a name.
_NAMED = {"Fixed": "0.00", "Standard": "#,##0.00"}

Attributes = dict[str, str]


def grids_of(data: bytes) -> list[Grid]:
    """Return the sheets; raise Unreadable where the XML is damaged or declares entities."""
    reader = _Reader()
    # A parser of its own: this one has to know in which namespace a name stands.
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.said
    try:
        parser.Parse(delimited.decoded_markup(data).encode(), True)  # noqa: FBT003 - expat knows no names
    except (expat.ExpatError, UnicodeError, IndexError) as error:
        raise refused(
            Sentence(
                "The XML of the workbook is damaged at line %(line)s. "
                "Save it again where it was made and upload it.",
                line=getattr(error, "lineno", 1),
            )
        ) from None
    return reader.grids


def _refuse_doctype(*_: object) -> None:
    raise refused(
        Sentence(
            "The workbook declares entities (a DTD), which no office program writes. "
            "Make a new workbook."
        )
    )


class _Reader:
    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self.inside: list[str] = []
        self.styles: dict[str, str] = {}
        self.style = ""
        self.row = self.column = self.cells = self.right = 0
        self.values: list[Value] = []
        self.cell: Attributes = {}
        self.kind = ""  # of the data of the cell, "" where it has none
        self.depth = 0  # of the element whose text is wanted, 0 outside one
        self.text: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        parent = self.inside[-1] if self.inside else ""
        self.inside.append(tag)
        name = tag.removeprefix(_SS)
        if name == "Data" and parent == _SS + "Cell":
            self.kind = attributes.get(_SS + "Type", "String")
            self.depth = len(self.inside)
        elif tag == _VISIBLE:
            self.depth = len(self.inside)
        elif name == "Cell":
            self._begin_cell(attributes)
        elif name == "Row":
            self._begin_row(attributes)
        elif name == "Column" and attributes.get(_SS + "Hidden") == "1":
            self.grids[-1].hidden_columns += 1 + min(_number(attributes, "Span"), LAST_COLUMN)
        elif name == "Worksheet":
            self.grids.append(Grid(attributes.get(_SS + "Name", "")))
            self.row = self.cells = self.right = 0
        elif name == "Style":
            self.style = attributes.get(_SS + "ID", "")
        elif name == "NumberFormat":
            code = attributes.get(_SS + "Format", "")
            self.styles[self.style] = number_formats.shown_as(_NAMED.get(code, code))

    def said(self, text: str) -> None:
        if self.depth:
            self.text.append(text)

    def end(self, tag: str) -> None:
        self.inside.pop()
        if len(self.inside) < self.depth:
            self.depth = 0
        if tag == _SS + "Cell":
            self._end_cell()
        elif tag == _SS + "Row":
            self._end_row()
        elif tag == _SS + "Worksheet":
            self._end_sheet()
        elif tag == _VISIBLE:
            self.grids[-1].hidden = "".join(self.text).strip() != "SheetVisible"
            self.text.clear()

    def _begin_row(self, attributes: Attributes) -> None:
        row = _number(attributes, "Index") or self.row + 1
        if not self.row < row <= LAST_ROW:
            raise refused(
                Sentence(
                    "Sheet “%(sheet)s”: row %(row)s stands after row %(before)s or beyond the last "
                    "row of Excel. Open the workbook in Excel and save it again.",
                    sheet=self.grids[-1].name,
                    row=row,
                    before=self.row,
                )
            )
        self.row, self.column, self.values = row, 0, []
        self.grids[-1].hidden_rows += attributes.get(_SS + "Hidden") == "1"

    def _begin_cell(self, attributes: Attributes) -> None:
        self.cell, self.kind = attributes, ""
        self.text.clear()
        column = _number(attributes, "Index") or self.column + 1
        across = _number(attributes, "MergeAcross")
        down = _number(attributes, "MergeDown")
        if not self.column < column <= LAST_COLUMN or column + across > LAST_COLUMN:
            raise refused(
                Sentence(
                    "Sheet “%(sheet)s”: a cell of row %(row)s stands in a column that there is "
                    "not. Open the workbook in Excel and save it again.",
                    sheet=self.grids[-1].name,
                    row=self.row,
                )
            )
        if across or down:
            self.grids[-1].merges.append((self.row, column, self.row + down, column + across))
        self.values += [None] * (column - 1 - len(self.values))
        self.column = column + across

    def _end_cell(self) -> None:
        self.values.append(self._value())
        self.kind = ""
        self.text.clear()

    def _value(self) -> Value:
        text = "".join(self.text)
        formula = _SS + "Formula" in self.cell
        if not self.kind:
            return Cell(None, fault=NO_RESULT, formula=True) if formula else None
        if self.kind == "Error":
            return Cell(None, text[:20] or "#N/A", ERROR_VALUE, formula)
        value = _read(self.kind, text)
        if value is None or isinstance(value, Cell):
            return value
        how = self.styles.get(self.cell.get(_SS + "StyleID", ""), "")
        shown = number_formats.shown(value, how) if how else ""
        return Cell(value, shown, formula=formula) if shown or formula else value

    def _end_row(self) -> None:
        while self.values and self.values[-1] is None:
            self.values.pop()
        if not self.values:
            return
        grid = self.grids[-1]
        grid.rows.append((self.row, self.values))
        self.cells += len(self.values)
        self.right = max(self.right, len(self.values))
        if len(grid.rows) > MAX_ROWS:
            raise too_many_rows(grid.name)
        if self.cells > MAX_CELLS:
            raise too_many_cells(grid.name)

    def _end_sheet(self) -> None:
        if rows := self.grids[-1].rows:
            check_area(self.grids[-1].name, rows[-1][0] - rows[0][0] + 1, self.right)


def _read(kind: str, text: str) -> Value:
    """Return the value that the data of one cell hold; they keep their text where it is wrong."""
    if kind == "Boolean":
        return text.strip() == "1"
    try:
        if kind == "Number":
            number = float(text)
            return number if isfinite(number) else Cell(None, text[:20], NOT_A_NUMBER)
        if kind == "DateTime":
            moment = datetime.fromisoformat(text.strip())
            return moment if moment.time() != time() else moment.date()
    except ValueError:
        return Cell(None, text[:20], NOT_A_NUMBER)
    return text if text and not text.isspace() else None


def _number(attributes: Attributes, name: str) -> int:
    text = attributes.get(_SS + name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
