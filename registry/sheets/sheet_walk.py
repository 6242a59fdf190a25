"""One pass over the XML of a sheet for what the value reader does not tell.

Most rows are plain: numbers and shared texts, nothing to be told of them. A pattern recognises
these whole and counts their cells; everything else goes through an XML parser. The pass costs a
fifth of what the parser alone would.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from registry.sentences import Sentence
from registry.sheets import xlsx
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
from registry.sheets.workbook import ERROR_VALUE, NO_RESULT, Unreadable
from registry.sheets.xlsx import Attributes, Fact, SheetFacts

_PLAIN_ROW = re.compile(
    rb'<row r="(\d{1,7})"((?: (?!r=)[A-Za-z0-9:]++="[^"<&]*+")*+)>(?:'
    rb'<c r="[A-Z]{1,2}\1"(?: s="\d+")?+(?:/>|(?: t="[snb]")?+>(?:<v>[0-9.Ee+-]*+</v>)?+</c>'
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?+>[^<&\x00-\x1f]*+</t></is></c>)'
    rb")*+</row>"
)
_ROW_END = b"</row>"
_LONG = 1024 * 1024  # more than this without the end of a row goes to the parser as it is


def facts_of(archive: zipfile.ZipFile) -> list[SheetFacts]:
    """Return the facts of each sheet; raise Unreadable where one is misbuilt or has no end."""
    styles = xlsx.styles_of(archive)
    sheets = xlsx.sheets_of(archive)
    for sheet in sheets:
        if not sheet.hidden:
            _walk(archive, sheet, styles)
    return sheets


def _walk(archive: zipfile.ZipFile, sheet: SheetFacts, styles: list[str]) -> None:
    walk = _SheetWalk(sheet, styles)
    with xlsx.opened(archive, sheet.part) as part:
        try:
            pieces = walk.all_but_plain_rows(part)
            xlsx.parse(pieces, sheet.part, walk.start, prepare=walk.attach)
        except (expat.ExpatError, UnicodeError):
            raise refused(
                Sentence(
                    "The part “%(part)s” of the workbook is damaged after row %(row)s. "
                    "Save the workbook again and upload it.",
                    part=sheet.part,
                    row=walk.row,
                )
            ) from None
    walk.close()


class _SheetWalk:
    """State of the walk. Only start tags are followed: each closes the cell before it.

    ``start`` may run some millions of times for a large sheet: a plain cell costs it little, and
    everything rare is kept out of its way.
    """

    def __init__(self, sheet: SheetFacts, styles: list[str]) -> None:
        self.sheet = sheet
        self.styles = {str(index): shown for index, shown in enumerate(styles) if shown}
        numbers = "|".join(self.styles)
        self.styled = numbers and re.compile(
            rf'<c r="([A-Z]+)\d+" s="({numbers})"(?: t="n")?><v>'.encode()
        )
        self.columns: dict[str, int] = {}
        self.known_facts: dict[Fact, Fact] = {}
        self.prefix: str | None = None
        self.row = 0
        self.row_text = "0"
        self.row_digits = 1
        self.column = 0
        self.kind: str | None = None
        self.shown_as = ""
        self.formula = False
        self.has_value = False
        self.odd = False  # the cell may have a fact
        self.row_counted = False
        self.text: list[str] = []
        self.cells = self.rows = 0
        self.top = self.bottom = self.right = 0

    def attach(self, parser: expat.XMLParserType) -> None:
        self.parser = parser

    def all_but_plain_rows(self, part: IO[bytes]) -> Iterator[bytes]:
        """Yield what the parser has to see, and count the rows that it need not."""
        rest = b""
        for piece in xlsx.pieces_of(part):
            buffer = rest + piece
            last = buffer.rfind(_ROW_END)
            place = 0
            while place <= last:
                if found := _PLAIN_ROW.match(buffer, place):
                    self._plain_row(found)
                    end = found.end()
                else:
                    end = buffer.index(_ROW_END, place) + len(_ROW_END)
                    yield buffer[place:end]
                place = end
            rest = buffer[place:]
            if len(rest) > _LONG:
                yield rest
                rest = b""
        yield rest

    def _plain_row(self, found: re.Match[bytes]) -> None:
        self.finish()
        more = found[2]
        hidden = b' hidden="1"' in more or b' hidden="true"' in more
        self._begin_row(found[1].decode(), hidden=hidden)
        row = found[0]
        texts = row.count(b"<is>")
        cells = row.count(b"<v>") + texts
        if not cells:
            return
        self.cells += cells
        self._count_row()
        last = row.rfind(b'<c r="', 0, max(row.rfind(b"</v>"), row.rfind(b"</is>"))) + 6
        letters = row[last : last + 2].rstrip(b"0123456789").decode()
        self.right = max(self.right, self.columns.get(letters) or self._new_column(letters))
        if texts:
            row.decode()  # raises UnicodeError, as the parser would
        if self.styled:
            for letters, style in self.styled.findall(row):
                column = letters.decode()
                self._tell(
                    self.columns.get(column) or self._new_column(column),
                    Fact(self.styles[style.decode()]),
                )

    def start(self, tag: str, attributes: Attributes) -> None:
        if self.prefix is None:
            self.prefix = tag[: tag.rfind(":") + 1]
            self.c, self.v, self.is_ = (self.prefix + name for name in ("c", "v", "is"))
        if tag == self.c:
            self._begin_cell(attributes)
        elif tag == self.v or tag == self.is_:
            self.has_value = True
            self.cells += 1
            if self.column > self.right:
                self.right = self.column
            if not self.row_counted:
                self._count_row()
            if self.odd:
                self.parser.CharacterDataHandler = self.text.append
        else:
            self._start_rare(tag[len(self.prefix) :], attributes)

    def _begin_cell(self, attributes: Attributes) -> None:
        if self.odd:
            self.finish()
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            letters = reference[: -self.row_digits]
            column = self.columns.get(letters)
            if column is None or not reference.endswith(self.row_text):
                if reference != letters + self.row_text:
                    raise self._misnamed(reference)
                column = self._new_column(letters)
            self.column = column
        self.kind = kind = attributes.get("t")
        self.has_value = False
        shown_as = self.styles.get(attributes.get("s", "")) if self.styles else None
        if shown_as or kind == "e":
            self.shown_as = shown_as or ""
            self.odd = True

    def _start_rare(self, name: str, attributes: Attributes) -> None:
        if name == "f":
            self.formula = self.odd = True
        elif name == "row":
            self.finish()
            self._begin_row(attributes.get("r"), hidden=attributes.get("hidden") in ("1", "true"))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = (xlsx.whole_number(attributes.get(key)) for key in ("min", "max"))
            self.sheet.hidden_columns += max(0, min(last, LAST_COLUMN) - first + 1)
        elif name == "mergeCell":
            self.finish()
            self._merge(attributes.get("ref", ""))

    def _begin_row(self, text: str | None, *, hidden: bool) -> None:
        row = xlsx.whole_number(text) if text else self.row + 1
        if not self.row < row <= LAST_ROW:
            raise refused(
                Sentence(
                    "Sheet “%(sheet)s”: row %(row)s stands after row %(before)s or beyond the last "
                    "row of Excel. Open the workbook in Excel and save it again.",
                    sheet=self.sheet.name,
                    row=text or row,
                    before=self.row,
                )
            )
        self.row, self.row_text, self.column = row, text or str(row), 0
        self.row_digits = len(self.row_text)
        self.row_counted = False
        self.sheet.hidden_rows += hidden

    def _count_row(self) -> None:
        self.row_counted = True
        self.rows += 1
        self.top = self.top or self.row
        self.bottom = self.row
        if self.rows > MAX_ROWS:
            raise too_many_rows(self.sheet.name)
        if self.cells > MAX_CELLS:
            raise too_many_cells(self.sheet.name)

    def _new_column(self, letters: str) -> int:
        """Return the number of a column counted from 1; raise Unreadable for a false name."""
        column = _column_number(letters)
        if not column:
            raise self._misnamed(letters + self.row_text)
        self.columns[letters] = column
        return column

    def _misnamed(self, reference: str) -> Unreadable:
        return refused(
            Sentence(
                "Sheet “%(sheet)s”: a cell in row %(row)s is named “%(cell)s”. "
                "Open the workbook in Excel and save it again.",
                sheet=self.sheet.name,
                row=self.row,
                cell=reference[:20],
            )
        )

    def finish(self) -> None:
        """Note what is to be told of the cell just walked."""
        if not self.odd:
            return
        text = "".join(self.text).strip()
        fact = None
        if self.kind == "e" and self.has_value:
            fact = Fact(fault=ERROR_VALUE, formula=self.formula, error=text[:20] or "#N/A")
        elif self.formula and not text and self.kind != "str":
            fact = Fact(fault=NO_RESULT, formula=True)
        elif self.has_value:
            shown_as = self.shown_as if self.kind in (None, "n") else ""
            if shown_as or self.formula:
                fact = Fact(shown_as, formula=self.formula)
        if fact:
            self._tell(self.column, fact)
        self.text.clear()
        self.parser.CharacterDataHandler = None
        self.odd = self.formula = self.has_value = False
        self.shown_as, self.kind = "", None

    def _tell(self, column: int, fact: Fact) -> None:
        fact = self.known_facts.setdefault(fact, fact)
        self.sheet.facts.setdefault(self.row, {})[column] = fact

    def _merge(self, reference: str) -> None:
        found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", reference)
        if found and len(self.sheet.merges) < MAX_ROWS:
            first, last = _column_number(found[1]), _column_number(found[3])
            self.sheet.merges.append((int(found[2]), first, int(found[4]), last))

    def close(self) -> None:
        self.finish()
        if self.cells > MAX_CELLS:
            raise too_many_cells(self.sheet.name)
        if self.rows:
            check_area(self.sheet.name, self.bottom - self.top + 1, self.right)


def _column_number(letters: str) -> int:
    """Return the number of a column counted from 1; 0 where the letters name none."""
    if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) < 4):
        return 0
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column if column <= LAST_COLUMN else 0
