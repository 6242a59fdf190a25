"""Rows and cells of a sheet, read from its text and written into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from registry.sheets.editing import markup
from registry.sheets.editing.formulas import column_number, name_of

_NAMED = re.compile(r"""\sr\s*=\s*["']([A-Z]{1,3})\d""")


class Misbuilt(Exception):
    """The part is not built as the standard says."""


class Cell:
    """One cell. Most of them are only carried along, as ``raw``, and never looked into.

    ``said`` are the attributes less the name, ``inner`` what stands inside, both as written.
    """

    __slots__ = ("_inner", "_said", "raw")

    def __init__(self, said: Mapping[str, str] | None = None, inner: str = "") -> None:
        self._said, self._inner, self.raw = dict(said or {}), inner, ""

    @classmethod
    def of(cls, raw: str) -> Cell:
        cell = cls()
        cell.raw = raw
        return cell

    def _look(self) -> None:
        if self.raw and not self._said and not self._inner:
            end = self.raw.index(">")
            self._said = markup.attributes_of(self.raw[: end + 1])
            self._said.pop("r", None)
            self._inner = (
                self.raw[end + 1 : self.raw.rfind("</")] if self.raw[end - 1] != "/" else ""
            )

    @property
    def said(self) -> Mapping[str, str]:
        self._look()
        return self._said

    @property
    def inner(self) -> str:
        self._look()
        return self._inner

    def put(self, inner: str, kind: str = "") -> None:
        """Give the cell another content, of a kind that needs to be named or of none."""
        self._look()
        self.raw, self._inner = "", inner
        for name in ("t", "cm", "vm"):  # the last two describe the content of before
            self._said.pop(name, None)
        if kind:
            self._said["t"] = kind

    def replace(self, inner: str) -> None:
        """Give the cell the same content, written in another way."""
        self._look()
        self.raw, self._inner = "", inner

    @property
    def style(self) -> int | None:
        number = self.said.get("s", "")
        return int(number) if number.isdecimal() else None

    @style.setter
    def style(self, number: int) -> None:
        self._look()
        self.raw = ""
        self._said["s"] = str(number)

    def holds(self, prefix: str, *tags: str) -> bool:
        """Return whether one of these elements stands in the cell."""
        text = self.raw or self._inner
        return any(f"<{prefix}{tag}" in text for tag in tags)


@dataclass(slots=True)
class Row:
    """``said`` are the attributes less the number, ``rest`` is what may follow the cells."""

    number: int
    said: dict[str, str] = field(default_factory=dict)
    cells: dict[int, Cell] = field(default_factory=dict)
    rest: str = ""

    def cell(self, column: int) -> Cell:
        return self.cells.setdefault(column, Cell())


@cache
def _column(letters: str) -> int:
    return column_number(letters)


def read_row(number: int, text: str, prefix: str) -> Row:
    """Return the row of a text that is one element; raise Misbuilt where it is none."""
    found = markup.element("row", prefix).match(text)
    if found is None:
        raise Misbuilt
    said = markup.attributes_of(found[1])
    said.pop("spans", None)
    said.pop("r", None)
    row = Row(number, said)
    column = end = 0
    inner = found[2] or ""
    for match in markup.element("c", prefix).finditer(inner):
        named = _NAMED.search(match[1])
        column = _column(named[1]) if named else column + 1
        cell = Cell.of(match[0])
        if not named:
            cell.replace(cell.inner)  # from now on it says where it is
        row.cells[column] = cell
        end = match.end()
    row.rest = inner[end:]
    return row


def text_of(row: Row, prefix: str) -> bytes:
    pieces = []
    for column, cell in sorted(row.cells.items()):
        if cell.raw:
            pieces.append(cell.raw)
            continue
        end = f">{cell.inner}</{prefix}c>" if cell.inner else "/>"
        name = name_of(row.number, column)
        pieces.append(f'<{prefix}c r="{name}"{markup.written(cell.said)}{end}')
    said = markup.written(row.said)
    inner = "".join(pieces) + row.rest
    return f'<{prefix}row r="{row.number}"{said}>{inner}</{prefix}row>'.encode()
