"""按姓氏笔画为序: the order of names in official lists.

Fewer strokes first; of as many strokes, by the first stroke, then the second and so on: 横 竖 撇 点
折 (GB13000.1 字符集汉字字序（笔画序）规范, 1999). Names of one surname by their second sign in the
same way, then by their third. A compound surname and a name of another language go by their
first sign as all others do.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

# Where its lines come from, and under which licences, stands beside it in SOURCE.txt.
ORDER = Path(__file__).with_name("stroke_order") / "order.txt"
LAST = 1_000_000  # signs that are in no line; Latin letters, too


@cache
def places() -> dict[str, int]:
    """Return where each Chinese sign stands among all, counted from 0."""
    lines = ORDER.read_text(encoding="utf-8").splitlines()
    signs = "".join(line.partition("\t")[2] for line in lines)
    return {sign: place for place, sign in enumerate(signs)}


def stroke_key(name: str) -> tuple[int, ...]:
    """Return what a name is sorted by; dots and blanks in it do not count."""
    known = places()
    return tuple(known.get(sign, LAST + ord(sign)) for sign in name if sign.isalnum())
