"""How wide a text is, from the tables of the fonts that print it.

Where lines and pages end is decided here and not by Typst: it is exact either way, but measuring
and laying out a large table there takes longer than everything else together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from registry.papers.typefaces import Typefaces, faces

REGULAR = 400
UNKNOWN = 1.2  # em; a sign that another font of the machine prints, judged on the safe side
WITHOUT_WIDTH = {"Cc", "Cf", "Me", "Mn"}


class Widths(dict[str, float]):
    """Widths of signs in em, looked up in the fonts once each."""

    def __init__(self, files: tuple[tuple[str, int], ...]) -> None:
        super().__init__()
        self.files = files

    def of(self, text: str) -> float:
        """Return the width of ``text`` on one line, in em."""
        return sum(map(self.__getitem__, text))

    def __missing__(self, sign: str) -> float:
        self[sign] = width = self._width(sign)
        return width

    def _width(self, sign: str) -> float:
        if "\u3400" <= sign <= "\u9fff" or "\U00020000" <= sign <= "\U0003ffff":
            return 1  # Han signs are square in every font
        if unicodedata.category(sign) in WITHOUT_WIDTH:
            return 0
        for file in self.files:
            advances = _advances(*file)
            if ord(sign) in advances:
                return advances[ord(sign)]
        return UNKNOWN


@cache
def widths(typefaces: Typefaces, use: str) -> Widths:
    """Return the widths in the families that set ``use``: text or title."""
    found = []
    for family in typefaces.families()[use]:
        same = [face for face in faces(typefaces) if face.family.lower() == family.lower()]
        face = min(same, key=lambda face: (face.style != "normal", abs(face.weight - REGULAR)))
        if face.path:
            found.append((face.path, face.index))
    return Widths(tuple(found))


@cache
def _advances(path: str, index: int) -> Mapping[int, float]:
    with TTFont(Path(path), fontNumber=index, lazy=True) as font:
        em = font["head"].unitsPerEm
        advance = font["hmtx"].metrics
        return {
            code: advance[glyph][0] / em
            for code, glyph in (font.getBestCmap() or {}).items()
            if glyph in advance
        }
