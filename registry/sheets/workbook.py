"""What a workbook is once it has been read: sheets, their columns and their records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from registry.sentences import Sentence

ERROR_VALUE = "error_value"
NO_RESULT = "formula_without_value"
NOT_A_NUMBER = "not_a_number"
# What Excel shows where a formula has failed.
ERROR_WORDS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)


class Unreadable(Exception):
    """The file cannot be read at all. ``sentence`` says what it is and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of which more is to be told than its value; the others are kept as plain values.

    ``shown`` is the text that Excel shows where this differs from the value in a way that matters
    (1985.10 for the number 1985.1, 020100 for 20100, 1985.06 for a day shown without its day).
    ``fault`` is one of the three above, ``formula`` tells that the value was computed.
    """

    value: Plain
    shown: str = ""
    fault: str = ""
    formula: bool = False


Plain = str | float | bool | date | datetime | None
Value = Plain | Cell


def plain(value: Value) -> Plain:
    """Return the value without what else is known of its cell."""
    return value.value if isinstance(value, Cell) else value


def letter_of(index: int) -> str:
    """Return the letters of a column counted from 0: A, …, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Column:
    """One headed column. ``field`` is empty where no synonym knows the heading."""

    letter: str
    heading: str  # as written, both rows of a two-row heading joined by "/"
    normal: str  # the form under which it was looked up
    index: int  # place of its values in ``Record.values``
    field: str = ""


class Record(NamedTuple):
    """One row that is about something. ``values`` stand in the order of the sheet's columns."""

    row: int
    values: tuple[Value, ...]


@dataclass(slots=True)
class Sheet:
    name: str
    title_lines: list[str]
    heading_rows: list[int]  # counted from 1, as in the file
    columns: list[Column]
    records: list[Record]
    skipped: dict[str, int] = field(default_factory=dict)  # kind of line → how many
    notes: list[Sentence] = field(default_factory=list)
    # (kind of line, row, text), so that a page can show what was left out
    skipped_lines: list[tuple[str, int, str]] = field(default_factory=list)

    def cells(self, record: Record) -> dict[str, Value]:
        """Return the values of one record by the letter of their column, blank ones left out."""
        return {
            column.letter: value
            for column, value in zip(self.columns, record.values, strict=True)
            if value is not None
        }

    def column_of(self, field_name: str) -> Column | None:
        """Return the first column read as ``field_name``."""
        return next((column for column in self.columns if column.field == field_name), None)

    def address(self, column: Column | str, row: int) -> str:
        """Return the name of a cell as a clerk writes it: 党员名册!C17."""
        letter = column if isinstance(column, str) else column.letter
        return f"{self.name}!{letter}{row}"


@dataclass(slots=True)
class Workbook:
    file_name: str
    format: str  # xlsx, xls, xlsb, ods, html, xml or csv
    sheets: list[Sheet]
    notes: list[Sentence] = field(default_factory=list)

    def records(self) -> Iterator[tuple[Sheet, Record]]:
        for sheet in self.sheets:
            for record in sheet.records:
                yield sheet, record


@dataclass(slots=True)
class Grid:
    """One sheet as it stands in the file, before its layout is known."""

    name: str
    # (row counted from 1, its values from column A on); rows without any value are left out
    rows: list[tuple[int, list[Value]]] = field(default_factory=list)
    # first row, first column, last row, last column; all counted from 1
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: int = 0
    hidden_columns: int = 0
