"""One pass over the parts of an .xlsx for what the value reader does not tell.

It runs before the value reader and is the stricter of the two: what it cannot follow is refused,
so that a false cell name or a sheet without end never reaches the other.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from registry.sentences import Sentence
from registry.sheets import codes, number_formats
from registry.sheets.workbook import ERROR_VALUE, NO_RESULT, Unreadable

MAX_ROWS = 200_000
MAX_CELLS = 4_000_000
# Values are read into one rectangle; empty cells cost memory, too.
MAX_AREA = 12_000_000
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384

Attributes = dict[str, str]
Merge = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Fact:
    """What is to be told of one cell: how its number is shown, what is wrong, a formula."""

    shown_as: str = ""
    fault: str = ""
    formula: bool = False
    error: str = ""


@dataclass(slots=True)
class SheetFacts:
    name: str
    part: str
    hidden: bool
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: int = 0
    # row → column → fact, both counted from 1; only for cells that have one
    facts: dict[int, dict[int, Fact]] = field(default_factory=dict)


def refused(sentence: Sentence) -> Unreadable:
    sentence.code = sentence.code or codes.FILE_UNREADABLE
    return Unreadable(sentence)


def parse(
    part: IO[bytes],
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    prepare: Callable[[expat.XMLParserType], None] | None = None,
) -> None:
    """Walk one part; raise Unreadable, naming part and line, where it is damaged or has a DTD."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def doctype(*_: object) -> None:
        raise refused(
            Sentence(
                "The part “%(part)s” declares entities (a DTD), which no office program writes. "
                "Make a new workbook.",
                part=name,
            )
        )

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    if end:
        parser.EndElementHandler = end
    if prepare:
        prepare(parser)
    try:
        parser.ParseFile(part)
    except (expat.ExpatError, UnicodeError):
        raise refused(
            Sentence(
                "The part “%(part)s” of the workbook is damaged at line %(line)s. "
                "Save the workbook again and upload it.",
                part=name,
                line=parser.CurrentLineNumber,
            )
        ) from None


def local(tag: str) -> str:
    return tag.rpartition(":")[2]


