"""The content of an .ods: what the value reader does not tell of it."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from registry.sentences import Sentence
from registry.sheets import xlsx
from registry.sheets.limits import LAST_COLUMN, LAST_ROW, refused
from registry.sheets.workbook import ERROR_VALUE, ERROR_WORDS
from registry.sheets.xlsx import Attributes, Fact, SheetFacts

_PART = "content.xml"


def facts_of(archive: zipfile.ZipFile) -> list[SheetFacts]:
    """Return errors, merges and hidden parts of each sheet; raise Unreadable if damaged."""
    walk = _Walk()
    with xlsx.opened(archive, _PART) as part:
        try:
            xlsx.parse(xlsx.pieces_of(part), _PART, walk.start, walk.end, walk.attach)
        except (expat.ExpatError, UnicodeError, IndexError):
            raise refused(
                Sentence(
                    "The part “%(part)s” of the workbook is damaged after row %(row)s. "
                    "Save the workbook again and upload it.",
                    part=_PART,
                    row=walk.row,
                )
            ) from None
    return walk.sheets


class _Walk:
    def __init__(self) -> None:
        self.sheets: list[SheetFacts] = []
        self.row = self.column = 0  # counted from 0: the next ones
        self.rows = self.columns = 1  # as often as the row and the cell are repeated
        self.text: list[str] | None = None

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.CharacterDataHandler = self.said

    def said(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def start(self, tag: str, attributes: Attributes) -> None:
        name = xlsx.local(tag)
        told = {xlsx.local(key): value for key, value in attributes.items()}
        hidden = told.get("visibility", "visible") != "visible"
        if name == "table":
            self.sheets.append(SheetFacts(told.get("name", ""), _PART, hidden=False))
            self.row = 0
        elif name == "table-row":
            self.rows = _repeated(told, "number-rows-repeated", LAST_ROW)
            self.column = 0
            self.sheets[-1].hidden_rows += hidden * self.rows
        elif name == "table-column" and hidden:
            self.sheets[-1].hidden_columns += _repeated(
                told, "number-columns-repeated", LAST_COLUMN
            )
        elif name in ("table-cell", "covered-table-cell"):
            self.columns = _repeated(told, "number-columns-repeated", LAST_COLUMN)
            self.text = []
            across = _repeated(told, "number-columns-spanned", LAST_COLUMN)
            down = _repeated(told, "number-rows-spanned", LAST_ROW)
            if across > 1 or down > 1:
                last = (self.row + down, self.column + across)
                self.sheets[-1].merges.append((self.row + 1, self.column + 1, *last))

    def end(self, tag: str) -> None:
        name = xlsx.local(tag)
        if name == "table":
            self.sheets[-1].check_area()
        elif name == "table-row":
            self.row += self.rows
        elif name in ("table-cell", "covered-table-cell"):
            text = "".join(self.text or ()).strip()
            self.text = None
            if text:
                self.sheets[-1].reach(self.row, self.column)
                self.sheets[-1].reach(self.row + self.rows - 1, self.column + self.columns - 1)
            if text in ERROR_WORDS and self.rows == self.columns == 1:
                self.sheets[-1].tell(self.row, self.column, Fact(fault=ERROR_VALUE, error=text))
            self.column += self.columns


def _repeated(told: Attributes, name: str, most: int) -> int:
    return min(max(xlsx.whole_number(told.get(name)), 1), most)
