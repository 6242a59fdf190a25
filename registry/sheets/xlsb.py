"""The parts of an .xlsb: what the value reader does not tell of it.

A part is a row of records: number and length as 7 bits a byte, then the content. See [MS-XLSB].
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator

from registry.sentences import Sentence
from registry.sheets import number_formats, xlsx
from registry.sheets.biff import ERRORS
from registry.sheets.limits import LAST_COLUMN, LAST_ROW, refused
from registry.sheets.workbook import ERROR_VALUE
from registry.sheets.xlsx import Fact, SheetFacts

_ROW, _RK, _ERROR, _REAL = 0, 2, 3, 5
_CELLS = range(2, 12)  # those that hold a value
_FORMULAS = range(8, 12)  # with a text, a number, a yes or no, an error
_FORMULA_NUMBER, _FORMULA_ERROR = 9, 11
_SHEET, _MERGE, _COLUMN = 156, 176, 60
_FORMAT, _STYLE, _STYLES, _STYLES_END = 44, 47, 617, 618


def facts_of(archive: zipfile.ZipFile) -> list[SheetFacts]:
    """Return the facts of each sheet in the order of their tabs; raise Unreadable if damaged."""
    part = "xl/workbook.bin"
    try:
        styles = _styles(archive)
        targets = xlsx.targets_of(archive, "xl/_rels/workbook.bin.rels")
        sheets = []
        for kind, record in _records(archive.read(part)):
            if kind == _SHEET:
                hidden = record[0] != 0
                relation, end = _text(record, 8)
                name, _ = _text(record, end)
                if relation in targets:
                    sheets.append(SheetFacts(name, targets[relation], hidden))
        for sheet in sheets:
            part = sheet.part
            _read_sheet(archive, sheet, styles)
            sheet.check_area()
    except (struct.error, IndexError, KeyError):
        raise refused(
            Sentence(
                "The part “%(part)s” of the file is damaged. "
                "Save the workbook again and upload it.",
                part=part,
            )
        ) from None
    return sheets


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    place, end = 0, len(part)
    while place < end:
        kind = part[place]
        place += 1
        if kind & 0x80:
            kind = kind & 0x7F | (part[place] & 0x7F) << 7
            place += 1
        length = 0
        for shift in (0, 7, 14, 21):
            byte = part[place]
            place += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, part[place : place + length]
        place += length


def _text(record: bytes, place: int) -> tuple[str, int]:
    [length] = struct.unpack_from("<I", record, place)
    if length == 0xFFFFFFFF:
        return "", place + 4
    end = place + 4 + 2 * length
    return record[place + 4 : end].decode("utf-16-le", "replace"), end


def _styles(archive: zipfile.ZipFile) -> list[str]:
    written: dict[int, str] = {}
    numbers: list[int] = []
    of_cells = False
    if "xl/styles.bin" in archive.namelist():
        for kind, record in _records(archive.read("xl/styles.bin")):
            if kind == _FORMAT:
                written[struct.unpack_from("<H", record)[0]] = _text(record, 2)[0]
            elif kind in (_STYLES, _STYLES_END):
                of_cells = kind == _STYLES
            elif kind == _STYLE and of_cells:
                numbers.append(struct.unpack_from("<H", record, 2)[0])
    return number_formats.of_styles(numbers, written)


def _read_sheet(archive: zipfile.ZipFile, sheet: SheetFacts, styles: list[str]) -> None:
    row = 0
    for kind, record in _records(archive.read(sheet.part)):
        if kind == _ROW:
            [row] = struct.unpack_from("<I", record)
            if row >= LAST_ROW:
                raise IndexError(row)
            sheet.hidden_rows += bool(record[11] & 0x10)
        elif kind in _CELLS:
            column, style = struct.unpack_from("<II", record)
            if column >= LAST_COLUMN:
                raise IndexError(column)
            sheet.reach(row, column)
            style &= 0xFFFFFF
            if fact := _fact(kind, record, styles[style] if style < len(styles) else ""):
                sheet.tell(row, column, fact)
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", record)
            sheet.merges.append((top + 1, left + 1, bottom + 1, right + 1))
        elif kind == _COLUMN:
            first, last = struct.unpack_from("<II", record)
            if record[16] & 1:
                sheet.hidden_columns += max(0, min(last, LAST_COLUMN - 1) - first + 1)


def _fact(kind: int, record: bytes, shown_as: str) -> Fact | None:
    formula = kind in _FORMULAS
    if kind in (_ERROR, _FORMULA_ERROR):
        return Fact(fault=ERROR_VALUE, formula=formula, error=ERRORS.get(record[8], "#N/A"))
    shown_as = shown_as if kind in (_RK, _REAL, _FORMULA_NUMBER) else ""
    return Fact(shown_as, formula=formula) if shown_as or formula else None