def sheets_of(archive: zipfile.ZipFile) -> list[SheetFacts]:
    """Return the worksheets in the order of their tabs, facts not yet read."""
    targets: dict[str, str] = {}

    def relation(tag: str, attributes: Attributes) -> None:
        if local(tag) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            targets[attributes.get("Id", "")] = target.lstrip("/")

    sheets: list[SheetFacts] = []

    def sheet(tag: str, attributes: Attributes) -> None:
        if local(tag) != "sheet":
            return
        reference = next((v for k, v in attributes.items() if local(k) == "id" and ":" in k), "")
        if reference in targets:
            state = attributes.get("state", "visible")
            sheets.append(
                SheetFacts(attributes.get("name", ""), targets[reference], state != "visible")
            )

    _parse_member(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse_member(archive, "xl/workbook.xml", sheet)
    if not sheets:
        raise refused(Sentence("The workbook holds no sheet with cells. Choose another workbook."))
    return sheets


def styles_of(archive: zipfile.ZipFile) -> list[str]:
    """Return, for each cell style, how it shows a number (see ``number_formats``)."""
    written: dict[int, str] = {}
    numbers: list[int] = []
    inside: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        name = local(tag)
        inside.append(name)
        if name == "numFmt":
            written[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "xf" and "cellXfs" in inside:
            numbers.append(_whole(attributes.get("numFmtId")))

    def end(tag: str) -> None:
        inside.pop()

    if "xl/styles.xml" in archive.namelist():
        _parse_member(archive, "xl/styles.xml", start, end)
    return [
        number_formats.shown_as(written.get(number, number_formats.BUILT_IN.get(number, "")))
        for number in numbers
    ]


def read_facts(archive: zipfile.ZipFile, sheet: SheetFacts, styles: list[str]) -> None:
    """Fill in the facts of one sheet; raise Unreadable where it passes a limit or is misbuilt."""
    walk = _SheetWalk(sheet, styles)
    _parse_member(archive, sheet.part, walk.start, None, walk.attach)
    walk.close()


def _parse_member(
    archive: zipfile.ZipFile,
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    prepare: Callable[[expat.XMLParserType], None] | None = None,
) -> None:
    try:
        part = archive.open(name)
    except KeyError:
        raise refused(
            Sentence(
                "The part “%(part)s” of the workbook is missing. "
                "Save the workbook again and upload it.",
                part=name,
            )
        ) from None
    with part:
        parse(part, name, start, end, prepare)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else -1


class _SheetWalk:
    """State of the walk. Only start tags are followed: each closes the cell before it.

    ``start`` runs some millions of times for a large sheet: a plain cell costs it little, and
    everything rare is kept out of its way.
    """

    def __init__(self, sheet: SheetFacts, styles: list[str]) -> None:
        self.sheet = sheet
        self.styles = {str(index): shown for index, shown in enumerate(styles) if shown}
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
                column = self._new_column(letters, reference)
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
            self._begin_row(attributes)
        elif name == "mergeCell":
            self.finish()
            self._merge(attributes.get("ref", ""))

    def _begin_row(self, attributes: Attributes) -> None:
        text = attributes.get("r")
        row = _whole(text) if text else self.row + 1
        if not self.row < row <= _LAST_ROW:
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
        if attributes.get("hidden") in ("1", "true"):
            self.sheet.hidden_rows += 1

    def _count_row(self) -> None:
        self.row_counted = True
        self.rows += 1
        self.top = self.top or self.row
        self.bottom = self.row
        if self.rows > MAX_ROWS:
            raise too_many_rows(self.sheet.name)
        if self.cells > MAX_CELLS:
            raise too_many_cells(self.sheet.name)

    def _new_column(self, letters: str, reference: str) -> int:
        """Return the number of a column counted from 1; raise Unreadable for a false name."""
        column = _column_number(letters)
        if not column or reference != letters + self.row_text:
            raise refused(
                Sentence(
                    "Sheet “%(sheet)s”: a cell in row %(row)s is named “%(cell)s”. "
                    "Open the workbook in Excel and save it again.",
                    sheet=self.sheet.name,
                    row=self.row,
                    cell=reference[:20],
                )
            )
        self.columns[letters] = column
        return column

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
            fact = self.known_facts.setdefault(fact, fact)
            self.sheet.facts.setdefault(self.row, {})[self.column] = fact
        self.text.clear()
        self.parser.CharacterDataHandler = None
        self.odd = self.formula = self.has_value = False
        self.shown_as, self.kind = "", None

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
    return column if column <= _LAST_COLUMN else 0


def check_area(name: str, rows: int, columns: int) -> None:
    """Raise Unreadable where the values lie so far apart that they cannot be one table."""
    if rows > MAX_ROWS + 1000 or rows * columns > MAX_AREA:
        raise refused(
            Sentence(
                "Sheet “%(sheet)s”: the values reach over %(rows)s rows and %(columns)s columns. "
                "Delete the stray cells far below or to the right of the table.",
                code=codes.FILE_TOO_LARGE,
                sheet=name,
                rows=rows,
                columns=columns,
            )
        )


def too_many_rows(name: str) -> Unreadable:
    return refused(
        Sentence(
            "Sheet “%(sheet)s” has more than %(limit)s rows. Split the workbook.",
            code=codes.FILE_TOO_LARGE,
            sheet=name,
            limit=MAX_ROWS,
        )
    )


def too_many_cells(name: str) -> Unreadable:
    return refused(
        Sentence(
            "Sheet “%(sheet)s” has more than %(limit)s cells with values. Split the workbook.",
            code=codes.FILE_TOO_LARGE,
            sheet=name,
            limit=MAX_CELLS,
        )
    )
