"""Where the lines of a text end, as Chinese offices expect it.

A text is taken apart into pieces within which no line ends, and lines are filled with them:

never      numbers and dates: the whole text
after_dot  names: 古丽娜尔·买买提江 may end a line after the dot or a space, nowhere else
freely     running text: between any two Han signs, not before 、or ）, not after （, not within
           a word or a number
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal

from registry.papers.measuring import Widths

Breaks = Literal["never", "after_dot", "freely"]

# Chinese stays readable at four fifths of its size; a number, or a name that may not break, is
# worth more small than broken.
READABLE, SMALLEST = 0.8, 0.5
UNBROKEN_NAME = 4  # signs

_MARKS = "\u0300-\u036f\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
_OPENING = "（〈《「『【〔〖‘“([{"
_CLOSING = "、。，．：；！？）〉》」』】〕〗’”…—·～％,.:;!?)]}%" + _MARKS
_HAN = "\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = r"[^\s\u2018-\u201d\u2e80-\uffff\U00010000-\U0010ffff]+"
_WORD = re.compile(rf"[{re.escape(_OPENING)}]*(?:{_RUN}|\S)[{_MARKS}{re.escape(_CLOSING)}]*\s*|\s+")
_PART_OF_A_NAME = re.compile(r"[^·• ]+[·• ]*|[·• ]+")
_SIGN = re.compile(rf".[{_MARKS}]*", re.DOTALL)
_SOME_HAN = re.compile(f"[{_HAN}]")
_FEW_HAN = re.compile(f"[{_HAN}]{{3,12}}[·•]?")


def parts_of_a_name(name: str) -> list[str]:
    """Return the parts between which a line may end: 古丽娜尔· and 买买提江."""
    return _PART_OF_A_NAME.findall(name)


@dataclass(frozen=True)
class Fitted:
    """A text in lines, and the share of its size at which they fit."""

    lines: tuple[str, ...]
    scale: float = 1


@dataclass(frozen=True)
class Room:
    """The inside of a cell, in em of its letters, and how a text lies in it."""

    width: float
    widths: Widths
    breaks: Breaks = "freely"
    centered: bool = False

    def fit(self, text: str) -> Fitted:
        """Return the lines of ``text``; joined, they are the text again."""
        if "\n" not in text and self.widths.of(text) <= self.width:
            return Fitted((text,))
        paragraphs = [list(self._pieces(each)) for each in text.split("\n")]
        scale = min((self._scale(piece) for each in paragraphs for piece in each), default=1)
        lines = [line for each in paragraphs for line in self._filled(each, self.width / scale)]
        return Fitted(tuple(lines), scale)

    def heading(self, text: str) -> Fitted:
        """Return a heading on one line where it fits, else broken where its author said."""
        plain = text.replace("\n", "")
        if self.widths.of(plain) <= self.width:
            return Fitted((plain,))
        return self.fit(text)

    def _pieces(self, text: str) -> Iterable[str]:
        if self.breaks == "never":
            return (text,)
        if self.breaks == "after_dot":
            return parts_of_a_name(text)
        return (text,) if self._is_spread(text) else _WORD.findall(text)

    def _is_spread(self, text: str) -> bool:
        """A few centred signs are spread evenly over their lines: 维吾/尔族."""
        few = self.centered or self.breaks == "after_dot"
        return few and _FEW_HAN.fullmatch(text.strip()) is not None

    def _scale(self, piece: str) -> float:
        """Return how small a piece is set so that it need not break; 1 where it must or fits."""
        width = self.widths.of(piece.rstrip())
        if self.breaks == "freely" or width <= self.width:
            return 1
        han = _SOME_HAN.search(piece)
        smallest = READABLE if han and len(piece.rstrip("·• ")) > UNBROKEN_NAME else SMALLEST
        return self.width / width if width * smallest <= self.width else 1

    def _filled(self, pieces: Iterable[str], room: float) -> Iterator[str]:
        """Yield lines of at most ``room``, filled with the pieces; at least one line."""
        room += 1e-6  # what dividing and multiplying may lose
        lines: list[list[str]] = [[]]
        filled = 0.0
        for part in (part for piece in pieces for part in self._parts(piece, room)):
            if lines[-1] and filled + self.widths.of(part.rstrip()) > room:
                lines.append([])
                filled = 0.0
            lines[-1].append(part)
            filled += self.widths.of(part)
        if len(lines) > 1 and len(lines[-2]) > 2 and len("".join(lines[-1])) == 1:
            lines[-1].insert(0, lines[-2].pop())  # no sign stands alone on the last line
        yield from ("".join(line) for line in lines)

    def _parts(self, piece: str, room: float) -> list[str]:
        """Return the piece, or what it is broken into where it is wider than a line."""
        width = self.widths.of(piece.rstrip())
        if width <= room:
            return [piece]
        signs: list[str] = _SIGN.findall(piece)
        if self._is_spread(piece):
            each = max(1, ceil(len(signs) / ceil(width / room)))
            return ["".join(signs[at : at + each]) for at in range(0, len(signs), each)]
        words: list[str] = _WORD.findall(piece)
        if len(words) > 1:
            return [part for word in words for part in self._parts(word, room)]
        return signs
