"""References to cells, when rows are put in between, and when a formula is copied."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from registry.sheets.workbook import letter_of

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_CELL = r"(\$?)([A-Z]{1,3})(\$?)(\d{1,7})"
_ONE_CELL = re.compile(_CELL)
_AREA = re.compile(rf"{_CELL}(?::{_CELL})?")
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*")
    |(?P<sheet>(?:'(?:[^']|'')+'|(?:\[\d+\])?[^\W\d][\w.]*)!)
    |(?P<area>(?<![\w.$]){_CELL}(?::{_CELL})?(?![\w(.!]))
    |(?P<rows>(?<![\w.:$])\$?\d{{1,7}}:\$?\d{{1,7}}(?![\w.]))
    |(?P<columns>(?<![\w.:$])\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}(?![\w.(]))
    |(?P<other>[\w.]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)


def column_number(letters: str) -> int:
    """Return the number of a column counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def cell_at(name: str) -> tuple[int, int]:
    """Return row and column of a cell, counted from 1; raise ValueError for another text."""
    found = _ONE_CELL.fullmatch(name)
    if found is None:
        raise ValueError(f"“{name}” is no cell.")
    return int(found[4]), column_number(found[2])


def name_of(row: int, column: int) -> str:
    return f"{letter_of(column - 1)}{row}"


def area_of(reference: str) -> tuple[int, int, int, int]:
    """Return first row, first column, last row, last column; raise ValueError."""
    first, _, last = reference.partition(":")
    return (*cell_at(first), *cell_at(last or first))


@dataclass(frozen=True)
class Shift:
    """``by`` rows are put in before row ``at``; what stands there and below moves down.

    Areas that end just above are areas of the list that grows: they grow with it.
    """

    at: int
    by: int

    def row(self, row: int) -> int:
        return row + self.by if row >= self.at else row

    def last_row(self, row: int) -> int:
        return row + self.by if row >= self.at - 1 else row

    def area(self, reference: str) -> str:
        """Return the place of cells that rules apply to: A1, or A1:C3; other text as it is."""
        found = _AREA.fullmatch(reference)
        return self._area(found, grows=True) if found else reference

    def areas(self, references: str) -> str:
        return " ".join(map(self.area, references.split()))

    def block(self, reference: str) -> str:
        """Return the place of merged cells or of one formula for many, which never grow."""
        top, left, bottom, right = area_of(reference)
        first, last = name_of(self.row(top), left), name_of(self.row(bottom), right)
        return first if first == last else f"{first}:{last}"

    def _area(self, found: re.Match[str], *, grows: bool) -> str:
        fixed, left, fixed_row, top = found.group(1, 2, 3, 4)
        first = f"{fixed}{left}{fixed_row}{self.row(int(top))}"
        if found[8] is None:
            if not grows or int(top) != self.at - 1:
                return first
            return f"{first}:{fixed}{left}{fixed_row}{self.last_row(int(top))}"
        bottom = int(found[8])
        end = self.last_row(bottom) if grows or int(top) < bottom else self.row(bottom)
        return f"{first}:{found[5]}{found[6]}{found[7]}{end}"

    def formula(self, formula: str, sheet: str, *, inside: bool) -> str:
        """Return a formula that stands ``inside`` the sheet, or in another and names it."""

        def shifted(match: re.Match[str], named: str | None) -> str:
            if named is None:
                concerns = inside
            else:
                concerns = named.strip("'").replace("''", "'").lower() == sheet.lower()
            if not concerns:
                return match[0]
            if match.lastgroup == "rows":
                first, last = match[0].split(":")
                return f"{_row_moved(first, self.row)}:{_row_moved(last, self.last_row)}"
            found = _AREA.fullmatch(match[0])
            return self._area(found, grows=False) if found else match[0]

        return _walked(formula, shifted)


def _row_moved(text: str, move: Callable[[int], int]) -> str:
    fixed, number = _parted(text)
    return f"{fixed}{move(int(number))}"


def _parted(text: str) -> tuple[str, str]:
    """Return "$" or nothing, and the rest: letters or a number."""
    return ("$", text[1:]) if text.startswith("$") else ("", text)


def copied(formula: str, rows: int, columns: int = 0) -> str:
    """Return the formula as it reads in a cell so many rows below and columns to the right."""

    def column(fixed: str, letters: str) -> str:
        number = column_number(letters) + (0 if fixed else columns)
        return f"{fixed}{letter_of(min(max(number, 1), LAST_COLUMN) - 1)}"

    def row(fixed: str, number: str) -> str:
        return f"{fixed}{min(max(int(number) + (0 if fixed else rows), 1), LAST_ROW)}"

    def moved(match: re.Match[str], named: str | None) -> str:
        if match.lastgroup == "rows":
            return ":".join(row(*_parted(part)) for part in match[0].split(":"))
        if match.lastgroup == "columns":
            return ":".join(column(*_parted(part)) for part in match[0].split(":"))
        return _ONE_CELL.sub(
            lambda cell: column(cell[1], cell[2]) + row(cell[3], cell[4]), match[0]
        )

    return _walked(formula, moved)


def _walked(formula: str, change: Callable[[re.Match[str], str | None], str]) -> str:
    """Return the formula with every reference changed; texts, names and functions stay."""
    pieces: list[str] = []
    named: str | None = None
    for match in _TOKEN.finditer(formula):
        if match.lastgroup == "sheet":
            named = match[0][:-1]
            pieces.append(match[0])
            continue
        if match.lastgroup in ("area", "rows", "columns"):
            pieces.append(change(match, named))
        else:
            pieces.append(match[0])
        named = None
    return "".join(pieces)
