"""A letter in the form of official papers (公文), after GB/T 9704-2012.

Title 二号, text 仿宋 三号 on lines of 28 points, first lines indented by two signs, 22 lines to a
page; the organisation and the day stand at the right below the text, one above the middle of the
other, where the seal goes. A letter becomes a PDF (``templates/papers/letter.typ``) and a file to
edit (``registry/papers/word.py``), with the same texts in both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from registry.papers.columns import PaperTable
from registry.papers.typefaces import VENDORED, Typefaces

DAY_FROM_EDGE = 4.0  # 成文日期右空四字, in em
LINE = 27.0  # signs of 三号 on a line: 156 mm, rounded down
WIDTH = 156.0  # mm between the margins
TITLE_LINE = 20.0  # signs of 二号
# Where the line of a title may end without parting a word: behind a name, before the matter.
_TITLE_BREAKS = re.compile("(?<=同志)|(?<=.)(?=关于)")
DAY_TO_WRITE = "　　　　年　　月　　日"  # written by hand where the day is not known


@dataclass(frozen=True)
class Annex:
    """A list that follows a letter on pages of its own (附件); the letter names it."""

    title: str
    table: PaperTable
    empty: str = "（无人员）"

    size: ClassVar[float] = 10.5  # of its letters, in points

    @property
    def told(self) -> str:
        """How the letter names it, below its text."""
        return f"附件：{self.title}"

    @property
    def widths(self) -> tuple[float, ...]:
        """The widths of the columns in mm, together those of a letter."""
        share = WIDTH / sum(column.width for column in self.table.columns)
        return tuple(column.width * share for column in self.table.columns)

    def texts(self) -> Iterator[str]:
        yield from (self.title, self.told, self.empty, *self.table.texts())

    def data(self) -> dict[str, Any]:
        """Return what ``templates/papers/letter.typ`` reads."""
        return {
            "told": self.told,
            "title": self.title,
            "columns": [
                {
                    "heading": column.heading,
                    "width": width,
                    "align": column.align,
                    "breaks": column.breaks,
                }
                for column, width in zip(self.table.columns, self.widths, strict=True)
            ],
            "rows": self.table.rows,
            "empty": self.empty,
            "size": self.size,
        }


@dataclass(frozen=True)
class Letter:
    """A printed letter.

    ``number_line`` stands right below the title (编号：〔2026〕12号); without an ``addressee``
    a line to write on is left, unless it is ``addressed`` to nobody, as a notice is. ``signature``
    is the organisation whose seal goes onto it, ``day`` the day, to be written by hand where it is
    not known; ``notes`` stand small below (有效期…), ``footer`` at the foot of every page.
    """

    title: str
    number_line: str
    addressee: str
    paragraphs: tuple[str, ...]
    closing: str
    signature: str
    day: date | None
    notes: tuple[str, ...] = ()
    footer: str = ""
    addressed: bool = True
    annex: Annex | None = None

    template: ClassVar[str] = "letter"
    count: ClassVar[int] = 1

    @property
    def written_day(self) -> str:
        """The day as letters write it: 2026年11月27日."""
        if self.day is None:
            return DAY_TO_WRITE
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"

    @property
    def title_lines(self) -> list[str]:
        """The title on as few lines as it needs, ended where that parts no word; else evenly."""
        if width(self.title) <= TITLE_LINE:
            return [self.title]
        ends = (found.start() for found in _TITLE_BREAKS.finditer(self.title))
        title = self.title
        halves = [(title[:at], title[at:]) for at in ends if 0 < at < len(title)]
        fitting = [pair for pair in halves if max(map(width, pair)) <= TITLE_LINE]
        if not fitting:
            return evenly(self.title, TITLE_LINE)
        first, second = min(fitting, key=lambda pair: abs(width(pair[0]) - width(pair[1])))
        return [first, second]

    @property
    def sign_off(self) -> tuple[tuple[str, float], ...]:
        """The lines of the signature and the day, and how far each ends from the right edge, in em.

        Their middles agree. The day keeps four signs from the edge; a name too long for that ends
        at the edge itself and moves the day.
        """
        lines = (*evenly(self.signature, LINE), self.written_day)
        longest, day = max(map(width, lines)), width(self.written_day)
        middle = max(DAY_FROM_EDGE + day / 2, longest / 2)
        return tuple((line, middle - width(line) / 2) for line in lines)

    def texts(self) -> Iterator[str]:
        """Every text that is printed, for ``glyphs.missing_glyphs``."""
        yield from (self.title, self.number_line, self.addressee, *self.paragraphs)
        yield from (self.closing, self.signature, self.written_day, *self.notes, self.footer)
        if self.annex:
            yield from self.annex.texts()

    def data(self, typefaces: Typefaces = VENDORED) -> dict[str, Any]:
        """Return what ``templates/papers/letter.typ`` reads; Typst measures it itself."""
        return {
            "title": self.title,
            "title_lines": self.title_lines,
            "number_line": self.number_line,
            "addressed": self.addressed,
            "addressee": self.addressee,
            "paragraphs": self.paragraphs,
            "closing": self.closing,
            "sign_off": self.sign_off,
            "notes": self.notes,
            "footer": self.footer,
            "annex": self.annex.data() if self.annex else None,
        }


def width(text: str) -> float:
    """Return how wide a text is about, in em: Latin letters and digits take half of one."""
    wide = sum(unicodedata.east_asian_width(sign) in "WFA" for sign in text)
    return wide + (len(text) - wide) / 2


def evenly(text: str, room: float) -> list[str]:
    """Return a text as lines of about equal length, each at most ``room`` em wide."""
    at_most = len(text)
    while any(width(text[at : at + at_most]) > room for at in range(0, len(text), at_most)):
        lines = -(-len(text) // at_most) + 1
        at_most = -(-len(text) // lines)
    return [text[at : at + at_most] for at in range(0, len(text), at_most or 1)]
