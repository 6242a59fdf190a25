"""Which characters a font file can print, read from its cmap table.

Only what fonts of today use is read: sub-table formats 4 (the basic plane) and 12 (all planes).
A sub-table of another format adds nothing, so at worst a character is reported that prints.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

Span = tuple[int, int]  # first and last code point, both included


def spans(path: Path, index: int = 0) -> list[Span]:
    """Return the code points that face ``index`` of a font file has a glyph for, as sorted spans.

    Raises ValueError for a file that is not an OpenType or TrueType font.
    """
    with path.open("rb") as file:
        try:
            table = _cmap_table(file, index)
            return joined(_spans_of(table))
        except struct.error as error:
            raise ValueError(f"“{path.name}” is not a font that can be read.") from error


def joined(found: Iterator[Span] | list[Span]) -> list[Span]:
    """Return the spans sorted, with those that touch or overlap made one."""
    result: list[Span] = []
    for first, last in sorted(found):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    return result


def _cmap_table(file: BinaryIO, index: int) -> bytes:
    start = 0
    if file.read(4) == b"ttcf":
        file.seek(12 + 4 * index)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (count,) = struct.unpack(">H", file.read(2))
    file.seek(start + 12)
    for _ in range(count):
        tag, _checksum, offset, length = struct.unpack(">4sIII", file.read(16))
        if tag == b"cmap":
            file.seek(offset)
            return file.read(length)
    return struct.pack(">HH", 0, 0)


def _spans_of(table: bytes) -> Iterator[Span]:
    (count,) = struct.unpack_from(">H", table, 2)
    seen = set()
    for number in range(count):
        platform, _encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * number)
        (kind,) = struct.unpack_from(">H", table, offset)
        if platform not in {0, 3} or offset in seen:
            continue
        seen.add(offset)
        if kind == 12:
            yield from _format_12(table, offset)
        elif kind == 4:
            yield from _format_4(table, offset)


def _format_12(table: bytes, offset: int) -> Iterator[Span]:
    (groups,) = struct.unpack_from(">I", table, offset + 12)
    body = table[offset + 16 : offset + 16 + 12 * groups]
    for first, last, glyph in struct.iter_unpack(">III", body):
        if glyph:  # glyph 0 is the box for what a font lacks
            yield first, last


def _format_4(table: bytes, offset: int) -> Iterator[Span]:
    length, _language, doubled = struct.unpack_from(">HHH", table, offset + 2)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", table, offset + 14)
    starts = struct.unpack_from(f">{count}H", table, offset + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", table, offset + 16 + 2 * doubled)
    places = offset + 16 + 3 * doubled
    for number, (first, last) in enumerate(zip(starts, ends, strict=True)):
        (away,) = struct.unpack_from(">H", table, places + 2 * number)
        if away == 0:
            gap = -deltas[number] % 0x10000
            yield from _without(gap, first, min(last, 0xFFFE))
            continue
        for code in range(first, min(last, 0xFFFE) + 1):
            place = places + 2 * number + away + 2 * (code - first)
            if place < offset + length and struct.unpack_from(">H", table, place)[0]:
                yield code, code


def _without(gap: int, first: int, last: int) -> Iterator[Span]:
    """The span without the one code point that leads to glyph 0."""
    if first <= gap <= last:
        yield from ((a, b) for a, b in ((first, gap - 1), (gap + 1, last)) if a <= b)
    elif first <= last:
        yield first, last
