"""What the parts of an .xlsx tell beside the values: its sheets, and how a style shows a number.

Every part is walked before the value reader sees it, and more strictly: what cannot be followed
is refused, so that a false cell name or a sheet without end never reaches the other.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from registry.sentences import Sentence
from registry.sheets import number_formats
from registry.sheets.formats import MEGABYTE
from registry.sheets.limits import check_area, refused

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
    hidden_columns: int = 0
    # row → column → fact, both counted from 1; only for cells that have one
    facts: dict[int, dict[int, Fact]] = field(default_factory=dict)

    # how far the values reach; counted from 0
    top: int = -1
    bottom: int = -1
    right: int = -1

    def reach(self, row: int, column: int) -> None:
        """Note that a cell holds a value."""
        self.top = row if self.top < 0 else min(self.top, row)
        self.bottom = max(self.bottom, row)
        self.right = max(self.right, column)

    def check_area(self) -> None:
        """Raise Unreadable where the values lie so far apart that they cannot be one table."""
        check_area(self.name, self.bottom - self.top + 1, self.right + 1)

    def tell(self, row: int, column: int, fact: Fact) -> None:
        """Note the fact of a cell whose row and column are counted from 0."""
        self.facts.setdefault(row + 1, {})[column + 1] = fact


def parse(
    pieces: Iterable[bytes],
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    prepare: Callable[[expat.XMLParserType], None] | None = None,
) -> None:
    """Walk one part; raise Unreadable where it has a DTD, and ExpatError where it is damaged."""
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
    for piece in pieces:
        parser.Parse(piece)
    parser.Parse(b"", True)  # noqa: FBT003 - expat knows no names


def pieces_of(part: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: part.read(MEGABYTE), b"")


def local(tag: str) -> str:
    return tag.rpartition(":")[2]


def sheets_of(archive: zipfile.ZipFile) -> list[SheetFacts]:
    """Return the worksheets in the order of their tabs, facts not yet read."""
    targets = targets_of(archive, "xl/_rels/workbook.xml.rels")
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

    _parse_member(archive, "xl/workbook.xml", sheet)
    if not sheets:
        raise refused(Sentence("The workbook holds no sheet with cells. Choose another workbook."))
    return sheets


def targets_of(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return the parts of the worksheets by the names that the workbook has for them."""
    targets: dict[str, str] = {}

    def relation(tag: str, attributes: Attributes) -> None:
        if local(tag) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            targets[attributes.get("Id", "")] = target.lstrip("/")

    _parse_member(archive, part, relation)
    return targets


def styles_of(archive: zipfile.ZipFile) -> list[str]:
    """Return, for each cell style, how it shows a number (see ``number_formats``)."""
    written: dict[int, str] = {}
    numbers: list[int] = []
    inside: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        name = local(tag)
        inside.append(name)
        if name == "numFmt":
            written[whole_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "xf" and "cellXfs" in inside:
            numbers.append(whole_number(attributes.get("numFmtId")))

    def end(tag: str) -> None:
        inside.pop()

    if "xl/styles.xml" in archive.namelist():
        _parse_member(archive, "xl/styles.xml", start, end)
    return number_formats.of_styles(numbers, written)


@contextmanager
def opened(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """Open a part; raise Unreadable where there is none."""
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
        yield part


def _parse_member(
    archive: zipfile.ZipFile,
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
) -> None:
    with opened(archive, name) as part:
        try:
            parse(pieces_of(part), name, start, end)
        except (expat.ExpatError, UnicodeError) as error:
            raise refused(
                Sentence(
                    "The part “%(part)s” of the workbook is damaged at line %(line)s. "
                    "Save the workbook again and upload it.",
                    part=name,
                    line=getattr(error, "lineno", 1),
                )
            ) from None


def whole_number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else -1
