"""The stream of a true .xls: what the value reader does not tell of it.

An OLE file is a small file system of its own; the workbook is one stream in it, and the stream a
row of records (number, length, content). See [MS-CFB] and [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from registry.sentences import Sentence
from registry.sheets import number_formats
from registry.sheets.limits import protected, refused
from registry.sheets.workbook import ERROR_VALUE
from registry.sheets.xlsx import Fact, SheetFacts

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_END = 10
_BOF = 0x0809
_FILEPASS = 0x2F
_BOUNDSHEET, _FORMAT, _XF = 0x85, 0x041E, 0xE0
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR = 0x06, 0x0203, 0x027E, 0xBD, 0x0205
_LABELSST, _LABEL, _RSTRING = 0xFD, 0x0204, 0xD6
_VALUES = frozenset({_FORMULA, _NUMBER, _RK, _BOOLERR, _LABELSST, _LABEL, _RSTRING})
_ROW, _COLINFO, _MERGECELLS = 0x0208, 0x7D, 0xE5
_BIFF8 = 0x0600


def facts_of(data: bytes) -> list[SheetFacts]:
    """Return the facts of each sheet; nothing for a workbook of Excel 95 or older.

    Raises Unreadable where the file is damaged or protected by a password.
    """
    try:
        return _facts(stream_of(data))
    except (struct.error, IndexError, ValueError):
        raise refused(
            Sentence("The workbook is damaged. Open it in Excel and save it as .xlsx.")
        ) from None


def stream_of(data: bytes) -> bytes:
    """Return the workbook's stream; the data themselves where no OLE file is around them."""
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return data
    size, small_size = 1 << (data[30] & 15), 1 << (data[32] & 15)
    if size not in (512, 4096) or small_size != 64:
        raise IndexError(size)
    directory, _, cutoff, small_start, _, more_start, _ = struct.unpack_from("<IIIIIII", data, 48)

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    tables = [place for place in struct.unpack_from("<109I", data, 76) if place < 0xFFFFFFF0]
    for _ in range(len(data) // size):
        if more_start >= 0xFFFFFFF0:
            break
        *more, more_start = _numbers(sector(more_start))
        tables += [place for place in more if place < 0xFFFFFFF0]
    following = [number for table in tables for number in _numbers(sector(table))]

    def chain(start: int) -> bytes:
        return b"".join(sector(number) for number in _linked(start, following))

    entries = chain(directory)
    root = entries[:128]
    for place in range(0, len(entries), 128):
        entry = entries[place : place + 128]
        [length] = struct.unpack_from("<H", entry, 64)
        if entry[: max(length - 2, 0)].decode("utf-16-le", "replace") not in ("Workbook", "Book"):
            continue
        start, bytes_long = struct.unpack_from("<II", entry, 116)
        if bytes_long >= cutoff:
            return chain(start)[:bytes_long]
        smalls = chain(struct.unpack_from("<I", root, 116)[0])
        links = list(_numbers(chain(small_start)))
        parts = (smalls[n * small_size : (n + 1) * small_size] for n in _linked(start, links))
        return b"".join(parts)[:bytes_long]
    raise IndexError("Workbook")


def _numbers(sector: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])


def _linked(start: int, following: list[int]) -> Iterator[int]:
    for _ in following:  # so that a chain which bites its tail has an end
        if start >= 0xFFFFFFF0:
            return
        yield start
        start = following[start]


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        if kind == _END:
            return
        place += 4 + length


def _facts(stream: bytes) -> list[SheetFacts]:
    written: dict[int, str] = {}
    numbers: list[int] = []
    places: list[int] = []
    sheets: list[SheetFacts] = []
    for kind, record in _records(stream, 0):
        if kind == _BOF and struct.unpack_from("<H", record)[0] != _BIFF8:
            return []
        if kind == _FILEPASS:
            raise protected()
        if kind == _FORMAT:
            written[struct.unpack_from("<H", record)[0]] = _text(record[2:], wide_length=True)
        elif kind == _XF:
            numbers.append(struct.unpack_from("<H", record, 2)[0])
        elif kind == _BOUNDSHEET:
            place, hidden = struct.unpack_from("<IB", record)
            places.append(place)
            sheets.append(SheetFacts(_text(record[6:]), "", bool(hidden & 3)))
    styles = number_formats.of_styles(numbers, written)
    for place, sheet in zip(places, sheets, strict=True):
        for kind, record in _records(stream, place):
            _tell(sheet, styles, kind, record)
        sheet.check_area()
    return sheets


def _text(record: bytes, *, wide_length: bool = False) -> str:
    length, flags = struct.unpack_from("<HB" if wide_length else "<BB", record)
    start = 3 if wide_length else 2
    if flags & 1:
        return record[start : start + 2 * length].decode("utf-16-le", "replace")
    return record[start : start + length].decode("latin-1")


def _tell(sheet: SheetFacts, styles: list[str], kind: int, record: bytes) -> None:
    if kind in _VALUES:
        row, column, style = struct.unpack_from("<HHH", record)
        sheet.reach(row, column)
        if fact := _fact(kind, record, styles[style] if style < len(styles) else ""):
            sheet.tell(row, column, fact)
    elif kind == _MULRK:
        row, first = struct.unpack_from("<HH", record)
        sheet.reach(row, first)
        sheet.reach(row, first + max(0, (len(record) - 6) // 6 - 1))
        for at in range((len(record) - 6) // 6):
            [style] = struct.unpack_from("<H", record, 4 + at * 6)
            if style < len(styles) and styles[style]:
                sheet.tell(row, first + at, Fact(styles[style]))
    elif kind == _MERGECELLS:
        for at in range((len(record) - 2) // 8):
            top, bottom, left, right = struct.unpack_from("<HHHH", record, 2 + at * 8)
            sheet.merges.append((top + 1, left + 1, bottom + 1, right + 1))
    elif kind == _ROW:
        sheet.hidden_rows += bool(record[12] & 0x20)
    elif kind == _COLINFO:
        first, last, _, _, options = struct.unpack_from("<HHHHH", record)
        sheet.hidden_columns += max(0, min(last, 255) - first + 1) * (options & 1)


def _fact(kind: int, record: bytes, shown_as: str) -> Fact | None:
    if kind == _BOOLERR:
        return _error(record[6]) if record[7] else None
    if kind == _FORMULA:
        special = record[12:14] == b"\xff\xff"  # no number: a text, a yes or no, an error
        if special and record[6] == 2:
            return _error(record[8], formula=True)
        return Fact("" if special else shown_as, formula=True)
    return Fact(shown_as) if shown_as and kind in (_NUMBER, _RK) else None


def _error(code: int, *, formula: bool = False) -> Fact:
    return Fact(fault=ERROR_VALUE, formula=formula, error=ERRORS.get(code, "#N/A"))
